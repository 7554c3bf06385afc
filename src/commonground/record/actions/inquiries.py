"""Requests for records: registered, searched, prepared by one person and read by another."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from commonground.kit.refusals import MovedOn, NotYours, Refused
from commonground.kit.sealed import sealed_for
from commonground.record.actions.keeping import Officer, may_keep, must_be_another, must_be_ours
from commonground.record.actions.writing import THE_DESK, advance, written
from commonground.record.engine.laws import laws
from commonground.record.models import Head, Inquiry, Parcel
from commonground.record.queries.exporting import EVERYTHING
from commonground.record.queries.inquiries import GIVEN, fits, in_scope, span
from commonground.record.states import InquiryState as State

AT_ONCE = 500  # entries that are opened in one transaction
MOST = 20_000  # entries of one answer: who gets more reads none


@transaction.atomic
def register(
    *, asker: str, contact: str, asked: str, law: str, received_on: date, by: Officer
) -> Inquiry:
    """Start the clock. Who asked is sealed, and stands nowhere in the record."""
    may_keep(by)
    if law not in laws():
        raise Refused(_("Choose the law it was made under."))
    if received_on > timezone.localdate():
        raise Refused(_("It cannot have come in the future."))
    Head.objects.get_or_create(pk=1)
    Head.objects.select_for_update().get(pk=1)  # two at once get two numbers
    year = received_on.year
    ours = Inquiry.objects.filter(agency=str(by.agency_id), name__startswith=f"{year}-")
    inquiry = Inquiry(
        agency=str(by.agency_id), name=f"{year}-{ours.count() + 1}", law=law,
        received_on=received_on, due_on=laws()[law].due(received_on), owner=str(by.pk),
        asker={"name": asker.strip()[:200], "contact": contact.strip()[:300],
               "asked": asked.strip()[:5000]},
    )  # fmt: skip
    inquiry.save(force_insert=True)
    told = {"law": law, "received": received_on.isoformat(), "due": inquiry.due_on.isoformat()}
    written("register", inquiry, by=by, agency=inquiry.agency, detail=told)
    return inquiry


@transaction.atomic
def extend(inquiry: Inquiry, *, days: int, reason: str, note: str, by: Officer) -> Inquiry:
    """More time, for a reason the law knows. Whoever asked must be told; that is yours to do."""
    may_have(inquiry, by)
    law = inquiry.by_law
    if reason not in law.reasons:
        raise Refused(_("This law knows no such reason for more time."))
    if inquiry.days_left < 0:
        raise Refused(_("The time is over already: the law gives no more."))
    if law.extension and inquiry.more_days + days > law.extension:
        raise Refused(_("This law gives at most %(days)s days more.") % {"days": law.extension})
    before, more = inquiry.due_on, inquiry.more_days + days
    due = law.due(inquiry.received_on, more)
    rows = Inquiry.objects.pending().filter(pk=inquiry.pk, more_days=inquiry.more_days)
    if not rows.update(more_days=more, due_on=due, told_on=None):
        raise MovedOn(_("Someone changed this a moment ago. Look again before you decide."))
    told = {"days": days, "ground": reason, "reason": note.strip()[:300]}
    told |= {"before": before.isoformat(), "after": due.isoformat()}
    written("extend", inquiry, by=by, agency=inquiry.agency, detail=told)
    inquiry.refresh_from_db()
    return inquiry


@transaction.atomic
def take_over(inquiry: Inquiry, *, by: Officer) -> Inquiry:
    """It is yours from now on: you are told when its time is near."""
    may_have(inquiry, by)
    if Inquiry.objects.pending().filter(pk=inquiry.pk).exclude(owner=by.pk).update(owner=by.pk):
        written("take_over", inquiry, by=by, agency=inquiry.agency, detail={})
    inquiry.refresh_from_db()
    return inquiry


@transaction.atomic
def search(inquiry: Inquiry, *, scope: Mapping[str, str], by: Officer) -> Inquiry:
    """Look through the record for it, from the newest back. What was found before is let go."""
    may_change(inquiry, by)
    inquiry.scope = {k: v for k, v in scope.items() if v}
    low, high, many = span(in_scope(inquiry))
    changes: dict[str, Any] = {
        "scope": inquiry.scope, "upto": high, "down_to": low, "to_look_at": many, "looked": 0,
        "found": [], "kept_back": {}, "trouble": "",
    }  # fmt: skip
    rows = Inquiry.objects.filter(pk=inquiry.pk, state=State.OPEN.value)
    if not rows.update(**sealed_for(inquiry, **changes)):
        raise MovedOn(_("Someone changed this a moment ago. Look again before you decide."))
    written("search", inquiry, by=by, agency=inquiry.agency, detail={"entries": many})
    inquiry.refresh_from_db()
    return inquiry


@transaction.atomic
def look_on(pk: UUID) -> bool:
    """Open the next so many entries of a search. False: it is done, or somebody else is at it."""
    inquiry = Inquiry.objects.filter(pk=pk, state=State.OPEN.value).exclude(upto=0).first()
    if inquiry is None:
        return False
    rows = in_scope(inquiry).filter(number__lte=inquiry.upto, number__gte=inquiry.down_to)
    entries = list(rows.order_by("-number")[:AT_ONCE])
    new = [entry.number for entry in entries if fits(entry, inquiry.scope)]
    upto = entries[-1].number - 1 if len(entries) == AT_ONCE else 0
    found, trouble = inquiry.found + new, ""
    if len(found) > MOST:
        upto, trouble = 0, _("More than %(most)s entries fit. Narrow it down.") % {"most": MOST}
    same = Inquiry.objects.filter(pk=pk, state=State.OPEN.value, upto=inquiry.upto)
    return bool(
        same.update(
            upto=max(upto, 0), looked=inquiry.looked + len(entries), found=found[:MOST],
            trouble=trouble, looked_at=timezone.now(),
        )
    ) and upto > 0  # fmt: skip


@transaction.atomic
def keep_back(
    inquiry: Inquiry, *, everywhere: Mapping[str, str] | None = None,
    of: Mapping[int, Mapping[str, str]] | None = None, by: Officer,
) -> Inquiry:  # fmt: skip
    """Say which facts are not shown, each for a reason: of every entry, or of these."""
    may_change(inquiry, by)
    now = Inquiry.objects.select_for_update().get(pk=inquiry.pk)
    if now.state != State.OPEN:
        raise MovedOn(_("Someone changed this a moment ago. Look again before you decide."))
    kept, general = dict(now.kept_back), now.everywhere if everywhere is None else everywhere
    found = set(now.found)
    for number, facts in (of or {}).items():
        if number in found:
            kept[str(number)] = dict(facts)
            if not facts:
                del kept[str(number)]
    reasons = [*general.values(), *(r for facts in kept.values() for r in facts.values())]
    if strange := set(reasons) - set(GIVEN):
        raise Refused(_("No such reason: %(codes)s.") % {"codes": ", ".join(sorted(strange))})
    now.everywhere, now.kept_back = dict(general), kept
    Inquiry.objects.filter(pk=now.pk).update(everywhere=now.everywhere, kept_back=kept)
    told = {"entries": sorted(of or {}), "everywhere": sorted(now.everywhere)}
    written("keep_back", now, by=by, agency=now.agency, detail=told)
    return now


@transaction.atomic
def prepare(inquiry: Inquiry, *, by: Officer) -> Inquiry:
    """Ready for a second person, who reads exactly what would be given."""
    may_change(inquiry, by)
    if not inquiry.is_searched or inquiry.trouble:
        raise Refused(_("Search first, and wait until the search is done."))
    if not inquiry.found:
        raise Refused(_("Nothing was found. Close it, and say so to whoever asked."))
    told = {"entries": len(inquiry.found), "kept_back": many_kept_back(inquiry)}
    return advance(
        inquiry, "prepare", by=by, unchanged=("kept_back", "everywhere"), told=told,
        prepared_by=str(by.pk), read_by="",
    )  # fmt: skip


@transaction.atomic
def send_back(inquiry: Inquiry, *, reason: str, by: Officer) -> Inquiry:
    """Something must be changed before it goes out."""
    may_have(inquiry, by)
    said = must_say(reason)
    return advance(
        inquiry, "send_back", by=by, told={"reason": said}, reason=said, prepared_by="", read_by=""
    )


@transaction.atomic
def let_out(inquiry: Inquiry, *, reason: str, by: Officer) -> Inquiry:
    """The second person read it: the desk packs exactly that. What is given is given."""
    may_have(inquiry, by)
    must_be_another(inquiry.prepared_by, by)
    said = must_say(reason)
    first, last = min(inquiry.found), max(inquiry.found)
    return advance(
        inquiry, "let_out", by=by, unchanged=("prepared_by",), told={"reason": said}, reason=said,
        read_by=str(by.pk), packed=0, to_pack=last - first + 1, trouble="",
    )  # fmt: skip


@transaction.atomic
def give(inquiry: Inquiry, *, sealed: bytes, wrapped: bytes, size: int, digest: str) -> Inquiry:
    """It is packed, and can be handed over."""
    Parcel.objects.update_or_create(
        inquiry=inquiry,
        defaults={"sealed": sealed, "wrapped": wrapped, "size": size, "digest": digest},
    )
    told = {"bytes": size, "digest": digest}
    return advance(inquiry, "give", by=THE_DESK, told=told, packed=inquiry.to_pack, trouble="")


@transaction.atomic
def close(inquiry: Inquiry, *, reason: str, by: Officer) -> Inquiry:
    """Answered without records, and why: there are none, a refusal, or it was taken back."""
    may_have(inquiry, by)
    said = must_say(reason)
    return advance(inquiry, "close", by=by, told={"reason": said}, reason=said)


@transaction.atomic
def hand_over(inquiry: Inquiry, *, by: Officer) -> Parcel:
    """The file itself. Who took it stands in the record."""
    may_have(inquiry, by)
    parcel = Parcel.objects.filter(inquiry=inquiry).first()
    if parcel is None or inquiry.state != State.GIVEN:
        raise Refused(_("It is not packed yet."))
    written("fetch", inquiry, by=by, agency=inquiry.agency, detail={"digest": parcel.digest})
    return parcel


@transaction.atomic
def note_told(inquiry: Inquiry, names: Sequence[str], *, by_mail: bool, today: date) -> None:
    """Write down who was told that its time is near or over."""
    rows = Inquiry.objects.to_tell(today).filter(pk=inquiry.pk)
    if rows.update(told_on=today):
        route = "screen and e-mail" if by_mail else "screen"
        told = {"names": list(names), "route": route, "days_left": inquiry.days_left}
        written("tell", inquiry, by=THE_DESK, agency=inquiry.agency, detail=told)


def many_kept_back(inquiry: Inquiry) -> int:
    return sum(1 for number in inquiry.found if EVERYTHING in inquiry.withheld(number))


def must_say(reason: str) -> str:
    if not reason.strip():
        raise Refused(_("Say why, in a few words: the record needs it."))
    return reason.strip()[:300]


def may_have(inquiry: Inquiry, by: Officer) -> None:
    may_keep(by)
    must_be_ours(inquiry.agency, by)


def may_change(inquiry: Inquiry, by: Officer) -> None:
    may_have(inquiry, by)
    if inquiry.state != State.OPEN:
        raise NotYours(_("It waits for a second person. Send it back to change it."))
