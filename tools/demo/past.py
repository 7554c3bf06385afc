"""What happened in the demo's city before its visitors came: a flood five days ago, from the first
post to what the papers made of it, and the look back on it.

    python -m tools.demo.past PASSWORD

Run as a process of its own, with the demo's settings in its environment. It founds the desk, and
does all else by the actions people use, each at its own time, so that its report is written from a
record that tells a true story.
"""

from __future__ import annotations

import math
import os
import sys
from datetime import UTC, datetime, timedelta

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "commonground.settings")
os.environ["COMMONGROUND_UNDO_SECONDS"] = "0"  # nobody is there to undo

import django

django.setup()

import time_machine
from django.utils import timezone
from tools.demo import papers

from commonground.agency.models import Agency, Member
from commonground.channels import actions as channels
from commonground.learn import actions as learn, tasks as reading
from commonground.learn.models import Coverage, Mistake, Printed
from commonground.record import actions as record
from commonground.say import actions as say, queries, tasks
from commonground.say.engine.words import Words
from commonground.say.models import Post
from commonground.spot import actions as spot
from commonground.spot.models import Exemplar, Moment, Tally
from commonground.train.actions import found_agency

NOW = datetime.now(UTC).replace(microsecond=0)
FLOOD = NOW - timedelta(hours=112)
MESSAGES = [
    "Do not walk through the water: open manholes cannot be seen.",
    "A shelter is open in the school on Hill Street until 8 a.m.",
]
TEXT = (
    "Quay Lane is under water. Do not walk through it: open manholes cannot be seen.\n"
    "A shelter is open in the school on Hill Street until 8 a.m. Pets may come along."
)
OVERHEARD = [
    "quay lane is a river, water is coming up the stairs",
    "anyone know if quay lane flood shelter takes dogs?",
    "power is out on quay lane and the flood is still rising",
]


def person(name: str) -> Member:
    return Member.objects.get(email__startswith=f"{name}.")


class Past:
    def __init__(self, clock: time_machine.Coordinates, password: str) -> None:
        self.clock = clock
        # Members have a few days to add a passkey, and the demo is still among them.
        self.clock.move_to(NOW - timedelta(days=5))
        self.agency = found_agency("harbour", password=password)
        for channel in self.agency.channels.filter(network="site"):
            channels.prove(channel)

    def at(self, **after: float) -> None:
        self.clock.move_to(FLOOD + timedelta(**after))

    def happen(self) -> None:
        self.at(minutes=21)
        self.moment = spotted(self.agency)
        self.at(minutes=27)
        post = drafted(self.moment)
        self.at(minutes=34)
        post = say.submit(post, by=post.author)
        self.at(minutes=38)
        say.approve(post, read=post.digest, by=person("ines"))
        tasks.go_out()
        self.at(hours=1)
        coverage = learn.follow_news(self.moment, messages=MESSAGES, by=person("luc"))
        self.papers_write(coverage)
        self.at(hours=12)
        spot.act(self.moment, did="We warned people and named the shelter.", in_time="partly",
                 by=person("luc"))  # fmt: skip
        self.at(days=2)
        self.look_back()

    def papers_write(self, coverage: Coverage) -> None:
        """Their feeds are read as they were that week, then they are asked to correct a time."""
        for name, outlet in papers.WRITTEN["outlet"].items():
            learn.add_outlet(
                name=outlet["name"], feed=papers.address(name), by=person("jonas"),
                corrections_to=outlet["corrections_to"],
            )  # fmt: skip
        self.clock.move_to(NOW)
        with papers.printed():
            reading.news.look_at_feeds()
            while Printed.objects.filter(read_at=None).exists():
                reading.news.read_pages()
        self.at(hours=7)
        reading.news.hold_against()
        reading.news.search_back()
        for mistake in self.agency.mistakes.all():
            correct(mistake, self)

    def look_back(self) -> None:
        learn.write_look_back(
            self.moment, by=person("luc"),
            went_well="The shelter was named in the first post, with the question about pets.",
            what_next="The author on duty reads the tide table on Fridays, from June on.\n"
            "A text for floods is prepared before autumn.",
        )  # fmt: skip
        learn.freeze_report(self.moment, by=person("ines"))


def spotted(agency: Agency) -> Moment:
    """As the desk would have raised it, had it listened that evening."""
    now = timezone.now()
    moment = Moment.objects.create(
        agency=agency, label="flood on Quay Lane", why="quay lane", terms=["quay lane", "flood"],
        hot=["quay lane", "flood"], scale_minutes=60, count=44, usual=2.6, surprise=16.2,
        authors=39, languages={"en": 41, "fr": 3}, volume=212, first_post_at=FLOOD,
        opened_at=now, last_post_at=FLOOD + timedelta(hours=9),
        closes_at=now + timedelta(hours=72),
    )  # fmt: skip
    record.witness(
        "open_moment", moment, by=record.THE_DESK, why=moment.why, count=moment.count,
        usual=moment.usual, surprise=moment.surprise, scale_minutes=moment.scale_minutes,
    )  # fmt: skip
    quarters = [FLOOD + timedelta(minutes=15 * n) for n in range(36)]
    Tally.objects.bulk_create(
        Tally(moment=moment, at=at, count=round(22 * math.exp(-(((n - 5) / 7) ** 2))), usual=0.7)
        for n, at in enumerate(quarters)
    )
    Exemplar.objects.bulk_create(
        Exemplar(moment=moment, upstream=f"flood-{n}", at=FLOOD + timedelta(minutes=4 * n + 2),
                 text=text, language="en")
        for n, text in enumerate(OVERHEARD)
    )  # fmt: skip
    return moment


def drafted(moment: Moment) -> Post:
    luc = person("luc")
    post = say.begin(by=luc, moment=moment, title="Quay Lane is flooded", text=TEXT)
    site = [c.pk for c in queries.spoken_by(luc) if c.network == "site"]
    words = Words(title=post.title, text=TEXT, language="en", go_out_at=None, detached={},
                  channels=frozenset(site))  # fmt: skip
    return say.write(post, words, by=luc)


def correct(mistake: Mistake, past: Past) -> None:
    past.at(hours=8)
    luc = person("luc")
    learn.confirm_mistake(mistake, right="The shelter is open until 8 a.m.", by=luc)
    today = timezone.localdate()
    learn.ask_outlet(mistake, asked_of="Editor of the Evening Post", due_on=today, by=luc)
    past.at(hours=10)
    learn.note_correction(mistake, answer="Changed online, with a note.", where="", by=luc)


def main() -> None:
    with time_machine.travel(NOW) as clock:
        Past(clock, sys.argv[1]).happen()


if __name__ == "__main__":
    main()
