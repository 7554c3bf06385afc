"""Answers one person by e-mail, beneath what they wrote; lines take it to them (see sending)."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, ClassVar

from django.apps import apps
from django.utils.translation import gettext as _

from commonground.channels.contract import (
    Account,
    Declined,
    Message,
    Network,
    Settles,
    SignInNeeded,
)
from commonground.channels.contract.profile import Figure
from commonground.channels.line.by_letter import must_take_letters
from commonground.channels.line.readers.adapter import LIMITS as READERS, ToReaders
from commonground.channels.line.readers.models import IssueBase
from commonground.channels.networks.mailbox import hearing, taking
from commonground.channels.networks.mailbox.models import Dispatch, Received, Tally, Writer
from commonground.channels.networks.mailbox.reading import valid
from commonground.kit.clock import database_now

LIMITS = replace(READERS, pictures=0)


class Mailbox(ToReaders):
    """One mailbox. Whoever wrote to it is answered, and nobody else is written to."""

    KIND: ClassVar = Dispatch

    def readers(self) -> Any:
        return Writer.objects.none()  # nobody gets what is not an answer to them

    def beside(self, message: Message, key: str) -> dict[str, Any]:
        return {"answers": self.asked(message)}

    def asked(self, message: Message) -> Received:
        """What it answers. Without that there is nobody to send it to."""
        LIMITS.admit(message)
        ours = Received.objects.filter(channel_id=self.channel_id)
        found = message.follows and ours.filter(mark=message.follows.network_id).first()
        if not found:
            raise Declined(
                "A mailbox answers whoever wrote to it, and this answers no letter it still knows."
            )
        return found

    def address(self, issue: Any) -> None:
        """One row, for the one who asked, in the same breath as the answer itself."""
        now = database_now()
        Dispatch.objects.create(issue=issue, reader=issue.answers.writer, next_at=now)

    def same(self, issue: IssueBase, message: Message) -> IssueBase:
        if message.follows is None:
            raise Declined("An answer needs what it answers.")
        return super().same(issue, message)

    @classmethod
    def nobody(cls) -> str:
        return _("There is nobody to answer any more, so no letter was written.")

    @classmethod
    def taken(cls, n: int, of: int) -> str:
        return _("The mail server took the answer") if n else _("The answer has not left")

    def are_out(self, n: int) -> str:
        return _("A letter cannot be called back. Write to them again and put it right.")

    def prove(self) -> Account:
        """Whether the mailbox has an address, and the mail server lets us in."""
        self.must_be_on_the_desk()
        channel = apps.get_model("commonground_channels", "Channel").objects.get(pk=self.channel_id)
        if not valid(channel.handle):
            raise SignInNeeded(_("Say which e-mail address this mailbox has."))
        if taking.others_with(channel.handle, channel.pk).exclude(proved_at=None).exists():
            raise SignInNeeded(_("Another mailbox of this desk has this address."))
        must_take_letters()
        return Account(channel.handle, f"mailto:{channel.handle}")


def figures(channel_id: str) -> list[Figure]:
    """How many letters came, and how many were set aside, so that nobody misses them unawares."""
    lately = Tally.lately(channel_id)
    return [
        Figure(_("letters to answer that are known here"),
               Received.objects.filter(channel_id=channel_id).count()),
        Figure(_("set aside in 30 days: written by machines"), lately["machine"]),
        Figure(_("set aside in 30 days: from ourselves"), lately["loop"]),
        Figure(_("set aside in 30 days: too many from one writer"), lately["flood"]),
        Figure(_("set aside in 30 days: could not be read"), lately["unreadable"]),
    ]  # fmt: skip


NETWORK = Network(
    name="mailbox",
    label="E-mail to us",
    settles=Settles.BY_OWN_ID,
    limits=LIMITS,
    open=Mailbox,
    needs_handle=True,
    ours_alone=True,
    letters=True,
    answers=True,
    private=True,
    figures=figures,
    told=Mailbox.told,
    moves=Mailbox.moves,
    hears=hearing.hears,
    unheard=hearing.unheard,
)
