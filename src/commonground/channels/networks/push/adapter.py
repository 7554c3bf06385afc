"""Writes each post once, for every device that asked; lines take it to them (see sending)."""

from __future__ import annotations

from typing import Any, ClassVar
from urllib.parse import urlsplit

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec
from django.utils.translation import gettext as _, ngettext

from commonground.channels.contract import (
    Account,
    Busy,
    Message,
    Network,
    Settles,
    SignInNeeded,
)
from commonground.channels.contract.profile import Figure
from commonground.channels.line.own import database, site_of
from commonground.channels.line.readers.adapter import LIMITS, ToReaders
from commonground.channels.networks.push import line
from commonground.channels.networks.push.endpoints import encoded
from commonground.channels.networks.push.models import Handover, Subscription, Tally, Voice
from commonground.channels.networks.push.sending import not_installed


class Notices(ToReaders):
    """Notices of one channel."""

    KIND: ClassVar = Handover

    def readers(self) -> Any:
        return Subscription.objects.filter(channel_id=self.channel_id)

    def beside(self, message: Message, key: str) -> dict[str, Any]:
        return {"topic": self.topic(message, key), "urgent": message.urgent}

    def topic(self, message: Message, key: str) -> str:
        """A correction takes the place of what it puts right, on the way and on the screen."""
        if message.corrects is None:
            return key
        earlier = self.ours().filter(key=message.corrects.network_id)
        return earlier.values_list("topic", flat=True).first() or key

    @classmethod
    def nobody(cls) -> str:
        return _("No device had asked for notices, so none was written.")

    @classmethod
    def taken(cls, n: int, of: int) -> str:
        return _("The push services took %(n)d of %(all)d notices") % {"n": n, "all": of}

    def are_out(self, n: int) -> str:
        return ngettext(
            "A notice cannot be called back: %(n)d is out. The others were kept back, and"
            " the page it opens says that it was withdrawn. Send a correction to the same"
            " devices: it takes the place of the notice.",
            "Notices cannot be called back: %(n)d are out. The others were kept back, and"
            " the page they open says that it was withdrawn. Send a correction to the same"
            " devices: it takes the place of the notice.",
            n,
        ) % {"n": n}

    def prove(self) -> Account:
        """Whether this desk can write notices, and in which voice: made at the first question."""
        self.must_be_on_the_desk()
        if not line.is_installed():
            raise SignInNeeded(not_installed())
        with database(Busy):
            voice_of(self.channel_id)
        site = site_of(self.channel_id)
        return Account(urlsplit(site).hostname or site, f"{site}/notices/")


def voice_of(channel_id: str) -> Voice:
    """The channel's pair of keys; two who ask at once get the same."""
    found = Voice.objects.filter(channel_id=channel_id).first()
    if found:
        return found
    pair = ec.generate_private_key(ec.SECP256R1())
    point = pair.public_key().public_bytes(
        serialization.Encoding.X962, serialization.PublicFormat.UncompressedPoint
    )
    private = encoded(pair.private_numbers().private_value.to_bytes(32, "big"))
    made = {"public": encoded(point), "private": private}
    return Voice.objects.get_or_create(channel_id=channel_id, defaults=made)[0]


told = Notices.told


def figures(channel_id: str) -> list[Figure]:
    """How many devices get notices, and how many came and went. Nobody sees whose."""
    lately = Tally.lately(channel_id)
    return [
        Figure(
            _("devices get notices"), Subscription.objects.filter(channel_id=channel_id).count()
        ),
        Figure(_("joined in 30 days"), lately["joined"]),
        Figure(_("left in 30 days"), lately["left"]),
        Figure(_("gone in 30 days: their push service does not know them"), lately["gone"]),
    ]


NETWORK = Network(
    name="push",
    label="Notices on devices",
    settles=Settles.BY_OWN_ID,
    limits=LIMITS,
    open=Notices,
    headline=True,
    cards=True,
    ours_alone=True,
    has_pages=True,
    languages=True,
    letters=True,
    figures=figures,
    reach=Notices.reach,
    told=told,
    moves=Notices.moves,
)
