"""The desk's side: prepare, open, moderate, look on, close, tell."""

from __future__ import annotations

import csv
import io
import re

import pytest
from tests import given

from commonground.ask import actions, queries
from commonground.ask.models import Question
from commonground.ask.tests.test_open_pages import text_of
from commonground.ask.tests.world import (
    SEEDS,
    a_ballot,
    a_draft,
    a_moderator,
    a_question,
    cast,
    drawn,
    many_votes,
)

pytestmark = pytest.mark.django_db

TYPED = {
    "title": "Where should officers walk at night?", "purpose": "The plan is made in May.",
    "word": "harbour", "seeds": "\n".join(SEEDS), "language": "en", "others": ["fr"],
    "tiers": ["open", "resident"], "welcome": "on",
}  # fmt: skip


def at(question, path=""):
    return f"/ask/desk/{question.pk}/{path}"


@pytest.fixture
def as_member(client):
    def signed_in(member):
        client.force_login(member)
        return client

    return signed_in


def test_from_a_form_to_an_open_question_by_two_people(as_member):
    author = given.a_member()
    second = given.a_member(agency=author.agency, roles=["approver"])
    as_member(author).post("/ask/desk/new/", TYPED)
    question = Question.objects.get()
    assert question.languages == ["en", "fr"]
    assert question.statements.count() == len(SEEDS)
    assert "You need another person" not in text_of(as_member(author).get(at(question)))
    client = as_member(second)
    page = client.get(at(question, "open/"))
    assert f"{author.name} wants to ask the public" in text_of(page)
    read = page.context["form"]["read"].value()
    client.post(at(question, "open/"), {"read": read, "have_read": "on"})
    question.refresh_from_db()
    assert question.running


def test_a_form_with_mistakes_says_which(as_member):
    page = as_member(given.a_member()).post("/ask/desk/new/", {**TYPED, "word": "desk"})
    assert page.status_code == 422
    assert "This address is taken" in text_of(page)


def test_a_draft_is_written_anew_until_it_opens(as_member):
    question = a_draft()
    client = as_member(question.asked_by)
    words = {**TYPED, "word": question.word, "title_fr": "Où patrouiller la nuit ?",
             "seeds": "One.\nTwo.\nThree."}  # fmt: skip
    client.post(at(question, "write/"), words)
    question.refresh_from_db()
    assert question.said("title", "fr") == "Où patrouiller la nuit ?"
    assert [s.text for s in question.statements.all()] == ["One.", "Two.", "Three."]


def test_the_queue_shows_what_waits_and_what_may_say_the_same(as_member):
    question = a_question(seeds=["Put more street lights on the fish quay.", "B two.", "C three."])
    actions.send_statement(
        a_ballot(question), question, text="Put more street lights along the fish quay.",
        language="en", address="203.0.113.9",
    )  # fmt: skip
    page = as_member(a_moderator(question)).get(at(question, "moderate/"))
    assert re.search("a resident.*waits since.*May say the same:.*fish quay", text_of(page))
    link = re.search(r'href="([^"]+merge/\?into=[^"]+)"', page.content.decode())[1]
    assert "checked" in as_member(a_moderator(question)).get(link).content.decode()


def test_each_decision_is_one_press_and_a_reason(as_member):
    question = a_question()
    client = as_member(a_moderator(question))
    client.post(at(question, "add/"), {"text": "From the desk."})
    statement = question.statements.get(number=13)
    other = a_moderator(question)
    path = f"/ask/desk/statements/{statement.pk}/"
    as_member(other).post(f"{path}accept/")
    as_member(other).post(f"{path}refuse/", {"reason": "off", "note": "Not ours."})
    statement.refresh_from_db()
    assert (statement.state, statement.reason) == ("refused", "off")
    as_member(other).post(f"{path}reopen/")
    into = question.statements.get(number=1)
    as_member(other).post(f"{path}merge/", {"into": str(into.pk)})
    statement.refresh_from_db()
    assert statement.merged_into == into
    assert "refuse" not in client.get(path).context["may"]


def test_a_refusal_takes_a_reason_from_the_list(as_member):
    question = a_question()
    statement = question.statements.first()
    path = f"/ask/desk/statements/{statement.pk}/refuse/"
    as_member(a_moderator(question)).post(path, {"reason": "we do not like it"})
    statement.refresh_from_db()
    assert statement.state == "accepted"


def test_codes_are_shown_once(as_member):
    question = a_question(tiers=["resident"])
    client = as_member(given.a_member(agency=question.agency, roles=["admin"]))
    page = text_of(client.post(at(question, "codes/"), {"many": "3"}))
    codes = re.findall(r"\b[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{4}\b", page)
    assert len(codes) == 3
    assert codes[0] not in text_of(client.get(at(question, "codes/")))
    assert actions.take_code(question, code=codes[0])


def test_the_hall_sees_numbers_and_sends_nothing_when_nothing_changed(as_member):
    question = a_question()
    many_votes(question)
    drawn(question)
    client = as_member(question.asked_by)
    page = client.get(at(question, "hall/"))
    assert "60 voters" in text_of(page)
    assert b"<svg" in page.content
    mark = page.context["mark"]
    now = at(question, "hall/now/")
    assert client.get(now, {"mark": mark}).status_code == 204
    cast(a_ballot(question), {1: 1})
    from commonground.ask import tasks

    tasks.draw_pictures()
    assert b"61 voters" in client.get(now, {"mark": mark}).content


def test_the_export_holds_sums_of_ten_and_more_and_no_single_ballot(as_member):
    question = a_question(seeds=["=cmd|' /C calc'!A0", *SEEDS])
    many_votes(question, voters=100)
    cast(a_ballot(question), {3: 1})
    drawn(question)
    answer = as_member(question.asked_by).get(at(question, "results.csv"))
    rows = list(csv.DictReader(io.StringIO(answer.content.decode())))
    sums = [int(r["disagree"]) + int(r["not sure"]) + int(r["agree"]) for r in rows]
    assert min(sums) >= 10
    assert {r["group"] for r in rows} > {"all"}
    assert rows[0]["text"].startswith("'=")  # no formula for a spreadsheet
    assert all(set(r) == {"tier", "group", "statement", "text", "disagree", "not sure", "agree"}
               for r in rows)  # fmt: skip


def test_of_nine_voters_nothing_is_exported(as_member):
    question = a_question()
    many_votes(question, voters=9)
    drawn(question)
    answer = as_member(question.asked_by).get(at(question, "results.csv"))
    assert len(answer.content.decode().splitlines()) == 1


def test_the_finding_becomes_a_post(as_member):
    question = a_question()
    many_votes(question)
    drawn(question)
    boss = a_moderator(question)
    as_member(boss).post(at(question, "close/"))
    as_member(boss).post(
        at(question, "publish/"), {"decided": "A patrol on foot.", "why": "Both sides asked."}
    )
    answer = as_member(question.asked_by).post(at(question, "tell/"))
    assert re.fullmatch("/say/[0-9a-f-]+/write", answer.headers["Location"])
    words = queries.words_for_a_post(Question.objects.get())
    assert "A patrol on foot." in words
    assert "where you meet" in words


def test_a_draft_is_held_against_what_people_said(as_member):
    question = a_question(seeds=[
        "Put more street lights on the fish quay.", "Close the bars at one o'clock.",
        "Let the ferry run all night.", "Teach every officer some Spanish.",
        "Cameras watch people, not danger.", "Put a doctor on call at weekends.",
        "The park gates stay open.", "Answer letters within a week.", "Fewer sirens after ten.",
        "A crew that walks knows us.",
    ])  # fmt: skip
    many_votes(question, voters=120)
    drawn(question)
    author = question.asked_by
    post = given.a_post(by=author, text="We put more street lights on the fish quay in March.")
    page = text_of(as_member(author).get(f"/ask/desk/bridging/{post.pk}/"))
    assert re.search(r"is like the statement Put more street lights.*between \d+ and \d+ % agree",
                     page)  # fmt: skip
    other = given.a_post(by=author, text="Our parade starts at noon, bring umbrellas please.")
    assert "Not known" in text_of(as_member(author).get(f"/ask/desk/bridging/{other.pk}/"))


def test_a_draft_is_held_against_nothing_while_nobody_was_asked(as_member):
    post = given.a_post()
    assert "Not known" in text_of(as_member(post.author).get(f"/ask/desk/bridging/{post.pk}/"))


def test_lists_cost_few_queries(as_member, django_assert_max_num_queries):
    author = given.a_member()
    for _ in range(6):
        question = a_question(by=author)
        many_votes(question, voters=12)
        drawn(question)
    client = as_member(author)
    for path in ("/ask/desk/", at(question), at(question, "moderate/")):
        with django_assert_max_num_queries(15):
            client.get(path)
