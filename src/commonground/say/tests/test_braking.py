"""Much at once in one name waits for a person; a warning does not wait for long."""

from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone
from tests import given
from tests.given import an_approver

from commonground.protect import actions as protect
from commonground.record.models import Entry
from commonground.say import actions, tasks
from commonground.say.models import Post
from commonground.say.queries.reading import concerned_by_hold
from commonground.say.tasks.sweeping import sweep

pytestmark = pytest.mark.django_db


@pytest.fixture
def author(settings, place):
    settings.ENV = settings.ENV.model_copy(update={"burst": 3, "undo_seconds": 0})
    return given.a_member()


def say(author, *texts, **but):
    posts = [given.an_approved_post(by=author, text=text, **but) for text in texts]
    tasks.start_due()
    return [Post.objects.get(pk=post.pk).state for post in posts]


def test_the_fourth_different_post_within_five_minutes_waits_for_a_person(author):
    assert say(author, "One.", "Two.", "Three.", "Four.") == ["publishing"] * 3 + ["held"]

    held = Post.objects.get(state="held")
    assert held.held_by is None
    assert author.name in held.held_because
    assert Entry.objects.filter(verb="brake").count() == 1


def test_all_who_answer_for_our_accounts_hear_of_it_and_one_lets_it_go(author, mailoutbox):
    admin = given.a_member(agency=author.agency, roles=["admin"])
    say(author, "One.", "Two.", "Three.", "Four.")
    held = Post.objects.get(state="held")

    assert admin in concerned_by_hold(held)
    sweep()
    actions.release(held, by=an_approver(held))
    tasks.start_due()

    assert Post.objects.get(pk=held.pk).state == "publishing"


def test_somebody_else_and_the_same_words_elsewhere_are_no_burst(author):
    say(author, "One.", "Two.", "Three.")

    assert say(author, "Three.") == ["publishing"]
    assert say(given.a_member(agency=author.agency), "Four.") == ["publishing"]


def test_five_minutes_later_it_goes_out_by_itself(author):
    say(author, "One.", "Two.", "Three.")
    with time_machine.travel(timezone.now() + timedelta(minutes=5, seconds=1), tick=True):
        assert say(author, "Four.") == ["publishing"]


def test_what_is_urgent_may_come_twice_as_often_and_then_waits_too(author):
    said = say(author, *(f"Leave house {n} now." for n in range(7)), urgent=True)

    assert said == ["publishing"] * 6 + ["held"]


def test_what_waited_while_everything_was_stopped_is_no_burst(author):
    hold = protect.stop(author.agency, reason="Hacked?", by=author)
    posts = [given.an_approved_post(by=author, text=f"{n}.") for n in range(5)]
    for _ in range(2):
        protect.agree_to_restart(hold, by=given.a_member(agency=author.agency, roles=["admin"]))
    tasks.start_due()

    assert {Post.objects.get(pk=post.pk).state for post in posts} == {"publishing"}


def test_zero_is_no_brake(author, settings):
    settings.ENV = settings.ENV.model_copy(update={"burst": 0})
    assert say(author, *(f"{n}." for n in range(9))) == ["publishing"] * 9
