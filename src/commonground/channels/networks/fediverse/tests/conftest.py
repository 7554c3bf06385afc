import pytest

from commonground.channels.networks.fediverse.people import MEMORY
from commonground.channels.networks.fediverse.tests.elsewhere import an_activity, elsewhere
from commonground.channels.networks.fediverse.tests.world import actor_of, an_account


@pytest.fixture(autouse=True)
def nobody_is_remembered():
    MEMORY.forget()
    yield
    MEMORY.forget()


@pytest.fixture
def there():
    """A server elsewhere, where ana has an account."""
    with elsewhere() as server:
        server.person("ana")
        yield server


@pytest.fixture
def account():
    return an_account()


@pytest.fixture
def home(account):
    return actor_of(account).id_url


@pytest.fixture
def asked(there, home):
    return an_activity("Follow", there.at(), home)
