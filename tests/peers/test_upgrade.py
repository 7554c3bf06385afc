"""A desk with people's work in it goes over to a newer version, or stays what it was."""

import re
import shutil
import signal
import subprocess
import sys
import time
from contextlib import contextmanager
from http.client import HTTPConnection
from pathlib import Path

import pytest

from tests.peers.renewing import ROOT, OldDesk
from tests.peers.starting import answers_on, free_port, running
from tests.peers.stopping import SIGN_IN, Slow, until

pytestmark = [pytest.mark.peer, pytest.mark.xdist_group("upgrade")]
STOOD_DOWN = 75


@pytest.fixture(scope="module")
def older(tmp_path_factory):
    """Made once: each test gets a copy."""
    folder = tmp_path_factory.mktemp("older")
    desk = OldDesk(folder, f"sqlite:///{folder}/desk.sqlite3")
    desk.found()
    return desk


@pytest.fixture
def desk(older, tmp_path):
    shutil.copytree(older.folder, tmp_path, dirs_exist_ok=True)
    return OldDesk(tmp_path, f"sqlite:///{tmp_path}/desk.sqlite3")


@pytest.fixture(scope="module")
def older_on_postgresql(tmp_path_factory, postgres_server):
    desk = OldDesk(tmp_path_factory.mktemp("older"), postgres_server.new_url("older"))
    desk.found()
    return desk


@pytest.fixture
def on_postgresql(older_on_postgresql, postgres_server, tmp_path):
    name = f"desk_{tmp_path.name[-12:].lower().replace('-', '_')}_{time.time_ns()}"
    shutil.copytree(older_on_postgresql.folder, tmp_path, dirs_exist_ok=True)
    return OldDesk(tmp_path, postgres_server.new_url(name, like="older"))


HEAD = re.compile(r"1\t\d+\t[tf]\t\d+\t\t[^\t]+\t")  # the record's, as PostgreSQL copies it


def lines_of(desk):
    """All that stands in the database, but for what the newer version was to add to it, and when
    the record was walked last, which an upgrade does."""
    but = ("coming", "migrations", "commonground_record_head", "\tRoad ")
    lines = (line for line in desk.everything().splitlines() if not HEAD.fullmatch(line))
    return [line for line in lines if not any(w in line for w in but)]


def goes_over(desk, *more):
    before, notes, record = lines_of(desk), desk.rows("coming_note"), desk.record()
    desk.install("works")

    said = desk.must("upgrade", *more)

    assert "Tried on the copy" in said
    assert "The desk is upgraded." in said
    assert lines_of(desk) == before
    assert desk.rows("coming_note") == notes == 200
    assert desk.rows("coming_note WHERE urgent") == 100
    assert desk.rows("commonground_hear_overheard") == 3
    assert not list(desk.folder.rglob("for-minutes"))
    assert desk.record() == record
    assert record["verified"]
    assert not desk.mark_stands()
    assert desk.must("upgrade").startswith("Nothing to do")


def test_data_after_an_upgrade_is_data_before(desk):
    goes_over(desk)
    # What it kept of before is a backup like any other.
    copy = next((desk.folder / "backups").iterdir())
    assert "is whole" in desk.must("check", str(copy))


def test_the_same_on_postgresql(on_postgresql, tmp_path):
    goes_over(on_postgresql, "--to", str(tmp_path / "copy"))
    assert "is whole" in on_postgresql.must("check", str(tmp_path / "copy"))


BAD = {
    "fails halfway": "the disk of this test is full",
    "loses rows": "Rows were lost: coming_note: 200 before, 150",
    "breaks the record": "The record is broken at entry",
}


@pytest.mark.parametrize("version", ["loses rows"])  # the others are found the same way, below
def test_what_goes_wrong_on_trial_never_touches_the_desk(desk, version):
    before = desk.everything()
    desk.install(version)

    done = desk.command("upgrade")

    assert done.returncode == 1
    assert "Nothing was changed." in done.stderr
    assert BAD[version] in done.stderr, done.stderr
    assert desk.everything() == before
    assert not desk.mark_stands()
    # Whoever tries again and again does not fill the disk.
    assert list((desk.folder / "backups").iterdir()) == []

    # Nor does whoever looks after `up`: this is no failure that another start would mend.
    assert desk.command("up", "--no-listener", "--port", "1").returncode == 78
    assert desk.everything() == before


def test_a_folder_that_is_there_is_refused_before_anybody_is_made_to_stop(desk, tmp_path):
    """Else `--back` would one day put back what lay there before."""
    desk.install("works")
    old = tmp_path / "old"
    old.mkdir()
    done = desk.command("upgrade", "--to", str(old))
    assert done.returncode == 1
    assert "is there already" in done.stderr
    assert list(old.iterdir()) == []


def test_whoever_looked_on_and_went_away_stops_nothing(desk):
    """A closed terminal: each word of the upgrade meets a pipe without a reader."""
    desk.install("loses rows")
    before = desk.everything()
    upgrade = desk.start("upgrade", "--no-trial", stdout=subprocess.PIPE)
    upgrade.stdout.close()
    assert upgrade.wait(120) != 0
    assert desk.everything() == before
    assert not desk.mark_stands()


def is_taken_back(desk, version, *more):
    record = desk.record()  # which notes when it was walked
    before = desk.everything()
    desk.install(version)

    done = desk.command("upgrade", "--no-trial", *more)

    assert done.returncode == 1
    assert "was taken back: the desk is what it was before" in done.stderr
    assert BAD[version] in done.stderr, done.stderr
    after = desk.everything()
    assert after == before  # what is kept for hours, too
    assert desk.rows("commonground_hear_overheard") == 3
    assert not list(desk.folder.rglob("for-minutes"))
    assert desk.record() == record
    assert not desk.mark_stands()


@pytest.mark.parametrize("version", BAD)
def test_what_goes_wrong_in_the_desk_itself_is_taken_back(desk, version):
    is_taken_back(desk, version)


@pytest.mark.parametrize("version", ["breaks the record"])
def test_that_is_taken_back_on_postgresql_too(on_postgresql, version, tmp_path):
    is_taken_back(on_postgresql, version, "--to", str(tmp_path / "copy"))


def test_rows_may_go_where_the_new_version_says_so(desk):
    desk.install("says which rows go")
    assert "The desk is upgraded." in desk.must("upgrade")
    assert desk.rows("coming_note") == 150


def test_an_upgrade_that_is_killed_leaves_the_desk_standing_still_until_it_is_put_back(desk):
    before = desk.everything()
    desk.install("takes long")
    upgrade = desk.start("upgrade", "--no-trial")
    copy = desk.folder / "backups"
    assert until(lambda: copy.exists() and any(copy.glob("before-*Z/manifest.json")), 60)
    time.sleep(2)
    upgrade.kill()
    upgrade.wait()
    assert desk.mark_stands()

    refused = desk.command("upgrade")
    assert refused.returncode == 1
    assert "upgrade --back" in refused.stderr
    assert "An upgrade is under way" in desk.command("work", "--once").stderr
    assert "The desk is what it was before" in desk.must("upgrade", "--back")
    assert desk.everything() == before
    assert not desk.mark_stands()


def test_whoever_asks_an_upgrade_to_stop_has_it_taken_back(desk):
    before = desk.everything()
    desk.install("takes long")
    upgrade = desk.start("upgrade", "--no-trial")
    copy = desk.folder / "backups"
    assert until(lambda: copy.exists() and any(copy.glob("before-*Z/manifest.json")), 60)
    time.sleep(2)
    upgrade.send_signal(signal.SIGTERM)
    assert upgrade.wait(60) == 1
    assert desk.everything() == before
    assert not desk.mark_stands()


@pytest.fixture
def slow():
    """A network that takes a post at once, and answers when it is let."""
    network = Slow()
    yield network
    network.let.set()
    network.server.shutdown()
    network.server.server_close()  # else a later test is told of the open socket


def stands_still(desk, slow, *more):
    """What is in hand is finished; what is due meanwhile waits; nothing goes out twice."""
    # Of three hands one is for this network, so that the second post is due and waits.
    desk.more["COMMONGROUND_HANDS"] = "3"
    desk.found(network="mastodon", address=slow.url, secrets=SIGN_IN, posts=2)
    worker = desk.start("work")
    try:
        assert until(lambda: len(slow.asked) == 1, 60), desk.log()
        desk.install("takes long")
        upgrade = desk.start("upgrade", "--no-trial", *more)
        assert until(desk.mark_stands, 60), desk.log()
        time.sleep(2)  # the worker has seen it, and begins no other round
        assert worker.poll() is None  # it waits for the answer of the network
        slow.let.set()
        assert worker.wait(60) == STOOD_DOWN, desk.log()
        worker = desk.start("work")  # as whoever looks after it does
        assert until(lambda: "waiting until it has ended" in desk.log(), 60), desk.log()
        assert upgrade.poll() is None
        assert len(slow.asked) == 1
        assert upgrade.wait(120) == 0, desk.log()
        assert until(lambda: len(slow.asked) == 2, 60), desk.log()
        time.sleep(3)
        assert len(slow.asked) == 2
        assert desk.record()["verified"]
    finally:
        worker.send_signal(signal.SIGTERM)
        worker.wait(60)


def test_a_worker_finishes_what_it_has_in_hand_and_sends_nothing_until_it_is_over(tmp_path, slow):
    stands_still(OldDesk(tmp_path, f"sqlite:///{tmp_path}/desk.sqlite3"), slow)


def test_the_same_of_a_worker_on_postgresql(tmp_path, slow, postgres_server):
    desk = OldDesk(tmp_path, postgres_server.new_url("standing"))
    stands_still(desk, slow, "--to", str(tmp_path / "copy"))


def test_a_worker_that_does_not_stop_in_time_has_nothing_changed(tmp_path, slow):
    desk = OldDesk(tmp_path, f"sqlite:///{tmp_path}/desk.sqlite3")
    desk.found(network="mastodon", address=slow.url, secrets=SIGN_IN, posts=1)
    worker = desk.start("work")
    try:
        assert until(lambda: len(slow.asked) == 1, 60), desk.log()
        desk.install("works")
        done = desk.command("upgrade", "--patience", "3")
        assert done.returncode == 1
        assert "did not stop within 0:00:03: worker" in done.stderr
        assert not (desk.folder / "backups").exists()
        assert not desk.mark_stands()
    finally:
        slow.let.set()
        worker.send_signal(signal.SIGTERM)
        worker.wait(60)


@contextmanager
def pages_of(desk):
    """Granian with the desk behind it, and its port."""
    port = free_port()
    with running(
        Path(sys.executable).with_name("granian"), "--interface", "asginl", "--host", "127.0.0.1",
        "--port", str(port), "--workers-kill-timeout", "2", "commonground.asgi:application",
        ready=lambda: answers_on(port), log=desk.folder / f"pages-{port}", cwd=ROOT,
        env=desk.env | {"COMMONGROUND_DEBUG": "yes"},
    ):  # fmt: skip
        yield port


def asked(port, path):
    """Status and words of an answer."""
    line = HTTPConnection("127.0.0.1", port, timeout=30)
    try:
        line.request("GET", path, headers={"Host": "localhost"})
        answer = line.getresponse()
        return answer.status, answer.read().decode()
    finally:
        line.close()


def test_pages_close_and_those_of_the_older_version_stay_closed(desk):
    with pages_of(desk) as port:
        assert asked(port, "/account/login/")[0] == 200
        assert asked(port, "/readyz/web") == (200, "ready\n")
        desk.install("takes long")
        upgrade = desk.start("upgrade", "--no-trial")
        assert until(lambda: asked(port, "/account/login/")[0] == 503, 60), desk.log()
        assert "Back in a few minutes" in asked(port, "/account/login/")[1]
        assert asked(port, "/healthz")[0] == 200
        assert upgrade.wait(120) == 0, desk.log()
        time.sleep(2)
        # It would write into tables that it does not know.
        assert asked(port, "/account/login/")[0] == 503
        assert "newer version" in asked(port, "/readyz/web")[1]
        assert "process_resident_memory_bytes" in asked(port, "/metrics")[1]
    with pages_of(desk) as port:
        assert until(lambda: asked(port, "/account/login/")[0] == 200, 10)
