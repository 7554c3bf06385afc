"""Copying a database and putting a copy back, each kind in its own way.

SQLite by its backup interface, which copies a state of the file that stood in one instant while
others write, and puts one back as one transaction. PostgreSQL by its own programs.
"""

from __future__ import annotations

import os
import secrets
import shutil
import sqlite3
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from typing import Any, Protocol
from urllib.parse import quote

from django.db import DatabaseError, connection

from commonground.kit.upkeep.mark import SCHEMA

BESIDE = "for-minutes"
PATIENCE = 60.0  # seconds for whoever is in the middle of something
PROGRAMS = "pg_dump, pg_restore and psql (Debian: postgresql-client)"
# All that stands in our schema and was not brought by an extension; as one transaction with what
# is put back, so that a desk is the old one or the new one and never half of either.
EMPTIED = """
SET lock_timeout = '60s';
DO $$
DECLARE one record;
BEGIN
  FOR one IN
    SELECT format('%I.%I', n.nspname, c.relname) AS name,
           CASE c.relkind WHEN 'v' THEN 'VIEW' WHEN 'm' THEN 'MATERIALIZED VIEW'
                          WHEN 'S' THEN 'SEQUENCE' ELSE 'TABLE' END AS kind
    FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE n.nspname = current_schema() AND c.relkind IN ('r', 'p', 'v', 'm', 'S')
      AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.objid = c.oid AND d.deptype = 'e')
    ORDER BY c.relkind = 'S'
  LOOP
    -- What belonged to something dropped before is gone by now.
    EXECUTE format('DROP %s IF EXISTS %s CASCADE', one.kind, one.name);
  END LOOP;
  FOR one IN
    SELECT format('%I.%I(%s)', n.nspname, p.proname,
                  pg_get_function_identity_arguments(p.oid)) AS name
    FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace
    WHERE n.nspname = current_schema()
      AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.objid = p.oid AND d.deptype = 'e')
  LOOP
    EXECUTE format('DROP ROUTINE IF EXISTS %s CASCADE', one.name);
  END LOOP;
END $$;
"""


class CannotBeDone(Exception):
    """Why a copy cannot be made, read or put back, for whoever runs the server."""


class Store(Protocol):
    """One kind of database."""

    kind: str
    file: str  # what a copy is called

    def must_have_room(self, to: Path) -> None:
        """For a copy at `to`, and for trying it. Raises CannotBeDone."""
        ...

    def save(self, folder: Path, without: Sequence[str]) -> dict[str, int]:
        """Write a copy into the folder, these tables empty; how many rows each table of it has."""
        ...

    def save_beside(self, folder: Path, tables: Sequence[str]) -> None:
        """What these tables hold, in a file of its own (BESIDE). Nobody may write meanwhile."""
        ...

    def put_back(self, folder: Path) -> None:
        """The database is what the copy is, with what lies beside it if anything does. If that
        fails it is what it was."""
        ...

    def rows(self) -> dict[str, int]:
        """How many rows each table holds now."""
        ...

    def scratch(self, folder: Path) -> Any:
        """A context in which the copy stands as a database of its own: its address."""
        ...


class Sqlite:
    kind, file = "sqlite", "database.sqlite3"

    @property
    def place(self) -> Path:
        return Path(str(connection.settings_dict["NAME"]))

    def must_have_room(self, to: Path) -> None:
        size = sum(part.stat().st_size for part in files_of(self.place))
        # The copy, the copy on trial, and what is written while a copy is put back.
        for place in {self.place.parent, there_already(to)}:
            must_have_bytes(place, 3 * size, size)

    def save(self, folder: Path, without: Sequence[str]) -> dict[str, int]:
        to = folder / self.file
        copied(self.place, to)
        with closing(sqlite3.connect(to, isolation_level=None)) as copy:
            copy.execute("PRAGMA journal_mode=DELETE")  # one file, and nothing beside it
            for table in tables_in(copy, without):
                copy.execute(f'DELETE FROM "{table}"')  # noqa: S608 - our tables
            copy.execute("VACUUM")  # what was deleted lies in the file until it is written anew
            said = copy.execute("PRAGMA integrity_check").fetchone()[0]
            if said != "ok":
                raise CannotBeDone(f"SQLite says that the copy is not whole: {said}")
            return rows_in(copy)

    def save_beside(self, folder: Path, tables: Sequence[str]) -> None:
        with closing(sqlite3.connect(folder / BESIDE, isolation_level=None)) as beside:
            beside.execute("ATTACH ? AS desk", [str(self.place)])
            for table in tables_in(beside, tables, "desk."):
                beside.execute(f'CREATE TABLE "{table}" AS SELECT * FROM desk."{table}"')  # noqa: S608

    def put_back(self, folder: Path) -> None:
        connection.close()
        beside = folder / BESIDE
        if not beside.exists():
            copied(folder / self.file, self.place)
            return
        with tempfile.TemporaryDirectory(prefix="commonground-", dir=self.place.parent) as name:
            both = Path(name) / "desk.sqlite3"
            shutil.copyfile(folder / self.file, both)
            with closing(sqlite3.connect(both, isolation_level=None)) as whole:
                whole.execute("ATTACH ? AS beside", [str(beside)])
                # An empty one would only leave a counter of SQLite's that was not there before.
                for table in [t for t, many in rows_in(whole, "beside.").items() if many]:
                    whole.execute(f'INSERT INTO "{table}" SELECT * FROM beside."{table}"')  # noqa: S608
            copied(both, self.place)

    def rows(self) -> dict[str, int]:
        if not self.place.exists():
            return {}
        with closing(sqlite3.connect(f"file:{quote(str(self.place))}?mode=ro", uri=True)) as held:
            return rows_in(held)

    @contextmanager
    def scratch(self, folder: Path) -> Iterator[str]:
        with tempfile.TemporaryDirectory(prefix="commonground-", dir=self.place.parent) as name:
            copy = Path(name) / "desk.sqlite3"
            shutil.copyfile(folder / self.file, copy)
            yield f"sqlite:///{copy}"


def files_of(place: Path) -> list[Path]:
    """The file of SQLite, and what was written and is not in it yet."""
    both = [place, place.with_name(place.name + "-wal")]
    return [part for part in both if part.exists()]


def there_already(to: Path) -> Path:
    """The nearest folder above that exists."""
    return next(place for place in to.absolute().parents if place.is_dir())


def must_have_bytes(place: Path, needed: int, size: int) -> None:
    free = shutil.disk_usage(place).free
    if free < needed:
        raise CannotBeDone(
            f"The disk of {place} has {free / 1e6:.0f} MB left, and {needed / 1e6:.0f} MB are "
            f"needed (the desk has {size / 1e6:.0f} MB). Make room there first."
        )


def copied(source: Path, to: Path) -> None:
    """All pages in one go: others may write to the source meanwhile, and it is as it was when we
    began; others may read the target, and see all of it or nothing."""
    try:
        with (
            closing(sqlite3.connect(f"file:{quote(str(source))}?mode=ro", uri=True)) as here,
            closing(sqlite3.connect(to, timeout=PATIENCE)) as there,
        ):
            here.backup(there, progress=patient(time.monotonic() + PATIENCE))
    except sqlite3.Error as error:
        raise CannotBeDone(f"{source} could not be copied to {to}: {error}") from error


def patient(until: float) -> Callable[[int, int, int], None]:
    """The library would wait for ever for whoever writes and never ends."""

    def look(status: int, _left: int, _of: int) -> None:
        if status in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED) and time.monotonic() > until:
            raise sqlite3.OperationalError("somebody has it locked, and does not let go")

    return look


def tables_in(
    database: sqlite3.Connection, of: Sequence[str] | None = None, within: str = ""
) -> list[str]:
    """Those that are there: all, or of these; `within` another file that is attached."""
    asked = "SELECT name FROM {}sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'"
    names = [name for (name,) in database.execute(asked.format(within))]
    return [name for name in names if of is None or name in of]


def rows_in(database: sqlite3.Connection, within: str = "") -> dict[str, int]:
    names = tables_in(database, None, within)
    counts = {name: f'SELECT count(*) FROM {within}"{name}"' for name in names}  # noqa: S608
    return {name: database.execute(asked).fetchone()[0] for name, asked in counts.items()}


class Postgres:
    kind, file = "postgresql", "database.dump"

    def must_have_room(self, to: Path) -> None:
        """The disk of the server is not ours to see; PostgreSQL says so when it is full."""
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_database_size(current_database())")
            size = cursor.fetchone()[0]
        must_have_bytes(there_already(to), size, size)

    def save(self, folder: Path, without: Sequence[str]) -> dict[str, int]:
        program("pg_restore")
        own = connection.copy()
        try:
            with closing(own), own.cursor() as cursor:
                # What is counted and what is copied is one state, whoever writes meanwhile.
                cursor.execute("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")
                cursor.execute("SELECT pg_export_snapshot()")
                snapshot = cursor.fetchone()[0]
                found = rows_told(cursor)
                run(
                    "pg_dump", "--format=custom", "--no-owner", "--no-privileges",
                    f"--exclude-schema={SCHEMA}", f"--snapshot={snapshot}",
                    *(f"--exclude-table-data={table}" for table in without),
                    f"--file={folder / self.file}",
                )  # fmt: skip
                cursor.execute("COMMIT")
                return {table: 0 if table in without else many for table, many in found.items()}
        except DatabaseError as error:
            raise CannotBeDone(f"PostgreSQL: {error}") from error

    def save_beside(self, folder: Path, tables: Sequence[str]) -> None:
        run(
            "pg_dump", "--format=plain", "--data-only", f"--file={folder / BESIDE}",
            *(f"--table={table}" for table in tables),
        )  # fmt: skip

    def put_back(self, folder: Path) -> None:
        connection.close()
        with tempfile.TemporaryDirectory(prefix="commonground-") as name:
            script, emptied = Path(name) / "copy.sql", Path(name) / "emptied.sql"
            emptied.write_text(EMPTIED)
            run(
                "pg_restore", "--no-owner", "--no-privileges", f"--file={script}",
                str(folder / self.file), at=False,
            )  # fmt: skip
            run(
                "psql", "-X", "-q", "-v", "ON_ERROR_STOP=1", "--single-transaction",
                "-f", str(emptied), "-f", str(script),
                *(["-f", str(folder / BESIDE)] if (folder / BESIDE).exists() else []),
            )  # fmt: skip

    def rows(self) -> dict[str, int]:
        with connection.cursor() as cursor:
            return rows_told(cursor)

    @contextmanager
    def scratch(self, folder: Path) -> Iterator[str]:
        name = f"commonground_try_{secrets.token_hex(6)}"
        own = connection.copy()
        with closing(own):
            try:
                with own.cursor() as cursor:
                    cursor.execute(f"CREATE DATABASE {name}")
            except DatabaseError as error:
                raise CannotBeDone(
                    f"a database to try the copy in could not be made ({str(error).strip()})"
                ) from error
            try:
                run(
                    "pg_restore", "--no-owner", "--no-privileges", "--exit-on-error",
                    str(folder / self.file), database=name,
                )  # fmt: skip
                yield address(name)
            finally:
                with suppress(DatabaseError), own.cursor() as cursor:
                    cursor.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")


def rows_told(cursor: Any) -> dict[str, int]:
    cursor.execute(
        "SELECT c.relname, quote_ident(c.relname) FROM pg_class c WHERE c.relkind IN ('r', 'p') "
        "AND c.relnamespace = current_schema()::regnamespace"
    )
    found = {}
    for name, quoted in cursor.fetchall():
        cursor.execute(f"SELECT count(*) FROM {quoted}")  # noqa: S608 - quoted by the server
        found[name] = cursor.fetchone()[0]
    return found


def store() -> Store:
    return Sqlite() if connection.vendor == "sqlite" else Postgres()


def address(name: str) -> str:
    """Of another database on the same server, as the settings take it."""
    at = connection.settings_dict
    who = quote(str(at["USER"]), safe="")
    who += f":{quote(str(at['PASSWORD']), safe='')}" if at["PASSWORD"] else ""
    host = str(at["HOST"])
    host = quote(host, safe="") if host.startswith("/") else host
    return f"postgresql://{who}@{host}:{at['PORT']}/{name}"


def program(name: str) -> str:
    """Where it is: on the path, or where Debian keeps it. Raises CannotBeDone."""
    found = shutil.which(name)
    debian = sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{name}"), key=version, reverse=True)
    if found or debian:
        return found or str(debian[0])
    raise CannotBeDone(f"This machine has no {name}. A copy of PostgreSQL needs {PROGRAMS}.")


def version(path: Path) -> int:
    number = path.parts[-3]
    return int(number) if number.isdigit() else 0


def run(name: str, *words: str, database: str = "", at: bool = True) -> None:
    """One of PostgreSQL's programs, on our database. Raises CannotBeDone with what it said."""
    held = connection.settings_dict
    where: Sequence[str] = ()
    if at:
        where = [f"--dbname={database or held['NAME']}"]
    asked = {"PGHOST": held["HOST"], "PGPORT": held["PORT"], "PGUSER": held["USER"],
             "PGPASSWORD": held["PASSWORD"]}  # fmt: skip
    asked = {key: str(value) for key, value in asked.items() if value}
    done = subprocess.run(  # noqa: S603 - words of ours
        [program(name), "--no-password", *where, *words],
        env={**os.environ, **asked, "LC_ALL": "C"}, capture_output=True, text=True,
    )  # fmt: skip
    if done.returncode:
        raise CannotBeDone(f"{name}: {done.stderr.strip()[-1500:]}")
