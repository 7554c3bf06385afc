"""Makes backups, looks them over, and puts them back."""

from __future__ import annotations

import os
import shutil
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import timedelta
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from django.apps import apps
from django.conf import settings
from django.db import DatabaseError
from django.utils import timezone
from django.utils.module_loading import import_string

from commonground.kit.arrivals import ArrivalBase, DayKeyBase
from commonground.kit.envelope import keys
from commonground.kit.models import Remembered
from commonground.kit.upkeep import mark, standing
from commonground.kit.upkeep.looking import look
from commonground.kit.upkeep.manifest import Manifest, NotWhole, described, must_be_whole, read
from commonground.kit.upkeep.stores import BESIDE, CannotBeDone, store
from commonground.kit.upkeep.versions import applied, unapplied, unknown
from commonground.kit.watching import LOOKS, at_work, find_gauges

type Tell = Callable[[str], object]

PART = ".part"
CHECKPOINT = "last-published-checkpoint"  # as the guard of the record calls it
# What comes and goes by itself, and nobody misses: more of it is no reason to keep a desk.
PASSING = {
    "django_migrations", "commonground_kit_round", "commonground_kit_atwork",
    "commonground_say_shift", "commonground_say_watch",
}  # fmt: skip
# The pages look for the mark once a second, and what was asked before then is answered in seconds.
PAGES_NEED = 3 * standing.LOOK_EVERY


def product() -> str:
    try:
        return version("commonground")
    except PackageNotFoundError:
        return "unknown"


def for_hours() -> list[str]:
    """Tables of what is promised to be gone in hours: words overheard, sign-ins, the marks of
    those who asked and the keys that made them."""
    named = [apps.get_model(label) for label in settings.KEPT_FOR_HOURS]
    counted = [m for m in apps.get_models() if issubclass(m, ArrivalBase | DayKeyBase)]
    return sorted({model._meta.db_table for model in (*named, *counted, Remembered)})


def passing() -> set[str]:
    return PASSING | set(for_hours())


def back_up(to: Path, *, whole: bool = False) -> tuple[Manifest, str]:
    """Write a backup into a new folder; its manifest, and the digest of that.

    The desk goes on meanwhile. The folder has its name only when all of it is on the disk, and
    nobody else on this machine can read it. `whole`: what is promised to be gone in hours lies
    beside it, to be put back within minutes, and must be thrown away then: see `keep_promises`.
    Raises CannotBeDone.
    """
    must_be_new(to)
    part = begun(to)
    shutil.rmtree(part, ignore_errors=True)
    try:
        part.mkdir(parents=True, mode=0o700)
        said, proof = written(part, whole=whole)
        on_disk(part, *part.iterdir())
        part.rename(to)
        on_disk(to.parent)
    except BaseException as error:
        shutil.rmtree(part, ignore_errors=True)
        if isinstance(error, OSError | CannotBeDone):
            raise CannotBeDone(str(error)) from error
        raise
    return said, proof


def must_be_new(to: Path) -> None:
    """Raises CannotBeDone."""
    if to.exists():
        raise CannotBeDone(f"{to} is there already. Name a folder that is not.")


def begun(to: Path) -> Path:
    """Where a copy is until all of it is on the disk."""
    return to.with_name(to.name + PART)


def written(folder: Path, *, whole: bool) -> tuple[Manifest, str]:
    # Asked before the copy is made: at least so much is in it.
    record = import_string(settings.RECORD_STANDS)()
    published = settings.RECORD_FOLDER and Path(settings.RECORD_FOLDER) / CHECKPOINT
    if published and published.exists():
        shutil.copyfile(published, folder / CHECKPOINT)
    done, kind = applied(), store()
    rows = kind.save(folder, for_hours())
    if whole:
        kind.save_beside(folder, for_hours())
    for file in folder.iterdir():
        file.chmod(0o600)
    said = Manifest(
        product(), timezone.now().isoformat(timespec="seconds"), kind.kind, settings.ENV.site_url,
        done, record, called(), rows, described(folder),
    )  # fmt: skip
    return said, said.write(folder)


def keep_promises(folder: Path) -> None:
    """Throw away what a copy held for minutes only."""
    (folder / BESIDE).unlink(missing_ok=True)


def called() -> list[str]:
    """What the seal keys of now are called, the newest first. Their names give nothing away."""
    return [name.hex() for name in keys()]


def on_disk(*paths: Path) -> None:
    for path in paths:
        opened = os.open(path, os.O_RDONLY)
        try:
            os.fsync(opened)
        finally:
            os.close(opened)


def check(folder: Path, *, tried: bool = True) -> dict[str, Any]:
    """Whether a backup is whole, this version can read it, and the keys of now open it.

    The copy is put into a place of its own, brought to this version there, and its record walked;
    the desk itself is not touched. What was found there. Raises NotWhole, CannotBeDone.
    """
    said = read(folder)
    must_be_whole(folder, said)
    if newer := unknown(said.migrations):
        raise NotWhole(
            f"It was written by version {said.product}, which is newer than this one "
            f"({product()}): it knows {', '.join(newer[:3])}. Install that one."
        )
    if said.database != store().kind:
        raise CannotBeDone(
            f"It is a copy of {said.database}, and this desk is on {store().kind}: it cannot be "
            "tried or put back here. What is in it is what was written."
        )
    if said.keys and said.keys[0] not in called():
        raise NotWhole(
            f"This desk's keys do not open it: it was sealed with the key {said.keys[0]}. Give the "
            "desk the seal key it had then (COMMONGROUND_SEAL_KEY, or COMMONGROUND_OLD_SEAL_KEYS)."
        )
    if not tried:
        return {"entries": said.record["entries"], "rows": said.rows}
    with store().scratch(folder) as url:
        found: dict[str, Any] = look(url, folder=str(folder), migrate=True, said=said.record)
    if found["trouble"]:
        raise NotWhole(found["trouble"])
    return found


@contextmanager
def standing_still(
    why: str, copy: Path | None = None, patience: float = 120
) -> Iterator[mark.Mark]:
    """While this lasts nobody sends, and no page is shown. Raises CannotBeDone, with nothing done,
    where a worker does not stop in time."""
    ours = mark.Mark(why, str(copy or ""))
    try:
        mark.put_up(ours)
    except mark.Stands:
        raise CannotBeDone(in_the_way(mark.standing())) from None
    try:
        wait_for_all(patience)
        yield ours
    except StaysUp:
        raise
    except BaseException:
        mark.take_down()
        raise
    mark.take_down()


class StaysUp(Exception):
    """Something is half done: the mark must stand until a person has seen to it."""


def in_the_way(other: mark.Mark | None) -> str:
    if other is None:
        return "Another upgrade has just ended. Try again."
    if not other.left_behind:
        return f"{other.why} is under way, since {other.since} on {other.host}."
    return (
        f"{other.why} was broken off on {other.since}, and its mark still stands: nothing is sent. "
        f"To put back the copy it made before ({other.copy}): commonground upgrade --back"
    )


def wait_for_all(patience: float) -> None:
    """Until every worker and listener, on every machine, has finished what it had in hand."""
    ends = time.monotonic() + patience
    while left := still_at_work():
        if time.monotonic() > ends:
            names = ", ".join(f"{kind} {who}" for kind, all_ in left.items() for who in all_)
            raise CannotBeDone(
                f"These did not stop within {timedelta(seconds=round(patience))}: {names}. "
                "Stop them, and try again. Nothing was changed."
            )
        time.sleep(0.2)
    time.sleep(PAGES_NEED)


def still_at_work() -> dict[str, list[str]]:
    find_gauges()
    found = {}
    for kind in LOOKS:
        with suppress(DatabaseError):  # a desk so new, or so old, that it has no such table
            if who := at_work(kind):
                found[kind] = who
    return found


def more_than(rows: dict[str, int], said: Manifest) -> list[str]:
    """What a desk holds more of than a backup, in words."""
    return [
        f"{table}: {many} here, {said.rows.get(table, 0)} in the backup"
        for table, many in sorted(rows.items())
        if table not in passing() and many > said.rows.get(table, 0)
    ]


def must_not_hold_more(said: Manifest) -> None:
    """Raises CannotBeDone."""
    rows = store().rows()
    if "commonground_record_head" not in rows:
        return
    here = import_string(settings.RECORD_STANDS)()
    if here["entries"] > said.record["entries"] or here["epoch"] > said.record["epoch"]:
        raise CannotBeDone(
            f"This desk's record holds {here['entries']} entries, and the backup "
            f"{said.record['entries']}: what came since would be lost. Make a backup of it first; "
            "then, if you are sure: --over"
        )
    if more := more_than(rows, said):
        raise CannotBeDone(
            "This desk holds more than the backup, and it would be lost:\n  "
            + "\n  ".join(more[:10])
            + "\nMake a backup of it first; then, if you are sure: --over"
        )


def restore(folder: Path, *, over: bool, patience: float = 120) -> dict[str, Any]:
    """Put a backup in the place of the desk; what was found there afterwards.

    The checkpoint that was published last stays where it is, whatever the backup holds: it is by
    that one that the record sees that it is an older copy. Raises NotWhole, CannotBeDone.
    """
    check(folder, tried=False)
    said = read(folder)
    if not over:
        must_not_hold_more(said)
    with standing_still("A restore", folder, patience):
        store().put_back(folder)
        if differs := other(store().rows(), said):
            raise StaysUp(f"What is here now is not what is in the backup: {differs}")
        place_checkpoint(folder)
    if older := unapplied():  # its tables are not those that we would look at
        return {"trouble": "", "guard": "", "older": older, "entries": said.record["entries"]}
    return {"older": [], "guard": "", **look(said=said.record)}


def other(rows: dict[str, int], said: Manifest) -> str:
    """Where a desk is not what a copy says, if anywhere."""
    tables = sorted({*rows, *said.rows} - set(for_hours()))
    names = [t for t in tables if rows.get(t) != said.rows.get(t)]
    return ", ".join(f"{t} {said.rows.get(t)} -> {rows.get(t)}" for t in names[:10])


def place_checkpoint(folder: Path) -> None:
    """On a new machine the one from the backup is better than none."""
    kept = settings.RECORD_FOLDER and Path(settings.RECORD_FOLDER) / CHECKPOINT
    if kept and not kept.exists() and (folder / CHECKPOINT).exists():
        kept.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(folder / CHECKPOINT, kept)
