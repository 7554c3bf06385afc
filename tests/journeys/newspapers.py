"""What three papers made of the crash."""

from __future__ import annotations

from datetime import timedelta

from django.utils import timezone

from commonground.learn import actions
from commonground.learn.models import Article, Coverage
from tests.journeys.scene import moment_about, person

MESSAGES = [
    "If you have been drinking, do not drive: call a taxi or a friend.",
    "Mast Road is closed until 6 p.m.",
    "Help for grieving families is free at the victim services desk.",
]
PRINTED = [
    ("Harbour Gazette", "Three dead in crash on Mast Road",
     "Three people died on Saturday night when two cars collided on Mast Road.\n"
     "Mast Road stays closed until 6 p.m., police said. Neighbours laid flowers at the scene."),
    ("Radio Whimbrel", "“One call would have saved them”",
     "A sergeant spoke to drivers on Sunday.\n"
     "Whoever has had a drink should get a cab or ring a friend and not drive, he said."),
    ("The Evening Post", "Death toll on our roads climbs to eleven",
     "Saturday's crash brings the number of road deaths this year to eleven.\n"
     "Mast Road is closed until 8 p.m. A senator asked for more lamps."),
]  # fmt: skip


def followed() -> Coverage:
    dov = person("dov")
    coverage = actions.follow_news(moment_about("crash"), messages=MESSAGES, by=dov)
    for outlet, headline, text in PRINTED:
        actions.add_article(
            coverage, outlet=outlet, headline=headline, text=text,
            url="https://news.example/crash", by=dov,
            published_on=timezone.localdate() - timedelta(days=1),
        )  # fmt: skip
    return coverage


def follow_the_news() -> str:
    return followed().get_absolute_url()


def read_the_news() -> str:
    return Article.objects.get(coverage=followed(), outlet="Radio Whimbrel").get_absolute_url()
