"""Goes over to a new version: a copy, a trial on the copy, the change itself, a look at what came
of it; and if anything went wrong, the desk as it was. See docs/decisions/0052."""

from __future__ import annotations

import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NoReturn

from django.db import connection
from django.db.migrations.loader import MigrationLoader

from commonground.kit.families import ends_with_us
from commonground.kit.upkeep import copying, mark
from commonground.kit.upkeep.copying import StaysUp, standing_still
from commonground.kit.upkeep.looking import look
from commonground.kit.upkeep.manifest import Manifest, NotWhole, read
from commonground.kit.upkeep.stores import CannotBeDone, store
from commonground.kit.upkeep.versions import unapplied

type Tell = Callable[[str], object]

STOPS = (signal.SIGTERM, signal.SIGINT, signal.SIGHUP)


class WentWrong(Exception):
    """The upgrade did not come about, and the desk is what it was before."""


class BrokenOff(Exception):
    """Somebody asked us to stop."""


def upgrade(to: Path, tell: Tell, *, tried: bool = True, patience: float = 120) -> bool:
    """Whether there was anything to do. Raises WentWrong, or StaysUp if a person must see to it."""
    waiting = unapplied()
    if not waiting:
        tell("Nothing to do: the database is as this version wants it.")
        return False
    tell(f"{len(waiting)} migrations are to be applied: {', '.join(waiting[:5])}")
    try:
        # Before the mark names it: else --back would put back what somebody else had laid there.
        copying.must_be_new(to)
        store().must_have_room(to)
        with stoppable(), standing_still("An upgrade", to, patience):
            tell("Workers and listeners have stopped, and pages say so. Nothing is sent.")
            try:
                kept = copy(to, tell, tried=tried)
                change(to, kept, tell)
            except StaysUp:  # it will be needed
                raise
            except BaseException:
                copying.keep_promises(to)
                raise
            copying.keep_promises(to)
    except (CannotBeDone, NotWhole) as error:
        raise WentWrong(f"Nothing was changed. {error}") from error
    except BrokenOff as error:
        raise WentWrong("Broken off. Nothing was changed.") from error
    tell(f"The desk is upgraded. The copy of before is kept in {to}.")
    return True


def copy(to: Path, tell: Tell, *, tried: bool) -> Manifest:
    """A copy that an upgrade may be dared on. Where it may not, no copy is left: nothing was
    changed, and whoever tries again and again would fill the disk."""
    said, proof = copying.back_up(to, whole=True)
    try:
        try_on(to, said, proof, tell, tried=tried)
    except BaseException:
        shutil.rmtree(to, ignore_errors=True)
        raise
    return said


def try_on(to: Path, said: Manifest, proof: str, tell: Tell, *, tried: bool) -> None:
    tell(f"A copy is in {to} (manifest {proof}).")
    if not tried:
        copying.check(to, tried=False)
        return
    try:
        found = copying.check(to)
    except CannotBeDone as error:
        tell(f"The upgrade was not tried on the copy: {error}.")
        return
    must_be_kept(said, found, "on trial")
    tell(f"Tried on the copy: {found['entries']} entries of the record are whole, no row is lost.")


def change(to: Path, said: Manifest, tell: Tell) -> None:
    """Change the desk, look at it, and take all of it back if it is not well."""
    try:
        found = changed(said)
    except BaseException as error:
        try:
            take_back(to, said, tell, error)
        except BrokenOff as late:  # asked in the very instant between; nobody is heard twice
            take_back(to, said, tell, late)
    else:
        tell(f"The record is whole: {found['entries']} entries. No row is lost.")


def changed(said: Manifest) -> dict[str, Any]:
    """What is there after the change. Raises NotWhole."""
    migrate()
    found: dict[str, Any] = look(said=said.record)
    if found["trouble"]:
        raise NotWhole(found["trouble"])
    must_be_kept(said, found, "after the change")
    return found


def take_back(to: Path, said: Manifest, tell: Tell, why: BaseException) -> NoReturn:
    """Raises WentWrong; StaysUp if the copy could not be put back."""
    with unstoppable():
        tell(f"It went wrong: {why}")
        tell("Putting back the copy of before ...")
        back(to, said)
    raise WentWrong(
        f"The upgrade failed and was taken back: the desk is what it was before, with all its "
        f"{said.record['entries']} entries. What went wrong: {why}\n"
        f"Install the version you had ({said.product}), and start the desk. The copy stays in "
        f"{to}."
    ) from why


def migrate() -> None:
    """In a process of its own: a migration that brings it down does not bring us down; and nothing
    goes on changing the database once whoever could take it back is dead."""
    connection.close()
    done = subprocess.run(
        [sys.executable, "-m", "commonground", "migrate", "--noinput"],
        capture_output=True, text=True, preexec_fn=ends_with_us(signal.SIGKILL),
    )  # fmt: skip
    if done.returncode:
        said = (done.stderr or done.stdout).strip().splitlines()
        raise NotWhole(f"A migration failed ({done.returncode}). " + "\n".join(said[-6:]))


def must_be_kept(said: Manifest, found: dict[str, Any], when: str) -> None:
    """Every row that was there is there, unless the migration itself says which go, and why.
    Raises NotWhole."""
    if found["entries"] != said.record["entries"]:
        raise NotWhole(f"{when}, the record holds {found['entries']} entries.")
    may_go, rows = announced(said), found["rows"]
    lost = [
        f"{table}: {many} before, {rows.get(table, 0)} {when}"
        for table, many in sorted(said.rows.items())
        if rows.get(table, 0) < many and table not in may_go | copying.passing()
    ]
    if lost:
        raise NotWhole("Rows were lost: " + "; ".join(lost[:10]))


def announced(said: Manifest) -> set[str]:
    """Tables of which a new migration says that rows go: `rows_may_go = {"table": "why"}`."""
    fresh = MigrationLoader(None, ignore_no_migrations=True).disk_migrations.items()
    return {
        table
        for (app, name), migration in fresh
        if f"{app}.{name}" not in said.migrations
        for table in getattr(migration, "rows_may_go", {})
    }


def back(to: Path, said: Manifest) -> None:
    """The desk as it was. If not even that can be done the mark stays up. Raises StaysUp."""
    with unstoppable():
        try:
            store().put_back(to)
            differs = copying.other(store().rows(), said)
        except Exception as error:
            raise StaysUp(
                f"The copy could not be put back: {error}\nThe desk stands still, and nothing is "
                f"sent. The copy is whole in {to}. When the cause is gone: "
                "commonground upgrade --back"
            ) from error
    if differs:
        raise StaysUp(
            f"The copy was put back, and what is here is not what is in it: {differs}. "
            f"The desk stands still. The copy is in {to}."
        )


def back_from_broken_off(tell: Tell) -> None:
    """An upgrade was killed: put back the copy it had made. Raises CannotBeDone, StaysUp."""
    left = mark.standing()
    if left is None:
        raise CannotBeDone("No upgrade was broken off: there is nothing to put back.")
    if not left.left_behind and left.host == mark.Mark("").host:
        raise CannotBeDone(f"{left.why} is still under way (process {left.pid}).")
    if not left.copy:
        raise CannotBeDone(
            f"{left.why}: the mark names no copy. When you are sure that nothing is under way, "
            f"remove {mark.where()}."
        )
    to = Path(left.copy)
    shutil.rmtree(copying.begun(to), ignore_errors=True)
    if not to.exists():
        mark.take_down()
        tell("It was broken off before its copy was whole, so that nothing had been changed.")
        return
    said = read(to)
    copying.check(to, tried=False)
    back(to, said)
    copying.keep_promises(to)
    mark.take_down()
    tell(f"The desk is what it was before, with all its {said.record['entries']} entries.")


@contextmanager
def stoppable() -> Iterator[None]:
    """Whoever stops us has all of it taken back, and not half of it left. Who asks again while
    that goes on is not heard."""

    def stop(*_: object) -> None:
        for name in STOPS:
            signal.signal(name, signal.SIG_IGN)
        raise BrokenOff("somebody asked us to stop")

    yield from while_on(stop)


@contextmanager
def unstoppable() -> Iterator[None]:
    yield from while_on(signal.SIG_IGN)


def while_on(handler: Any) -> Iterator[None]:
    # What nohup has us ignore we go on ignoring.
    heard = [name for name in STOPS if signal.getsignal(name) is not signal.SIG_IGN]
    before = {name: signal.signal(name, handler) for name in heard}
    try:
        yield
    finally:
        for name, one in before.items():
            signal.signal(name, one)
