"""Writes each post once, for everybody on the list; lines take it to them (see sending)."""

from __future__ import annotations

from collections import Counter
from datetime import datetime, timedelta

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
from commonground.channels.networks.mail import addresses, joining
from commonground.channels.networks.mail.line import NoLine, line
from commonground.channels.networks.mail.models import Fate, Letter, Recipient, Subscriber, Tally
from commonground.channels.networks.mail.sending import in_words

LIMITS = Limits(characters=20_000, pictures=10, picture_bytes=8_000_000)
LATELY = timedelta(days=30)


class MailingList:
    """One list of ours."""

    def __init__(self, login: Login) -> None:
        self.channel_id = login.channel_id

    def new_key(self, at: datetime) -> str:
        return new_name(at)

    def publish(self, message: Message, *, key: str) -> Receipt:
        """Write the letter, and for whom, once. Lines take it from there."""
        LIMITS.admit(message)
        if not engine.is_name(key):
            raise Declined("This is not a name the list gave out.")
        with database(Unsure):
            letter = self.letter(key) or self.write(message, key)
            return self.same(letter, message).receipt

    def letter(self, key: str) -> Letter | None:
        return Letter.objects.filter(key=key).first()

    def write(self, message: Message, key: str) -> Letter:
        good_for = timedelta(minutes=settings.ENV.good_for_minutes)
        card = message.card
        try:
            with transaction.atomic():
                letter = Letter.objects.create(
                    channel_id=self.channel_id, key=key, title=message.title, text=message.text,
                    language=message.language, fingerprint=message.fingerprint,
                    card=card and {"url": card.url, "title": card.title},
                    not_after=message.not_after or timezone.now() + good_for,
                )  # fmt: skip
                letter.enclose(message)
                self.address(letter)
                return letter
        except IntegrityError as error:
            if letter_there := self.letter(key):
                return letter_there
            raise SignInNeeded("This list is not on the desk.") from error

    def address(self, letter: Letter) -> None:
        """A row for everybody who reads it, in the same breath as the letter itself."""
        readers = Subscriber.objects.reading().filter(channel_id=self.channel_id)
        people = readers.values_list("pk", flat=True).iterator(5000)
        rows = (Recipient(letter=letter, subscriber_id=pk) for pk in people)
        Recipient.objects.bulk_create(rows, batch_size=1000)

    def same(self, letter: Letter, message: Message) -> Letter:
        """The letter, if it says what we meant to say, and somebody may still get it."""
        if letter.withdrawn_at:
            raise Declined("This was sent and withdrawn; it needs a new approval.")
        if (str(letter.channel_id), letter.fingerprint) != (self.channel_id, message.fingerprint):
            raise Declined("Something else was sent under this name.")
        fates = letter.fates()
        if fates and not set(fates) - {Fate.REFUSED, Fate.LATE, Fate.LEFT}:
            raise Declined(in_figures(letter, fates))
        return letter

    def find(self, message: Message, *, key: str, since: datetime) -> Sighting | None:
        """It counts as seen once each person's was tried and the server took one at least.

        What a box then shows, nobody can look at: `told` says in words how far it came.
        """
        with database(Busy):
            letter = Letter.objects.filter(key=key, channel_id=self.channel_id).first()
            if letter is None:
                return None
            fates, now = letter.fates(), timezone.now()
            untried = letter.recipients.filter(fate=Fate.WAITING, tries=0).exists()
        open_still = letter.not_after > now and not letter.withdrawn_at
        if fates[Fate.HANDING] or (untried and open_still):
            raise Busy(in_figures(letter, fates))
        if fates[Fate.TAKEN] or not (fates or letter.withdrawn_at):
            return Sighting(letter.receipt, letter.text, letter.made_at)
        if fates[Fate.UNCERTAIN] or (fates[Fate.WAITING] and open_still):
            raise Busy(in_figures(letter, fates))
        return None

    def standing(self, *, since: datetime) -> list[Sighting]:
        ours = Letter.objects.filter(
            channel_id=self.channel_id, made_at__gte=since, withdrawn_at=None
        )
        with database(Busy):
            return [Sighting(x.receipt, x.text, x.made_at) for x in ours.order_by("-made_at")]

    def withdraw(self, receipt: Receipt, *, why: str = "") -> None:
        """Keep back what has not left, and take its page and pictures down. The rest is out."""
        ours = Letter.objects.filter(key=receipt.network_id, channel_id=self.channel_id)
        with database(Unsure):
            ours.filter(withdrawn_at=None).update(withdrawn_at=timezone.now(), why=why[:300])
            letter = ours.first()
            fates = letter.fates() if letter else Counter[str]()
        if out := fates[Fate.TAKEN] + fates[Fate.UNCERTAIN] + fates[Fate.HANDING]:
            raise Declined(
                ngettext(
                    "A letter cannot be called back: %(n)d is out. The others were kept back, and"
                    " the page it links to says that it was withdrawn. Send a correction to the"
                    " same list.",
                    "Letters cannot be called back: %(n)d are out. The others were kept back, and"
                    " the page they link to says that it was withdrawn. Send a correction to the"
                    " same list.",
                    out,
                )
                % {"n": out}
            )

    def prove(self) -> Account:
        """Whether the list is there, and the mail server lets us in."""
        channel = apps.get_model("commonground_channels", "Channel")
        try:
            with database(Busy):
                channel.objects.get(pk=self.channel_id)
        except (channel.DoesNotExist, ValidationError) as error:
            raise SignInNeeded("This list is not on the desk.") from error
        if not settings.ENV.mail_url:
            raise SignInNeeded(
                _("This desk sends no e-mail yet. Whoever runs it must set COMMONGROUND_MAIL_URL.")
            )
        try:
            with line():
                pass
        except NoLine as trouble:
            raise Busy(in_words(trouble)) from trouble
        return Account(addresses.sender(), f"{settings.ENV.site_url.rstrip('/')}/letters/")


def told(key: str) -> str:
    """How far one letter has come, as it is now."""
    letter = Letter.objects.filter(key=key).first()
    return in_figures(letter, letter.fates()) if letter else ""


def in_figures(letter: Letter, fates: Counter[str]) -> str:
    """The mail server took 3,980 of 4,000 letters; refused: 15; uncertain, not sent again: 5."""
    if not fates:
        return _("Nobody was on the list, so no letter was written.")
    counted = {"n": fates[Fate.TAKEN], "all": fates.total()}
    parts = [_("The mail server took %(n)d of %(all)d letters") % counted]
    named = {
        _("still to go"): fates[Fate.WAITING] + fates[Fate.HANDING],
        _("refused"): fates[Fate.REFUSED],
        _("uncertain, never sent again"): fates[Fate.UNCERTAIN],
        _("too late, not sent"): fates[Fate.LATE],
        _("kept back"): fates[Fate.LEFT],
    }
    parts += [f"{words}: {n}" for words, n in named.items() if n]
    trouble = f" {letter.trouble}" if letter.trouble else ""
    return "; ".join(parts) + "." + trouble


def figures(channel_id: str) -> list[Figure]:
    """How many read this list, and how many came and went. Nobody sees who."""
    people = Subscriber.objects.filter(channel_id=channel_id)
    days = Tally.objects.filter(channel_id=channel_id, day__gte=timezone.now().date() - LATELY)
    lately = Counter[str]()
    for what, n in days.values_list("what", "count"):
        lately[what] += n
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
    letters=True,
    figures=figures,
    forget=forget,
    told=told,
)
