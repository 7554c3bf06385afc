"""Two web processes of one desk know alike which codes were used, and who tried too often."""

import json
import subprocess
import sys
import time

import pytest

from tests.peers.renewing import ROOT, OldDesk

pytestmark = pytest.mark.peer

MEMBER = """
import django
django.setup()
from itertools import count
from allauth.mfa.totp.internal.auth import TOTP
from tests import given
given.number = count(1000)  # those of the desk itself were made by another process
TOTP.activate(given.a_member(email="ana@desk.example"), "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP")
"""
BEGINS = """
import json, pathlib, sys, time
import django
django.setup()
from django.test import RequestFactory
start = pathlib.Path({start!r})
def together():
    print("ready", flush=True)
    while not start.exists():
        time.sleep(0.001)
"""
CODES = (
    BEGINS
    + """
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal import auth
factor = Authenticator.objects.get(type="totp")
secret = auth.decrypt(factor.data["secret"])
together()
at = next(iter(auth.yield_hotp_counters_from_time()))
code = auth.format_hotp_value(auth.hotp_value(secret, at))
print(json.dumps([factor.wrap().validate_code(code) for _ in range(3)]))
"""
)
TRIES = (
    BEGINS
    + """
from allauth.core.internal.ratelimit import consume
asked = RequestFactory().post("/account/login/", REMOTE_ADDR="203.0.113.9")
together()
print(json.dumps([
    bool(consume(asked, app="allauth.account", action="login_failed", key="ana@desk.example"))
    for _ in range(8)
]))
"""
)


def both(desk, script):
    """What two processes found that began in the same instant."""
    start = desk.folder / f"start-{time.time_ns()}"
    processes = [
        subprocess.Popen(
            [sys.executable, "-c", script.format(start=str(start))],
            env=desk.env, cwd=ROOT, stdout=subprocess.PIPE, text=True,
        )
        for _ in range(2)
    ]  # fmt: skip
    for process in processes:
        assert process.stdout.readline() == "ready\n"
    while time.time() % 30 > 20:  # a code of this half minute, and both of the same one
        time.sleep(0.1)
    start.touch()
    said = [process.communicate(timeout=60)[0] for process in processes]
    return [json.loads(line) for line in said]


def share_what_they_know(desk):
    desk.found(posts=0)
    desk.python(MEMBER)
    used = [yes for answers in both(desk, CODES) for yes in answers]
    assert sum(used) == 1
    tried = [yes for answers in both(desk, TRIES) for yes in answers]
    assert sum(tried) == 5  # wrong passwords for one account within five minutes


def test_a_code_is_used_once_and_tries_are_counted_together(tmp_path):
    share_what_they_know(OldDesk(tmp_path, f"sqlite:///{tmp_path}/desk.sqlite3"))


def test_the_same_on_postgresql(tmp_path, postgres_server):
    share_what_they_know(OldDesk(tmp_path, postgres_server.new_url("shared")))
