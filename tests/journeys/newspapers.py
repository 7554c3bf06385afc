"""What three papers made of the crash."""

from __future__ import annotations

from datetime import timedelta

from django.utils import timezone

from commonground.learn import actions
from commonground.learn.models import Article, Coverage, Mistake, Outlet
from commonground.learn.tests.papers import CRASH, a_paper, page, rss, the_clock_runs
from commonground.spot import actions as spot
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


def read_outlets() -> str:
    """Two outlets; one brought the crash and something else, the other does not answer."""
    coverage = followed()
    with a_paper() as paper:
        paper.has["/crash"] = page("Port Sable mourns after crash on Mast Road", CRASH)
        paper.has["/fair"] = page("Fair on Mast Road", ["A crash of cymbals opens the fair."] * 3)
        paper.has["/feed"] = rss([
            (paper.at("/crash"), "Port Sable mourns after crash on Mast Road", "Three died."),
            (paper.at("/fair"), "Crash of cymbals opens the Mast Road fair", "Music all day."),
        ])  # fmt: skip
        for name, path in (("Sable Courier", "/feed"), ("Quay FM", "/gone")):
            actions.add_outlet(
                name=name, feed=paper.at(path), corrections_to="The corrections desk",
                by=person("jonas"),
            )  # fmt: skip
        the_clock_runs()
    fair = coverage.articles.filter(headline__contains="fair").first()
    if fair:
        actions.set_aside(fair, by=person("dov"))
    return coverage.get_absolute_url()


def an_outlet() -> str:
    read_outlets()
    return Outlet.objects.get(name="Sable Courier").get_absolute_url()


def a_silent_outlet() -> str:
    read_outlets()
    return Outlet.objects.get(name="Quay FM").get_absolute_url()


def suspect_a_mistake() -> str:
    followed()
    return Mistake.objects.earliest("found_at").get_absolute_url()


def ask_for_a_correction() -> str:
    """One was asked for in vain, and is over its day; another was made."""
    coverage = followed()
    dov, today = person("dov"), timezone.localdate()
    late = Mistake.objects.earliest("found_at")
    actions.confirm_mistake(late, right="Mast Road is closed until 6 p.m.", by=dov)
    actions.ask_outlet(late, asked_of="The corrections desk", due_on=today, by=dov)
    Mistake.objects.filter(pk=late.pk).update(due_on=today - timedelta(days=1))
    gazette = coverage.articles.get(outlet="Harbour Gazette")
    made = actions.mark_wrong(
        gazette, wrong="Three people died", right="Two people died.", by=dov
    )  # fmt: skip
    actions.ask_outlet(made, asked_of="News desk", due_on=today, by=dov)
    actions.note_correction(made, answer="Sorry.", where="https://gazette.example/c", by=dov)
    return late.get_absolute_url()


def look_back() -> str:
    """The video was answered; its moment is over, its news was read, and it is looked back on."""
    moment, dov = moment_about("abuse"), person("dov")
    coverage = actions.follow_news(
        moment, messages=["Help is free, day and night.", "Do not pass the video on."], by=dov
    )
    said = [
        ("Harbour Gazette", "Anger over video", "The video was shared widely.\nDo not pass the"
         " video on, police asked."),
        ("Radio Whimbrel", "Where to find help", "Help is free, day and night, police said."),
    ]  # fmt: skip
    for outlet, headline, text in said:
        actions.add_article(
            coverage, outlet=outlet, headline=headline, text=text, url="", by=dov,
            published_on=timezone.localdate(),
        )  # fmt: skip
    if moment.state == "open":
        spot.act(moment, by=dov, did="We named where help is.", in_time="partly")
    actions.write_look_back(
        moment, went_well="Help was named in the first post.",
        what_next="Texts for violence at home are prepared before autumn.", by=dov,
    )  # fmt: skip
    return f"/learn/reports/{moment.pk}/"


def freeze_a_report() -> str:
    look_back()
    return actions.freeze_report(moment_about("abuse"), by=person("ines")).get_absolute_url()
