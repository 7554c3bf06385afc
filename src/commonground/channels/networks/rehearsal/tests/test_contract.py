import pytest
from tests import given

from commonground.channels.contract import Login
from commonground.channels.networks.rehearsal.adapter import NETWORK
from commonground.channels.networks.rehearsal.fake import fake
from commonground.channels.networks.rehearsal.models import Utterance
from commonground.channels.tests.contract_suite import Contract, Stage
from commonground.channels.tests.pretended import stage_on


@pytest.mark.django_db
class TestRehearsal(Contract):
    @pytest.fixture
    def stage(self):
        channel = given.a_channel(network="rehearsal")
        return Stage(
            network=NETWORK,
            login=Login(str(channel.pk)),
            standing=Utterance.objects.standing().count,
            alts=lambda receipt: Utterance.objects.get(key=receipt.network_id).alts,
            handle=channel.name,
            beneath=lambda receipt: Utterance.objects.get(key=receipt.network_id).beneath,
        )


class TestFakeRehearsal(Contract):
    @pytest.fixture
    def stage(self):
        return stage_on(fake())
