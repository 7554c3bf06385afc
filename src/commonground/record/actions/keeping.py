"""For how long the words of entries are kept; what is erased, and what must not be."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any, Protocol

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from commonground.kit.persons import must_be_another_than
from commonground.kit.refusals import MovedOn, NotYours, Refused
from commonground.record.actions.capturing import forget
from commonground.record.actions.publishing import Record
from commonground.record.actions.writing import written
from commonground.record.models import (
    DataKey,
    Entry,
    Erased,
    Head,
    Inquiry,
    Kept,
    LegalHold,
    Lookup,
    RetentionClass,
    name_of,
)  # fmt: skip
from commonground.record.queries.keeping import held_back, is_due, standing_over

AT_ONCE = 500  # entries under one tombstone: it names each of them
MAY_KEEP = {"records", "admin"}  # roles of the agency's own
# What an agency begins with; each may be changed. NARA and most archive laws keep a decision
# longer than the talk about it. The first that fits decides.
STANDARD: Sequence[tuple[str, list[str], int | None]] = [
    ("Permanent", ["finish", "withdraw", "break_glass", "stop", "lift", "reconcile", "erase",
                   "dispose", "agree_to_keep", "agree_to_let_go", "capture", "count",
                   "preregister", "conclude", "call_off", "wind_up"], None),
    ("Serious incident", ["raise_alarm", "disown", "override", "review_glass"], 7 * 365),
    ("Transitory", ["tell", "ask_to_read", "look_at_topic", "try_topic", "see"], 90),
    # What people write to an agency is a record in most laws, and theirs: no longer than needed.
    ("Residents", ["receive"], 2 * 365),
    ("Routine", [], 3 * 365),
]  # fmt: skip


class Officer(Protocol):
    """Somebody of an agency, with the roles they have there."""

    pk: Any
    agency_id: Any

    @property
    def name(self) -> str: ...

    @property
    def roles(self) -> frozenset[str]: ...

    def is_also(self, other: Any, /) -> bool: ...


def may_keep(by: Officer) -> None:
    if not MAY_KEEP & by.roles:
        raise NotYours(_("Only a records officer or an administrator may do this."))


def standard_classes(agency_id: object) -> None:
    """The retention an agency begins with, unless it has its own."""
    ours = RetentionClass.objects.filter(agency=str(agency_id))
    if not ours.exists():
        RetentionClass.objects.bulk_create(
            RetentionClass(agency=str(agency_id), place=n, name=name, verbs=verbs, days=days)
            for n, (name, verbs, days) in enumerate(STANDARD, 1)
        )


@transaction.atomic
def change_retention(kept: RetentionClass, *, days: int | None, by: Officer) -> RetentionClass:
    """Other times from now on; what is due by them is still shown to a person before it goes."""
    may_keep(by)
    must_be_ours(kept.agency, by)
    before, kept.days = kept.days, days
    kept.save(update_fields=["days"])
    told = {"name": kept.name, "before": before, "after": days}
    written("change_retention", kept, by=by, agency=by.agency_id, detail=told)
    return kept


@transaction.atomic
def erase(numbers: Sequence[int], *, basis: str, by: Officer) -> Entry:
    """Destroy what opens these entries, and say in the log that it was done, by which right.

    Lost for good: who it was, and what was said. What stays: that it happened, when, and that it
    was erased. Copies of the keys (see the manual) must go by their own time.
    """
    may_keep(by)
    return bury("erase", ours_among(numbers, by), basis=basis, by=by, agency=by.agency_id)


@transaction.atomic
def dispose(numbers: Sequence[int], *, by: Officer) -> Entry:
    """Erase what is past its time, after a person has seen the list. What is not on it any more
    is refused, and with it the whole list."""
    may_keep(by)
    entries, now = ours_among(numbers, by), timezone.now()
    classes = list(RetentionClass.objects.filter(agency=str(by.agency_id)).order_by("place"))
    if not all(is_due(entry, classes, now) for entry in entries):
        raise MovedOn(_("Not all of these are past their time any more. Look at the list again."))
    basis = "retention"
    return bury("dispose", entries, basis=basis, by=by, agency=by.agency_id)


def bury(verb: str, entries: Sequence[Entry], *, basis: str, by: Officer, agency: object) -> Entry:
    basis = basis.strip()[:80]
    if not basis:
        raise Refused(_("Say by which right: an article of law, a decision, a request."))
    # Whoever sets a hold locks the same row: what is held cannot go in the same instant.
    Head.objects.select_for_update().filter(pk=1).first()
    holds = list(LegalHold.objects.standing().filter(agency=str(agency)))
    if held := held_back(entries, holds):
        names = ", ".join(sorted({standing_over(entry, holds) for entry in held}))
        raise Refused(
            _("%(many)s of these are under a legal hold and stay: %(names)s.")
            % {"many": len(held), "names": names}
        )
    numbers = [entry.number for entry in entries]
    must_not_be_asked_for(numbers, agency)
    indexes = [entry.index for entry in entries]
    stone = written(
        verb, Record(), by=by, agency=agency, detail={"basis": basis, "entries": numbers},
        clear={"erased": indexes, "basis": basis},
    )  # fmt: skip
    Erased.objects.bulk_create(Erased(number=n, tombstone=stone.number) for n in numbers)
    # The keys first: a copy of the rest that is taken in between opens nothing.
    DataKey.objects.filter(pk__in=numbers).delete()
    Kept.objects.filter(pk__in=numbers).delete()
    Lookup.objects.filter(pk__in=numbers).delete()
    forget(numbers)
    return stone


def must_not_be_asked_for(numbers: Sequence[int], agency: object) -> None:
    """Whoever asked for records gets those that were there. Raises Refused."""
    for inquiry in Inquiry.objects.pending().filter(agency=str(agency)):
        if set(numbers) & set(inquiry.found):
            raise Refused(
                _("Somebody asked for some of these: request %(name)s. Answer it first.")
                % {"name": inquiry.name}
            )


def ours_among(numbers: Sequence[int], by: Officer) -> list[Entry]:
    """These entries, all of them ours and none erased before. Raises Refused."""
    wanted = sorted(set(numbers))
    if not 1 <= len(wanted) <= AT_ONCE:
        raise Refused(_("Choose between 1 and %(most)s entries at a time.") % {"most": AT_ONCE})
    found = list(
        Entry.objects.filter(number__in=wanted, agency=str(by.agency_id)).order_by("number")
    )
    gone = Erased.objects.filter(number__in=wanted).exists()
    tombs = any(e.verb in ("erase", "dispose", "reconcile") for e in found)
    if gone or tombs or len(found) != len(wanted):
        raise Refused(_("Some of these are not there, were erased before, or must stay for good."))
    return found


@transaction.atomic
def keep(
    *, name: str, reason: str, by: Officer, subject: object = None,
    since: date | None = None, until: date | None = None,
) -> LegalHold:  # fmt: skip
    """Let nothing of this go, from now on. A second person confirms it; it holds already."""
    may_keep(by)
    if not name.strip() or not reason.strip():
        raise Refused(_("A legal hold needs a name and a reason."))
    Head.objects.get_or_create(pk=1)
    Head.objects.select_for_update().get(pk=1)
    hold = LegalHold.objects.create(
        agency=str(by.agency_id), name=name.strip()[:80], reason=reason.strip()[:300],
        subject="" if subject is None else subject_of(subject), since=since, until=until,
        asked_by=str(by.pk),
    )  # fmt: skip
    told = {"reason": hold.reason, "subject": hold.subject}
    written("ask_to_keep", hold, by=by, agency=by.agency_id, detail=told)
    return hold


@transaction.atomic
def agree_to_keep(hold: LegalHold, *, by: Officer) -> LegalHold:
    """The second yes."""
    may_keep(by)
    must_be_ours(hold.agency, by)
    must_be_another(hold.asked_by, by)
    standing = LegalHold.objects.standing().filter(pk=hold.pk, agreed_by="")
    if not standing.update(agreed_by=str(by.pk)):
        raise MovedOn(_("Someone changed this a moment ago. Look again before you decide."))
    written("agree_to_keep", hold, by=by, agency=by.agency_id, detail={"reason": hold.reason})
    hold.refresh_from_db()
    return hold


@transaction.atomic
def let_go(hold: LegalHold, *, reason: str, by: Officer) -> LegalHold:
    """Ask to lift it; it holds until a second person says yes."""
    may_keep(by)
    must_be_ours(hold.agency, by)
    if not reason.strip():
        raise Refused(_("Say why it is over."))
    standing = LegalHold.objects.standing().filter(pk=hold.pk, let_go_asked_by="")
    if not standing.update(let_go_asked_by=str(by.pk)):
        raise MovedOn(_("Someone changed this a moment ago. Look again before you decide."))
    written("ask_to_let_go", hold, by=by, agency=by.agency_id, detail={"reason": reason[:300]})
    hold.refresh_from_db()
    return hold


@transaction.atomic
def agree_to_let_go(hold: LegalHold, *, by: Officer) -> LegalHold:
    """The second yes to lifting it. What is past its time may be erased again."""
    may_keep(by)
    must_be_ours(hold.agency, by)
    hold.refresh_from_db()
    if not hold.let_go_asked_by:
        raise Refused(_("Nobody has asked to lift it yet."))
    must_be_another(hold.let_go_asked_by, by)
    changes = {"let_go_agreed_by": str(by.pk), "let_go_at": timezone.now()}
    if not LegalHold.objects.standing().filter(pk=hold.pk).update(**changes):
        raise MovedOn(_("Someone changed this a moment ago. Look again before you decide."))
    written("agree_to_let_go", hold, by=by, agency=by.agency_id, detail={"reason": hold.reason})
    hold.refresh_from_db()
    return hold


def subject_of(subject: object) -> str:
    return subject if isinstance(subject, str) else name_of(subject)


def must_be_ours(agency: str, by: Officer) -> None:
    if agency != str(by.agency_id):
        raise NotYours(_("This belongs to another agency."))


def must_be_another(first: str, by: Officer) -> None:
    must_be_another_than(first, by, _("It takes a second person: you have said yes already."))
