"""`commonground up`: a whole small desk as one process and its children."""

from __future__ import annotations

import hashlib
import os
import signal
import sys
from argparse import ArgumentParser
from ipaddress import ip_address
from pathlib import Path
from threading import Event
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.auth import get_user_model
from django.contrib.staticfiles.finders import get_finders
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError, connection

from commonground.kit.supervising import Child, keep
from commonground.kit.upkeep import mark
from commonground.kit.upkeep.copying import in_the_way, product
from commonground.kit.upkeep.versions import applied, unapplied

A_PERSON_MUST_SEE = 78  # EX_CONFIG of sysexits.h; the units in deploy/ do not start us again
LAID_OUT = "laid-out-for"  # in the folder of static files: what they were collected from


class Command(BaseCommand):
    help = "Run the whole desk on this machine: pages, worker, listener. Ends all on SIGTERM."
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--host", default="127.0.0.1", help="where pages are answered")
        parser.add_argument("--port", type=int, default=8000)
        parser.add_argument(
            "--web", type=int, default=1, metavar="N", help="how many processes answer pages"
        )
        parser.add_argument("--no-listener", action="store_true", help="hear no sources here")

    def handle(self, *args: Any, **options: Any) -> None:
        must_not_be_open(settings.ENV.site_url)
        if left := mark.standing():
            raise CommandError(in_the_way(left))
        self.make_ready()
        connection.close()
        over = Event()
        for name in (signal.SIGTERM, signal.SIGINT):
            signal.signal(name, lambda *_: over.set())
        children = [web(options["host"], options["port"], options["web"]), ours("worker", "work")]
        if not options["no_listener"]:
            children.append(ours("listener", "hear", "listen"))
        self.stdout.write(f"The desk is at {settings.ENV.site_url} (this is {product()}).")
        self.stdout.flush()
        keep(children, over)

    def make_ready(self) -> None:
        if waiting := unapplied():
            if in_use():  # people work on it: with a copy, a trial and a way back
                self.bring_over()
            else:
                self.stdout.write(f"A new database: {len(waiting)} migrations.")
                call_command("migrate", interactive=False, verbosity=0)
        lay_out_files()

    def bring_over(self) -> None:
        """Whoever looks after us must not try it again and again: each time is a copy, and some
        minutes in which nothing is sent."""
        try:
            call_command("upgrade", stdout=self.stdout, stderr=self.stderr)
        except CommandError as why:
            raise CommandError(str(why), returncode=A_PERSON_MUST_SEE) from why


def in_use() -> bool:
    """Whether anybody has a place here. A first start that was stopped midway left some tables,
    and nobody's work in them."""
    try:
        return bool(applied()) and get_user_model().objects.exists()
    except DatabaseError:
        return False


def must_not_be_open(site: str) -> None:
    """Passwords and cookies never travel in the open. Raises CommandError."""
    at = urlsplit(site)
    if at.scheme == "https" or is_here(at.hostname or ""):
        return
    raise CommandError(
        f"COMMONGROUND_SITE_URL is {site}: sign-ins would travel in the open. Put a web server "
        "with TLS before the desk, and give the address that begins with https://. Without TLS the "
        "desk runs at http://localhost only."
    )


def is_here(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False


def ours(name: str, *words: str) -> Child:
    return Child(name, [sys.executable, "-m", "commonground", *words])


def web(host: str, port: int, workers: int) -> Child:
    # Open pages keep a line open; without the limit each stop would wait for all of them.
    command = [
        str(Path(sys.executable).with_name("granian")), "--interface", "asginl", "--host", host,
        "--port", str(port), "--workers", str(workers), "--workers-kill-timeout", "3",
        "--respawn-failed-workers", "--log-level", "warning", "commonground.asgi:application",
    ]  # fmt: skip
    return Child("web", command)


def lay_out_files() -> None:
    """Collect style sheets and scripts where they are not those of this version: it takes seconds,
    and a desk that comes back after a failure has none to lose."""
    note, wanted = Path(settings.STATIC_ROOT) / LAID_OUT, files_told()
    if note.exists() and note.read_text() == wanted:
        return
    call_command("collectstatic", interactive=False, verbosity=0, clear=False)
    note.write_text(wanted)


def files_told() -> str:
    found = hashlib.sha256(product().encode())
    for finder in get_finders():
        for path, storage in finder.list([]):
            told = os.stat(storage.path(path))
            found.update(f"{path} {told.st_size} {told.st_mtime_ns}\n".encode())
    return found.hexdigest()
