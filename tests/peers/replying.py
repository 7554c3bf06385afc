"""Replies on three networks until they stand in the inbox, while lines are cut and the worker is
killed. Prints what arrived, how often, in which order and how soon.

Mastodon's stand-in (mastodon-mock), the real Bluesky (PDS and AppView) and a real server of the
fediverse (Fedify). The desk says something there with its own worker, strangers answer it without
this desk, and the desk hears them with the same worker. A reply is public when its server took it,
and has arrived when a reader of the database sees it.

    python -m tests.peers.replying '{"replies": 30, "pace": 2, "breaks": 1, "networks": []}' FOLDER

With "url" on that database, else on SQLite.
"""

from __future__ import annotations

import json
import os
import signal
import statistics
import subprocess
import sys
import threading
import time
import urllib.error
from collections import Counter
from collections.abc import Callable, Sequence
from contextlib import ExitStack, closing
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import pairwise
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from tests.peers import peers
from tests.peers.gate import Gate
from tests.peers.starting import free_port, stop

CUT = 5.0  # seconds
PROMISED = 5.0  # seconds from public to the inbox, where nothing was broken meanwhile
STRANGERS = 5
OF_ONE_NOTE = 20
GIVE_UP = 180.0  # seconds after the last reply


@dataclass
class Network:
    """Where people write, and the line on which the desk hears it."""

    name: str
    gate: Gate
    channel: Any
    # What strangers do, once the desk has said something there: called with its delivery.
    begin: Callable[[Any], Callable[[int], None]]
    write: Callable[[int], None] = lambda n: None
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


def measured(
    folder: Path, *, url: str, networks: Sequence[str], replies: int, pace: float, breaks: int
) -> dict[str, Any]:
    with ExitStack() as stack:
        web_port = free_port()
        web = stack.enter_context(closing(Gate(web_port)))
        set_up(url, web.url, folder)
        opened = [OPEN[name](stack, web, replies) for name in networks]
        start(stack, web_command(web_port), folder / "web.log")
        worker = Worker(folder / "worker.log")
        stack.callback(worker.kill)
        worker.start()
        for network in opened:
            network.write = network.begin(said_in_public(network))
        for network in opened:
            until_heard(network)
        return {**watched(opened, worker, replies, pace, breaks), "cores": os.cpu_count()}


def set_up(url: str, site: str, folder: Path) -> None:
    os.environ |= {
        "COMMONGROUND_DATABASE_URL": url, "DJANGO_SETTINGS_MODULE": "commonground.settings",
        "COMMONGROUND_SITE_URL": site, "COMMONGROUND_HOSTS": "127.0.0.1",
        "COMMONGROUND_ALLOW_PRIVATE_ADDRESSES": "yes",
        "COMMONGROUND_RECORD_FOLDER": str(folder),
        "COMMONGROUND_STATIC_ROOT": str(folder / "static"), "COMMONGROUND_UNDO_SECONDS": "0",
    }  # fmt: skip
    import django

    django.setup()
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    call_command("collectstatic", interactive=False, verbosity=0)


def gate_to(stack: ExitStack, url: str) -> Gate:
    return stack.enter_context(closing(Gate(int(urlsplit(url).port or 0))))


def our_agency() -> Any:
    """One for all three accounts: at the web server's address the public meets the first alone."""
    from commonground.agency.models import Agency
    from tests import given

    return Agency.objects.first() or given.an_agency()


def on_mastodon(stack: ExitStack, _web: Gate, _replies: int) -> Network:
    from tests import given

    server = stack.enter_context(peers.mastodon_mock(people=STRANGERS))
    gate = gate_to(stack, server.url)
    names = [f"person{n}" for n in range(STRANGERS)]
    strangers = [peers.MastodonServer(server.url, name, name) for name in names]

    def begin(ours: Any) -> Callable[[int], None]:
        def write(n: int) -> None:
            said = {"status": f"@{server.username} Reply {n}", "in_reply_to_id": ours.network_id}
            strangers[n % STRANGERS].say("POST", "/api/v1/statuses", said)

        return write

    channel = given.a_channel(agency=our_agency(), network="mastodon", address=gate.url,
                              secrets={"token": server.token})  # fmt: skip
    return Network("mastodon", gate, channel, begin)


def on_bluesky(stack: ExitStack, _web: Gate, _replies: int) -> Network:
    from commonground.channels.networks.bluesky.tests.world import Person, until
    from tests import given

    server = stack.enter_context(peers.bluesky_network())
    gate = gate_to(stack, server.url)
    desk, strangers = Person(server), [Person(server) for _ in range(STRANGERS)]

    def begin(ours: Any) -> Callable[[int], None]:
        """The AppView has read what it is about: a reply that it saw before would not be told."""

        def seen() -> Any:
            found = server.call(
                "app.bsky.feed.getPosts", token=strangers[0].token, uris=ours.network_id
            )
            return found["posts"]

        post = until(seen, bool)[0]
        place = {"uri": post["uri"], "cid": post["cid"]}

        def write(n: int) -> None:
            strangers[n % STRANGERS].writes(f"Reply {n}", place)

        return write

    channel = given.a_channel(agency=our_agency(), network="bluesky", address=gate.url,
                              handle=desk.account.handle,
                              secrets={"app_password": desk.account.password})  # fmt: skip
    return Network("bluesky", gate, channel, begin)


def on_fedify(stack: ExitStack, web: Gate, replies: int) -> Network:
    """One stranger. Whoever floods one note of ours is not heard further there, so they answer
    others of ours after twenty."""
    from commonground.channels.networks.fediverse.models import Note
    from commonground.channels.networks.fediverse.tests.world import a_note, actor_of, an_account

    server = stack.enter_context(peers.fedify("rfc9421"))
    account = an_account(agency=our_agency())
    actor = actor_of(account)
    older = [a_note(account, f"Closed, {n}.").id_url for n in range(replies // OF_ONE_NOTE)]

    def begin(ours: Any) -> Callable[[int], None]:
        notes = [*older, Note.objects.select_related("actor").get(key=ours.network_id).id_url]

        def write(n: int) -> None:
            """Its server tries again until we took it; it is public from the first time on."""
            network.public.setdefault(n, time.time())
            while True:
                try:
                    server.do("reply", who=actor.id_url, to=notes[-1 - n // OF_ONE_NOTE],
                              text=f"Reply {n}", n=str(n))  # fmt: skip
                    return
                except urllib.error.HTTPError:
                    time.sleep(0.5)

        return write

    network = Network("fedify", web, actor.channel, begin)
    return network


OPEN: dict[str, Callable[[ExitStack, Gate, int], Network]] = {
    "mastodon": on_mastodon, "bluesky": on_bluesky, "fedify": on_fedify,
}  # fmt: skip


def said_in_public(network: Network) -> Any:
    """A post of ours went the way of every post, and was seen there: its delivery."""
    from commonground.answer.tests.world import an_answerer
    from tests import given

    author = an_answerer(network.channel)
    post = given.an_approved_post(channels=[network.channel], by=author, text="It is closed.")
    return waited(
        lambda: post.variants.get().deliveries.filter(seen_at__isnull=False).first(),
        f"nothing was said on {network.name}",
    )


def waited(look: Callable[[], Any], trouble: str, seconds: float = 300) -> Any:
    give_up = time.monotonic() + seconds
    while not (found := look()):
        if time.monotonic() > give_up:
            sys.exit(trouble)
        time.sleep(0.1)
    return found


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


def until_heard(network: Network, since: float | None = None) -> float:
    """The desk has asked there since, and was answered. When that was, by the database's clock."""
    from commonground.answer.models import Line

    line = Line.objects.filter(channel=network.channel)
    if since:
        line = line.filter(heard_at__gt=datetime.fromtimestamp(since, UTC))
    found = waited(
        lambda: line.filter(heard_at__isnull=False).values_list("heard_at", flat=True).first(),
        f"nothing is heard on {network.name}",
    )
    return float(found.timestamp())


def watched(
    networks: list[Network], worker: Worker, replies: int, pace: float, breaks: int
) -> dict[str, Any]:
    used, over = {n.name: n.gate.used for n in networks}, threading.Event()
    writers = [threading.Thread(target=n.write_all, args=(replies, pace)) for n in networks]
    reader = threading.Thread(target=read, args=(networks, over))
    began = time.time()
    for thread in (*writers, reader):
        thread.start()
    breaks_seen = broken_lines(networks, worker, replies / pace, breaks, began)
    for thread in writers:
        thread.join()
    minutes = (time.time() - began) / 60
    give_up = time.monotonic() + GIVE_UP
    while any(len(n.arrived) < replies for n in networks) and time.monotonic() < give_up:
        time.sleep(0.2)
    time.sleep(2)  # for what would come a second time
    over.set()
    reader.join()
    told = {n.name: figures(n, replies, breaks_seen) for n in networks}
    for n in networks:
        told[n.name]["questions_a_minute"] = round((n.gate.used - used[n.name]) / minutes, 1)
    return {"networks": told, "breaks": breaks_seen, "replies_a_second": pace,
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
            again = time.time()
            told += [broken("the worker", n.name, at, until_heard(n, again)) for n in networks]
        else:
            act.gate.shut()
            time.sleep(CUT)
            act.gate.is_open = True
            told.append(broken("the line", act.name, at, time.time()))
    return told


def broken(what: str, network: str, at: float, until: float) -> dict[str, Any]:
    """A worker is back when it was answered there; a line, when it is joined again."""
    return {"what": what, "network": network, "from": at, "until": until,
            "seconds": round(until - at, 1)}  # fmt: skip


def figures(network: Network, replies: int, breaks: list[dict[str, Any]]) -> dict[str, Any]:
    """`up`: nothing was broken there from when it was public until it should have been here."""
    times = Counter(network.order)
    told = [n for n in network.arrived if n in network.public]
    waits = {n: network.arrived[n] - network.public[n] for n in told}
    ours = [b for b in breaks if b["network"] == network.name]

    def is_up(n: int) -> bool:
        at = network.public[n]
        return not any(b["from"] <= at + PROMISED and at <= b["until"] for b in ours)

    up = [wait for n, wait in waits.items() if is_up(n)]
    cut = [wait for n, wait in waits.items() if not is_up(n)]
    in_order = network.order == sorted(network.order)
    return {
        "written": len(network.public), "arrived": len(times), "trouble": network.trouble,
        "lost": replies - len(times), "twice": sum(many - 1 for many in times.values()),
        "out_of_order": sum(a > b for a, b in pairwise(network.order)),
        "whole": len(times) == replies == len(network.order) and in_order,
        "all": spread(list(waits.values())), "up": spread(up), "cut": spread(cut),
    }  # fmt: skip


def spread(waits: list[float]) -> dict[str, float]:
    """Seconds from public to the inbox."""
    if not waits:
        return {"replies": 0}
    waits = sorted(waits)
    p95 = waits[int(0.95 * (len(waits) - 1))]
    found = {"p50_s": statistics.median(waits), "p95_s": p95, "most_s": waits[-1]}
    return {"replies": len(waits), **{name: round(value, 2) for name, value in found.items()}}


def main() -> None:
    wish, folder = json.loads(sys.argv[1]), Path(sys.argv[2])
    wish.setdefault("url", f"sqlite:///{folder}/desk.sqlite3")
    sys.stdout.write(json.dumps(measured(folder, **wish)) + "\n")


if __name__ == "__main__":
    main()
