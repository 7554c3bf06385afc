"""Somebody new clones the project and types what its pages say, one after the other.

Each command is taken from its page as it stands there; what a reader has to fill in (a folder, a
port, a name) is filled in here. What is not typed stands in `set_aside.py`, each with its reason.
"""

import re
import shutil
import signal
import subprocess
import time

import pytest

from tests.peers.starting import free_port
from tests.walk.newcomer import Browser, Newcomer, a_clone
from tests.walk.set_aside import WHOLE_WALK, set_aside
from tests.walk.told import all_told

pytestmark = pytest.mark.peer  # it talks to the index the libraries come from

HOST = "desk.example.org"  # the reader's own domain, in all pages
SERVER = "docs/how-to/run-a-server.md"
COPIES = "docs/how-to/back-up-and-upgrade.md"
PASSWORD = "a lantern over the harbour"


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    return tmp_path_factory.mktemp("home")


@pytest.fixture(scope="module")
def clone(home):
    return a_clone(home / "commonground")


@pytest.fixture(scope="module")
def port():
    return free_port()


@pytest.fixture(scope="module")
def reader(home, clone, port):
    """Whoever runs the server, with it set up, and its people able to sign in. What stands in the
    pages for something of theirs:"""
    filled_in = {
        "/var/lib/commonground": str(home / "desk"),
        "commonground up": f"commonground up --port {port}",
    }
    someone = Newcomer(home, clone, instead=filled_in)
    someone.follows(SERVER, until="commonground up", seconds=400)
    return someone


@pytest.fixture(scope="module")
def desk(reader, port, home):
    """The desk of the page on running a server, up."""
    browser = Browser(port, HOST)

    def is_up(said):
        return f"The desk is at https://{HOST}" in said and browser.answers("/readyz")

    with reader.leaves_running("commonground up", ready=is_up):
        yield browser
    assert not browser.answers("/healthz"), "it went on after it was told to stop"


@pytest.fixture(scope="module")
def founded(reader, desk):
    """The link that the command prints, which the first administrator opens."""
    said = reader.follows(SERVER, after="commonground up")
    link = re.search(rf"https://{HOST}(/\S+)", said)
    assert link, said
    status, page = desk.post(link[1], password1=PASSWORD, password2=PASSWORD)
    assert status == 200, page
    return desk


def test_a_server_is_run_as_its_page_says_and_its_first_person_finds_what_is_left_to_do(founded):
    status, page = founded.post(
        "/account/login/", login="jonas@example.org", password=PASSWORD
    )  # fmt: skip
    assert status == 200
    assert "Jonas Petrie" in page
    assert "/agency/setup/" in page


def test_a_copy_is_made_looked_over_and_put_back_as_the_page_says(reader, founded, home):
    make = "commonground backup /var/lib/commonground/backups --dated --keep 14 --check"
    assert re.search(r"[0-9a-f]{64}", reader.types(make))
    (copy,) = (home / "desk/backups").iterdir()
    reader.instead |= {"commonground-20261130T032000Z": copy.name, "/path/of/the/copy": str(copy)}
    said = reader.follows(COPIES, after=make)
    assert "is whole" in said
    assert "The desk is what it was" in said
    assert soon(lambda: founded.answers("/readyz"))


def test_a_key_is_drawn_as_the_page_says(reader):
    said = reader.follows("docs/how-to/change-the-seal-key.md")
    assert re.search(r"[\w-]{64}", said)
    assert "COMMONGROUND_OLD_SEAL_KEYS" in said


def test_a_listener_is_started_beside_the_desk_and_stops_when_told(reader, founded):
    with reader.leaves_running(
        "commonground hear listen", ready=lambda said: "No source is on" in said
    ):
        pass


def test_an_export_is_made_as_one_page_says_and_checked_as_the_other_says(
    reader, founded, home, clone
):
    said = reader.follows("docs/how-to/keep-the-record.md")
    assert "The record is whole" in said
    assert "OK. " in said
    assert "another agency's record" not in said, "it was told whose export it is, and knew nobody"
    # The receiver: another folder, none of our settings, and the checker from the repository.
    theirs = home / "receiver"
    shutil.copytree(clone / "bag", theirs / "bag")
    shutil.copy(clone / "src/commonground/record/engine/outsider/verify.py", theirs)
    key = reader.types("commonground record key").strip()
    receiver = Newcomer(home, theirs, instead={"desk.example.org/log/1+1a2b3c4d+AXyz...": key})
    assert "OK. " in receiver.follows("docs/how-to/verify-an-export.md")


def test_a_register_is_fetched_and_checked_with_us_and_without(reader, founded, port, clone):
    (clone / "key.txt").write_text(reader.types("commonground protect key"))
    here = f"-sS -H 'Host: {HOST}' http://127.0.0.1:{port}/"
    reader.instead["https://desk.example.org/.well-known"] = f"{here}.well-known"
    said = reader.follows("docs/how-to/prove-your-accounts.md")
    assert "Signature Verified Successfully" in said


def test_a_release_is_made_as_its_page_says_and_checked_by_whoever_takes_it(home, clone):
    keys, named = home / "keys", "maintainers@commonground"
    keys.mkdir()
    draw = ["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", named, "-f", str(keys / "one")]
    subprocess.run(draw, check=True)
    (home / ".gitconfig").write_text(
        f"[user]\nname = One\nemail = {named}\nsigningkey = {keys}/one\n[gpg]\nformat = ssh\n"
    )
    place = home / "release"
    subprocess.run(["git", "clone", "-q", str(clone), str(place)], check=True)
    (place / "allowed_signers").write_text(f"{named} {(keys / 'one.pub').read_text()}")
    if not WHOLE_WALK:
        (place / "commonground-1.2.0.cdx.json").write_text("{}")
    maintainer = Newcomer(home, place, instead={"KEY SHA256SUMS": f"{keys}/one SHA256SUMS"})
    said = maintainer.follows("docs/how-to/make-a-release.md", seconds=300)
    assert "commonground-1.2.0.tar.gz: OK" in said
    # One letter more, and it is not the release any more.
    with (place / "commonground-1.2.0.tar.gz").open("ab") as packed:
        packed.write(b"x")
    with pytest.raises(AssertionError, match=r"commonground-1\.2\.0\.tar\.gz: FAILED"):
        maintainer.types("sha256sum -c SHA256SUMS")


@pytest.mark.skipif(not WHOLE_WALK, reason="only ./run walk; .ci/run runs the demo to its end")
def test_the_demo_shows_what_readme_and_tutorial_say(home, clone):
    port = free_port()
    someone = Newcomer(home, clone, instead={"./run demo": f"./run demo --port {port}"})
    browser = Browser(port, f"localhost:{port}")

    def runs(said):
        return "The stream is running" in said

    begin = "./run demo"
    with someone.leaves_running(begin, ready=runs, ends_with=signal.SIGINT) as said:
        password = re.search(r"with the password  (.+)", said())[1]
        writes = re.search(r"(\S+@\S+) +writes posts", said())[1]
        status, page = browser.post("/account/login/", login=writes, password=password)
        assert (status, "Luc Tremaine" in page) == (200, True)
        # "A moment is open"; "within two minutes a second one opens".
        assert soon(lambda: moments(browser) >= 1, 60)
        assert soon(lambda: moments(browser) >= 2, 180)
        assert browser.answers("/newsroom/")
        proved = someone.follows("docs/tutorial/first-moment.md", after=begin)
        assert "The record is whole" in proved
    assert not browser.answers("/newsroom/"), "Ctrl-C stops all of it, says the README"


def moments(browser):
    return len(set(re.findall(r'href="(/spot/[0-9a-f-]{36}/)"', browser.get("/")[1])))


def soon(true, seconds=180):
    give_up = time.monotonic() + seconds
    while not true() and time.monotonic() < give_up:
        time.sleep(1)
    return true()


@pytest.mark.skipif(not WHOLE_WALK, reason="only ./run walk")
def test_what_is_said_to_contributors_is_so_too(home, clone, reader):
    reader.follows("CONTRIBUTING.md", after="./run demo", seconds=900)
    left = subprocess.run(["git", "status", "--short"], cwd=clone, capture_output=True, check=True)
    assert b" M " not in left.stdout, "./run format found something to put in order"


def test_no_command_of_any_page_was_left_out(request):
    walked = [item for item in request.session.items if item.path == request.path]
    if len(walked) < len([name for name in globals() if name.startswith("test_")]):
        pytest.skip("NOT TESTED: only a part of the walk was asked for")
    left_out = [
        str(told) for told in all_told()
        if told.command not in Newcomer.typed and told.first not in set_aside()
    ]  # fmt: skip
    assert left_out == []
