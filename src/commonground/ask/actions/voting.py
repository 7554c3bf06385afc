"""What the public does. A vote costs one short transaction and no entry in the record: seals
answer for many ballots at once (see sealing)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from hashlib import sha256

from django.core import signing
from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from commonground.ask import rules
from commonground.ask.actions.moderating import next_number
from commonground.ask.engine.marks import mark, network_of, plain_address, plain_code
from commonground.ask.models import Arrival, Ballot, DayKey, Question, Statement, Tier, Vote
from commonground.kit.arrivals import Door, this_hour, today
from commonground.kit.refusals import Refused
from commonground.kit.sealed import sealed_for
from commonground.record.actions import Machine, witness

A_RESIDENT = Machine("A resident")

# From one /24 or /64 within an hour. A family, a café; a school or a hall is given codes.
OPEN_BALLOTS = 20
BALLOTS_WITHOUT_WORK = 5  # browsers without script do no work, and are trusted with fewer
MAILS = 20
STATEMENTS = 10
MAILS_TO_ONE = 3  # a day: nobody's letter box is flooded through us
STATEMENTS_OF_ONE = 5  # an hour
LINK_LASTS = timedelta(days=2)
DOOR = Door(Arrival, DayKey)


class Crowded(Refused):
    """Too much of it from one place within one hour."""

    status = 429


@transaction.atomic
def open_ballot(question: Question, *, start: str, worked: bool, address: str) -> Ballot:
    """The ballot of whoever holds this page. Sent a thousand times, it is one ballot."""
    rules.must_take(question, Tier.OPEN)
    person = mark(question.secret, Tier.OPEN, start)
    held = Ballot.objects.filter(question=question, tier=Tier.OPEN, person=person).first()
    return held or fresh_ballot(question, person, worked, network_tag(address))


def fresh_ballot(question: Question, person: str, worked: bool, tag: str) -> Ballot:
    """A new one, if its network may have another. A crowd is turned away before anything is
    written; those who slip by together are counted with the row held."""
    must_be_room(question, "open", tag, OPEN_BALLOTS)
    ballot, new = ballot_of(question, Tier.OPEN, person)
    if new:
        count(question, "open", tag, OPEN_BALLOTS)
        if not worked:
            count(question, "plain", tag, BALLOTS_WITHOUT_WORK)
    return ballot


@transaction.atomic
def take_code(question: Question, *, code: str) -> Ballot:
    """The ballot of whoever holds this paper; again on another device, the same one.

    Tries are not counted: of 2^60 codes a thousand are good, and a hall of people who
    mistype must not lock itself out.
    """
    rules.must_take(question, Tier.RESIDENT)
    plain = plain_code(code)
    if not plain or not question.codes.filter(mark=mark(question.secret, "code", plain)).exists():
        raise Refused(_("We do not know this code. Look again at the paper, sign by sign."))
    return ballot_of(question, Tier.RESIDENT, mark(question.secret, Tier.RESIDENT, plain))[0]


@transaction.atomic
def ask_for_link(question: Question, *, typed: str, address: str) -> str:
    """What goes into the link of an e-mail. Of the address itself nothing is kept."""
    rules.must_take(question, Tier.CONFIRMED)
    person = mark(question.secret, Tier.CONFIRMED, plain_address(typed))
    count(question, "mails", network_tag(address), MAILS)
    count(question, "mail", person, MAILS_TO_ONE, since=today())
    return signing.dumps([str(question.pk), person], salt="ask.confirm")


@transaction.atomic
def confirm_address(question: Question, *, link: str) -> Ballot:
    """The ballot of whoever could read that e-mail."""
    rules.must_take(question, Tier.CONFIRMED)
    try:
        meant, person = signing.loads(link, salt="ask.confirm", max_age=LINK_LASTS)
    except signing.BadSignature:
        raise Refused(_("This link is too old, or was cut short. Ask for a new one.")) from None
    if meant != str(question.pk):
        raise Refused(_("This link belongs to another question."))
    return ballot_of(question, Tier.CONFIRMED, person)[0]


def ballot_of(question: Question, tier: str, person: str) -> tuple[Ballot, bool]:
    return Ballot.objects.get_or_create(question=question, tier=tier, person=person)


@transaction.atomic
def vote(
    ballot: Ballot, statement: Statement, value: int, *, members: tuple[object, ...] = ()
) -> bool:
    """Count one press of a button: 1 agrees, -1 disagrees, 0 is not sure. Whether it was new."""
    # Of many presses at the same time each waits for the one before, and sees it.
    ballot = Ballot.objects.select_for_update().get(pk=ballot.pk)
    rules.may_vote(ballot, statement, members)
    last = ballot.votes.filter(statement=statement).order_by("-pk").values_list("value", flat=True)
    if last.first() == value:
        return False
    Vote.objects.create(ballot=ballot, statement=statement, value=value)
    Ballot.objects.filter(pk=ballot.pk).update(cast=F("cast") + 1)
    return True


@transaction.atomic
def tell_traits(ballot: Ballot, question: Question, traits: Sequence[int]) -> None:
    """What somebody chose to say of themselves, or nothing any more. Votes are weighed by it and
    it is told of nobody, so the record knows nothing of it."""
    rules.may_tell(ballot, question, traits)
    kept = list(traits) if any(t >= 0 for t in traits) else ""
    Ballot.objects.filter(pk=ballot.pk).update(**sealed_for(ballot, traits=kept))


@transaction.atomic
def send_statement(
    ballot: Ballot, question: Question, *, text: str, language: str, address: str
) -> Statement:
    """Lay a resident's own words before a moderator. Nothing is kept of who wrote them."""
    rules.may_send(ballot, question)
    count(question, "said", network_tag(address), STATEMENTS)
    count(question, "says", ballot.person, STATEMENTS_OF_ONE)
    statement = Statement.objects.create(
        question=question, number=next_number(question), text=text, language=language
    )
    digest = sha256(text.encode()).hexdigest()
    witness("send_statement", statement, by=A_RESIDENT, digest=digest)
    return statement


def must_be_room(question: Question, kind: str, tag: str, most: int) -> None:
    full = Arrival.objects.filter(question=question, kind=kind, tag=tag, hour=this_hour())
    if full.filter(count__gte=most).exists():
        raise Crowded(crowded())


def crowded() -> str:
    return _(
        "Too much has come from where you are within one hour, so we cannot tell people from"
        " machines. Try again later, or vote with a code or an e-mail address."
    )


def count(
    question: Question, kind: str, tag: str, most: int, since: datetime | None = None
) -> None:
    """One more of these within the hour (or `since`), unless there were too many."""
    if not DOOR.one_more(kind, tag, most, since or this_hour(), question=question):
        raise Crowded(crowded())


def network_tag(address: str) -> str:
    """The /24 or /64 as a mark under a key that lives for two days."""
    return DOOR.mark("network", network_of(address), today())


def forget_networks() -> int:
    """Delete what was counted by network, and the keys of those marks, after 48 hours."""
    return DOOR.forget(timezone.now())
