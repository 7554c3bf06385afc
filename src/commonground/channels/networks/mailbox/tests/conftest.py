import pytest

from commonground.channels.line.tests.mail_server import a_mail_server
from commonground.channels.networks.mailbox.tests.world import a_mailbox


@pytest.fixture
def server(settings):
    with a_mail_server(settings) as it:
        yield it


@pytest.fixture
def box(db):
    return a_mailbox()
