"""Somebody else says when they saw the log: a real time-stamping authority, on loopback."""

import subprocess
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread

import pytest
import time_machine
from django.utils import timezone
from tests import given

from commonground.record.actions import THE_DESK, publish, verify as whole, witness
from commonground.record.actions.stamping import stamp_when_due
from commonground.record.engine.outsider import verify
from commonground.record.engine.stamping import is_due
from commonground.record.models import Stamp, Stamping
from commonground.record.queries.exporting import Wish, export
from commonground.record.queries.log import log_key
from commonground.record.tests.test_export import signed_anew

pytestmark = pytest.mark.django_db

CONFIG = """
[tsa]
default_tsa = own
[own]
serial = {place}/serial
crypto_device = builtin
signer_cert = {place}/tsa.pem
signer_key = {place}/tsa.key
signer_digest = sha256
default_policy = 1.2.3.4.1
digests = sha256, sha512
accuracy = secs:1
ordering = no
tsa_name = yes
ess_cert_id_chain = no
"""


def openssl(*words, place):
    subprocess.run(["openssl", *words], cwd=place, check=True, capture_output=True)


@pytest.fixture(scope="module")
def authority(tmp_path_factory):
    """Keys and certificates of an authority, as openssl makes them."""
    place = tmp_path_factory.mktemp("tsa")
    (place / "tsa.cnf").write_text(CONFIG.format(place=place))
    (place / "serial").write_text("01\n")
    (place / "ext").write_text(
        "extendedKeyUsage=critical,timeStamping\nkeyUsage=critical,digitalSignature\n"
        "basicConstraints=critical,CA:FALSE\nsubjectKeyIdentifier=hash\n"
        "authorityKeyIdentifier=keyid\n"
    )
    for name in ("root", "other"):
        openssl("req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", f"{name}.key", "-out",
            f"{name}.pem", "-days", "3650", "-subj", f"/CN={name}", place=place)  # fmt: skip
    openssl("req", "-newkey", "rsa:2048", "-nodes", "-keyout", "tsa.key", "-out", "tsa.csr",
        "-subj", "/CN=A time-stamping authority", place=place)  # fmt: skip
    openssl("x509", "-req", "-in", "tsa.csr", "-CA", "root.pem", "-CAkey", "root.key",
        "-CAcreateserial", "-out", "tsa.pem", "-days", "3650", "-extfile", "ext",
        place=place)  # fmt: skip
    return place


class Hand(BaseHTTPRequestHandler):
    def do_POST(self):
        asked = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.asked.append(asked)
        status, type_, body = self.server.way(asked)
        self.send_response(status)
        self.send_header("Content-Type", type_)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


REPLY = "application/timestamp-reply"


def honest(place):
    def way(asked):
        (place / "asked.tsq").write_bytes(asked)
        openssl("ts", "-reply", "-queryfile", "asked.tsq", "-out", "said.tsr", "-config",
            "tsa.cnf", place=place)  # fmt: skip
        return 200, REPLY, (place / "said.tsr").read_bytes()

    return way


@pytest.fixture
def tsa(authority, settings):
    server = HTTPServer(("127.0.0.1", 0), Hand)
    server.asked, server.way = [], honest(authority)
    thread = Thread(target=server.serve_forever)
    thread.start()
    believe(settings, f"http://127.0.0.1:{server.server_port}/", authority / "root.pem")
    yield server
    server.shutdown()
    thread.join()
    server.server_close()


def believe(settings, url, roots):
    told = {"stamp_url": url, "stamp_roots": str(roots), "allow_private_addresses": True}
    settings.ENV = settings.ENV.model_copy(update=told)


def an_act(verb="pause"):
    witness(verb, given.a_channel(), by=given.a_member())
    return publish()


def test_a_checkpoint_is_stamped_and_verified_by_three_programs(tsa, authority, tmp_path):
    shown = an_act()
    stamp = stamp_when_due()
    assert stamp.checkpoint == shown
    assert abs(stamp.at - timezone.now()) < timedelta(minutes=1)
    assert whole() is None

    an_act()
    export(Wish(1, 2), publish(), tmp_path / "bag")
    lines = list(verify.check(str(tmp_path / "bag"), key=str(log_key(1))))
    told = f"Stamped: a log of 1 records was there on {stamp.at:%Y-%m-%d at %H:%M:%S} UTC."
    assert told in lines
    assert "Who stamped it this check cannot tell: ask openssl, as the manual says." in lines

    stamps = tmp_path / "bag/data/stamps"
    text, _, _ = (stamps / "1.checkpoint").read_text().partition("\n\n")
    (tmp_path / "text").write_text(text + "\n")
    openssl("ts", "-verify", "-data", "text", "-in", stamps / "1.tsr", "-CAfile",
        authority / "root.pem", place=tmp_path)  # fmt: skip


@pytest.mark.parametrize("harm", ["other", "swapped", "cut", "more"])
def test_a_stamp_of_something_else_is_no_stamp(tsa, tmp_path, harm):
    an_act()
    stamp_when_due()
    an_act("resume")
    second = publish()
    export(Wish(1, 2), second, tmp_path / "bag")
    file = tmp_path / "bag/data/stamps/1.tsr"
    content = file.read_bytes()
    if harm == "other":
        text = (file.with_suffix(".checkpoint")).read_bytes()
        file.with_suffix(".checkpoint").write_bytes(text.replace(b"\n1\n", b"\n2\n", 1))
    elif harm == "swapped":
        file.write_bytes(content.replace(b"\x04\x20", b"\x04\x20\x00", 1)[:-1])
    elif harm == "cut":
        file.write_bytes(content[:-1])
    else:
        (file.parent / "note.txt").write_text("Signed, the mayor.")
    signed_anew(tmp_path / "bag")
    with pytest.raises((verify.Failed, *verify.MALFORMED)):
        list(verify.check(str(tmp_path / "bag"), key=str(log_key(1))))


LIES = {
    "down": lambda asked: (503, "text/plain", b"not now"),
    "html": lambda asked: (200, "text/html", b"<h1>Welcome</h1>"),
    "nonsense": lambda asked: (200, REPLY, b"\x30\x03\x02\x01\x00"),
    "empty": lambda asked: (200, REPLY, b""),
    "large": lambda asked: (200, REPLY, b"\x30" * (2 << 20)),
}


@pytest.mark.parametrize("lie", LIES)
def test_an_authority_that_is_down_or_talks_nonsense_is_told_and_stops_nothing(tsa, lie):
    an_act()
    tsa.way = LIES[lie]
    assert stamp_when_due() is None
    assert not Stamp.objects.exists()
    row = Stamping.objects.get()
    assert row.trouble
    assert row.since is not None
    assert an_act().size == 2
    tries = len(tsa.asked)
    stamp_when_due()
    assert len(tsa.asked) == tries  # not before ten minutes are over


def test_an_authority_nobody_vouches_for_is_not_believed(tsa, authority, settings):
    an_act()
    believe(settings, settings.ENV.stamp_url, authority / "other.pem")
    assert stamp_when_due() is None
    assert "not a stamp of this checkpoint" in Stamping.objects.get().trouble


@pytest.mark.parametrize("roots", ["nowhere.pem", "tsa.key"])
def test_roots_that_cannot_be_read_are_told(tsa, authority, settings, roots):
    an_act()
    believe(settings, settings.ENV.stamp_url, authority / roots)
    assert stamp_when_due() is None
    assert "cannot be read" in Stamping.objects.get().trouble


def test_an_old_answer_played_again_is_refused(tsa, authority):
    an_act()
    stamp_when_due()
    old = bytes(Stamp.objects.get().answer)
    Stamp.objects.all().delete()
    tsa.way = lambda asked: (200, REPLY, old)
    assert stamp_when_due() is None
    assert Stamping.objects.get().trouble


def test_an_authority_whose_clock_is_wrong_is_refused(tsa):
    an_act()
    with time_machine.travel(timezone.now() + timedelta(hours=3)):
        assert stamp_when_due() is None
    assert "the authority says it is" in Stamping.objects.get().trouble


def test_a_stamp_that_was_changed_breaks_the_record(tsa):
    an_act()
    stamp = stamp_when_due()
    answer = bytes(stamp.answer)
    Stamp.objects.update(answer=answer[:-8] + bytes(8))
    broken = whole()
    assert broken is not None
    assert "stamp of time" in broken.why


def test_each_day_and_within_the_hour_once_something_is_public():
    now = timezone.now()
    ago = lambda **t: now - timedelta(**t)  # noqa: E731
    asked = {"tried_at": None, "public_since": False}
    assert is_due(now, stamped_at=None, **asked)
    assert not is_due(now, stamped_at=ago(hours=23), **asked)
    assert is_due(now, stamped_at=ago(hours=24), **asked)
    asked["public_since"] = True
    assert not is_due(now, stamped_at=ago(minutes=59), **asked)
    assert is_due(now, stamped_at=ago(minutes=60), **asked)
    assert not is_due(now, stamped_at=None, tried_at=ago(minutes=9), public_since=True)


def test_what_was_published_counts(tsa):
    witness("finish", given.a_post(), by=THE_DESK)
    publish()
    assert stamp_when_due() is not None
    assert stamp_when_due() is None  # the same checkpoint is not stamped twice
    assert len(tsa.asked) == 1
