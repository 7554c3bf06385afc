"""The only ways to write to the record."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from commonground.kit.refusals import MovedOn
from commonground.record.engine import Break, digest_of, first_break
from commonground.record.models import Entry, Head, name_of


class Person(Protocol):
    @property
    def name(self) -> str: ...


@dataclass(frozen=True, slots=True)
class Machine:
    """The desk itself, when nobody pressed a button."""

    name: str = "The desk"


THE_DESK = Machine()


@transaction.atomic
def witness(
    verb: str, subject: object, *, by: Person, agency: object = None, **detail: Any
) -> Entry:
    """Write down one thing that happened, in the same transaction as the thing itself."""
    Head.objects.get_or_create(pk=1)
    head = Head.objects.select_for_update().get(pk=1)
    agency = agency or getattr(subject, "agency_id", "")
    entry = Entry(
        number=head.count + 1, verb=verb, subject=name_of(subject), title=str(subject)[:120],
        who=by.name, agency=str(agency), detail=detail,
    )  # fmt: skip
    entry.digest = digest_of(head.digest, entry.number, entry.link.body)
    entry.save(force_insert=True)
    Head.objects.filter(pk=1).update(count=entry.number, digest=entry.digest)
    return entry


@transaction.atomic
def advance[T: models.Model](
    thing: T, transition: str, *, by: Person, unchanged: Sequence[str] = (),
    told: dict[str, Any] | None = None, **changes: Any,
) -> T:  # fmt: skip
    """Take a thing one step through its workflow and write it down, or do neither.

    The update names what we saw - its state, and whatever else must be unchanged - so
    of two people pressing at once one wins and the other is told. `told` is what the
    record should say besides the two states.
    """
    seen = {field: getattr(thing, field) for field in ("state", *unchanged)}
    after = thing.WORKFLOW.after(transition, seen["state"])  # type: ignore[attr-defined]
    as_we_saw_it = type(thing)._default_manager.filter(pk=thing.pk, **seen)
    if after is None or not as_we_saw_it.update(state=after, **changes):
        raise MovedOn(_("Someone changed this a moment ago. Look again before you decide."))
    for field, value in {"state": after, **changes}.items():
        setattr(thing, field, value)
    states = {"before": str(seen["state"]), "after": str(after)}
    witness(transition, thing, by=by, **states, **(told or {}))
    return thing


def verify() -> Break | None:
    """Walk the whole record and say where it stops being believable, if anywhere."""
    head, last = the_end()
    # Entries written while we walk are left for the next walk.
    entries = Entry.objects.filter(number__lte=last).order_by("number")
    links = (entry.link for entry in entries.iterator(2000))
    found = first_break(links, count=head.count, head=head.digest)
    trouble = found.why if found else ""
    Head.objects.filter(pk=1).update(checked_at=timezone.now(), trouble=trouble)
    return found


@transaction.atomic
def the_end() -> tuple[Head, int]:
    """The head, and the highest entry there is, while nobody writes.

    A head that was set back, or removed, must not hide the entries after it.
    """
    Head.objects.get_or_create(pk=1)
    head = Head.objects.select_for_update().get(pk=1)
    last = Entry.objects.order_by("-number").values_list("number", flat=True).first()
    return head, last or 0
