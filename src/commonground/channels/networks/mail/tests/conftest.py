import pytest

from commonground.channels.networks.mail.tests.world import a_list, a_mail_server


@pytest.fixture
def server(settings):
    with a_mail_server(settings) as it:
        yield it


@pytest.fixture
def channel(db):
    return a_list()
