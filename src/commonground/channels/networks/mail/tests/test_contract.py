from dataclasses import dataclass

import pytest

from commonground.channels.contract import Login
from commonground.channels.networks.mail.adapter import NETWORK
from commonground.channels.networks.mail.fake import fake
from commonground.channels.networks.mail.models import Letter
from commonground.channels.networks.mail.sending import send_some
from commonground.channels.networks.mail.tests.world import SENDER, a_reader
from commonground.channels.tests.contract_suite import Contract, Stage
from commonground.channels.tests.pretended import stage_on


@dataclass
class Letters(Stage):
    """The worker takes the letters to a real mail server before anybody looks."""

    def find(self, message, key):
        send_some()
        return super().find(message, key)


@pytest.mark.django_db
class TestMailingList(Contract):
    @pytest.fixture
    def stage(self, server, channel):
        for name in ("ana", "ben", "cy"):
            a_reader(channel, f"{name}@people.example")
        return Letters(
            network=NETWORK,
            login=Login(str(channel.pk)),
            standing=Letter.objects.filter(withdrawn_at=None).count,
            alts=lambda receipt: [
                p.alt for p in Letter.objects.get(key=receipt.network_id).pictures.all()
            ],
            handle=SENDER,
        )


class TestFakeMailingList(Contract):
    @pytest.fixture
    def stage(self):
        return stage_on(fake())
