import pytest

from commonground.channels.networks.threads.fake import fake
from commonground.channels.tests.contract_suite import Contract
from commonground.channels.tests.pretended import stage_in_front_of


class TestThreads(Contract):
    @pytest.fixture
    def stage(self):
        with fake() as server:
            yield stage_in_front_of(server)
