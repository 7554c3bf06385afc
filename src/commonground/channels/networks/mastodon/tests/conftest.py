"""A Mastodon server as it was at first, our sign-in there, and somebody else."""

import pytest

from commonground.channels.contract import Login
from commonground.channels.networks.mastodon.tests.people import somebody


@pytest.fixture
def server(mastodon_server):
    mastodon_server.say("POST", "/api/v1/_mock/reset")
    mastodon_server.mend()
    yield mastodon_server
    mastodon_server.mend()


@pytest.fixture
def login(server):
    return Login("one", server.url, secrets={"token": server.token})


@pytest.fixture
def ana(server):
    """Somebody else on that server, who can write."""
    return somebody(server, "ana")
