"""A pretended Mastodon in place of the real one, so that no test of the room needs a server."""

import pytest

from commonground.channels.networks import networks
from commonground.channels.networks.mastodon.fake import fake


@pytest.fixture
def place():
    """The server behind every `mastodon` channel of this test."""
    real, place = networks()["mastodon"], fake()
    networks()["mastodon"] = place.as_network()
    yield place
    networks()["mastodon"] = real
