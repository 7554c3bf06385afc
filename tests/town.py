"""The practice city with all that can be wished for on its stage, in this very process."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import time_machine
from django.conf import settings
from django.db import connection, transaction
from django.test import Client, override_settings

from commonground.channels.networks import networks
from tests.journeys import scene
from tests.journeys.players import PLAYERS
from tests.journeys.screens import SCREENS, Screen, address
from tests.journeys.stage import NOW

# After these nothing else could be wished for, or others would be undone.
ALONE = {
    "stop_everything", "be_new", "begin_anew", "ask_a_company", "close_the_harbour",
    "begin_a_first_drill", "end_a_first_drill", "call_it_grave", "forget_the_machine",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Look:
    """One page, as one person asks for it."""

    screen: Screen
    at: str

    @property
    def public(self) -> bool:
        return self.screen.who is None


class Town:
    def __init__(self, clock: time_machine.Traveller, host: str = "localhost") -> None:
        scene.Building(clock, NOW).build()
        self.host, self.sessions, self.places = host, scene.sessions(), scene.addresses()
        self.agency = scene.person("dov").agency
        self.came_true: dict[str, str] = {}
        self.in_vain: dict[str, str] = {}
        for wish in dict.fromkeys(s.wish for s in SCREENS if s.wish and s.wish not in ALONE):
            self.make_true(wish)
        self.looks = list(self.pages())

    def make_true(self, wish: str) -> None:
        """What others wished for may stand in its way: then its own pages are not looked at."""
        plays = [vars(player).get(wish) for player in PLAYERS]
        (play,) = [own for player, own in zip(PLAYERS, plays, strict=True)
                   if getattr(own, "__module__", "") == player.__name__]  # fmt: skip
        try:
            with transaction.atomic():
                self.came_true[wish] = play() or ""
        except Exception as why:  # whatever a play ends with, here it only means: not this one
            self.in_vain[wish] = f"{type(why).__name__}: {why}"

    def pages(self) -> Iterator[Look]:
        """Each page once, as whoever comes first in the list of screens sees it."""
        seen = set()
        for screen in SCREENS:
            if screen.wish and screen.wish not in self.came_true:
                continue
            trouble = self.came_true.get(screen.wish or "", "")
            at = address(screen, self.places | {"trouble": trouble})
            if "://" in at:
                at = "/" + at.partition("://")[2].partition("/")[2]
            if at.startswith("/") and (screen.who, at) not in seen:
                seen.add((screen.who, at))
                yield Look(screen, at)

    def visitor(self, who: str | None) -> Client:
        client = Client(headers={"host": self.host}, raise_request_exception=False)
        if who:
            client.cookies["sessionid"] = self.sessions[who]
        return client


@contextmanager
def stage_set() -> Iterator[None]:
    """The networks of the stage, and nobody who may still undo, until we are done."""
    real = dict(networks())
    scene.pretend()
    try:
        with override_settings(ENV=settings.ENV.model_copy(update={"undo_seconds": 0})):
            yield
    finally:
        networks().update(real)


class Asked:
    """Counts what is asked of the database, and remembers what was asked most."""

    def __init__(self) -> None:
        self.questions: list[str] = []

    def __call__(self, execute, sql, *how):  # type: ignore[no-untyped-def]
        self.questions.append(sql)
        return execute(sql, *how)

    def of(self, client: Client, at: str) -> tuple[int, int]:
        """The status of a page, and how many questions it asks when it was just looked at."""
        client.get(at)
        self.questions.clear()
        with connection.execute_wrapper(self):
            status = client.get(at).status_code
        return status, len(self.questions)
