from dataclasses import replace

import pytest

from commonground.channels.networks.x.fake import fake
from commonground.channels.tests.contract_suite import Contract
from commonground.channels.tests.pretended import stage_in_front_of


class TestX(Contract):
    @pytest.fixture
    def stage(self):
        with fake() as server:
            yield replace(
                stage_in_front_of(server, twins=False),
                beneath=lambda receipt: server.beneath[receipt.network_id],
            )
