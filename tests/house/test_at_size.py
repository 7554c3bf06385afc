"""A page asks the database as often about hundreds of things as about ten."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from urllib.parse import urlsplit

import pytest
import time_machine
from django.urls import resolve

from tests.journeys.stage import NOW
from tests.many import Growing
from tests.town import Asked, Look, Town, stage_set

FEW, MANY = 10, 100  # copies in each table; what is listed is several tables' worth
DESK, PUBLIC = 15, 8  # the most a page may ask, as the design says
# Screens whose pages ask more than that, and how often: debts, which may only shrink. On the first
# page stand the pieces of seven rooms; a post has all its languages and channels; what is left
# to set up is looked up step by step; a drill asks as well what is really happening.
DEBTS = {
    "now, for an administrator": 50, "set up this desk": 20, "set up this desk, for others": 20,
    "drills": 16, "what people say in a drill": 16, "now": 40,
    "now, for an approver": 60, "a moment": 21, "a moment we answered": 18,
    "a moment that passed": 18, "an after-action report": 25, "compose": 38,
    "compose with a picture": 37, "approve: what waits": 60,
    "prepared texts, none": 10, "a post with a time": 26, "a post that was seen": 30,
    "a post taken back": 26, "compose a warning": 38, "compose a thread": 40,
    "compose in two languages": 40, "calendar": 21, "drafting help": 18, "a conversation": 21,
    "a chat that is on": 16, "a topic": 19, "published alone, not looked at": 26,
    "a public post": 10, "how we did, nothing yet": 13, "a chat that is on, public": 9,
    "our public record": 10, "our public record, moderation": 10,
}  # fmt: skip
GIVE = 5  # which rows are copied is drawn by lot, and a debt hangs on it a little
# Whose turn it is on one post is worked out person by person and step by step: a debt, and how much
# it is hangs on which rules and absences are copied. Lists of posts do not do it.
PERSON_BY_PERSON = {
    "approve": 200, "a post in review": 120, "approve a warning": 200, "approve a thread": 200,
    "a draft that may go out alone": 120, "a series, to approve": 120,
}  # fmt: skip
# A word stands in an address, and no copy of it is one: these do not grow.
NOT_GROWN = {"commonground_learn.Pulse"}
LEAST = 220  # pages that are looked at: fewer would mean that a wish of many others fails


@pytest.fixture
def town(db) -> Iterator[Town]:
    with time_machine.travel(NOW) as clock, stage_set():
        yield Town(clock)


def counted(town: Town) -> dict[Look, int]:
    """How many questions each page asks, of those that are shown."""
    asked = {look: Asked().of(town.visitor(look.screen.who), look.at) for look in town.looks}
    return {look: many for look, (status, many) in asked.items() if status == 200}


def page(look: Look) -> str:
    return resolve(urlsplit(look.at).path).view_name


def allowed(looks: Iterable[Look]) -> dict[str, int]:
    """What each page in debt may ask: one thing may be shown in several states, each a screen."""
    debts: dict[str, int] = {}
    for look in looks:
        if owed := (DEBTS | PERSON_BY_PERSON).get(look.screen.name):
            debts[page(look)] = max(owed + GIVE, debts.get(page(look), 0))
    return debts


def test_no_page_asks_more_often_the_more_there_is(town):
    growing = Growing(town.agency)
    growing.to(FEW)
    few = counted(town)
    growing.to(MANY)
    many = counted(town)

    stood = {name: why for name, why in growing.left_out.items() if name not in NOT_GROWN}
    assert stood == {}
    both = few.keys() & many.keys()
    assert len(both) >= LEAST
    grew = {str(look.screen): (few[look], many[look]) for look in both if many[look] > few[look]}
    assert {name: how for name, how in grew.items() if name not in PERSON_BY_PERSON} == {}
    debts = allowed(both)
    most = {look: debts.get(page(look), PUBLIC if look.public else DESK) for look in both}
    over = {str(look.screen): many[look] for look in both if many[look] > most[look]}
    assert over == {}
