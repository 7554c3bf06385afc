"""Writes each post once, for everybody on the list; lines take it to them (see sending)."""

from __future__ import annotations

from typing import Any, ClassVar

from django.utils.translation import gettext as _, ngettext

from commonground.channels.contract import (
    Account,
    Network,
    Settles,
)
from commonground.channels.contract.profile import Figure
from commonground.channels.line.by_letter import must_take_letters
from commonground.channels.line.own import site_of
from commonground.channels.line.readers.adapter import LIMITS, ToReaders
from commonground.channels.networks.mail import addresses, joining
from commonground.channels.networks.mail.models import Recipient, Subscriber, Tally


class MailingList(ToReaders):
    """One list of ours."""

    KIND: ClassVar = Recipient

    def readers(self) -> Any:
        return Subscriber.objects.reading().filter(channel_id=self.channel_id)

    @classmethod
    def nobody(cls) -> str:
        return _("Nobody was on the list, so no letter was written.")

    @classmethod
    def taken(cls, n: int, of: int) -> str:
        return _("The mail server took %(n)d of %(all)d letters") % {"n": n, "all": of}

    def are_out(self, n: int) -> str:
        return ngettext(
            "A letter cannot be called back: %(n)d is out. The others were kept back, and"
            " the page it links to says that it was withdrawn. Send a correction to the"
            " same list.",
            "Letters cannot be called back: %(n)d are out. The others were kept back, and"
            " the page they link to says that it was withdrawn. Send a correction to the"
            " same list.",
            n,
        ) % {"n": n}

    def prove(self) -> Account:
        """Whether the list is there, and the mail server lets us in."""
        self.must_be_on_the_desk()
        must_take_letters()
        return Account(addresses.sender(), f"{site_of(self.channel_id)}/letters/")


told = MailingList.told


def figures(channel_id: str) -> list[Figure]:
    """How many read this list, and how many came and went. Nobody sees who."""
    people = Subscriber.objects.filter(channel_id=channel_id)
    lately = Tally.lately(channel_id)
    return [
        Figure(_("get letters"), people.reading().count()),
        Figure(_("have not confirmed yet"), people.filter(confirmed_at=None).count()),
        Figure(_("cannot be reached: letters came back"), people.exclude(bounced_at=None).count()),
        Figure(_("joined in 30 days"), lately["joined"]),
        Figure(_("left in 30 days"), lately["left"]),
    ]


def forget(channel_id: str, typed: str) -> bool:
    """Delete one address at somebody's request, without showing any."""
    try:
        return joining.forget(channel_id, typed)
    except addresses.NoAddress:
        return False


NETWORK = Network(
    name="mail",
    label="E-mail list",
    settles=Settles.BY_OWN_ID,
    limits=LIMITS,
    open=MailingList,
    headline=True,
    cards=True,
    ours_alone=True,
    has_pages=True,
    languages=True,
    letters=True,
    figures=figures,
    reach=MailingList.reach,
    forget=forget,
    told=told,
    moves=MailingList.moves,
)
