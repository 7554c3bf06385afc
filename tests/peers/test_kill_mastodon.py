"""A worker killed at any instant of a publication on a Mastodon server: exactly one post, seen."""

from collections import Counter
from contextlib import ExitStack

import pytest

from commonground.channels.networks.mastodon.words import words_of
from tests.peers import peers
from tests.peers.killed import check, kill_everywhere

pytestmark = pytest.mark.peer


@pytest.fixture
def servers():
    """Three of our own: a desk looks through 165 posts of an account, and here are more."""
    with ExitStack() as stack:
        yield [stack.enter_context(peers.mastodon_mock()) for _ in range(3)]


def killed_on(servers, tmp_path, **more):
    first = servers[0]
    return kill_everywhere(
        tmp_path, network="mastodon", address=first.url, addresses=[s.url for s in servers],
        handle=first.username, secrets={"token": first.token}, **more,
    )  # fmt: skip


def test_a_killed_worker_leaves_exactly_one_post_on_mastodon(tmp_path, servers):
    outcomes = killed_on(servers, tmp_path, reads=False)

    check(outcomes, Counter(text for server in servers for text in texts_on(server)))


def test_a_killed_worker_leaves_each_part_of_a_thread_once_on_mastodon(tmp_path, servers):
    outcomes = killed_on(servers, tmp_path, parts=2, every=5)

    check(outcomes, Counter(text for server in servers for text in texts_on(server)), least=25)
    for number, outcome in enumerate(outcomes, 1):  # nobody dies on the first server
        first, second = outcome["places"]
        server = servers[number % len(servers)]
        status = server.say("GET", f"/api/v1/statuses/{second}")
        assert status["in_reply_to_id"] == first


def texts_on(server):
    me = server.say("GET", "/api/v1/accounts/verify_credentials")["id"]
    older = ""
    while page := server.say("GET", f"/api/v1/accounts/{me}/statuses?limit=40{older}"):
        yield from (words_of(status["content"]) for status in page)
        older = f"&max_id={page[-1]['id']}"
