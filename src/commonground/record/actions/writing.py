"""Writes down what happened, in the same transaction as the thing itself."""

from __future__ import annotations

import os
import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from django.db import connection, models, transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _
from psycopg import Connection, Cursor

from commonground.kit.envelope import KEY_BYTES, locked, wrapped
from commonground.kit.refusals import MovedOn, Refused
from commonground.kit.through import THROUGH
from commonground.record.actions.guarding import must_be_whole
from commonground.record.engine import acts
from commonground.record.engine.leaves import COMPACT, INNER, Leaf, b64url, chance_needed, leaf
from commonground.record.engine.tree import leaf_hash
from commonground.record.models import DataKey, Entry, Head, Kept, name_of


class Person(Protocol):
    @property
    def name(self) -> str: ...


@dataclass(frozen=True, slots=True)
class Machine:
    """The desk itself, when nobody pressed a button."""

    name: str = "The desk"


THE_DESK = Machine()


def witness(
    verb: str, subject: object, *, by: Person, agency: object = None, **detail: Any
) -> Entry:
    """Write down one thing that happened, in the same transaction as the thing itself."""
    if connection.vendor == "postgresql":
        # One statement is a transaction by itself: nobody waits at the head for us to end it.
        return written(verb, subject, by=by, agency=agency, detail=detail)
    with transaction.atomic():
        return written(verb, subject, by=by, agency=agency, detail=detail)


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
    workflow = thing.WORKFLOW  # type: ignore[attr-defined]
    after = workflow.after(transition, seen["state"])
    as_we_saw_it = type(thing)._default_manager.filter(pk=thing.pk, **seen)
    if after is None or not as_we_saw_it.update(state=after, **changes):
        raise MovedOn(_("Someone changed this a moment ago. Look again before you decide."))
    for field, value in {"state": after, **changes}.items():
        setattr(thing, field, value)
    detail = {"before": str(seen["state"]), "after": str(after), **(told or {})}
    role = workflow.transitions[transition].role
    written(transition, thing, by=by, detail=detail, role=role)
    return thing


@dataclass(frozen=True, slots=True)
class Draft:
    """An entry that has no number yet; what opens it, sealed; and its key, open and wrapped."""

    entry: Entry
    kept: bytes
    key: bytes
    wrapped: bytes


def written(
    verb: str, subject: object, *, by: Person, detail: Mapping[str, Any],
    agency: object = None, role: str = "", clear: Mapping[str, object] | None = None,
) -> Entry:  # fmt: skip
    """The entry of one act. `clear`: what the log says aloud besides, if it is an open act."""
    return append(
        drafted(verb, subject, by=by, detail=detail, agency=agency, role=role, clear=clear)
    )


def drafted(
    verb: str, subject: object, *, by: Person, detail: Mapping[str, Any],
    agency: object = None, role: str = "", clear: Mapping[str, object] | None = None,
) -> Draft:  # fmt: skip
    """All of an entry but its number, so that nobody waits for what can be done before."""
    must_be_whole()
    at, about = timezone.now(), name_of(subject)
    if program := THROUGH.get():
        detail = {**detail, "through": program}
    role = role or ("desk" if isinstance(by, Machine) else "member")
    type_ = type_of(subject, about.partition(":")[0], verb)
    said: dict[str, object] = {"type": type_, "at": acts.public_time(at, is_open=type_ != INNER)}
    if type_ != INNER:
        said |= {"role": role, "channel": str(getattr(subject, "said_on", "")), **(clear or {})}
    entry = Entry(
        at=at, agency=str(agency or getattr(subject, "agency_id", "")), verb=verb, subject=about,
        type=type_,
    )  # fmt: skip
    facts = {
        **columns_of(entry), "title": str(subject)[:120], "who": by.name, "role": role,
        **{f"detail.{name}": value for name, value in detail.items()},
    }  # fmt: skip
    made = leaf(said, facts, os.urandom(chance_needed(len(facts))))
    entry.leaf, entry.digest = made.entry, leaf_hash(made.entry).hex()
    entry.facts = facts
    return sealed(entry, made)


def type_of(subject: object, kind: str, verb: str) -> str:
    """What the log calls it. A drill is nothing the public was told."""
    drill = acts.in_clear(kind, verb) and getattr(getattr(subject, "agency", None), "drill", False)
    return f"{kind}.{verb}" if acts.in_clear(kind, verb) and not drill else INNER


def columns_of(entry: Entry) -> dict[str, str]:
    """What stands in columns as well, for the desk to find it by."""
    return {
        "at": entry.at.isoformat(timespec="microseconds"),
        "agency": entry.agency,
        "verb": entry.verb,
        "subject": entry.subject,
    }


def sealed(entry: Entry, made: Leaf) -> Draft:
    """What opens the leaf, sealed under a new key; and that key, sealed under the desk's."""
    data_key, place = os.urandom(KEY_BYTES), bytes.fromhex(entry.digest)
    plain = COMPACT.encode([list(made.disclosures.values()), b64url(made.seed)]).encode()
    return Draft(entry, locked(plain, data_key, place), data_key, wrapped(data_key, place))


def append(draft: Draft) -> Entry:
    """Give it the next number. From here to the end of the transaction nobody else can: what can
    be done before is done before."""
    entry, at_once = draft.entry, draft.entry.type != INNER
    add = in_one_go if connection.vendor == "postgresql" else step_by_step
    if not add(entry, draft.kept, draft.wrapped, at_once):
        Head.objects.get_or_create(pk=1)
        if not add(entry, draft.kept, draft.wrapped, at_once):
            raise Refused(Head.objects.get(pk=1).stopped)
    entry._state.adding = False
    return entry


def step_by_step(entry: Entry, kept: bytes, data_key: bytes, at_once: bool) -> bool:
    asked = {"asked": True} if at_once else {}
    if not Head.objects.filter(pk=1, stopped="").update(count=F("count") + 1, **asked):
        return False
    entry.number = Head.objects.values_list("count", flat=True).get(pk=1)
    entry.save(force_insert=True)
    Kept(entry=entry, sealed=kept).save(force_insert=True)
    DataKey(entry=entry, wrapped=data_key).save(force_insert=True)
    return True


# One journey to the server while everybody else waits for the head, and nothing to parse or plan
# there: three kilobytes of it are bytes, which Django would write out as text.
IN_ONE_GO = "SELECT commonground_record_append(%s, %b, %b, %s, %s, %s, %s, %s, %b, %s)"


class Hand(threading.local):
    """The cursor a thread wrote with last: a new one would learn anew how each value is sent."""

    cursor: Cursor[tuple[int | None]] | None = None

    def on(self, line: Connection[tuple[int | None]]) -> Cursor[tuple[int | None]]:
        if self.cursor is None or self.cursor.connection is not line:
            self.cursor = Cursor(line)
        return self.cursor


HAND = Hand()


def in_one_go(entry: Entry, kept: bytes, data_key: bytes, at_once: bool) -> bool:
    values = [at_once, kept, data_key, entry.at, entry.agency, entry.verb, entry.subject]
    connection.validate_no_broken_transaction()
    connection.ensure_connection()
    with connection.wrap_database_errors:
        cursor = HAND.on(connection.connection)
        cursor.execute(IN_ONE_GO, [*values, entry.type, entry.leaf, entry.digest], prepare=True)
        row = cursor.fetchone()
    if not row or row[0] is None:
        return False
    entry.number = row[0]
    return True


__all__ = ["THE_DESK", "Machine", "Person", "advance", "witness", "written"]
