"""A copy of a desk that runs, looked over, and put back."""

import json
import shutil
import sqlite3
import stat
import threading
from contextlib import closing

import psycopg
import pytest

from tests.peers.renewing import OldDesk

pytestmark = [pytest.mark.peer, pytest.mark.xdist_group("upgrade")]


@pytest.fixture(scope="module")
def kept(tmp_path_factory):
    folder = tmp_path_factory.mktemp("desk")
    desk = OldDesk(folder, f"sqlite:///{folder}/desk.sqlite3")
    desk.found()
    return desk


@pytest.fixture
def desk(kept, tmp_path):
    shutil.copytree(kept.folder, tmp_path, dirs_exist_ok=True)
    return OldDesk(tmp_path, f"sqlite:///{tmp_path}/desk.sqlite3")


@pytest.fixture(scope="module")
def on_postgresql(tmp_path_factory, postgres_server):
    desk = OldDesk(tmp_path_factory.mktemp("copied"), postgres_server.new_url("copied"))
    desk.found()
    return desk


GOES_ON = """
import django
django.setup()
from commonground.agency.models import Member
from commonground.record.actions import publish, witness
author = Member.objects.first()
for number in range(20):
    witness("enter", author, by=author, how="password")
{publish}
"""


def goes_on(desk, *, published):
    """Work goes on after the copy was made."""
    desk.python(GOES_ON.format(publish="publish()" if published else ""))


def test_a_backup_holds_its_digests_version_migrations_and_the_checkpoint(desk, tmp_path):
    said = desk.must("backup", str(tmp_path / "copy"))

    told = json.loads((tmp_path / "copy/manifest.json").read_text())
    assert told["record"]["entries"] == desk.record()["entries"] > 5
    assert told["record"]["checkpoint"] == (tmp_path / "kept/last-published-checkpoint").read_text()
    assert "coming.0001_initial" in told["migrations"]
    assert told["rows"]["coming_note"] == 200
    assert set(told["files"]) == {"database.sqlite3", "last-published-checkpoint"}
    assert "The keys are not in it" in said
    assert stat.S_IMODE((tmp_path / "copy").stat().st_mode) == 0o700
    assert stat.S_IMODE((tmp_path / "copy/database.sqlite3").stat().st_mode) == 0o600
    held = b"".join(p.read_bytes() for p in (tmp_path / "copy").iterdir())
    assert b"the key of this desk" not in held


def holds_for_hours_only(desk, copy):
    assert desk.rows("commonground_hear_overheard") == 3
    assert desk.rows("django_session") > 0
    desk.must("backup", str(copy), "--check")
    rows = json.loads((copy / "manifest.json").read_text())["rows"]
    assert rows["commonground_hear_overheard"] == rows["django_session"] == 0
    desk.must("restore", str(copy))
    assert desk.rows("commonground_hear_overheard") == desk.rows("django_session") == 0
    assert desk.record()["verified"]


def test_what_was_overheard_and_who_is_signed_in_is_in_no_copy(desk, tmp_path):
    """Raw words live hours, and copies weeks."""
    holds_for_hours_only(desk, tmp_path / "copy")
    held = b"".join(path.read_bytes() for path in (tmp_path / "copy").iterdir())
    assert b"overheard in the market" not in held


def test_nor_in_one_of_postgresql(on_postgresql, tmp_path):
    holds_for_hours_only(on_postgresql, tmp_path / "copy")


def test_it_is_made_while_others_write_and_is_of_one_instant(desk, tmp_path):
    file, over, written = desk.url.removeprefix("sqlite:///"), threading.Event(), []

    def write():
        with closing(sqlite3.connect(file, timeout=20, isolation_level=None)) as line:
            while not over.is_set():
                # Always two rows, or none: half of it would be seen.
                line.execute("BEGIN IMMEDIATE")
                line.execute("INSERT INTO coming_note (text) VALUES ('one')")
                line.execute("INSERT INTO coming_note (text) VALUES ('two')")
                line.execute("COMMIT")
                written.append(2)

    writer = threading.Thread(target=write)
    writer.start()
    try:
        before = len(written)
        desk.must("backup", str(tmp_path / "copy"))
        assert len(written) > before + 10  # nobody waited for it
    finally:
        over.set()
        writer.join()
    with closing(sqlite3.connect(tmp_path / "copy/database.sqlite3")) as copy:
        assert copy.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        assert copy.execute("SELECT count(*) FROM coming_note").fetchone()[0] % 2 == 0
    assert "is whole" in desk.must("check", str(tmp_path / "copy"))


def spoiled(folder, how):
    database, manifest = folder / "database.sqlite3", folder / "manifest.json"
    if how == "one bit of the database":
        held = bytearray(database.read_bytes())
        held[len(held) // 2] ^= 1
        database.write_bytes(held)
    elif how == "a file more":
        (folder / "more").write_text("x")
    elif how == "a file less":
        (folder / "last-published-checkpoint").unlink()
    elif how == "another form":
        manifest.write_text(manifest.read_text().replace('"format": 1', '"format": 2'))
    elif how == "a newer version":
        told = manifest.read_text().replace("coming.0001_initial", "coming.0009_later")
        manifest.write_text(told)
    else:
        manifest.unlink()


@pytest.mark.parametrize(
    ("how", "why"),
    [
        ("one bit of the database", "its digest is another"),
        ("a file more", "not in its manifest"),
        ("a file less", "Missing in the backup"),
        ("another form", "another form"),
        ("a newer version", "which is newer"),
        ("no manifest", "is no backup"),
    ],
)
def test_what_is_not_as_it_was_written_is_said(desk, tmp_path, how, why):
    desk.must("backup", str(tmp_path / "copy"))
    spoiled(tmp_path / "copy", how)
    done = desk.command("check", str(tmp_path / "copy"))
    assert done.returncode == 1
    assert why in done.stderr
    before = desk.everything()
    assert desk.command("restore", str(tmp_path / "copy")).returncode == 1
    assert desk.everything() == before


def test_check_says_whether_the_keys_of_now_open_it(desk, tmp_path):
    desk.must("backup", str(tmp_path / "copy"))
    other = OldDesk(desk.folder, desk.url, {"COMMONGROUND_SEAL_KEY": "another key than before"})
    done = other.command("check", str(tmp_path / "copy"))
    assert done.returncode == 1
    assert "This desk's keys do not open it" in done.stderr
    both = OldDesk(desk.folder, desk.url, {
        "COMMONGROUND_SEAL_KEY": "another key than before",
        "COMMONGROUND_OLD_SEAL_KEYS": "the key of this desk",
    })  # fmt: skip
    assert "the keys of this desk open it" in both.must("check", str(tmp_path / "copy"))


def test_check_walks_the_record_in_the_copy(desk, tmp_path):
    """A copy whose digests are right, of a desk whose record was changed before it was made."""
    with closing(sqlite3.connect(desk.url.removeprefix("sqlite:///"))) as held:
        held.execute("UPDATE commonground_record_kept SET sealed = x'00'")
        held.commit()
    desk.must("backup", str(tmp_path / "copy"))
    assert desk.command("check", "--digests-only", str(tmp_path / "copy")).returncode == 0
    done = desk.command("check", str(tmp_path / "copy"))
    assert done.returncode == 1
    assert "The record is broken at entry" in done.stderr


def lasting(desk):
    """All that stands in the database, but for what is kept for hours."""
    for_hours = ("overheard", "django_session", "arrival", "daykey", "remembered")
    # And when the record was walked last, which whoever puts a copy back does.
    but = (*for_hours, "commonground_record_head")
    return [one for one in desk.everything().splitlines() if not any(w in one for w in but)]


def test_a_desk_that_holds_more_is_not_replaced_unless_one_says_so(desk, tmp_path):
    before = lasting(desk)
    desk.must("backup", str(tmp_path / "copy"))
    goes_on(desk, published=False)
    after = desk.everything()

    done = desk.command("restore", str(tmp_path / "copy"))
    assert done.returncode == 1
    assert "what came since would be lost" in done.stderr
    assert desk.everything() == after

    desk.must("restore", str(tmp_path / "copy"), "--over")
    assert lasting(desk) == before


def comes_back_stopped(desk, copy):
    """RELIABILITY: a database older than what was published appends and publishes nothing."""
    desk.must("backup", str(copy))
    goes_on(desk, published=True)

    said = desk.must("restore", str(copy), "--over")

    assert "This database is older than what was published" in said
    entries = desk.record()["entries"]
    for asked in (GOES_ON.format(publish=""), "import django; django.setup()\n"
                  "from commonground.record.actions import publish; publish()"):  # fmt: skip
        with pytest.raises(AssertionError, match="older than what was published"):
            desk.python(asked)
    assert desk.record()["entries"] == entries
    assert desk.rows("commonground_record_head WHERE stopped <> ''") == 1


def test_a_desk_put_back_behind_what_was_published_writes_nothing(desk, tmp_path):
    comes_back_stopped(desk, tmp_path / "copy")


def test_neither_does_one_on_postgresql(on_postgresql, tmp_path):
    comes_back_stopped(on_postgresql, tmp_path / "copy")


def test_a_copy_of_postgresql_is_looked_over_in_a_database_of_its_own(on_postgresql, tmp_path):
    on_postgresql.must("backup", str(tmp_path / "copy"))
    said = on_postgresql.must("check", str(tmp_path / "copy"))
    assert "every entry was walked in a copy of it" in said
    with psycopg.connect(on_postgresql.url) as line:
        names = [name for (name,) in line.execute("SELECT datname FROM pg_database")]
    assert not [name for name in names if name.startswith("commonground_try")]


def test_without_the_programs_of_postgresql_it_says_which_are_missing(on_postgresql, tmp_path):
    bare = OldDesk(on_postgresql.folder, on_postgresql.url, {"PATH": str(tmp_path)})
    done = bare.command("backup", str(tmp_path / "copy"))
    if done.returncode == 0:
        pytest.skip("they are where Debian keeps them, and are found there")
    assert "postgresql-client" in done.stderr


def test_a_new_machine_gets_desk_and_checkpoint_from_the_copy(desk, tmp_path):
    desk.must("backup", str(tmp_path / "copy"))
    new = OldDesk(tmp_path, f"sqlite:///{tmp_path}/new/desk.sqlite3",
                  {"COMMONGROUND_RECORD_FOLDER": str(tmp_path / "new")})  # fmt: skip
    new.must("restore", str(tmp_path / "copy"))
    assert new.record()["verified"]
    assert new.record()["entries"] == desk.record()["entries"]
    assert (tmp_path / "new/last-published-checkpoint").exists()


def test_dated_copies_make_room_for_newer_ones(desk, tmp_path):
    place = tmp_path / "backups"
    old = [place / f"commonground-2026010{n}T000000Z" for n in (1, 2)]
    for folder in old:
        desk.must("backup", str(folder))
    strange = place / "commonground-20250101T000000Z"
    strange.mkdir()
    desk.must("backup", str(place), "--dated", "--keep", "2")
    left = sorted(one.name for one in place.iterdir())
    assert len(left) == 3
    assert old[0].name not in left
    assert strange.name in left  # no backup of ours: for a person to look at
