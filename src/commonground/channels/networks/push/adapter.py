"""Writes each post once, for every device that asked; lines take it to them (see sending)."""

from __future__ import annotations

from collections import Counter
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec
from django.apps import apps
from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _, ngettext

from commonground.channels import engine
from commonground.channels.contract import (
    Account,
    Busy,
    Declined,
    Figure,
    Limits,
    Login,
    Message,
    Network,
    Receipt,
    Settles,
    Sighting,
    SignInNeeded,
    Unsure,
)
from commonground.channels.line.own import database, new_name
from commonground.channels.networks.push import line
from commonground.channels.networks.push.endpoints import encoded
from commonground.channels.networks.push.models import (
    Fate,
    Handover,
    Notice,
    Subscription,
    Tally,
    Voice,
)
from commonground.channels.networks.push.sending import not_installed

LIMITS = Limits(characters=20_000, pictures=10, picture_bytes=8_000_000)
LATELY = timedelta(days=30)


class Notices:
    """Notices of one channel."""

    def __init__(self, login: Login) -> None:
        self.channel_id = login.channel_id

    def new_key(self, at: datetime) -> str:
        return new_name(at)

    def publish(self, message: Message, *, key: str) -> Receipt:
        """Write the notice, and for which devices, once. Lines take it from there."""
        LIMITS.admit(message)
        if not engine.is_name(key):
            raise Declined("This is not a name the desk gave out.")
        with database(Unsure):
            notice = self.notice(key) or self.write(message, key)
            return self.same(notice, message).receipt

    def notice(self, key: str) -> Notice | None:
        return Notice.objects.filter(key=key).first()

    def write(self, message: Message, key: str) -> Notice:
        good_for = timedelta(minutes=settings.ENV.good_for_minutes)
        card = message.card
        try:
            with transaction.atomic():
                notice = Notice.objects.create(
                    channel_id=self.channel_id, key=key, topic=self.topic(message, key),
                    title=message.title, text=message.text, language=message.language,
                    card=card and {"url": card.url, "title": card.title}, urgent=message.urgent,
                    fingerprint=message.fingerprint,
                    not_after=message.not_after or timezone.now() + good_for,
                )  # fmt: skip
                notice.enclose(message)
                self.address(notice)
                return notice
        except IntegrityError as error:
            if notice_there := self.notice(key):
                return notice_there
            raise SignInNeeded("This channel is not on the desk.") from error

    def topic(self, message: Message, key: str) -> str:
        """A correction takes the place of what it puts right, on the way and on the screen."""
        if message.corrects is None:
            return key
        ours = Notice.objects.filter(channel_id=self.channel_id, key=message.corrects.network_id)
        return ours.values_list("topic", flat=True).first() or key

    def address(self, notice: Notice) -> None:
        """A row for every device, in the same breath as the notice itself."""
        devices = Subscription.objects.filter(channel_id=self.channel_id)
        keys = devices.values_list("pk", flat=True).iterator(5000)
        rows = (Handover(notice=notice, subscription_id=pk) for pk in keys)
        Handover.objects.bulk_create(rows, batch_size=1000)

    def same(self, notice: Notice, message: Message) -> Notice:
        """The notice, if it says what we meant to say, and somebody may still get it."""
        if notice.withdrawn_at:
            raise Declined("This was sent and withdrawn; it needs a new approval.")
        if (str(notice.channel_id), notice.fingerprint) != (self.channel_id, message.fingerprint):
            raise Declined("Something else was sent under this name.")
        fates = notice.fates()
        if fates and not set(fates) - {Fate.REFUSED, Fate.LATE, Fate.LEFT}:
            raise Declined(in_figures(notice, fates))
        return notice

    def find(self, message: Message, *, key: str, since: datetime) -> Sighting | None:
        """It counts as seen once each device's was tried and a service took one at least.

        What a screen then shows, nobody can look at: `told` says in words how far it came.
        """
        with database(Busy):
            notice = Notice.objects.filter(key=key, channel_id=self.channel_id).first()
            if notice is None:
                return None
            fates, now = notice.fates(), timezone.now()
            untried = notice.handovers.filter(fate=Fate.WAITING, tries=0).exists()
        open_still = notice.not_after > now and not notice.withdrawn_at
        if fates[Fate.HANDING] or (untried and open_still):
            raise Busy(in_figures(notice, fates))
        if fates[Fate.TAKEN] or not (fates or notice.withdrawn_at):
            return Sighting(notice.receipt, notice.text, notice.made_at)
        if fates[Fate.UNCERTAIN] or (fates[Fate.WAITING] and open_still):
            raise Busy(in_figures(notice, fates))
        return None

    def standing(self, *, since: datetime) -> list[Sighting]:
        ours = Notice.objects.filter(
            channel_id=self.channel_id, made_at__gte=since, withdrawn_at=None
        )
        with database(Busy):
            return [Sighting(x.receipt, x.text, x.made_at) for x in ours.order_by("-made_at")]

    def withdraw(self, receipt: Receipt, *, why: str = "") -> None:
        """Keep back what has not left, and take its page and pictures down. The rest is out."""
        ours = Notice.objects.filter(key=receipt.network_id, channel_id=self.channel_id)
        with database(Unsure):
            ours.filter(withdrawn_at=None).update(withdrawn_at=timezone.now(), why=why[:300])
            notice = ours.first()
            fates = notice.fates() if notice else Counter[str]()
        if out := fates[Fate.TAKEN] + fates[Fate.UNCERTAIN] + fates[Fate.HANDING]:
            raise Declined(
                ngettext(
                    "A notice cannot be called back: %(n)d is out. The others were kept back, and"
                    " the page it opens says that it was withdrawn. Send a correction to the same"
                    " devices: it takes the place of the notice.",
                    "Notices cannot be called back: %(n)d are out. The others were kept back, and"
                    " the page they open says that it was withdrawn. Send a correction to the same"
                    " devices: it takes the place of the notice.",
                    out,
                )
                % {"n": out}
            )

    def prove(self) -> Account:
        """Whether this desk can write notices, and in which voice: made at the first question."""
        channel = apps.get_model("commonground_channels", "Channel")
        try:
            with database(Busy):
                channel.objects.get(pk=self.channel_id)
        except (channel.DoesNotExist, ValidationError) as error:
            raise SignInNeeded("This channel is not on the desk.") from error
        if not line.is_installed():
            raise SignInNeeded(not_installed())
        with database(Busy):
            voice_of(self.channel_id)
        site = settings.ENV.site_url.rstrip("/")
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


def told(key: str) -> str:
    """How far one notice has come, as it is now."""
    notice = Notice.objects.filter(key=key).first()
    return in_figures(notice, notice.fates()) if notice else ""


def in_figures(notice: Notice, fates: Counter[str]) -> str:
    """The push services took 380 of 400 notices; refused: 15; uncertain, never sent again: 5."""
    if not fates:
        return _("No device had asked for notices, so none was written.")
    counted = {"n": fates[Fate.TAKEN], "all": fates.total()}
    parts = [_("The push services took %(n)d of %(all)d notices") % counted]
    named = {
        _("still to go"): fates[Fate.WAITING] + fates[Fate.HANDING],
        _("refused"): fates[Fate.REFUSED],
        _("uncertain, never sent again"): fates[Fate.UNCERTAIN],
        _("too late, not sent"): fates[Fate.LATE],
        _("kept back"): fates[Fate.LEFT],
    }
    parts += [f"{words}: {n}" for words, n in named.items() if n]
    trouble = f" {notice.trouble}" if notice.trouble else ""
    return "; ".join(parts) + "." + trouble


def figures(channel_id: str) -> list[Figure]:
    """How many devices get notices, and how many came and went. Nobody sees whose."""
    days = Tally.objects.filter(channel_id=channel_id, day__gte=timezone.now().date() - LATELY)
    lately = Counter[str]()
    for what, n in days.values_list("what", "count"):
        lately[what] += n
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
    letters=True,
    figures=figures,
    told=told,
)
