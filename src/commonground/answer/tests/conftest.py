import pytest

from commonground.answer.tests import talking
from commonground.answer.tests.world import an_answerer
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


@pytest.fixture
def no_time_to_undo(settings):
    settings.ENV = settings.ENV.model_copy(update={"undo_seconds": 0})


@pytest.fixture
def newsroom():
    return talking.a_newsroom()


@pytest.fixture
def ben(newsroom):
    return an_answerer(newsroom, name="Ben")
