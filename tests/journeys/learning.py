"""What can be wished for of courses and drills."""

from __future__ import annotations

from datetime import timedelta

import time_machine
from django.urls import reverse
from django.utils import timezone

from commonground.agency import actions as agency
from commonground.agency.models import Member
from commonground.agency.signin import first_sign_in
from commonground.agency.states import FirstDrill
from commonground.answer import tasks as answering
from commonground.channels import actions as channels
from commonground.say import actions as say, tasks as saying
from commonground.say.models import Post, Variant
from commonground.train import actions, queries
from commonground.train.models import Drill, FirstRun, Sitting
from tests import given
from tests.journeys import scene

COURSE = "speaking"


def course_read(by: Member | None = None) -> str:
    """Every lesson is read, and the questions are open."""
    by = by or scene.person("dov")
    course = queries.course_named(COURSE, "en")
    for lesson in course.rules.lessons:
        actions.read(course, lesson, by=by)
    return actions.begin(course, by=by).get_absolute_url()


def answered(by: Member, *, missed: int) -> Sitting:
    course_read(by)
    course = queries.course_named(COURSE, "en")
    answers = {name: question.right for name, question in course.questions.items()}
    for name in list(answers)[:missed]:
        answers[name] = (answers[name] + 1) % len(course.questions[name].choices)
    sitting = Sitting.objects.open().get(member=by)
    return actions.hand_in(sitting, course, answers, by=by)


def course_missed() -> str:
    return answered(scene.person("dov"), missed=6).get_absolute_url()


def course_passed() -> str:
    """Two wait for a trainer: one whose certificate lapsed, and one who renews."""
    answered(scene.person("tomas"), missed=1)
    return answered(scene.person("dov"), missed=0).get_absolute_url()


def hold_a_drill() -> str:
    """It has run for two hours of its own; one post went out in it, and people answered."""
    return held().get_absolute_url()


def call_out_of_a_drill() -> str:
    """While it runs, something happens in the town it belongs to."""
    place, now = hold_a_drill(), timezone.now()
    given.a_moment(
        agency=scene.person("dov").agency, label="Smoke over the fish market", authors=41,
        first_post_at=now, opened_at=now, last_post_at=now,
    )  # fmt: skip
    return place


def look_back_on_a_drill() -> str:
    return actions.end(held(), by=drilling("chief")).get_absolute_url()


def drilling(name: str) -> Member:
    return Member.objects.get(email=f"drill.{name}@harbour.example")


def held() -> Drill:
    chief, author, approver = (drilling(name) for name in ("chief", "author", "approver"))
    plan = queries.plan_named("crash")
    seats = {"author": [author], "approver": [approver], "spokesperson": [author]}
    drill = actions.begin_drill(plan, seats, by=chief, speed=360.0, seed=4)
    with time_machine.travel(timezone.now(), tick=True) as clock:
        run(drill, clock, rounds=2)
        said = plan.model[0].says["en"]
        post = Post.objects.create(agency=author.agency, author=author, title="Crash", text=said)
        Variant.objects.create(post=post, channel=drill.channel, title="Crash", text=said)
        post = say.submit(post, by=author)
        say.approve(post, read=post.digest, by=approver)
        clock.shift(timedelta(seconds=30))  # the time to undo it is over
        saying.go_out()
        run(drill, clock, rounds=5)
        clock.shift(timedelta(seconds=2))
        answering.lines_due(timezone.now())  # the first time it only learns of the channel
        clock.shift(timedelta(seconds=2))
        for line in answering.lines_due(timezone.now()):
            answering.hear(line)
    drill.refresh_from_db()
    return drill


def run(drill: Drill, clock: time_machine.Traveller, *, rounds: int) -> None:
    for _ in range(rounds):
        clock.shift(timedelta(seconds=4))
        actions.go_on(drill, timezone.now())


def be_new(name: str = "wren") -> str:
    """Somebody who was invited and has not practised yet; the address of their page."""
    member = scene.person(name)
    Member.objects.filter(pk=member.pk).update(first_drill=FirstDrill.OWED)
    return reverse("agency:member", args=[member.pk])


def begin_a_first_drill() -> str:
    be_new()
    run = actions.begin_first_drill(by=scene.person("wren"))
    return run.drill.get_absolute_url() if run.drill else ""


def end_a_first_drill() -> str:
    """Something of theirs went out in it, and it is over."""
    begin_a_first_drill()
    run = FirstRun.objects.get()
    with time_machine.travel(timezone.now(), tick=True) as clock:
        go_on_for(run.drill, clock, rounds=4)
        said = run.drill.plan.model[0].says["en"]
        post = Post.objects.create(agency=run.desk, author=run.twin, title="Tree", text=said)
        Variant.objects.create(post=post, channel=run.drill.channel, title="Tree", text=said)
        say.submit(post, by=run.twin)
        go_on_for(run.drill, clock, rounds=2)
        saying.go_out()
        go_on_for(run.drill, clock, rounds=2)
    actions.end(Drill.objects.get(pk=run.drill.pk), by=run.twin)
    return run.drill.get_absolute_url()


def bring_a_recording() -> str:
    lines = [f'{{"id": "{n}", "ts": {1_700_000_000 + 60 * n}, "text": "Fog, {n}."}}\n'
             for n in range(900)]  # fmt: skip
    raw = "".join([*lines, "no line\n", "[]\n"]).encode()
    made = actions.add_recording("night of the storm.jsonl", raw, by=drilling("chief"))
    return reverse("train:recording", args=[made.pk])


def invite_somebody() -> str:
    """An author who was never here; the address where they choose a password."""
    jonas = scene.person("jonas")
    new = agency.invite(
        jonas.agency, name="Nia Newcomb", email="nia.newcomb@harbour.example", roles=["author"],
        by=jonas,
    )  # fmt: skip
    return first_sign_in(new)


def authorise_somebody() -> None:
    """Leadership lets her speak in the newsroom."""
    new = Member.objects.get(email="nia.newcomb@harbour.example")
    channel = new.agency.channels.get(network="site")
    channels.authorise(
        channel, new, decision="She practised, and passed.", by=scene.person("jonas")
    )


def go_on_for(drill: Drill, clock: time_machine.Traveller, *, rounds: int) -> None:
    run(drill, clock, rounds=rounds)
    drill.refresh_from_db()
