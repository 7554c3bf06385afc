"""What is the same for everybody is drawn once, however many look, and again when it changed."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.utils import translation
from django.utils.html import format_html
from django.utils.safestring import SafeString

from commonground.kit.drawn import Drawn


class Hand:
    """Draws slowly, and counts."""

    def __init__(self, seconds: float = 0.0) -> None:
        self.drew, self.seconds = 0, seconds

    def __call__(self) -> SafeString:
        time.sleep(self.seconds)
        self.drew += 1
        return format_html("<p>{}</p>", self.drew)


def test_fifty_who_look_in_one_instant_see_one_drawing():
    drawn, hand, start = Drawn(), Hand(0.05), Barrier(50)

    def look(_):
        start.wait(timeout=30)
        return drawn.once("hour", 1, hand)

    with ThreadPoolExecutor(50) as threads:
        assert set(threads.map(look, range(50))) == {"<p>1</p>"}
    assert hand.drew == 1


def test_what_changed_is_drawn_again_and_so_is_what_is_old():
    drawn, hand = Drawn(seconds=0.2), Hand()
    assert drawn.once("hour", 1, hand) == drawn.once("hour", 1, hand) == "<p>1</p>"
    assert drawn.once("hour", 2, hand) == "<p>2</p>"
    time.sleep(0.25)
    assert drawn.once("hour", 2, hand) == "<p>3</p>"


def test_each_language_and_each_page_has_its_own():
    drawn, hand = Drawn(), Hand()
    with translation.override("en"):
        drawn.once("hour", 1, hand)
    with translation.override("fr"):
        assert drawn.once("hour", 1, hand) == "<p>2</p>"
    assert drawn.once("another", 1, hand) == "<p>3</p>"


def test_a_drawing_that_fails_is_tried_again():
    drawn, hand = Drawn(), Hand()

    def fails():
        raise ValueError("the database went away")

    with pytest.raises(ValueError, match="went away"):
        drawn.once("hour", 1, fails)
    assert drawn.once("hour", 1, hand) == "<p>1</p>"


def test_only_so_many_are_kept():
    drawn, hand = Drawn(most=3), Hand()
    for name in range(10):
        drawn.once(name, 1, hand)
    assert len(drawn.pieces) == 3
    drawn.once(9, 1, hand)
    assert hand.drew == 10
