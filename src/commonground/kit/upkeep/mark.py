"""The mark that stands while an upgrade or a restore is under way: nobody sends, nobody writes.

It must be seen by every process on every machine, outlive whoever put it up if they are killed,
and be no part of the database that is put back meanwhile. Beside a file of SQLite it is a file;
on PostgreSQL, where a file would be seen by one machine only, a schema with nothing in it but its
own remark, which is left out of every copy.
"""

from __future__ import annotations

import json
import os
import socket
from contextlib import closing, suppress
from dataclasses import asdict, dataclass, field, fields
from pathlib import Path
from typing import Any

from django.db import DatabaseError, connection
from django.utils import timezone

SCHEMA = "commonground_upkeep"


class Stands(Exception):
    """Somebody else's mark stands already."""


def born(pid: int) -> str:
    """When a process of this machine began, in its own reckoning; empty where nobody says. After
    a new start of the machine its number may be another's."""
    with suppress(OSError, IndexError):
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[19]
    return ""


@dataclass(frozen=True, slots=True)
class Mark:
    """Who has the desk stand still, why, and where the copy of before is kept."""

    why: str
    copy: str = ""
    since: str = field(default_factory=lambda: timezone.now().isoformat(timespec="seconds"))
    host: str = field(default_factory=lambda: socket.gethostname()[:120])
    pid: int = field(default_factory=os.getpid)
    born: str = field(default_factory=lambda: born(os.getpid()))

    @property
    def left_behind(self) -> bool:
        """Whether whoever put it up, on this machine, is no more."""
        if self.host != socket.gethostname()[:120]:
            return False
        try:
            os.kill(self.pid, 0)
        except ProcessLookupError:
            return True
        except PermissionError:
            return False
        now = born(self.pid)
        return bool(now and self.born and now != self.born)


def standing() -> Mark | None:
    """The mark, if one stands. A look at the disk, or one question to the server."""
    text = read()
    return understood(text) if text is not None else None


def understood(text: str) -> Mark:
    """Another version may have put it up, and said more or less of it. What cannot be read at all
    stands nevertheless: somebody meant that nothing be sent."""
    known = {one.name for one in fields(Mark)}
    try:
        return Mark(**{name: said for name, said in json.loads(text).items() if name in known})
    except (ValueError, TypeError, AttributeError):
        return Mark("Something whose mark cannot be read", host="", pid=0, born="")


def read() -> str | None:
    if connection.vendor == "sqlite":
        try:
            return place().read_text()
        except FileNotFoundError:
            return None
    with connection.cursor() as cursor:
        cursor.execute("SELECT obj_description(to_regnamespace(%s)::oid, 'pg_namespace')", [SCHEMA])
        said = cursor.fetchone()[0]
        return said if said is None else str(said)


def put_up(mark: Mark) -> None:
    """Of two who try in one instant one succeeds. Raises Stands."""
    text = json.dumps(asdict(mark))
    if connection.vendor == "sqlite":
        # It has its name when all of it is on the disk: half a mark would say nothing of the copy.
        fresh = written(text)
        try:
            os.link(fresh, place())
        except FileExistsError:
            raise Stands from None
        except OSError:  # a disk that knows no links
            put_up_in_place(text)
        finally:
            fresh.unlink()
        return
    # The remark and the schema come together, or not at all.
    ask(f"CREATE SCHEMA {SCHEMA}", f"COMMENT ON SCHEMA {SCHEMA} IS {quoted(text)}")


def put_up_in_place(text: str) -> None:
    """At worst half a mark stands for an instant, and stands all the same: see `understood`."""
    try:
        with place().open("x") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
    except FileExistsError:
        raise Stands from None


def change(mark: Mark) -> None:
    """The same mark, with more said of it."""
    text = json.dumps(asdict(mark))
    if connection.vendor == "sqlite":
        written(text).replace(place())
        return
    ask(f"COMMENT ON SCHEMA {SCHEMA} IS {quoted(text)}")


def take_down() -> None:
    if connection.vendor == "sqlite":
        place().unlink(missing_ok=True)
        return
    ask(f"DROP SCHEMA IF EXISTS {SCHEMA}")


def written(text: str) -> Path:
    """A file beside the mark, that is on the disk."""
    fresh = place().with_name(f"{place().name}.{os.getpid()}")
    with fresh.open("w") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    return fresh


def where() -> str:
    """What a person would remove who knows better."""
    return str(place()) if connection.vendor == "sqlite" else f"the schema {SCHEMA}"


def place() -> Path:
    file = Path(str(connection.settings_dict["NAME"]))
    return file.with_name(file.name + ".upkeep")


def quoted(text: str) -> Any:
    from psycopg import sql

    return sql.Literal(text).as_string(None)


def ask(*statements: str) -> None:
    """In a connection of its own: whatever ours is in the middle of."""
    own = connection.copy()
    try:
        with closing(own), own.cursor() as cursor:
            cursor.execute(";".join(statements))  # one message to the server is one transaction
    except DatabaseError as error:
        if "already exists" in str(error):
            raise Stands from error
        raise
