"""Postfix on loopback, without systemd: a real queue, and the real reports of what came back."""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.peers.starting import Unavailable, answers_on, free_port

MASTER = Path("/usr/share/postfix/master.cf.dist")


@dataclass
class PostfixServer:
    port: int
    next_hop: int  # where all it takes, and all it reports, is sent on to
    log: Path


def programs() -> str:
    found = shutil.which("postfix") or shutil.which("postfix", path="/usr/sbin")
    if not found or not MASTER.exists():
        raise Unavailable("Postfix is not installed (apt-get install -y postfix)")
    if os.geteuid() != 0:
        raise Unavailable("Postfix is started by root alone")
    return found


def settle(place: Path, server: PostfixServer) -> None:
    """A configuration of its own: nothing of the machine's Postfix is read or changed."""
    owner = pwd.getpwnam("postfix")
    for name in ("queue", "data", "conf"):
        (place / name).mkdir()
    os.chown(place / "data", owner.pw_uid, owner.pw_gid)
    (place / "conf/main.cf").write_text(
        f"queue_directory = {place}/queue\ndata_directory = {place}/data\n"
        f"maillog_file = {server.log}\nmaillog_file_prefixes = {place}\n"
        "mail_owner = postfix\ninet_interfaces = 127.0.0.1\ninet_protocols = ipv4\n"
        "myhostname = relay.example\nmydestination =\nmynetworks = 127.0.0.0/8\n"
        f"default_transport = smtp:[127.0.0.1]:{server.next_hop}\n"
        "smtp_dns_support_level = disabled\nsmtp_host_lookup = native\n"
        "bounce_queue_lifetime = 0\ncompatibility_level = 3.6\nalias_maps =\n"
        "command_directory = /usr/sbin\ndaemon_directory = /usr/lib/postfix/sbin\n"
        "setgid_group = postdrop\nsmtpd_relay_restrictions = permit_mynetworks, reject\n"
    )
    (place / "conf/master.cf").write_text("\n".join(services(server.port)) + "\n")


def services(port: int) -> list[str]:
    lines = []
    for line in MASTER.read_text().splitlines():
        if not line or line.startswith(("#", " ", "\t")):
            continue
        words = line.split()
        if words[:2] == ["smtp", "inet"]:
            words[0] = f"127.0.0.1:{port}"
        words[4] = "n"  # no chroot
        lines.append(" ".join(words))
    if not any(line.startswith("postlog ") for line in lines):
        lines.append("postlog unix-dgram n - n - 1 postlogd")
    return lines


@contextmanager
def postfix(next_hop: int) -> Iterator[PostfixServer]:
    program = programs()
    with tempfile.TemporaryDirectory(prefix="postfix-") as folder:
        place = Path(folder)
        place.chmod(0o755)
        server = PostfixServer(free_port(), next_hop, place / "log")
        settle(place, server)
        conf = str(place / "conf")
        started = subprocess.run([program, "-c", conf, "start"], capture_output=True, text=True)
        if started.returncode:
            raise Unavailable(f"Postfix does not start: {started.stderr[-500:]}")
        try:
            wait_until_it_answers(server)
            yield server
        finally:
            subprocess.run([program, "-c", conf, "stop"], capture_output=True, timeout=30)


def wait_until_it_answers(server: PostfixServer) -> None:
    for _ in range(100):
        if answers_on(server.port):
            return
        time.sleep(0.1)
    said = server.log.read_text()[-500:] if server.log.exists() else "it wrote no log"
    raise Unavailable(f"Postfix does not answer: {said}")
