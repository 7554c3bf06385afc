"""Somebody may say who they are, be weighed by it, and take it back."""

from datetime import timedelta

import pytest
from django.db import connection
from django.http import HttpResponse, QueryDict
from django.urls import reverse
from django.utils import timezone
from tests import given

from commonground.ask import actions, http, tasks
from commonground.ask.forms import QuestionForm, known
from commonground.ask.models import Ballot
from commonground.ask.queries import digest_of
from commonground.ask.tests.test_open_pages import text_of
from commonground.ask.tests.world import Visitor, a_ballot, a_draft, a_question, drawn, many_votes

pytestmark = pytest.mark.django_db

AGE = [{"name": "Age", "classes": ["under 40", "40 and over"], "shares": [50.0, 50.0]}]
IN_FRENCH = {"fr": {"traits": [{"name": "Âge", "classes": ["moins de 40", "40 et plus"]}]}}


def asks(**but):
    return a_question(**{"margins": AGE, "tiers": ["confirmed", "open"], **but})


def voted(question, *, tier="confirmed", times=7):
    """A browser that holds a ballot of this tier with so many votes on it."""
    visitor = Visitor(question)
    held = http.hand_over(HttpResponse(), a_ballot(question, tier=tier), question)
    visitor.client.cookies.update(held.cookies)
    for _ in range(times):
        visitor.vote(1)
    return visitor


@pytest.fixture(autouse=True)
def with_mail(settings):
    settings.ENV = settings.ENV.model_copy(update={"mail_url": "smtp://localhost:25"})


@pytest.mark.parametrize(("margins", "tier"), [([], "confirmed"), (AGE, "open")])
def test_nobody_is_asked_where_nothing_is_weighed(margins, tier):
    visitor = voted(asks(margins=margins), tier=tier)
    assert "Help us weigh" not in text_of(visitor.look())
    assert visitor.look("you/").status_code == 404
    assert visitor.send("you/", trait_0="0").status_code == 404
    assert not Ballot.objects.exclude(traits="").exists()


def test_a_voter_tells_and_takes_it_back():
    visitor = voted(asks(words=IN_FRENCH))
    assert "Help us weigh" in text_of(visitor.look())
    assert "I would rather not say" in text_of(visitor.look("you/"))
    french = visitor.look("you/", **{"in": "fr"}).content.decode()
    assert '<span lang="fr" dir="auto">moins de 40</span>' in french
    assert visitor.send("you/", trait_0="1").status_code == 302
    assert visitor.ballot.traits == [1]
    page = visitor.look("you/").content.decode()
    assert page.count("checked") == 1  # "rather not say": others may use this browser
    visitor.send("you/", take_back="1")
    assert not visitor.ballot.traits


@pytest.mark.parametrize("typed", ["2", "-2", "one", ""])
def test_an_answer_that_is_not_offered_is_not_kept(typed):
    visitor = voted(asks())
    visitor.send("you/", trait_0=typed)
    assert not visitor.ballot.traits


def test_what_is_told_lies_sealed():
    visitor = voted(asks())
    visitor.send("you/", trait_0="1")
    with connection.cursor() as cursor:
        cursor.execute("SELECT traits FROM commonground_ask_ballot")
        raw = next(row[0] for row in cursor.fetchall() if row[0])
    assert "[" not in raw
    assert len(raw) > 30


def test_without_a_ballot_or_from_elsewhere_nothing_is_told():
    question = asks()
    assert Visitor(question).send("you/", trait_0="0").status_code == 404
    visitor = voted(question)
    answer = visitor.client.post(
        f"{visitor.at}you/", {"trait_0": "0"}, headers={"Sec-Fetch-Site": "cross-site"}
    )
    assert answer.status_code >= 400
    assert not visitor.ballot.traits


def closed(question):
    question.state, question.closed_at = "closed", timezone.now() - timedelta(minutes=2)
    question.save()
    return question


def test_taking_back_is_never_too_late_and_telling_is():
    question = asks()
    visitor = voted(question)
    visitor.send("you/", trait_0="1")
    closed(question)
    assert "What you told about yourself" in text_of(visitor.look())
    assert visitor.send("you/", trait_0="0").status_code >= 400
    assert visitor.ballot.traits == [1]
    assert visitor.send("you/", take_back="1").status_code == 302
    assert not visitor.ballot.traits
    assert visitor.look("you/").status_code == 404


def weighed_world(*, young=150, old=60, tell=True):
    question = asks()
    ballots = many_votes(question, voters=young + old, tier="confirmed")
    for n, ballot in enumerate(ballots):
        ballot.traits = [int(n >= young)] if tell else ""
        ballot.save(update_fields=["traits"])
    drawn(question)
    return question


def shown(question):
    return text_of(Visitor(question).look("meet/", who="confirmed"))


def test_the_public_sees_weighed_beside_bare_shares_once_and_after_closing():
    question = weighed_world()
    tasks.weigh_what_is_over()
    assert question.pictures.get(tier="confirmed").weighed is None
    assert "Weighed" not in text_of(voted(question).look("meet/", who="confirmed"))
    closed(question)
    tasks.weigh_what_is_over()
    page = shown(question)
    assert "Weighed to be like the place" in page
    assert "Some 210 people" in page
    assert "under 40 50 %" in page


def test_it_is_told_once_and_stays_whatever_is_taken_back_or_forgotten():
    question = closed(weighed_world())
    tasks.weigh_what_is_over()
    before = question.pictures.get(tier="confirmed").weighed
    Ballot.objects.filter(pk=question.ballots.first().pk).update(traits="")
    tasks.weigh_what_is_over()
    actions.forget_key(question)
    assert not Ballot.objects.exclude(traits="").exists()
    tasks.weigh_what_is_over()
    drawn(question)
    assert question.pictures.get(tier="confirmed").weighed == before
    assert "Some 210 people" in shown(question)


def test_a_question_closed_this_minute_waits_for_slow_votes():
    question = weighed_world()
    question.state, question.closed_at = "closed", timezone.now()
    question.save()
    tasks.weigh_what_is_over()
    assert question.pictures.get(tier="confirmed").weighed is None


@pytest.mark.parametrize(("old", "tell"), [(20, True), (60, False)])
def test_too_few_who_told_is_said_without_a_number(old, tell):
    question = closed(weighed_world(old=old, tell=tell))
    tasks.weigh_what_is_over()
    page = shown(question)
    assert "Too few people told us" in page
    assert "Too few told this to weigh by: Age" in page
    assert "people told us a little" not in page


def test_a_question_without_votes_is_no_trouble():
    closed(asks())
    tasks.weigh_what_is_over()
    question = closed(weighed_world())
    question.statements.update(state="refused", reason="off")
    tasks.weigh_what_is_over()
    assert question.pictures.get(tier="confirmed").weighed is None


def typed(question, **more):
    """The form as the page shows it, with changes."""
    found = QueryDict(mutable=True)
    for name, value in (known(question) | more).items():
        if value not in (None, False):
            found.setlist(name, value if isinstance(value, list) else [value])
    return found


def test_an_author_writes_margins_and_their_names_in_other_languages():
    draft = a_draft()
    form = QuestionForm(typed(draft, margins="Age: young = 40; old = 60"), question=draft)
    assert form.is_valid(), form.errors
    actions.change(draft, by=draft.asked_by, **form.fields_of_it())
    said = typed(draft, traits_fr="Âge: jeune; vieux")
    form = QuestionForm(said, question=draft)
    assert form.is_valid(), form.errors
    actions.change(draft, by=draft.asked_by, **form.fields_of_it())
    assert draft.traits_in("fr") == ("fr", [("Âge", ["jeune", "vieux"])])
    assert draft.traits_in("es") == ("en", [("Age", ["young", "old"])])
    wrong = QuestionForm(typed(draft, traits_fr="Âge: jeune; moyen; vieux"), question=draft)
    assert "in the same order" in str(wrong.errors)
    unclear = QuestionForm(typed(draft, margins="Age"), question=draft)
    assert "Write it as" in str(unclear.errors)


def test_answers_in_another_order_ask_for_another_look_at_their_translation():
    draft = a_draft(margins=AGE, words=IN_FRENCH)
    turned = typed(draft, margins="Age: 40 and over = 50; under 40 = 50")
    first = QuestionForm(turned, question=draft)
    assert "Check that these say the same" in str(first.errors)
    again = QuestionForm(first.data, question=draft)
    assert again.is_valid(), again.errors
    other = typed(draft, margins="Age: under 40 = 40; 40 and over = 60")
    shares = QuestionForm(other, question=draft)
    assert shares.is_valid(), shares.errors


def test_the_second_person_reads_shares_and_translations(client):
    draft = a_draft(margins=AGE, words=IN_FRENCH)
    client.force_login(given.a_member(agency=draft.agency, roles=["approver"]))
    page = client.get(reverse("ask:open", args=[draft.pk])).content.decode()
    assert "Age: under 40 = 50; 40 and over = 50" in page
    assert "Âge: moins de 40; 40 et plus" in page


def test_changed_margins_ask_for_a_new_reading():
    draft = a_draft(margins=AGE)

    before = digest_of(draft)
    draft.margins = []
    assert digest_of(draft) != before
