"""How much a page costs the person who opens it. The figures are SCREENS.md 5.7's."""

import gzip

import pytest
from playwright.sync_api import Response

from tests.journeys.screens import Screen, address

KB = 1024
PUBLIC = [
    Screen("newsroom", "/newsroom/"), Screen("a post", "{public}"), Screen("find help", "/help/"),
    Screen("follow us", "/follow/"), Screen("our accounts", "/accounts/"),
    Screen("what we listen for", "/listening/"), Screen("what we ask", "/ask/"),
    Screen("what was decided", "/ask/summer/"), Screen("our promises", "/about/"),
    Screen("how we did", "/trust/"), Screen("what people said", "/pulse/"),
]  # fmt: skip
DESK = [
    Screen("now", "/", "dov"), Screen("a moment", "{crash}", "dov"),
    Screen("compose", "{draft}write", "dov"), Screen("approve", "{waiting}approve", "ines"),
    Screen("a post", "{seen}", "ines"), Screen("record", "/record/", "ruth"),
]  # fmt: skip


class Weighed:
    """What came over the wire for one page, each answer as if a proxy had compressed it."""

    def __init__(self, answers: list[Response]) -> None:
        # The live line is open for minutes, and has no end to weigh; pictures have their own rules.
        loaded = [a for a in answers if a.request.resource_type != "eventsource"]
        self.answers = [a for a in loaded if a.request.resource_type != "image"]
        # News may draw a panel a second time while we look: that is no part of opening the page.
        self.asked_for = {a.url for a in loaded}

    def of(self, *kinds: str) -> int:
        wanted = [a for a in self.answers if not kinds or a.request.resource_type in kinds]
        return sum(len(gzip.compress(a.body(), 6)) for a in wanted)


def weigh(visit, desk, screen):
    window = visit(screen.who)
    answers = []
    window.page.on("response", lambda answer: answers.append(answer))
    window.open(address(screen, desk.places))
    return Weighed(answers)


@pytest.mark.parametrize("screen", PUBLIC, ids=str)
def test_a_public_page_is_light_and_needs_no_script(visit, desk, screen):
    page = weigh(visit, desk, screen)
    assert page.of("script") == 0
    assert page.of() < 60 * KB
    assert page.of("stylesheet") < 10 * KB
    assert len(page.asked_for) <= 8


@pytest.mark.parametrize("screen", DESK, ids=str)
def test_a_page_of_the_desk_is_light(visit, desk, screen):
    page = weigh(visit, desk, screen)
    assert page.of() < 120 * KB
    assert page.of("script") < 40 * KB
    assert page.of("stylesheet") < 14 * KB
    assert len(page.asked_for) <= 12
    for partial in page.answers:
        if partial.request.resource_type in ("xhr", "fetch"):
            assert len(partial.body()) < 15 * KB, partial.url


def test_style_sheets_and_scripts_come_compressed_and_may_be_kept_for_ever(visit, desk):
    window = visit("dov")
    answers = []
    window.page.on("response", lambda answer: answers.append(answer))
    window.open("/")
    kept = [a for a in answers if a.request.resource_type in ("script", "stylesheet")]
    assert kept
    for answer in kept:
        headers = answer.all_headers()
        assert headers.get("content-encoding") == "gzip", answer.url
        assert "immutable" in headers.get("cache-control", ""), answer.url
        assert headers.get("x-content-type-options") == "nosniff", answer.url


def test_a_public_page_leaves_nothing_on_the_visitors_machine(visit, desk):
    window = visit()
    for screen in PUBLIC:
        window.open(address(screen, desk.places))
    assert window.context.cookies() == []
