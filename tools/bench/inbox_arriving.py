"""A thousand replies on each of three networks, while lines are cut and the worker is killed.

Mastodon's stand-in (mastodon-mock), the real Bluesky (PDS and AppView) and a real server of the
fediverse (Fedify). People write to them without this desk; the desk hears them with its own worker,
on PostgreSQL. A reply is public when its server took it, and has arrived when a reader of the
database sees it.
"""

from __future__ import annotations

import os
import signal
import statistics
import subprocess
import sys
import tempfile
import threading
import time
import urllib.error
from collections import Counter
from collections.abc import Callable, Sequence
from contextlib import ExitStack, closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from tests.peers import peers
from tests.peers.starting import free_port, stop

from tools.bench.inbox_gate import Gate

CUT = 5.0  # seconds
AFTERWARDS = 25.0  # seconds after a break in which figures are not called calm
OF_ONE_NOTE = 20
GIVE_UP = 180.0  # seconds after the last reply


@dataclass
class Network:
    """Where people write, and the line on which the desk hears it."""

    name: str
    gate: Gate
    write: Callable[[int], None]
    channel: Any = None
    public: dict[int, float] = field(default_factory=dict)  # number -> when it was public
    arrived: dict[int, float] = field(default_factory=dict)
    order: list[int] = field(default_factory=list)  # numbers in the order of the inbox
    trouble: list[str] = field(default_factory=list)

    def write_all(self, many: int, pace: float) -> None:
        try:
            start = time.time()
            for n in range(many):
                time.sleep(max(0.0, start + n / pace - time.time()))
                self.write(n)
                self.public.setdefault(n, time.time())
        except Exception as error:
            self.trouble.append(f"after {len(self.public)}: {error!r}")


def measured(replies: int, pace: float, breaks: int) -> dict[str, Any]:
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="inbox-")))
        database = stack.enter_context(peers.postgresql())
        web_port = free_port()
        web = stack.enter_context(closing(Gate(web_port)))
        set_up(database.url(), web.url, folder)
        networks = [on_mastodon(stack), on_bluesky(stack), on_fedify(stack, web, replies)]
        start(stack, web_command(web_port), folder / "web.log")
        worker = Worker(folder / "worker.log")
        stack.callback(worker.kill)
        worker.start()
        for network in networks:
            until_heard(network)
        return {**watched(networks, worker, replies, pace, breaks), "cores": os.cpu_count()}


def set_up(url: str, site: str, folder: Path) -> None:
    os.environ |= {
        "COMMONGROUND_DATABASE_URL": url, "DJANGO_SETTINGS_MODULE": "commonground.settings",
        "COMMONGROUND_SITE_URL": site, "COMMONGROUND_HOSTS": "127.0.0.1",
        "COMMONGROUND_ALLOW_PRIVATE_ADDRESSES": "yes",
        "COMMONGROUND_RECORD_FOLDER": str(folder),
        "COMMONGROUND_STATIC_ROOT": str(folder / "static"),
    }  # fmt: skip
    import django

    django.setup()
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    call_command("collectstatic", interactive=False, verbosity=0)


def gate_to(stack: ExitStack, url: str) -> Gate:
    return stack.enter_context(closing(Gate(int(urlsplit(url).port or 0))))


def on_mastodon(stack: ExitStack) -> Network:
    from tests import given

    server = stack.enter_context(peers.mastodon_mock())
    gate = gate_to(stack, server.url)
    ours = server.say("POST", "/api/v1/statuses", {"status": "The bridge is closed."})
    made = server.say("POST", "/api/v1/_mock/dev_user", {"username": "ana"})
    ana = peers.MastodonServer(server.url, made.get("access_token") or made["token"], "ana")
    channel = given.a_channel(network="mastodon", address=gate.url, secrets={"token": server.token})

    def write(n: int) -> None:
        said = {"status": f"@{server.username} Reply {n}", "in_reply_to_id": ours["id"]}
        ana.say("POST", "/api/v1/statuses", said)

    return Network("mastodon-mock", gate, write, channel)


def on_bluesky(stack: ExitStack) -> Network:
    from tests import given

    from commonground.channels.networks.bluesky.tests.world import Person

    server = stack.enter_context(peers.bluesky_network())
    gate = gate_to(stack, server.url)
    desk, ana = Person(server), Person(server)
    ours = desk.says("The bridge is closed.")
    channel = given.a_channel(network="bluesky", address=gate.url, handle=desk.account.handle,
                              secrets={"app_password": desk.account.password})  # fmt: skip

    def write(n: int) -> None:
        ana.writes(f"Reply {n}", ours)

    return Network("bluesky", gate, write, channel)


def on_fedify(stack: ExitStack, web: Gate, replies: int) -> Network:
    from commonground.channels.networks.fediverse.tests.world import a_note, actor_of, an_account

    server = stack.enter_context(peers.fedify("rfc9421"))
    account = an_account()
    actor = actor_of(account)
    # Whoever floods one note of ours is not heard further there: they answer another one.
    notes = [a_note(account, f"Closed, {n}.").id_url for n in range(replies // OF_ONE_NOTE + 1)]

    def write(n: int) -> None:
        """Its server tries again until we took it; it is public from the first time on."""
        network.public.setdefault(n, time.time())
        while True:
            try:
                server.do("reply", who=actor.id_url, to=notes[n // OF_ONE_NOTE], text=f"Reply {n}",
                          n=str(n))  # fmt: skip
                return
            except urllib.error.HTTPError:
                time.sleep(0.5)

    network = Network("fedify", web, write, actor.channel)
    return network


class Worker:
    """The desk's own worker, as a process that can be killed."""

    def __init__(self, log: Path) -> None:
        self.log, self.process = log, None

    process: subprocess.Popen[bytes] | None

    def start(self) -> None:
        with self.log.open("ab") as log:
            command = [sys.executable, "-m", "commonground", "work"]
            self.process = subprocess.Popen(command, stdout=log, stderr=log)

    def kill(self) -> None:
        if self.process:
            self.process.send_signal(signal.SIGKILL)
            self.process.wait()


def web_command(port: int) -> list[str]:
    granian = str(Path(sys.executable).with_name("granian"))
    return [granian, "--interface", "asginl", "--host", "127.0.0.1", "--port", str(port),
            "--no-ws", "--workers", "1", "commonground.asgi:application"]  # fmt: skip


def start(stack: ExitStack, command: Sequence[str], log: Path) -> None:
    said = stack.enter_context(log.open("wb"))
    process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=said, stderr=said)
    stack.callback(stop, process, signal.SIGTERM)


def until_heard(network: Network) -> None:
    """The desk has found the channel and asked there once: from then on it is measured."""
    from commonground.answer.models import Line

    give_up = time.monotonic() + 600
    while not Line.objects.filter(channel=network.channel, heard_at__isnull=False).exists():
        if time.monotonic() > give_up:
            line = Line.objects.filter(channel=network.channel).first()
            sys.exit(f"nothing is heard on {network.name}: {line and line.trouble}")
        time.sleep(0.3)


def watched(
    networks: list[Network], worker: Worker, replies: int, pace: float, breaks: int
) -> dict[str, Any]:
    used, over = {n.name: n.gate.used for n in networks}, threading.Event()
    writers = [threading.Thread(target=n.write_all, args=(replies, pace)) for n in networks]
    reader = threading.Thread(target=read, args=(networks, over))
    began = time.time()
    for thread in (*writers, reader):
        thread.start()
    broken = broken_lines(networks, worker, replies / pace, breaks, began)
    for thread in writers:
        thread.join()
    minutes = (time.time() - began) / 60
    give_up = time.monotonic() + GIVE_UP
    while any(len(n.arrived) < replies for n in networks) and time.monotonic() < give_up:
        time.sleep(0.2)
    time.sleep(2)  # for what would come a second time
    over.set()
    reader.join()
    told = {n.name: figures(n, replies, broken) for n in networks}
    for n in networks:
        told[n.name]["questions_a_minute"] = round((n.gate.used - used[n.name]) / minutes, 1)
    return {"networks": told, "breaks": broken, "replies_a_second": pace,
            "all_arrived_once_in_order": all(t["whole"] for t in told.values())}  # fmt: skip


def read(networks: list[Network], over: threading.Event) -> None:
    """Every tenth of a second, what stands in the inbox now that did not before."""
    from django.db import connection

    from commonground.answer.models import Message

    of, seen = {n.channel.pk: n for n in networks}, set[int]()
    while not over.is_set():
        low = max(seen, default=0) - 500  # two transactions may end in another order
        fresh = Message.objects.filter(pk__gt=low).exclude(pk__in=[s for s in seen if s > low])
        for message in fresh.select_related("conversation").order_by("pk"):
            seen.add(message.pk)
            number = number_in(message)
            network = of[message.conversation.channel_id]
            network.arrived.setdefault(number, time.time())
        time.sleep(0.1)
    for message in Message.objects.select_related("conversation").order_by("pk"):
        of[message.conversation.channel_id].order.append(number_in(message))
    connection.close()


def number_in(message: Any) -> int:
    """Which reply it is; -1 where its words are gone, which is a fault by itself."""
    last = message.said.get("text", "").split()[-1:]
    return int(last[0]) if last and last[0].isdecimal() else -1


def broken_lines(
    networks: list[Network], worker: Worker, seconds: float, breaks: int, began: float
) -> list[dict[str, Any]]:
    """Each line is cut so many times, and the worker is killed as often, one after the other."""
    acts: list[Any] = [*networks, worker] * breaks
    told = []
    for n, act in enumerate(acts, 1):
        time.sleep(max(0.0, began + seconds * n / (len(acts) + 1) - time.time()))
        at = time.time()
        if isinstance(act, Worker):
            act.kill()
            time.sleep(1)
            act.start()
        else:
            act.gate.shut()
            time.sleep(CUT)
            act.gate.is_open = True
        what = "the worker" if isinstance(act, Worker) else act.name
        told.append({"what": what, "at": round(at - began, 1), "from": at, "until": time.time()})
    return told


def figures(network: Network, replies: int, broken: list[dict[str, Any]]) -> dict[str, Any]:
    times = Counter(network.order)
    told = [n for n in network.arrived if n in network.public]
    waits = {n: network.arrived[n] - network.public[n] for n in told}
    ours = [b for b in broken if b["what"] in (network.name, "the worker")]

    def is_calm(n: int) -> bool:
        at = network.public[n]
        return not any(b["from"] - 1 <= at <= b["until"] + AFTERWARDS for b in ours)

    calm = [wait for n, wait in waits.items() if is_calm(n)]
    in_order = network.order == sorted(network.order)
    return {
        "written": len(network.public), "arrived": len(times), "trouble": network.trouble,
        "twice": sum(1 for many in times.values() if many > 1), "in_order": in_order,
        "whole": len(times) == replies == len(network.order) and in_order,
        "all": spread(list(waits.values())), "calm": {"replies": len(calm), **spread(calm)},
    }  # fmt: skip


def spread(waits: list[float]) -> dict[str, float]:
    if not waits:
        return {}
    waits = sorted(waits)
    at = {name: waits[int(part * (len(waits) - 1))] for name, part in
          (("p95_s", 0.95), ("most_s", 1.0))}  # fmt: skip
    middle = statistics.median(waits)
    return {name: round(value, 2) for name, value in {"p50_s": middle, **at}.items()}
