"""Who must read what: rules as data, their order, and nobody twice."""

from datetime import time

import pytest
from django.urls import reverse
from hypothesis import given as over, strategies as st
from tests import given

from commonground.kit.refusals import MovedOn, NotYours
from commonground.record.models import Entry
from commonground.say import actions, queries, tasks
from commonground.say.engine.policy import (
    EVERYDAY,
    About,
    Rule,
    Step,
    left_of,
    rule_for,
    within,
)
from commonground.say.models import ReviewRequest, ReviewRule
from commonground.say.states import State

NOON = About(frozenset({"site"}), time(12))


# The engine


def test_the_first_rule_that_fits_decides_and_without_one_it_is_one_person():
    night = Rule("Night", (Step(2),), hours=(time(22), time(6)))
    everything = Rule("All", (Step(3),))
    assert rule_for([night, everything], NOON) is everything
    assert rule_for([night, everything], About(frozenset(), time(23))) is night
    assert rule_for([night], NOON) is EVERYDAY
    assert EVERYDAY.steps == (Step(1),)


@pytest.mark.parametrize(
    ("rule", "fits"),
    [
        (Rule("", channels=frozenset({"site", "x"})), True),
        (Rule("", channels=frozenset({"x"})), False),
        (Rule("", unit="traffic"), False),
        (Rule("", topic="floods"), False),
        (Rule("", urgent=True), False),
        (Rule("", urgent=False), True),
        (Rule("", hours=(time(12), time(13))), True),
        (Rule("", hours=(time(11), time(12))), False),
    ],
)
def test_every_condition_must_fit(rule, fits):
    assert rule.fits(NOON) is fits


@over(st.times(), st.times(), st.times())
def test_hours_and_the_other_hours_make_a_day(at, start, end):
    assert start == end or within(at, start, end) != within(at, end, start)


@over(st.lists(st.integers(1, 3), min_size=1, max_size=3), st.lists(st.integers(0, 9)))
def test_as_many_different_people_as_the_steps_ask(sizes, yes):
    steps = [Step(n) for n in sizes]
    left = left_of(steps, yes, lambda _who, _step: True)
    assert (left is None) == (len(set(yes)) >= sum(sizes))
    assert left is None or 1 <= left.people <= left.step.people


def test_nobody_jumps_the_order():
    steps = [Step(1, "legal"), Step(1, "press")]
    unit = {"ann": "press", "ben": "legal", "cay": "press"}
    counts = lambda who, step: unit[who] == step.unit  # noqa: E731 - one line says it
    assert left_of(steps, ["ann"], counts).number == 1
    assert left_of(steps, ["ann", "ben"], counts).number == 2
    assert left_of(steps, ["ann", "ben", "ann"], counts).number == 2
    assert left_of(steps, ["ann", "ben", "cay"], counts) is None


def test_no_rule_asks_for_nobody():
    with pytest.raises(ValueError):
        Step(0)
    with pytest.raises(ValueError):
        Rule("", steps=())


# The desk

pytestmark = pytest.mark.django_db


def a_rule(agency, *steps, **but):
    rows = [{"people": people, "unit": str(unit.pk) if unit else ""} for people, unit in steps]
    said = {
        "name": f"Rule {next(given.number)}", "channels": [], "unit": None, "topic": "",
        "urgent": None, "starts": None, "ends": None, "steps": rows, **but,
    }  # fmt: skip
    admin = given.a_member(agency=agency, roles=["admin"])
    return actions.add_review_rule(agency, said, by=admin)


def yes(post, by):
    return actions.approve(post, read=post.digest, by=by)


def test_two_people_of_two_units_in_their_order():
    post = given.a_post_in_review()
    legal = post.agency.units.create(name="Legal")
    a_rule(post.agency, (1, legal), (1, None))
    lawyer, other = given.an_approver(post, unit=legal), given.an_approver(post)
    assert queries.readers_of(post) == [lawyer]
    assert queries.waiting_for(other) == []
    with pytest.raises(NotYours, match="Another unit"):
        yes(post, other)
    assert yes(post, lawyer).state == State.IN_REVIEW
    assert Entry.objects.get(verb="agree").detail["left"] == 1
    with pytest.raises(MovedOn, match="Somebody else"):
        yes(post, lawyer)
    assert queries.readers_of(post) == [other]
    assert queries.waiting_for(other) == [post]
    assert yes(post, other).state == State.APPROVED
    assert post.variants.get().delivery.state == "waiting"


def test_the_next_are_asked_as_soon_as_the_first_said_yes(settings, mailoutbox):
    settings.ENV = settings.ENV.model_copy(update={"mail_url": "smtp://localhost:25"})
    post = given.a_post_in_review()
    legal = post.agency.units.create(name="Legal")
    a_rule(post.agency, (1, legal), (1, None))
    lawyer, other = given.an_approver(post, unit=legal), given.an_approver(post)
    tasks.sweeping.sweep()
    assert [m.to for m in mailoutbox] == [[lawyer.email]]
    yes(post, lawyer)
    tasks.sweeping.sweep()
    assert [m.to for m in mailoutbox][1:] == [[other.email]]


def test_a_yes_to_other_words_is_no_yes():
    post = given.a_post_in_review()
    a_rule(post.agency, (2, None))
    one, other = given.an_approver(post), given.an_approver(post)
    yes(post, one)
    post = actions.recall(post, by=post.author)
    post.go_out_at = None
    post.variants.update(text="Other words.")
    post = actions.submit(post, by=post.author)
    assert yes(post, other).state == State.IN_REVIEW
    assert yes(post, one).state == State.APPROVED


def test_the_same_words_sent_again_are_read_again():
    post = given.a_post_in_review()
    a_rule(post.agency, (2, None))
    one, other = given.an_approver(post), given.an_approver(post)
    yes(post, one)
    post = actions.send_back(post, reason="Wait for the coroner.", read=post.digest, by=other)
    post = actions.submit(post, by=post.author)
    assert yes(post, other).state == State.IN_REVIEW


def test_whoever_said_yes_and_left_takes_their_yes_along():
    post = given.a_post_in_review()
    a_rule(post.agency, (2, None))
    one, other = given.an_approver(post), given.an_approver(post)
    yes(post, one)
    yes(post, other)
    one.role_rows.all().delete()
    tasks.go_out()
    post.refresh_from_db()
    assert post.state == State.FAILED


@pytest.mark.parametrize("linked", [True, False])
def test_a_second_account_of_the_author_is_not_a_second_person(linked):
    author = given.a_member(email="dov@riverside.example")
    post = given.a_post_in_review(by=author)
    email = "chief@riverside.example" if linked else "dov+2@riverside.example"
    second = given.an_approver(post, email=email)
    if linked:
        second.same_as = author
        second.save()
    assert queries.readers_of(post) == []
    assert queries.waiting_for(second) == []
    with pytest.raises(NotYours, match="nobody approves their own"):
        yes(post, second)


def test_two_accounts_of_one_reader_are_one_yes():
    post = given.a_post_in_review()
    a_rule(post.agency, (2, None))
    one = given.an_approver(post, email="ines@riverside.example")
    again = given.an_approver(post, email="ines+phone@riverside.example")
    yes(post, one)
    with pytest.raises(MovedOn):
        yes(post, again)


def test_a_rule_looks_at_channel_unit_topic_hour_and_urgency():
    post = given.a_post_in_review()
    elsewhere = given.a_channel(agency=post.agency)
    a_rule(post.agency, (2, None), channels=[elsewhere])
    assert queries.reading_of(post).several is False
    a_rule(post.agency, (3, None), channels=[post.variants.get().channel])
    assert queries.reading_of(post).turns[0].people == 3
    urgent = a_rule(post.agency, (2, None), urgent=True)
    actions.put_review_rule_first(urgent, by=given.a_member(agency=post.agency, roles=["admin"]))
    assert queries.reading_of(post).turns[0].people == 3
    post.urgent = True
    assert queries.reading_of(post).turns[0].people == 2


def test_only_an_administrator_of_this_agency_sets_rules():
    post = given.a_post_in_review()
    rule = a_rule(post.agency, (2, None))
    for by in (given.an_approver(post), given.a_member(roles=["admin"])):
        with pytest.raises(NotYours):
            actions.drop_review_rule(rule, by=by)
    assert ReviewRule.objects.exists()
    verbs = set(Entry.objects.filter(verb__contains="review_rule").values_list("verb", flat=True))
    assert verbs == {"add_review_rule"}


def test_nobody_to_read_it_is_told(settings, mailoutbox):
    settings.ENV = settings.ENV.model_copy(update={"mail_url": "smtp://localhost:25"})
    post = given.a_post_in_review()
    a_rule(post.agency, (1, post.agency.units.create(name="Legal")))
    given.an_approver(post)
    tasks.sweeping.sweep()
    assert ReviewRequest.objects.get(post=post).nobody
    assert post.author.email in {to for m in mailoutbox for to in m.to}


# The pages


def form_of(**but):
    return {"name": "At night", "people_1": "2", "unit_1": "", "urgent": "", **but}


def test_an_administrator_writes_changes_orders_and_removes_rules(client):
    admin = given.a_member(roles=["admin"])
    client.force_login(admin)
    unit = admin.agency.units.create(name="Legal")
    night = form_of(starts="22:00", ends="06:00", people_2="1", unit_2=str(unit.pk))
    assert client.post(reverse("say:new_review_rule"), night).status_code == 302
    assert client.post(reverse("say:new_review_rule"), form_of(name="By day")).status_code == 302
    first, second = admin.agency.review_rules.all()
    page = client.get(reverse("say:review_rules")).content.decode()
    assert "22:00–06:00" in page
    assert "1 approver, Legal" in page
    client.post(reverse("say:put_review_rule_first", args=[second.pk]))
    assert [r.name for r in admin.agency.review_rules.all()] == ["By day", "At night"]
    shown = client.get(reverse("say:review_rule", args=[first.pk])).context["form"].initial
    assert (shown["people_2"], shown["unit_2"]) == (1, str(unit.pk))
    client.post(reverse("say:review_rule", args=[first.pk]), form_of(name="Late", people_1="3"))
    first.refresh_from_db()
    assert (first.name, first.steps) == ("Late", [{"people": 3, "unit": ""}])
    client.post(reverse("say:drop_review_rule", args=[first.pk]))
    assert admin.agency.review_rules.count() == 1


def test_a_unit_without_a_number_is_one_of_them(client):
    admin = given.a_member(roles=["admin"])
    client.force_login(admin)
    unit = admin.agency.units.create(name="Legal")
    client.post(reverse("say:new_review_rule"), form_of(unit_2=str(unit.pk)))
    steps = admin.agency.review_rules.get().steps
    assert steps[1] == {"people": 1, "unit": str(unit.pk)}


@pytest.mark.parametrize(
    "wrong", [{"people_1": "0"}, {"people_1": ""}, {"starts": "22:00"}, {"name": ""}]
)
def test_a_rule_that_makes_no_sense_is_not_kept(client, wrong):
    admin = given.a_member(roles=["admin"])
    client.force_login(admin)
    assert client.post(reverse("say:new_review_rule"), form_of(**wrong)).status_code == 422
    assert not ReviewRule.objects.exists()


def test_others_read_the_rules_and_change_nothing(client):
    author = given.a_member()
    a_rule(author.agency, (2, None))
    client.force_login(author)
    page = client.get(reverse("say:review_rules")).content.decode()
    assert "2 approvers" in page
    assert "Change" not in page
    assert client.post(reverse("say:new_review_rule"), form_of()).status_code == 403


def test_the_page_says_how_many_said_yes_and_whose_turn_it_is(client):
    post = given.a_post_in_review()
    a_rule(post.agency, (2, None))
    one, other = given.an_approver(post), given.an_approver(post)
    client.force_login(one)
    page = client.get(reverse("say:approve", args=[post.pk])).content.decode()
    assert "Say yes, and ask the next" in page
    assert "0 of 2 said yes" in page
    yes(post, one)
    page = client.get(reverse("say:approve", args=[post.pk])).content.decode()
    assert "You have said yes to these words" in page
    client.force_login(other)
    page = client.get(reverse("say:approve", args=[post.pk])).content.decode()
    assert "Approve and publish now" in page
    assert f"Yes so far: {one.name}" in " ".join(page.split())
