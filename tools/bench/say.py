"""An urgent post to many accounts on three networks, from its approval to the last one seen.

./run bench say [--accounts 300] [--database postgresql] [--json FILE]

The networks are real servers on loopback: mastodon-mock, a Bluesky PDS, our own newsroom; the
worker is `commonground work`. Beside it, in the same run and on the same servers, a naive queue
worker: it takes one delivery after the other, asks the network, believes its answer, and goes on.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import signal
import subprocess
import sys
import tempfile
import time
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from tests.peers import peers

ROOT = Path(__file__).parents[2]
GIVE_UP_AFTER = 900.0  # seconds


def main(words: list[str]) -> None:
    asked = argparse.ArgumentParser(prog="./run bench say", description=__doc__.split("\n")[0])
    asked.add_argument("--accounts", type=int, default=300, help="on each network")
    asked.add_argument("--database", choices=["sqlite", "postgresql"], default="sqlite")
    asked.add_argument("--json", type=Path, help="also write the figures to this file")
    asked.add_argument("--without", action="append", default=[], help="leave a network out")
    wish = asked.parse_args(words)
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="bench-say-")))
        url = f"sqlite:///{folder}/desk.sqlite3"
        if wish.database == "postgresql":
            url = stack.enter_context(peers.postgresql()).url()
        set_up(url)
        logins = open_networks(stack, wish.without, wish.accounts)
        figures = {"accounts": wish.accounts, "networks": sorted(logins),
                   "database": wish.database, "cores": os.cpu_count(),
                   "load": os.getloadavg()[0]}  # fmt: skip
        figures["desk"] = measure(logins, "An urgent post: leave now.")
        figures["naive queue"] = naive(logins)
    show(figures)
    if wish.json:
        wish.json.write_text(json.dumps(figures, indent=2) + "\n")


def set_up(url: str) -> None:
    os.environ |= {
        "COMMONGROUND_DATABASE_URL": url, "COMMONGROUND_UNDO_SECONDS": "0",
        "DJANGO_SETTINGS_MODULE": "tests.settings",
    }  # fmt: skip
    import django

    django.setup()
    from django.core.management import call_command

    call_command("migrate", verbosity=0)


def open_networks(
    stack: ExitStack, without: list[str], accounts: int
) -> dict[str, list[dict[str, Any]]]:
    """How each account on each network is signed in. What cannot start is said and left out."""
    logins: dict[str, list[dict[str, Any]]] = {}
    if "site" not in without:
        logins["site"] = [{} for _ in range(accounts)]
    if "mastodon" not in without:
        server = stack.enter_context(peers.mastodon_mock(accounts))
        logins["mastodon"] = [
            {"address": server.url, "secrets": {"token": f"person{n}"}} for n in range(accounts)
        ]
    if "bluesky" not in without:
        try:
            pds = stack.enter_context(peers.bluesky_pds())
        except peers.Unavailable as why:
            sys.stderr.write(f"!! without Bluesky: {why}\n")
        else:
            logins["bluesky"] = [
                {"address": pds.url, "handle": one.handle,
                 "secrets": {"app_password": one.password}}
                for one in (pds.account() for _ in range(accounts))
            ]  # fmt: skip
    return logins


def a_post_to_all(logins: dict[str, list[dict[str, Any]]], text: str) -> Any:
    from tests import given

    from commonground.say.actions import submit

    agency = given.an_agency()
    author = given.a_member(agency=agency)
    channels = [
        given.a_channel(agency=agency, authorised=[author], network=network, **login)
        for network, accounts in logins.items()
        for login in accounts
    ]
    post = given.a_post(by=author, channels=channels, text=text, urgent=True)
    return submit(post, by=author)


def measure(logins: dict[str, list[dict[str, Any]]], text: str) -> dict[str, Any]:
    from django.utils import timezone
    from tests import given

    from commonground.say.actions import approve
    from commonground.say.models import Delivery

    post = a_post_to_all(logins, text)
    approver = given.an_approver(post)
    worker = subprocess.Popen([sys.executable, "-m", "commonground", "work"], cwd=ROOT)
    try:
        has_been_running_for_a_while(worker, post)
        read = post.digest
        began = timezone.now()
        approve(post, read=read, by=approver)
        give_up = time.monotonic() + GIVE_UP_AFTER
        mine = Delivery.objects.filter(variant__post=post)
        while mine.unfinished().exists() and time.monotonic() < give_up:
            time.sleep(0.5)
    finally:
        worker.send_signal(signal.SIGTERM)
        worker.wait(120)
    when = mine.filter(state="sent").values_list("seen_at", flat=True)
    seen = sorted((at - began).total_seconds() for at in when)
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return spread(seen, mine.count()) | {"cpu_seconds_of_children": round(
        used.ru_utime + used.ru_stime, 1)}  # fmt: skip


def has_been_running_for_a_while(worker: subprocess.Popen[bytes], post: Any) -> None:
    """Which is what an agency has: it has signed in everywhere, and read what is in the record."""
    from commonground.answer.models import Line
    from commonground.record.models import Entry, Tree
    from commonground.say.models import Shift

    variants = post.variants.select_related("channel")
    heard = [v.channel_id for v in variants if v.channel.kind.hears]
    lines = Line.objects.filter(channel__in=heard, heard_at=None, trouble="")
    give_up = time.monotonic() + GIVE_UP_AFTER
    while worker.poll() is None and time.monotonic() < give_up:
        read = (Tree.objects.first() or Tree()).indexed
        if (
            Shift.objects.filter(pid=worker.pid).exists()
            and Line.objects.filter(channel__in=heard).count() == len(heard)
            and not lines.exists()
            and not Entry.objects.filter(number__gt=read).exists()
        ):
            return
        time.sleep(1)


def naive(logins: dict[str, list[dict[str, Any]]]) -> dict[str, Any]:
    """What a queue with one worker does: ask, believe, next. Nothing is looked at."""
    from django.utils import timezone

    from commonground.say.models import Delivery
    from commonground.say.tasks.carrying import message_of

    post = a_post_to_all(logins, "The same post, from a naive queue.")
    for variant in post.variants.select_related("channel"):
        variant.channel.adapter().prove()  # it too has been running for a while
    answered, began, cpu = [], time.monotonic(), time.process_time()
    for variant in post.variants.select_related("channel"):
        adapter = variant.channel.adapter()
        adapter.publish(message_of(Delivery(variant=variant)), key=adapter.new_key(timezone.now()))
        answered.append(time.monotonic() - began)
    cpu = time.process_time() - cpu
    return spread(answered, len(answered)) | {"cpu_seconds": round(cpu, 1)}


def spread(seconds: list[float], wanted: int) -> dict[str, Any]:
    if not seconds:
        return {"wanted": wanted, "seen": 0}
    at = lambda share: round(seconds[min(int(share * len(seconds)), len(seconds) - 1)], 2)  # noqa: E731
    return {
        "wanted": wanted, "seen": len(seconds), "first": at(0), "p50": at(0.5), "p99": at(0.99),
        "last": round(seconds[-1], 2), "per_second": round(len(seconds) / seconds[-1], 1),
    }  # fmt: skip


def show(figures: dict[str, Any]) -> None:
    rows = ("wanted", "seen", "first", "p50", "p99", "last", "per_second")
    print(f"{'':12}" + "".join(f"{row:>12}" for row in rows))
    for name in ("desk", "naive queue"):
        print(f"{name:12}" + "".join(f"{figures[name].get(row, ''):>12}" for row in rows))
    print(json.dumps(figures))
