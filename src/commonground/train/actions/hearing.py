"""The city's talk within a drill: heard by the real ear, in which moments have to be found."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import F, Q
from django.utils.translation import gettext as _

from commonground.hear import actions as hear
from commonground.hear.actions import Catch
from commonground.hear.engine.heard import Heard
from commonground.hear.listening.ear import Ear
from commonground.hear.models import Source
from commonground.spot.models import Background, Moment
from commonground.train.engine.recording import unpacked
from commonground.train.engine.talk import city_talk, in_slices, replayed
from commonground.train.models import Drill, Hearing, Recording
from commonground.train.queries import scenario_named
from commonground.train.states import State

# Whoever took the ear of a drill and has not come back for so long is gone. Learning half a day
# of a city takes seconds.
GONE_AFTER = timedelta(seconds=60)
THIS_PROCESS = secrets.token_hex(8)


class Listening:
    """One drill's ear, in this process. What it has heard cannot be handed over: another process
    hears it all again from the beginning, and finds the same."""

    def __init__(self, hearing: Hearing) -> None:
        self.drill = hearing.drill
        self.zero = (self.drill.begun_at - timedelta(minutes=self.drill.plan.minutes)).timestamp()
        self.ear = Ear(self.drill.agency)
        self.ear.names = None  # names of a recording are nobody's impostors
        for listener in self.ear.listeners:
            listener.play(self.clock)
        self.source = source_of(self.drill)
        self.slices = in_slices(said_in(hearing))
        self.ahead = next(self.slices, None)
        self.learn()
        # What this drill said before this ear was there: its moments are the ones that stand.
        self.hear(hearing.heard_to)

    def clock(self, at: float) -> float:
        """Its stream is as fast as the drill; what the desk shows is the desk's own time."""
        return self.drill.clock_at((at - self.zero) / 60)

    def learn(self) -> None:
        """What comes before the drill's first minute."""
        for until, posts in self.until(0.0):
            self.take(posts)
            self.ear.learn(until + self.zero)

    def hear(self, to: float) -> int:
        """Everything that is said by then; moments open on the desk as they are found."""
        heard = 0
        for until, posts in self.until(to):
            heard += self.take(posts)
            self.ear.pass_on(until + self.zero)
        for listener in self.ear.listeners:
            listener.rest()
        return heard

    def until(self, to: float) -> Iterator[tuple[float, list[Heard]]]:
        """Whole minutes only: of one that still runs, not all is said."""
        while self.ahead and self.ahead[0] <= to:
            yield self.ahead
            self.ahead = next(self.slices, None)

    def take(self, posts: list[Heard]) -> int:
        """Nothing of it is written down but what a moment shows."""
        for post in posts:
            at = post.at + self.zero
            self.ear.take(
                Heard(post.id, at, post.text, post.lang, post.author, post.url, post.deleted)
            )
        return sum(not post.deleted for post in posts)


EARS: dict[UUID, Listening] = {}


def let_hear(drill: Drill, recording: Recording | None) -> None:
    """From its first minute on the desk of a drill hears the city, or a recording; where its plan
    says neither, nothing."""
    if recording or drill.plan.talk:
        Hearing.objects.create(drill=drill, recording=recording)
        source_of(drill)


def source_of(drill: Drill) -> Source:
    return hear.replay_source(drill.agency, _("What the city of the drill says"))


def said_in(hearing: Hearing) -> Iterator[Heard]:
    plan, seed = hearing.drill.plan, hearing.drill.seed
    scenario = scenario_named(plan.city)
    if hearing.recording:
        posts = unpacked(bytes(hearing.recording.posts))
        return replayed(posts, scenario, plan, seed=seed)
    return city_talk(scenario, plan, seed=seed)


def hear_on(hearing: Hearing, now: datetime) -> None:
    """One round: what was said since, by whoever is its ear; every other process lets it be."""
    if not take_the_ear(hearing, now):
        return
    drill = hearing.drill
    kept = EARS.get(drill.pk)
    if kept is None or hearing.ear != THIS_PROCESS:
        kept = EARS[drill.pk] = Listening(hearing)
    kept.drill = drill  # its clock runs on
    try:
        heard, to = kept.hear(drill.minute * 60), drill.minute * 60
    except Exception:
        EARS.pop(drill.pk, None)  # a moment may be lost on the way: it is heard anew
        raise
    Hearing.objects.filter(pk=hearing.pk, ear=THIS_PROCESS).update(
        heard_to=to, items=F("items") + heard, ear_at=now
    )
    if heard:
        hear.keep(kept.source, Catch(items=heard))
    forget_if_over(drill)


@transaction.atomic
def forget_if_over(drill: Drill) -> None:
    """It may have ended while we heard, and what was forgotten then was written once more."""
    if Drill.objects.select_for_update(of=("self",)).get(pk=drill.pk).is_over:
        forget_what_was_heard(drill)


def take_the_ear(hearing: Hearing, now: datetime) -> bool:
    free = Q(ear=THIS_PROCESS) | Q(ear_at=None) | Q(ear_at__lt=now - GONE_AFTER)
    ours = Hearing.objects.filter(free, pk=hearing.pk, drill__state=State.RUNNING)
    return bool(ours.update(ear=THIS_PROCESS, ear_at=now))


def forget_what_was_heard(drill: Drill) -> None:
    """It ended, and with it what it was heard in: the recording, what its moments show, what was
    usual. That there was a moment, and what was done about it, stays."""
    EARS.pop(drill.pk, None)
    hearing = Hearing.objects.filter(drill=drill).select_related("recording").first()
    if hearing is None:
        return
    Moment.objects.filter(agency=drill.agency).cut_short()
    Background.objects.filter(agency=drill.agency).delete()
    if hearing.recording:
        hearing.recording.delete()


def let_go_of_ears() -> None:
    """Drills that ended in another process leave their ears behind in this one."""
    running = set(Drill.objects.going().filter(pk__in=EARS).values_list("pk", flat=True))
    for gone in EARS.keys() - running:
        del EARS[gone]
