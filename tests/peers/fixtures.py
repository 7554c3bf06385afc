"""The peers as fixtures: one of each for each worker, started when first asked for."""

from collections.abc import Iterator
from contextlib import AbstractContextManager

import pytest

from tests.peers import peers


def offered[T](peer: AbstractContextManager[T]) -> Iterator[T]:
    """The peer, or a skip that says aloud what this machine is missing."""
    try:
        it = peer.__enter__()
    except peers.Unavailable as why:
        pytest.skip(f"NOT TESTED against a real server: {why}")
    try:
        yield it
    finally:
        peer.__exit__(None, None, None)


@pytest.fixture(scope="session")
def mastodon_server() -> Iterator[peers.MastodonServer]:
    yield from offered(peers.mastodon_mock())


@pytest.fixture(scope="session")
def bluesky_server() -> Iterator[peers.BlueskyServer]:
    yield from offered(peers.bluesky_pds())


@pytest.fixture(scope="session")
def bluesky_network() -> Iterator[peers.BlueskyServer]:
    """A server, and the AppView that tells its people what was said to them."""
    yield from offered(peers.bluesky_network())


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[peers.PostgresServer]:
    yield from offered(peers.postgresql())


@pytest.fixture(scope="module", params=["rfc9421", "draft first", "draft"])
def fedify_server(request: pytest.FixtureRequest) -> Iterator[peers.FedifyServer]:
    """One that signs by RFC 9421; the same, signing by the draft; one that knows no other."""
    yield from offered(peers.fedify(request.param))


@pytest.fixture(scope="session")
def push_server() -> Iterator[peers.PushServer]:
    yield from offered(peers.push_service())
