import pytest
from tests import given

from commonground.channels.contract import Login
from commonground.channels.networks.fediverse.adapter import NETWORK
from commonground.channels.networks.fediverse.fake import fake
from commonground.channels.networks.fediverse.models import Note
from commonground.channels.tests.contract_suite import Contract, Stage
from commonground.channels.tests.pretended import stage_on


@pytest.mark.django_db
class TestOwnAccount(Contract):
    @pytest.fixture
    def stage(self):
        channel = given.a_channel(network="fediverse")
        login = Login(str(channel.pk), handle="riverside")
        NETWORK.open(login).prove()
        return Stage(
            network=NETWORK,
            login=login,
            standing=Note.objects.standing().count,
            alts=lambda receipt: [
                p.alt for p in Note.objects.get(key=receipt.network_id).pictures.all()
            ],
            handle="riverside@localhost:8000",
            beneath=lambda receipt: Note.objects.get(key=receipt.network_id).corrects.key,
        )


class TestFakeOwnAccount(Contract):
    @pytest.fixture
    def stage(self):
        return stage_on(fake())
