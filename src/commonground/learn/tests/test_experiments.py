"""An experiment: its plan first, chance next, and what it found shown whatever it is."""

from __future__ import annotations

import hashlib
import json
from datetime import timedelta

import pytest
import time_machine
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone
from tests import given

from commonground.kit.refusals import MovedOn, NotYours, Refused
from commonground.learn import actions, queries
from commonground.learn.engine.effects import Kind, drawn
from commonground.learn.models import Experiment
from commonground.learn.tests.given import UNITS, a_plan, an_experiment, concluded
from commonground.record.models import Entry, name_of

pytestmark = pytest.mark.django_db


def test_a_second_person_registers_what_they_read_before_the_first_day():
    plan = a_plan(by=given.a_member(roles=["author", "approver"]))
    read = queries.digest_of_plan(plan)
    with pytest.raises(Refused, match="another person"):
        actions.preregister_experiment(plan, read=read, by=plan.planned_by)
    second = given.a_member(agency=plan.agency, roles=["approver"])
    with pytest.raises(MovedOn):
        actions.preregister_experiment(plan, read="x", by=second)
    with (
        time_machine.travel(timezone.now() + timedelta(days=3)),
        pytest.raises(Refused, match="before its first day"),
    ):
        actions.preregister_experiment(plan, read=read, by=second)
    assert actions.preregister_experiment(plan, read=read, by=second).state == "running"


def test_the_record_holds_the_plan_and_a_seed_nobody_can_choose_later():
    running = an_experiment()
    (entry,) = Entry.objects.filter(subject=name_of(running), verb="preregister")
    assert entry.type == "experiment.preregister"
    assert entry.facts["detail.plan"] == running.plan_sha256 == queries.digest_of_plan(running)
    again = Experiment.objects.get(pk=running.pk)
    assert hashlib.sha256(again.seed.encode()).hexdigest() == entry.facts["detail.commitment"]
    assert again.ways == drawn(again.seed, UNITS, Kind.APART)
    assert again.plan_sha256 in again.seed, "another plan would have drawn otherwise"


def test_nobody_looks_early():
    running = an_experiment()
    with pytest.raises(Refused, match="not over yet"):
        actions.conclude_experiment(running, outcomes=[1.0] * len(UNITS), by=running.planned_by)


def test_what_was_found_stands_with_its_interval_and_cannot_be_told_twice():
    done = concluded(an_experiment(), other=5.0)
    assert done.found["difference"] == pytest.approx(5.0, abs=1.5)
    assert done.found["low"] < 5.0 < done.found["high"]
    assert done.found["by_chance"] < 0.05
    with pytest.raises(MovedOn):
        concluded(done)
    (entry,) = Entry.objects.filter(subject=name_of(done), verb="conclude")
    assert entry.facts["detail.seed"] == done.seed


def test_what_was_not_measured_is_said():
    running = an_experiment()
    with time_machine.travel(timezone.now() + timedelta(days=90)):
        done = actions.conclude_experiment(
            running, outcomes=[None, *range(len(UNITS) - 1)], by=running.planned_by
        )
    assert (done.found["units"], done.found["left_out"]) == (len(UNITS) - 1, 1)


def test_one_that_is_called_off_says_why_and_is_shown(client):
    running = an_experiment()
    assert "One is running" in client.get("/tried/").content.decode()
    assert running.hypothesis not in client.get("/tried/").content.decode()
    assert "plan" not in client.get("/tried.json").json()["experiments"][0]
    actions.call_off_experiment(running, reason="The town closed the road.", by=running.planned_by)
    page = client.get("/tried/").content.decode()
    assert "The town closed the road." in page
    assert running.hypothesis in page
    (said,) = client.get("/tried.json").json()["experiments"]
    assert said["state"] == "called_off"
    assert hashlib.sha256(said["seed"].encode()).hexdigest() == said["commitment"]


def test_anybody_can_draw_again_from_what_is_public(client):
    concluded(an_experiment())
    (said,) = client.get("/tried.json").json()["experiments"]
    plan = json.dumps(said["plan"], sort_keys=True, ensure_ascii=False)
    assert hashlib.sha256(plan.encode()).hexdigest() == said["sha256_of_plan"]
    assert said["seed"].endswith(f".{said['sha256_of_plan']}")
    marks = [
        hashlib.sha256(f"{said['seed']}/{at}/{unit}".encode()).hexdigest()
        for at, unit in enumerate(said["plan"]["units"])
    ]
    first = sorted(marks)[: len(marks) // 2]
    assert [int(mark in first) for mark in marks] == said["ways"]


def test_nothing_that_was_registered_is_left_out_and_no_draft_is_shown(client):
    concluded(an_experiment(), other=0.0)
    a_plan(by=given.a_member(agency=Experiment.objects.get().agency))
    page = client.get("/tried/").content.decode()
    assert page.count("<article") == 1
    assert "No difference was shown" in page
    assert len(client.get("/tried.json").json()["experiments"]) == 1


def test_a_plan_nobody_registered_is_put_away_and_taken_up_again(client):
    plan = a_plan(by=given.a_member())
    second = given.a_member(agency=plan.agency, roles=["approver"])
    actions.drop_experiment(plan, by=plan.planned_by)
    assert client.get("/tried.json").json()["experiments"] == []
    with pytest.raises(MovedOn):
        actions.preregister_experiment(plan, read=queries.digest_of_plan(plan), by=second)
    actions.take_up_experiment(plan, by=second)
    actions.preregister_experiment(plan, read=queries.digest_of_plan(plan), by=second)
    # From here on it is shown, whatever comes of it.
    with pytest.raises(MovedOn):
        actions.drop_experiment(plan, by=plan.planned_by)
    with pytest.raises(NotYours):
        actions.drop_experiment(plan, by=given.a_member())


def test_calling_off_without_a_reason_cannot_be_kept():
    running = an_experiment()
    with pytest.raises(IntegrityError), transaction.atomic():
        Experiment.objects.filter(pk=running.pk).update(state="called_off")


def test_another_agencys_people_change_nothing_here():
    running, stranger = an_experiment(), given.a_member(roles=["author", "approver"])
    with pytest.raises(NotYours):
        actions.call_off_experiment(running, reason="No.", by=stranger)


# Pages


@pytest.fixture
def officer(client):
    member = given.a_member(roles=["author", "approver"])
    client.force_login(member)
    return member


def typed(**but):
    tomorrow = timezone.localdate() + timedelta(days=1)
    return {
        "title": "Plain words", "hypothesis": "Fewer calls.", "outcome": "calls", "one": "usual",
        "other": "plain", "design": "apart", "matters": "2", "begins_on": str(tomorrow),
        "ends_on": str(tomorrow + timedelta(days=30)),
        "units": "\n".join(f"Area {n} = {10 + n % 3}" for n in range(10)), **but,
    }  # fmt: skip


def test_a_plan_shows_what_it_could_find_before_anybody_registers_it(client, officer):
    answer = client.post(reverse("learn:plan_experiment"), typed())
    page = client.get(answer.headers["Location"]).content.decode()
    assert "would be found" in page
    assert "You need another person" in page
    weak = client.post(reverse("learn:plan_experiment"), typed(matters="0.1"))
    assert "This is weak" in client.get(weak.headers["Location"]).content.decode()


@pytest.mark.parametrize(
    ("but", "says"),
    [
        ({"units": "A = 1\nB = x"}, "Line 2: write it as"),
        ({"units": "A = 1\nA = 2"}, "Line 2: “A” stands twice"),
        ({"units": "A = 1\nB = 2"}, "Six at least"),
        ({"units": "\n".join(f"A{n} =" for n in range(6))}, "Each needs a number"),
        ({"design": "pairs", "units": "\n".join(f"W{n} = 1" for n in range(7))}, "in pairs"),
        ({"begins_on": "2020-01-01"}, "Tomorrow at the earliest"),
    ],
)
def test_what_is_wrong_with_a_plan_is_told(client, officer, but, says):
    answer = client.post(reverse("learn:plan_experiment"), typed(**but))
    assert answer.status_code == 422
    assert says in answer.content.decode()


def test_outcomes_are_told_by_name(client, officer):
    running = an_experiment(by=given.a_member(agency=officer.agency))
    address = reverse("learn:conclude_experiment", args=[running.pk])
    lines = [f"{unit} = {n}" for n, unit in enumerate(UNITS)]
    with time_machine.travel(timezone.now() + timedelta(days=90)):
        client.force_login(given.a_member(agency=officer.agency))
        answer = client.post(address, {"outcomes": "\n".join(lines[:-1])})
        assert "is missing" in answer.content.decode()
        answer = client.post(address, {"outcomes": "\n".join([*lines, "Nowhere = 3"])})
        assert "is not in the plan" in answer.content.decode()
        assert client.post(address, {"outcomes": "\n".join(reversed(lines))}).status_code == 302
        page = client.get(running.get_absolute_url()).content.decode()
    running.refresh_from_db()
    assert running.outcomes == list(range(len(UNITS)))
    assert "The other way less the one way" in page


def test_a_draft_is_put_away_and_taken_up_on_its_page(client, officer):
    plan = a_plan(by=officer)
    page = plan.get_absolute_url()
    assert "Put this draft away" in client.get(page).content.decode()
    put = client.post(f"{page}drop/", follow=True).content.decode()
    assert "Take it up again" in put
    assert "Put this draft away" not in put
    assert "put away" in client.get(reverse("learn:experiments")).content.decode()
    assert "Put this draft away" in client.post(f"{page}take_up/", follow=True).content.decode()
