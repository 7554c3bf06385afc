"""What becomes of a statement, by whose hand, and what the public reads of it."""

import pytest
from tests import given

from commonground.ask import actions, queries, tasks
from commonground.ask.forms import QuestionForm, one_line
from commonground.ask.tests.world import a_ballot, a_moderator, a_question, cast, drawn, many_votes
from commonground.kit.refusals import NotYours, Refused
from commonground.record.models import Entry

pytestmark = pytest.mark.django_db


def sent(question, text="More light on the quays."):
    return actions.send_statement(
        a_ballot(question), question, text=text, language="en", address="203.0.113.9"
    )


def test_what_a_resident_sends_waits_for_a_person():
    statement = sent(a_question())
    assert statement.state == "waiting"
    assert statement.written_by is None


def test_the_record_does_not_keep_words_that_nobody_has_read():
    statement = sent(a_question(), "Sergeant Miller lives at 4 Quay Street.")
    entry = Entry.objects.get(verb="send_statement")
    assert "Miller" not in f"{entry.title}{entry.detail}{entry.who}"
    actions.refuse(statement, reason="person", by=a_moderator(statement.question))
    entry = Entry.objects.get(verb="refuse")
    assert "Miller" not in f"{entry.title}{entry.detail}"
    assert entry.detail["reason"] == "person"


def test_nobody_accepts_their_own_statement():
    question = a_question()
    staff = question.asked_by
    statement = actions.add_statement(question, text="Close the pier.", language="en", by=staff)
    with pytest.raises(NotYours, match="another person"):
        actions.accept(statement, by=staff)
    actions.accept(statement, by=a_moderator(question))
    assert statement.state == "accepted"


def test_several_moderators_and_the_record_says_which():
    question = a_question()
    one, other = a_moderator(question), question.asked_by
    actions.accept(sent(question), by=one)
    actions.refuse(sent(question, "Buy my boat."), reason="advert", by=other)
    told = Entry.objects.filter(verb__in=["accept", "refuse"]).order_by("-number")[:2]
    assert [entry.who for entry in told] == [other.name, one.name]
    assert question.statements.get(state="refused").decided_by == other


def test_a_merged_statement_leaves_the_vote_and_its_votes_are_not_counted():
    question = a_question()
    many_votes(question)
    numbers = set(drawn(question)["open"]["all"])
    first, second = question.statements.order_by("number")[:2]
    actions.merge(second, into=first, by=a_moderator(question))
    tasks.pictured(question)
    told = question.pictures.get().told
    assert numbers - set(told["all"]) == {"2"}


def test_a_statement_put_back_brings_its_votes_along():
    question = a_question()
    many_votes(question)
    statement = question.statements.get(number=3)
    before = drawn(question)["open"]["all"]["3"]
    moderator = a_moderator(question)
    actions.refuse(statement, reason="unclear", by=moderator)
    tasks.pictured(question)
    actions.accept(actions.reopen(statement, by=moderator), by=moderator)
    assert tasks.pictured(question)["open"]["all"]["3"] == before


def test_statements_merge_into_one_that_is_put_to_the_vote():
    question, other = a_question(), a_question()
    mine, theirs = sent(question), other.statements.first()
    for into in (theirs, mine, sent(question, "Other words.")):
        with pytest.raises(Refused):
            actions.merge(mine, into=into, by=a_moderator(question))


def test_what_may_say_the_same_is_laid_beside_it():
    question = a_question(seeds=[
        "Put more street lights on the fish quay.", "Close the bars at one o'clock.",
        "Let the ferry run all night at weekends.",
    ])  # fmt: skip
    sent(question, "Put more street lights along the fish quay.")
    sent(question, "Train officers to speak Spanish.")
    queue = queries.queue_of(question)
    assert [[a.number for a in alike] for _, alike in queue] == [[1], []]


def test_a_translation_is_shown_once_another_person_checked_it():
    question = a_question()
    statement = question.statements.first()
    writer, other = question.asked_by, a_moderator(question)
    text = "Plus de lumière sur les quais."
    translation = actions.translate(statement, language="fr", text=text, by=writer)

    def read_in_french():
        return queries.said_in("fr", queries.put_to_the_vote(question, "fr")[1])

    assert read_in_french().language == "en"
    with pytest.raises(NotYours, match="another person"):
        actions.vouch(translation, by=writer)
    actions.vouch(translation, by=other)
    assert (read_in_french().text, read_in_french().language) == (text, "fr")


def test_new_words_in_a_translation_must_be_checked_anew():
    question = a_question()
    statement, other = question.statements.first(), a_moderator(question)
    first = actions.translate(statement, language="fr", text="Un.", by=question.asked_by)
    actions.vouch(first, by=other)
    actions.translate(statement, language="fr", text="Deux.", by=other, by_machine=True)
    assert statement.translations.get().state == "proposed"
    assert queries.said_in("fr", queries.put_to_the_vote(question, "fr")[1]).language == "en"


def test_how_long_a_check_takes_is_measured():
    question = a_question()
    assert queries.wait_for_a_decision(question) is None
    actions.accept(sent(question), by=a_moderator(question))
    assert queries.wait_for_a_decision(question).total_seconds() < 60


def test_signs_that_nobody_sees_are_taken_out():
    assert one_line("More\u202e light\u200b\n on\x00 the quays") == "More light on the quays"


@pytest.mark.parametrize("word", ["desk", "Über", "a b", "x_y", "../x"])
def test_a_short_address_is_plain_letters_and_not_ours(word):
    form = QuestionForm({"word": word})
    assert "word" in form.errors


def test_a_short_address_is_given_once():
    question = a_question()
    assert "word" in QuestionForm({"word": question.word}).errors
    assert "word" not in QuestionForm({"word": question.word}, question=question).errors


def test_a_seed_that_is_too_long_is_named():
    form = QuestionForm({"seeds": "Short.\n" + "x" * 141})
    assert "140" in str(form.errors["seeds"])


def test_a_vote_on_what_left_the_vote_is_not_counted():
    question = a_question()
    ballot, statement = a_ballot(question), question.statements.first()
    actions.refuse(statement, reason="off", by=a_moderator(question))
    with pytest.raises(Refused, match="no longer put to the vote"):
        cast(ballot, {1: 1})


def test_whoever_wrote_it_for_the_desk_does_not_vote_on_it():
    question = a_question()
    ballot, statement = a_ballot(question), question.statements.first()
    author = question.asked_by
    with pytest.raises(NotYours, match="You wrote this"):
        actions.vote(ballot, statement, 1, members=(author.pk,))
    assert actions.vote(ballot, statement, 1, members=(given.a_member().pk,))
