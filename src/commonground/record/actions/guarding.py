"""Before anything is written: is this the database we published from, or an older copy of it?"""

from __future__ import annotations

import os
from contextlib import suppress
from functools import lru_cache
from pathlib import Path

from django.conf import settings
from django.utils.translation import gettext as _

from commonground.kit.envelope import SealBroken
from commonground.kit.refusals import Refused
from commonground.record.actions.growing import grow
from commonground.record.engine import notes, tiles, tree
from commonground.record.models import Head, Restored
from commonground.record.queries.log import log_key, nodes, origin

KEPT_AS = "last-published-checkpoint"
FOUND_WHOLE: set[Path] = set()  # looked at by this process, and the database was not behind


def place() -> Path | None:
    """Where the last published checkpoint is kept, outside the database."""
    return place_in(settings.RECORD_FOLDER)


@lru_cache(maxsize=8)  # every entry asks
def place_in(folder: str | Path | None) -> Path | None:
    return Path(folder) / KEPT_AS if folder else None


def must_be_whole() -> None:
    """Each process looks once, before the first thing it writes. Raises Refused."""
    at = place()
    if at is None or at in FOUND_WHOLE:
        return
    if trouble := what_is_wrong():
        raise Refused(trouble)
    FOUND_WHOLE.add(at)


def what_is_wrong() -> str:
    """Why this database must not go on where it is, in words; "" if it may."""
    at = place()
    if at is None or not at.exists():
        return ""
    head = Head.objects.filter(pk=1).first() or Head(pk=1)
    try:
        text = at.read_text()
        number = epoch_in(text)
        last = notes.opened(text, log_key(number))
    except (notes.NotANote, UnicodeDecodeError, SealBroken):
        return _(
            "The record cannot go on: the checkpoint kept in %(file)s was not signed with this "
            "desk’s key. Nothing is written or published until an administrator gives the desk "
            "the key it had (COMMONGROUND_LOG_KEY, COMMONGROUND_SEAL_KEY), or two administrators "
            "begin a new log: Record, Own up to a loss"
        ) % {"file": at}
    if number < head.epoch and Restored.objects.filter(epoch=number).exists():
        return ""
    if number > head.epoch or last.size > head.count:
        return _(
            "This database is older than what was published: %(shown)s entries were shown to the "
            "public and %(here)s are here. Nothing is written or published. An administrator: "
            "put the newest copy of the database back; if it is lost, two administrators begin a "
            "new log: Record, Own up to a loss"
        ) % {"shown": last.size, "here": head.count}
    if not leads_to(last):
        return _(
            "This database is not the one that was published: among its first %(shown)s entries "
            "at least one differs. Nothing is written or published. Call your administrator and "
            "the auditor; change nothing."
        ) % {"shown": last.size}
    return ""


def leads_to(last: notes.Checkpoint) -> bool:
    """Whether the first entries here are those that were published."""
    try:
        return grow() >= last.size and tree.root(last.size, nodes()) == last.root
    except tiles.Torn:
        return False


def epoch_in(text: str) -> int:
    """Which of our logs it is of. Raises NotANote."""
    found = notes.Checkpoint.read(notes.Note.read(text).text).origin
    number = found.rpartition("/")[2]
    if not number.isascii() or not number.isdigit() or origin(int(number)) != found:
        raise notes.NotANote("this is a checkpoint of another log")
    return int(number)


def keep(note: str) -> None:
    """Put the checkpoint where a copy of the database does not reach. On disk when it returns."""
    at = place()
    if at is None:
        return
    at.parent.mkdir(parents=True, exist_ok=True)
    fresh = at.with_suffix(".new")
    with fresh.open("w") as file:
        file.write(note)
        file.flush()
        os.fsync(file.fileno())
    fresh.replace(at)
    with suppress(OSError):  # some systems do not open folders
        folder = os.open(at.parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)
