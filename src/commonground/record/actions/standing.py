"""Looks over the record in a database, for whoever copied it, puts it back, or changed it."""

from __future__ import annotations

from collections import Counter
from typing import Any

from django.db import transaction

from commonground.kit.envelope import SealBroken, keys
from commonground.kit.lasting import lasting_key
from commonground.record.actions.checking import verify
from commonground.record.actions.growing import grow
from commonground.record.actions.guarding import what_is_wrong
from commonground.record.actions.rewrapping import all_shelves
from commonground.record.engine import notes, tree
from commonground.record.models import Head
from commonground.record.queries.log import log_key, nodes


def look_over(said: dict[str, Any]) -> dict[str, Any]:
    """Whether the record is whole and goes on from what was said of it, and whether the keys of
    now open what is sealed. Named in `settings.RECORD_WHOLE`."""
    needed = keys_needed()
    missing = sorted(set(needed) - {called.hex() for called in keys()})
    trouble = with_other_keys(missing) or not_whole() or not_from(said)
    head = Head.objects.filter(pk=1).first()
    return {
        "trouble": trouble, "keys": dict(needed), "missing": missing,
        "entries": head.count if head else 0, "epoch": head.epoch if head else 1,
        "guard": "" if missing else what_is_wrong(),
    }  # fmt: skip


def keys_needed() -> Counter[str]:
    """What the keys are called that everything sealed is under, and how many values each."""
    found: Counter[str] = Counter()
    for shelf in all_shelves():
        found += shelf.under()
    return found


def with_other_keys(missing: list[str]) -> str:
    if not missing:
        return ""
    return (
        "This desk's keys do not open it: it was sealed with "
        f"{', '.join(missing)}, which the settings of now do not hold. Give the desk the seal key "
        "it had then (COMMONGROUND_SEAL_KEY, or COMMONGROUND_OLD_SEAL_KEYS)."
    )


def not_whole() -> str:
    try:
        lasting_key("whether it opens")
        broken = verify()
    except SealBroken as error:
        return f"This desk's keys do not open it: {error}"
    return f"The record is broken at entry {broken.number}: {broken.why}." if broken else ""


def not_from(said: dict[str, Any]) -> str:
    """Why it does not go on from what was said of it, if it does not."""
    head = Head.objects.filter(pk=1).first() or Head(pk=1)
    if not said:
        return ""
    if (head.epoch, head.count) < (said["epoch"], said["entries"]):
        return f"The record holds {head.count} entries and {said['entries']} were said to be in it."
    return differs(said["checkpoint"], int(said["epoch"]))


@transaction.atomic
def differs(note: str, epoch: int) -> str:
    if not note:
        return ""
    try:
        shown = notes.opened(note, log_key(epoch))
    except notes.NotANote:
        return (
            "The checkpoint that was said to be in it was not signed with this desk's key, or for "
            "another address: COMMONGROUND_LOG_KEY and COMMONGROUND_SITE_URL must be as they were."
        )
    if grow() < shown.size or tree.root(shown.size, nodes()) != shown.root:
        return f"Of the first {shown.size} entries at least one differs from what was published."
    return ""
