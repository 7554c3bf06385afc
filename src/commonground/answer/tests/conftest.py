import pytest

from commonground.channels.networks import networks
from commonground.channels.networks.mastodon.fake import fake


@pytest.fixture
def place():
    """A Mastodon server that exists only here, for what is done at the network."""
    network, there = networks()["mastodon"], fake()
    there.secrets = {}
    networks()["mastodon"] = there.as_network()
    yield there
    networks()["mastodon"] = network
