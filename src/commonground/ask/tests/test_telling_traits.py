"""Somebody may say who they are, be weighed by it, and take it back."""

import pytest
from django.utils import timezone

from commonground.ask import actions
from commonground.ask.forms import QuestionForm, known
from commonground.ask.models import Ballot
from commonground.ask.queries import digest_of
from commonground.ask.tests.test_open_pages import text_of
from commonground.ask.tests.world import Visitor, a_draft, a_question, drawn, many_votes

pytestmark = pytest.mark.django_db

AGE = [{"name": "Age", "classes": ["under 40", "40 and over"], "shares": [50.0, 50.0]}]
IN_FRENCH = {"fr": {"traits": [{"name": "Âge", "classes": ["moins de 40", "40 et plus"]}]}}


def voted(question, times=7):
    visitor = Visitor(question)
    for _ in range(times):
        visitor.vote(1)
    return visitor


def test_nobody_is_asked_where_nothing_is_weighed():
    question = a_question()
    visitor = voted(question)
    assert "Say who you are" not in text_of(visitor.look())
    assert visitor.send("you/", trait_0="0").status_code in (302, 409, 422)
    assert Ballot.objects.filter(traits__isnull=False).count() == 0


def test_a_voter_tells_and_takes_it_back():
    visitor = voted(a_question(margins=AGE, words=IN_FRENCH))
    assert "Say who you are" in text_of(visitor.look())
    assert "I would rather not say" in text_of(visitor.look("you/"))
    assert "moins de 40" in text_of(visitor.look("you/", **{"in": "fr"}))
    assert visitor.send("you/", trait_0="1").status_code == 302
    assert visitor.ballot.traits == [1]
    assert "What you told about yourself" in text_of(visitor.look())
    visitor.send("you/", trait_0="-1")
    assert visitor.ballot.traits is None


@pytest.mark.parametrize("typed", ["2", "-2", "one", ""])
def test_an_answer_that_is_not_offered_is_not_kept(typed):
    visitor = voted(a_question(margins=AGE))
    visitor.send("you/", trait_0=typed)
    assert visitor.ballot.traits is None


def test_without_a_ballot_or_from_elsewhere_nothing_is_told():
    question = a_question(margins=AGE)
    stranger = Visitor(question)
    assert stranger.send("you/", trait_0="0").status_code >= 400
    visitor = voted(question)
    answer = visitor.client.post(
        f"{visitor.at}you/", {"trait_0": "0"}, headers={"Sec-Fetch-Site": "cross-site"}
    )
    assert answer.status_code >= 400
    assert visitor.ballot.traits is None


def test_the_public_sees_the_weighed_shares_beside_the_bare_ones():
    question = a_question(margins=AGE)
    ballots = many_votes(question, voters=200, apart=False)
    for n, ballot in enumerate(ballots):
        ballot.traits = [int(n >= 150)]
    Ballot.objects.bulk_update(ballots, ["traits"])
    told = drawn(question)["open"]["weighed"]
    assert told["people"] == 200
    assert told["effective"] == 150
    page = text_of(voted(question).look("meet/"))
    assert "Weighed to be like the place" in page
    assert "as much as 150 people who weigh the same" in page


def test_too_few_who_told_is_said():
    question = a_question(margins=AGE)
    ballots = many_votes(question, voters=60)
    Ballot.objects.filter(pk__in=[b.pk for b in ballots[:20]]).update(traits=[0])
    drawn(question)
    page = text_of(voted(question).look("meet/"))
    assert "fewer than fifty people" in page
    assert "Age: 40 and over" in page


def test_after_thirty_days_nothing_is_left_of_it():
    question = a_question(margins=AGE)
    visitor = voted(question)
    visitor.send("you/", trait_0="1")
    question.state, question.closed_at = "closed", timezone.now()
    question.save()
    actions.forget_key(question)
    assert Ballot.objects.filter(traits__isnull=False).count() == 0


def typed(question, **more):
    """The form as the page shows it, with changes."""
    shown = known(question)
    return {k: v for k, v in (shown | more).items() if v not in (None, False)}


def test_an_author_writes_margins_and_their_names_in_other_languages():
    draft = a_draft()
    form = QuestionForm(typed(draft, margins="Age: young = 40; old = 60"), question=draft)
    assert form.is_valid(), form.errors
    actions.change(draft, by=draft.asked_by, **form.fields_of_it())
    said = typed(draft, traits_fr="Âge: jeune; vieux")
    form = QuestionForm(said, question=draft)
    assert form.is_valid(), form.errors
    actions.change(draft, by=draft.asked_by, **form.fields_of_it())
    assert draft.traits_in("fr") == [("Âge", ["jeune", "vieux"])]
    assert draft.traits_in("es") == [("Age", ["young", "old"])]
    wrong = QuestionForm(typed(draft, traits_fr="Âge: jeune; moyen; vieux"), question=draft)
    assert "in the same order" in str(wrong.errors)
    unclear = QuestionForm(typed(draft, margins="Age"), question=draft)
    assert "Write it as" in str(unclear.errors)


def test_changed_margins_ask_for_a_new_reading():
    draft = a_draft(margins=AGE)

    before = digest_of(draft)
    draft.margins = []
    assert digest_of(draft) != before
