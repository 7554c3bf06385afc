from dataclasses import dataclass, replace

import pytest

from commonground.channels.contract import Declined, Receipt
from commonground.channels.networks.mailbox.adapter import NETWORK
from commonground.channels.networks.mailbox.fake import fake
from commonground.channels.networks.mailbox.models import Reply
from commonground.channels.networks.mailbox.sending import send_some
from commonground.channels.networks.mailbox.tests.world import (
    US,
    a_mailbox,
    login_of,
    receipt_of,
    the_last,
    write,
)
from commonground.channels.tests.contract_suite import Contract, Stage
from commonground.channels.tests.pretended import stage_on


@dataclass
class Letters(Stage):
    """All of it answers one letter; the worker takes it to a real mail server before we look."""

    asked: Receipt | None = None

    def says(self, words, **more):
        return super().says(words, **{"follows": self.asked, **more})

    def find(self, message, key):
        send_some()
        return super().find(message, key)


@pytest.mark.django_db
class TestMailbox(Contract):
    @pytest.fixture
    def stage(self, server, box):
        write()
        return Letters(
            network=NETWORK,
            login=login_of(box),
            standing=Reply.objects.filter(withdrawn_at=None).count,
            alts=lambda receipt: [],
            handle=US,
            asked=receipt_of(the_last()),
        )

    def test_letters_that_left_cannot_be_called_back_and_it_says_so(self, stage):
        message, key = stage.says("Said in error."), stage.key()
        receipt = stage.adapter.publish(message, key=key)
        stage.find(message, key)
        for _again in range(2):
            with pytest.raises(Declined, match="called back"):
                stage.adapter.withdraw(receipt, why="It was wrong.")

    @pytest.mark.parametrize("follows", [None, Receipt("nobody", "")])
    def test_what_answers_nobody_is_written_to_nobody(self, stage, server, follows):
        message = replace(stage.says("Road closed."), follows=follows)
        self.declines(stage, message)
        assert not server.taken

    def test_another_mailboxs_letter_is_not_answered_from_here(self, stage, box):
        other = a_mailbox(agency=box.agency, name="Other", handle="other@harbour.example")
        with pytest.raises(Declined):
            NETWORK.open(login_of(other)).publish(stage.says("Yes."), key=stage.key())


class TestFakeMailbox(Contract):
    @pytest.fixture
    def stage(self):
        return stage_on(fake())
