import pytest

from commonground.channels.networks.mail.tests.world import PEOPLE, a_list, a_mail_server, a_reader


@pytest.fixture
def server(settings):
    with a_mail_server(settings) as it:
        yield it


@pytest.fixture
def channel(db):
    return a_list()


@pytest.fixture
def readers(channel):
    return [a_reader(channel, who) for who in PEOPLE]
