"""What the news got wrong: from a figure that differs to a correction, or none."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from django.db import IntegrityError, transaction
from django.utils import timezone
from tests import given

from commonground.kit.refusals import MovedOn, NotYours, Refused
from commonground.learn import actions, queries
from commonground.learn.models import Mistake
from commonground.learn.states import MISTAKE, MistakeState
from commonground.learn.tests.given import MESSAGES, a_coverage
from commonground.learn.tests.test_coverage import printed
from commonground.record.models import Entry

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk(client):
    client.member = given.a_member(roles=["author"])
    client.force_login(client.member)
    return client


def a_suspected(by, **but) -> Mistake:
    printed(a_coverage(by=by), by, **but)
    return Mistake.objects.get()


def due(days: int = 3) -> str:
    return (timezone.localdate() + timedelta(days=days)).isoformat()


def test_a_figure_that_differs_waits_to_be_looked_at(desk):
    mistake = a_suspected(desk.member)
    assert mistake.state == MistakeState.SUSPECTED
    assert mistake.wrong == "Mill Road is closed until 8 p.m., police said."
    assert mistake.right == MESSAGES[1]
    assert mistake.found_by is None
    assert "to be looked at" in desk.get("/learn/mistakes/").content.decode()
    assert queries.by_outlet(desk.member.agency) == []  # nobody has called it wrong


def test_from_suspicion_to_correction(desk):
    mistake = a_suspected(desk.member)
    at = f"/learn/mistakes/{mistake.pk}/"
    desk.post(f"{at}confirm_mistake/", {"right": "It is closed until 6 p.m."})
    page = desk.post(
        f"{at}ask_outlet/", {"asked_of": "Corrections desk", "due_on": due()}, follow=True
    )
    assert "Corrections desk" in page.content.decode()
    with time_machine.travel(timezone.now() + timedelta(hours=5), tick=False):
        desk.force_login(desk.member)
        said = {"where": "https://gazette.example/fix", "answer": "Sorry."}
        page = desk.post(f"{at}note_correction/", said, follow=True).content.decode()
    assert "https://gazette.example/fix" in page
    mistake.refresh_from_db()
    assert mistake.state == MistakeState.CORRECTED
    (row,) = queries.by_outlet(desk.member.agency)
    assert (row.outlet, row.articles, row.wrong, row.asked, row.corrected, row.refused) == (
        "Gazette", 1, 1, 1, 1, 0
    )  # fmt: skip
    assert row.took is not None
    assert timedelta(hours=4, minutes=59) < row.took < timedelta(hours=5, minutes=1)
    verbs = Entry.objects.filter(subject=f"mistake:{mistake.pk}").order_by("number")
    assert list(verbs.values_list("verb", flat=True)) == [
        "confirm_mistake", "ask_outlet", "note_correction"
    ]  # fmt: skip


def test_a_day_that_is_over_is_said_and_they_are_asked_again(desk):
    mistake = a_suspected(desk.member)
    actions.confirm_mistake(mistake, right="6 p.m.", by=desk.member)
    today = timezone.localdate()
    actions.ask_outlet(mistake, asked_of="Desk", due_on=today, by=desk.member)
    assert not mistake.is_late
    with time_machine.travel(timezone.now() + timedelta(days=2), tick=False):
        desk.force_login(desk.member)
        assert mistake.is_late
        assert "This day is over" in desk.get("/learn/mistakes/").content.decode()
        assert list(queries.mistakes(desk.member.agency).waiting()) == [mistake]
        desk.post(
            f"/learn/mistakes/{mistake.pk}/ask_outlet/", {"asked_of": "Editor", "due_on": due()}
        )
        mistake.refresh_from_db()
        assert not mistake.is_late
        assert mistake.asked_of == "Editor"
    assert Entry.objects.filter(verb="ask_outlet").count() == 2


def test_what_is_not_wrong_counts_nowhere_and_can_be_taken_up_again(desk):
    mistake = a_suspected(desk.member)
    at = f"/learn/mistakes/{mistake.pk}/"
    desk.post(f"{at}clear_outlet/", {"answer": "It speaks of another road."})
    mistake.refresh_from_db()
    assert mistake.state == MistakeState.CLEARED
    page = desk.get(mistake.article.coverage.get_absolute_url()).content.decode()
    assert "Another figure was printed" not in page
    desk.post(f"{at}take_up_mistake/")
    mistake.refresh_from_db()
    assert mistake.state == MistakeState.CONFIRMED


def test_a_person_marks_what_is_wrong_in_the_words_of_the_article(desk):
    article = printed(a_coverage(by=desk.member), desk.member, text="It snowed.\nTwo died.")
    at = f"/learn/article/{article.pk}/wrong/"
    refused = desk.post(at, {"wrong": "Nine died.", "right": "Nobody died."})
    assert "do not stand in the article" in refused.content.decode()
    desk.post(at, {"wrong": "two  died.", "right": "Nobody died."})
    desk.post(at, {"wrong": "two died.", "right": "Nobody died."})
    mistake = Mistake.objects.get()
    assert (mistake.state, mistake.found_by) == (MistakeState.CONFIRMED, desk.member)
    assert Entry.objects.filter(verb="mark_wrong").count() == 1


def test_whom_to_ask_is_known_from_the_outlet_or_from_the_last_time():
    member = given.a_member(roles=["author", "admin"])
    mistake = a_suspected(member)
    assert queries.asked_before(mistake) == ""
    actions.confirm_mistake(mistake, right="6 p.m.", by=member)
    actions.ask_outlet(mistake, asked_of="Night desk", due_on=timezone.localdate(), by=member)
    assert queries.asked_before(mistake) == "Night desk"
    actions.add_outlet(
        name="Gazette", feed="https://a.example/f", corrections_to="fix@gazette.example", by=member
    )
    assert queries.asked_before(mistake) == "fix@gazette.example"


def test_new_messages_forget_only_what_nobody_looked_at():
    member = given.a_member()
    coverage = a_coverage(by=member)
    article = printed(coverage, member)
    suspected = Mistake.objects.get()
    marked = actions.mark_wrong(article, wrong="It rained.", right="It snowed.", by=member)
    actions.change_messages(coverage, messages=["Stay at home."], by=member)
    assert list(Mistake.objects.all()) == [marked]
    actions.change_messages(coverage, messages=MESSAGES, by=member)
    again = Mistake.objects.exclude(pk=marked.pk).get()
    assert again.pk != suspected.pk
    actions.confirm_mistake(again, right="6 p.m.", by=member)
    actions.change_messages(coverage, messages=["Stay at home."], by=member)
    assert Mistake.objects.count() == 2


def test_what_was_set_aside_has_no_mistakes():
    member = given.a_member()
    mistake = a_suspected(member)
    actions.confirm_mistake(mistake, right="6 p.m.", by=member)
    actions.set_aside(mistake.article, by=member)
    assert not queries.mistakes(member.agency).exists()
    assert queries.by_outlet(member.agency) == []


@pytest.mark.parametrize("state", list(MistakeState))
def test_only_what_the_table_allows_can_be_done(desk, state):
    mistake = a_suspected(desk.member)
    day = timezone.localdate()
    filled = {"asked_of": "x", "asked_at": timezone.now(), "due_on": day,
              "corrected_at": timezone.now()}  # fmt: skip
    Mistake.objects.update(state=state, **filled)
    steps = {
        "confirm_mistake": {"right": "x"}, "clear_outlet": {"answer": "x"},
        "ask_outlet": {"asked_of": "x", "due_on": day}, "take_up_mistake": {},
        "note_correction": {"answer": "x", "where": ""}, "note_no_correction": {"answer": "x"},
    }  # fmt: skip
    assert set(steps) == set(MISTAKE.transitions)
    for name, said in steps.items():
        mistake.refresh_from_db()
        may = MISTAKE.after(name, state) is not None
        with transaction.atomic():
            if may:
                getattr(actions, name)(mistake, by=desk.member, **said)
            else:
                with pytest.raises(MovedOn):
                    getattr(actions, name)(mistake, by=desk.member, **said)
            transaction.set_rollback(True)
        Mistake.objects.update(state=state, **filled)


def test_the_database_knows_what_a_state_needs():
    mistake = a_suspected(given.a_member())
    for state in ("asked", "corrected", "odd"):
        with pytest.raises(IntegrityError), transaction.atomic():
            Mistake.objects.filter(pk=mistake.pk).update(state=state)


def test_another_agency_and_who_only_looks_change_nothing(client):
    mistake = a_suspected(given.a_member())
    stranger = given.a_member()
    client.force_login(stranger)
    assert client.get(mistake.get_absolute_url()).status_code == 404
    looker = given.a_member(agency=mistake.agency, roles=["auditor"])
    for by in (stranger, looker):
        with pytest.raises(NotYours):
            actions.confirm_mistake(mistake, right="x", by=by)
        with pytest.raises(NotYours):
            actions.mark_wrong(mistake.article, wrong="x", right="y", by=by)
    client.force_login(looker)
    assert "Yes, it is wrong" not in client.get(mistake.get_absolute_url()).content.decode()


def test_nobody_is_asked_until_yesterday(desk):
    mistake = a_suspected(desk.member)
    actions.confirm_mistake(mistake, right="x", by=desk.member)
    page = desk.post(
        f"/learn/mistakes/{mistake.pk}/ask_outlet/", {"asked_of": "x", "due_on": due(-1)}
    )
    assert page.status_code == 422
    assert "This day is over" in page.content.decode()
    yesterday = timezone.localdate() - timedelta(days=1)
    with pytest.raises(Refused):
        actions.ask_outlet(mistake, asked_of="x", due_on=yesterday, by=desk.member)


def test_the_list_asks_the_same_few_times(desk, django_assert_max_num_queries):
    coverage = a_coverage(by=desk.member)
    for n in range(9):
        printed(coverage, desk.member, headline=f"Rain {n}", outlet=f"Paper {n}")
    Mistake.objects.update(state="confirmed")
    with django_assert_max_num_queries(15):
        desk.get("/learn/mistakes/")
