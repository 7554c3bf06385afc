import pytest

from commonground.channels.networks.push.tests.world import a_channel, a_device, a_push_service


@pytest.fixture
def service():
    with a_push_service() as it:
        yield it


@pytest.fixture
def channel(db):
    return a_channel()


@pytest.fixture
def devices(channel, service):
    return [a_device(channel, service) for _ in range(3)]
