"""What whoever runs a desk must watch: each room tells its own figures, and who is at work for it.

A room's `gauges.py` registers them here; this file knows no room. A figure is a number, or one
number for each of a few words: never a person, an address, or anything a stranger can add to.
"""

from __future__ import annotations

import logging
import os
import socket
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from importlib import import_module
from importlib.util import find_spec

from django.conf import settings
from django.utils import timezone

from commonground.kit.models import AtWork

log = logging.getLogger(__name__)

type Figure = float | Mapping[str, float] | None  # None: there is nothing to say
type Tell = Callable[[], Figure]

# Workers and listeners speak every 5 to 15 seconds; one that was silent for this long is dead.
SILENT_FOR = timedelta(seconds=60)
MOST_WORDS = 200  # of one label: more is a mistake of ours, and would fill the watcher's disk


@dataclass(frozen=True, slots=True)
class Gauge:
    """One figure: its name, what it is, and what its words are about, if it has any."""

    name: str
    about: str
    label: str
    tell: Tell
    adds_up: bool  # it only ever grows: a counter


@dataclass(frozen=True, slots=True)
class Signs:
    """Who gave a sign of life, and whether anybody must."""

    needed: bool
    seen: Mapping[str, datetime]  # host:pid -> when


type Look = Callable[[], Signs]

GAUGES: dict[str, Gauge] = {}
LOOKS: dict[str, Look] = {}


def gauge(
    name: str, about: str, *, label: str = "", adds_up: bool = False
) -> Callable[[Tell], Tell]:
    """Have this told to whoever watches, as commonground_<name>."""

    def register(tell: Tell) -> Tell:
        GAUGES[name] = Gauge(name, about, label, tell, adds_up)
        return tell

    return register


def lives(kind: str) -> Callable[[Look], Look]:
    """Say how one knows that a worker, a listener, ... is at work."""

    def register(look: Look) -> Look:
        LOOKS[kind] = look
        return look

    return register


def find_gauges() -> dict[str, Gauge]:
    """Every figure of every room that has a `gauges.py`."""
    for app in settings.ROOMS:
        if find_spec(f"{app}.gauges"):
            import_module(f"{app}.gauges")
    return GAUGES


def told() -> list[tuple[Gauge, dict[str, float]]]:
    """Each figure as it stands; one that cannot be told keeps no other from being told."""
    found = []
    for one in find_gauges().values():
        try:
            figure = one.tell()
        except Exception:
            log.exception("the figure %s could not be told", one.name)
            continue
        if figure is not None:
            found.append((one, spelled(figure)))
    return found


def spelled(figure: float | Mapping[str, float]) -> dict[str, float]:
    if not isinstance(figure, Mapping):
        return {"": float(figure)}
    return {str(word): float(figure[word]) for word in sorted(figure)[:MOST_WORDS]}


def here(kind: str) -> None:
    """This process lives. Whoever says so once says so again within the minute."""
    AtWork.objects.update_or_create(
        kind=kind, host=socket.gethostname()[:120], pid=os.getpid(),
        defaults={"seen_at": timezone.now()},
    )  # fmt: skip


def gone(kind: str) -> None:
    """This process ends, on purpose."""
    AtWork.objects.filter(kind=kind, host=socket.gethostname()[:120], pid=os.getpid()).delete()


def seen(kind: str) -> dict[str, datetime]:
    """Those that said `here`, and have not gone."""
    rows = AtWork.objects.filter(kind=kind).values_list("host", "pid", "seen_at")
    return {f"{host}:{pid}": at for host, pid, at in rows}


def at_work(kind: str) -> list[str]:
    """Whose last sign is not older than a minute."""
    find_gauges()
    since = timezone.now() - SILENT_FOR
    return [who for who, at in LOOKS[kind]().seen.items() if at > since]


def silent() -> dict[str, timedelta | None]:
    """Who is needed and gave no sign within the minute; since when, or None if never."""
    find_gauges()
    now, found = timezone.now(), {}
    for kind, look in LOOKS.items():
        signs = look()
        newest = max(signs.seen.values(), default=None)
        if signs.needed and (newest is None or now - newest > SILENT_FOR):
            found[kind] = now - newest if newest else None
    return found
