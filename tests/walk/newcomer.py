"""Somebody with a terminal and a home of their own, in which nothing of ours lies."""

from __future__ import annotations

import contextlib
import ctypes
import os
import re
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from typing import ClassVar
from urllib.parse import urlencode, urljoin, urlsplit

from tests.walk.set_aside import WHOLE_WALK, set_aside
from tests.walk.told import ROOT, told_on

# How a machine reaches its package index, which is the machine's business and not the walk's.
NETWORK = ("PIP_", "UV_", "SSL_CERT", "HTTP_PROXY", "HTTPS_PROXY", "NO_PROXY", "http_proxy",
           "https_proxy", "no_proxy")  # fmt: skip
# A shell that says what it exports, so that the next command of the page finds it.
SHELL = "set -eu -o pipefail\ntrap 'env -0 > \"$WALK_ENV\"' EXIT\n"


class Newcomer:
    """What they do, one command after the other, each with what the ones before it exported.

    `instead`: what stands in a page for something of the reader's own (a folder, a name, a port).
    """

    typed: ClassVar[set[str]] = set()  # by all of them, in this run

    def __init__(self, home: Path, folder: Path, *, instead: dict[str, str]) -> None:
        self.folder, self.instead = folder, instead
        self.kept = home / "exported"
        self.env = an_environment(home)

    def types(self, command: str, *, seconds: float = 400) -> str:
        """What it prints, errors too. What does not end with 0 fails the walk, and is told."""
        done = subprocess.run(
            ["bash", "-c", SHELL + self.of_their_own(command)], cwd=self.folder, env=self.env,
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
            timeout=seconds, check=False,
        )  # fmt: skip
        assert done.returncode == 0, f"{command}\nended with {done.returncode}:\n{done.stdout}"
        self.take_over()
        return done.stdout

    def follows(self, page: str, *, until: str = "", after: str = "", **how: float) -> str:
        """All commands of a page that are not set aside: those after one of them, until another;
        and what they print."""
        told = [one for one in told_on(page) if one.first not in set_aside()]
        known = [one.first for one in told]
        first = known.index(after) + 1 if after else 0
        last = known.index(until) if until else len(known)
        return "".join(self.types(one.command, **how) for one in told[first:last])

    @contextlib.contextmanager
    def leaves_running(
        self, command: str, *, ready: Callable[[str], bool], seconds: float = 400,
        ends_with: signal.Signals = signal.SIGTERM,
    ) -> Iterator[Callable[[], str]]:  # fmt: skip
        """In another terminal, until it is told to stop, which it does by itself and with 0."""
        said = self.kept.with_name(f"{time.monotonic_ns()}.said")
        with said.open("wb") as out:
            child = subprocess.Popen(
                ["bash", "-c", f"exec {self.of_their_own(command)}"], cwd=self.folder, env=self.env,
                stdin=subprocess.DEVNULL, stdout=out, stderr=out, start_new_session=True,
                preexec_fn=end_with_us,
            )  # fmt: skip
        try:
            give_up = time.monotonic() + seconds
            while not ready(said.read_text(errors="replace")):
                assert child.poll() is None, f"{command} ended:\n{said.read_text()}"
                assert time.monotonic() < give_up, f"{command} is not ready:\n{said.read_text()}"
                time.sleep(0.2)
            yield lambda: said.read_text(errors="replace")
            child.send_signal(ends_with)
            assert child.wait(180) == 0, said.read_text()
        finally:
            if child.poll() is None:
                os.killpg(child.pid, signal.SIGKILL)
                child.wait()

    def of_their_own(self, command: str) -> str:
        self.typed.add(command)
        for words, own in self.instead.items():
            command = re.sub(re.escape(words) + r"(?!\w)", lambda _, own=own: own, command)
        return command

    def take_over(self) -> None:
        pairs = (pair.split("=", 1) for pair in self.kept.read_text().split("\0") if "=" in pair)
        self.env = {name: held for name, held in pairs if name not in ("_", "SHLVL", "PWD")}


def end_with_us() -> None:
    """Told to stop when we die, however we die: no walk leaves a desk behind."""
    told_at_death = 1  # PR_SET_PDEATHSIG of prctl(2)
    ctypes.CDLL(None).prctl(told_at_death, signal.SIGTERM)


def an_environment(home: Path) -> dict[str, str]:
    """A home that is empty, and the programs of the machine without this project's own."""
    base = Path(getattr(sys, "_base_executable", sys.executable)).parent
    # The shims of version managers look into a home that is not there.
    path = [str(base), *(p for p in os.environ["PATH"].split(os.pathsep) if "venv" not in p)]
    passed = {name: held for name, held in os.environ.items() if name.startswith(NETWORK)}
    if (own := Path.home() / ".config/pip/pip.conf").exists():
        passed["PIP_CONFIG_FILE"] = str(own)
    return {
        "PATH": os.pathsep.join(path), "HOME": str(home), "LANG": "C.UTF-8",
        "WALK_ENV": str(home / "exported"), **passed, **caches(),
    }  # fmt: skip


def caches() -> dict[str, str]:
    """What this machine fetched before is not fetched again, but for the whole walk."""
    if WHOLE_WALK:
        return {}
    return {
        "UV_CACHE_DIR": os.environ.get("UV_CACHE_DIR", str(Path.home() / ".cache/uv")),
        "PIP_CACHE_DIR": os.environ.get("PIP_CACHE_DIR", str(Path.home() / ".cache/pip")),
    }


def a_clone(place: Path) -> Path:
    """A clean clone of what stands here, with what is not committed yet, and nothing else."""
    git = shutil.which("git") or "git"

    def ask(*words: str, at: Path = ROOT, must: bool = True) -> str:
        done = subprocess.run(
            [git, *words], cwd=at, capture_output=True, text=True, check=must, timeout=60
        )
        return done.stdout.strip()

    # Where nothing is left to commit it says nothing, or ends with 1.
    ours = ("-c", "user.name=x", "-c", "user.email=x@x.example", "stash", "create")
    standing = ask(*ours, must=False) or ask("rev-parse", "HEAD")
    ask("clone", "-q", "--shared", "--no-checkout", str(ROOT), str(place))
    ask("checkout", "-q", "-B", "main", standing, at=place)
    return place


class Browser:
    """As much of one as is needed to sign in: it keeps cookies and sends back hidden fields."""

    def __init__(self, port: int, host: str) -> None:
        self.port, self.host = port, host
        self.cookies: dict[str, str] = {}

    def get(self, path: str) -> tuple[int, str]:
        return self.asked("GET", path)

    def post(self, path: str, **typed: str) -> tuple[int, str]:
        """The form at that address, filled in."""
        _, page = self.get(path)
        token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page)
        assert token, page
        sent = {"csrfmiddlewaretoken": token[1], **typed}
        return self.asked("POST", self.at, urlencode(sent))

    def asked(self, method: str, path: str, body: str | None = None) -> tuple[int, str]:
        for _ in range(6):
            status, leads, page = self.one(method, path, body)
            self.at = path
            if status not in (301, 302, 303):
                return status, page
            at = urlsplit(urljoin(path, leads))
            method, body = "GET", None
            path = at.path + (f"?{at.query}" if at.query else "")
        raise AssertionError(f"{path} leads nowhere")

    def one(self, method: str, path: str, body: str | None) -> tuple[int, str, str]:
        line = HTTPConnection("127.0.0.1", self.port, timeout=60)
        headers = {
            "Host": self.host,
            "Cookie": "; ".join(f"{name}={held}" for name, held in self.cookies.items()),
        }
        if body is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        line.request(method, path, body=body, headers=headers)
        answer = line.getresponse()
        for name, held in answer.getheaders():
            if name.lower() == "set-cookie":
                key, _, value = held.partition(";")[0].partition("=")
                self.cookies[key] = value
        page = answer.read().decode()
        line.close()
        return answer.status, answer.headers.get("Location", ""), page

    def answers(self, path: str) -> bool:
        try:
            return self.one("GET", path, None)[0] == 200
        except (OSError, HTTPException):
            return False
