import pytest
from tests import given

from commonground.channels.contract import Login
from commonground.channels.networks.site.adapter import NETWORK
from commonground.channels.networks.site.fake import fake
from commonground.channels.networks.site.models import Page
from commonground.channels.tests.contract_suite import Contract, Stage
from commonground.channels.tests.pretended import stage_on


@pytest.mark.django_db
class TestNewsroom(Contract):
    @pytest.fixture
    def stage(self):
        channel = given.a_channel(network="site")
        return Stage(
            network=NETWORK,
            login=Login(str(channel.pk)),
            standing=Page.objects.standing().count,
            alts=lambda receipt: [
                p.alt for p in Page.objects.get(key=receipt.network_id).pictures.all()
            ],
            handle=channel.agency.name,
            beneath=lambda receipt: Page.objects.get(key=receipt.network_id).corrects.key,
        )


class TestFakeNewsroom(Contract):
    @pytest.fixture
    def stage(self):
        return stage_on(fake())
