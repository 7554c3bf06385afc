"""What a resident meets: no account, no script, one cookie; every state in words."""

from __future__ import annotations

import json
import re

import pytest
from django.test import Client
from tests import given

from commonground.ask import actions, tasks
from commonground.ask.models import Ballot, Vote
from commonground.ask.tests.world import (
    Visitor,
    a_draft,
    a_moderator,
    a_question,
    drawn,
    later,
    many_votes,
)
from commonground.kit.visitors import peer

pytestmark = pytest.mark.django_db


def text_of(answer):
    page = answer.content.decode()
    return " ".join(re.sub(r"<[^>]+>", " ", page[page.find("<main") :]).split())


def test_somebody_votes_without_account_script_or_cookie_to_begin_with():
    visitor = Visitor(a_question(), works=False)
    assert "12 statements" in text_of(visitor.look())
    assert not visitor.client.cookies
    assert visitor.vote(1).status_code == 302
    assert list(visitor.client.cookies) == [f"ballot-{visitor.question.word}"]
    assert "1 of 12 answered" in text_of(visitor.look())


def test_the_cookie_goes_to_this_question_alone_and_to_no_script():
    visitor = Visitor(a_question())
    visitor.vote(1)
    cookie = visitor.client.cookies[f"ballot-{visitor.question.word}"]
    assert cookie["path"] == visitor.at
    assert cookie["httponly"]
    assert cookie["samesite"] == "Lax"


def test_after_seven_votes_the_way_to_the_common_ground_is_open():
    question = a_question()
    many_votes(question)
    drawn(question)
    visitor = Visitor(question)
    for _ in range(6):
        visitor.vote(1)
    assert "Answer 1 more statement" in text_of(visitor.look("meet/"))
    visitor.vote(1)
    assert "See where people meet" in text_of(visitor.look())
    page = text_of(visitor.look("meet/"))
    words = ("What all groups share", "What divides", "The map of answers")
    shared, divides, places = map(page.find, words)
    assert 0 < shared < divides < places


def test_bars_are_told_in_counts_and_words():
    question = a_question()
    many_votes(question)
    told = drawn(question)["open"]
    visitor = Visitor(question)
    for _ in range(7):
        visitor.vote(1)
    disagree, unsure, agree = told["groups"][told["shared"][0]][0]
    assert f"{agree} agree" in text_of(visitor.look("meet/"))
    assert f"{disagree} disagree, {unsure} not sure" in text_of(visitor.look("meet/"))


def test_votes_that_bear_out_no_groups_are_said_to_bear_out_none():
    question = a_question()
    many_votes(question, apart=False)
    drawn(question)
    actions.close(question, by=a_moderator(question))
    page = text_of(Visitor(question).look("meet/"))
    assert "No stable groups" in page
    assert "Group A" not in page


def test_of_fewer_than_ten_nothing_is_shown():
    question = a_question()
    many_votes(question, voters=9)
    drawn(question)
    actions.close(question, by=a_moderator(question))
    page = text_of(Visitor(question).look("meet/"))
    assert "Too few people so far" in page
    assert "%" not in page


def test_the_open_tier_says_that_it_can_be_stuffed():
    question = a_question()
    many_votes(question)
    drawn(question)
    actions.close(question, by=a_moderator(question))
    assert "one person could have sent many" in text_of(Visitor(question).look("meet/"))


def test_every_state_has_its_words():
    question = a_question(opens_at=later(days=3))
    visitor = Visitor(question)
    assert "Not open yet" in text_of(visitor.look())
    question.opens_at = None
    question.save()
    actions.pause(question, reason="A name stood in a statement.", by=question.asked_by)
    assert "A name stood in a statement." in text_of(visitor.look())
    actions.close(question, by=a_moderator(question))
    assert "The voting is over" in text_of(visitor.look())
    actions.publish(
        question, decided="A patrol on foot.", not_decided="No cameras.", why="You said so.",
        by=a_moderator(question),
    )  # fmt: skip
    page = text_of(visitor.look())
    assert re.search("What was decided.*patrol on foot.*What was not.*cameras.*Why.*You", page)


def test_a_draft_and_a_drills_question_are_not_there():
    question = a_draft()
    agency = given.an_agency(drill=True)
    drill = a_question(by=given.a_member(agency=agency))
    for hidden in (question, drill):
        visitor = Visitor(hidden)
        for path in ("", "meet/", "log/", "code/", "address/", "receipt/", "seals.json", "qr.svg"):
            assert visitor.look(path).status_code == 404, path
        assert visitor.send("vote/", vote="1", statement="1").status_code == 404


def test_a_statement_is_in_the_readers_language_or_says_in_which_it_is():
    question = a_question()
    statement = question.statements.get(number=1)
    translation = actions.translate(
        statement, language="es", text="Más luz en el muelle.", by=question.asked_by
    )
    actions.vouch(translation, by=a_moderator(question))
    for other in question.statements.exclude(number=1):
        actions.refuse(other, reason="off", by=a_moderator(question))
    page = Visitor(question).look(**{"in": "es"}).content.decode()
    assert 'lang="es" dir="auto">Más luz en el muelle.' in page
    page = Visitor(question).look(**{"in": "fr"}).content.decode()
    assert '<html lang="fr"' in page
    assert 'id="statement" tabindex="-1" lang="en"' in page


def test_the_browsers_language_is_heard():
    client = Client(headers={"accept-language": "es-MX,es;q=0.9"})
    question = a_question()
    page = client.get(f"/ask/{question.word}/")
    assert page.context["language"] == "es"


def test_a_press_from_another_sites_page_is_not_counted():
    visitor = Visitor(a_question())
    for headers in ({"sec-fetch-site": "cross-site"}, {"origin": "https://evil.example"}):
        begin = visitor.look().context["begin"]
        answer = visitor.client.post(
            f"{visitor.at}vote/", {"vote": "1", "statement": "1", "start": begin["start"]},
            headers=headers,
        )  # fmt: skip
        assert answer.status_code == 403
    assert Vote.objects.count() == 0


@pytest.mark.parametrize("typed", [
    {"vote": "7", "statement": "1"}, {"vote": "1", "statement": "99"}, {"vote": "1"},
    {"vote": "1", "statement": "²"}, {"vote": "1", "statement": "1", "start": "forged"}, {},
])  # fmt: skip
def test_a_form_made_by_hand_counts_nothing(typed):
    visitor = Visitor(a_question())
    assert visitor.send("vote/", **typed).status_code in (404, 409)
    assert Vote.objects.count() == 0


def test_a_cookie_of_another_question_or_a_forged_one_is_no_ballot():
    one, other = Visitor(a_question()), Visitor(a_question())
    one.vote(1)
    held = one.client.cookies[f"ballot-{one.question.word}"].value
    for value in (held, "resident:abc", ""):
        other.client.cookies[f"ballot-{other.question.word}"] = value
        assert other.look().context["ballot"] is None


def test_a_page_sent_twice_is_one_ballot():
    visitor = Visitor(a_question())
    begin = visitor.look().context["begin"]
    typed = {"vote": "1", "statement": "1", "start": begin["start"]}
    for _ in range(3):
        Client(REMOTE_ADDR="203.0.113.7").post(f"{visitor.at}vote/", typed)
    assert Ballot.objects.count() == 1
    assert Vote.objects.count() == 1


def test_whose_browser_keeps_no_cookie_is_told_so():
    visitor = Visitor(a_question())
    visitor.vote(1)
    visitor.client.cookies.clear()
    assert "did not keep its cookie" in text_of(visitor.look(first=""))


def test_a_code_on_paper_is_a_ballot_of_its_own():
    question = a_question(tiers=["resident", "open"])
    (code,) = actions.make_codes(question, many=1, by=a_moderator(question))
    visitor = Visitor(question)
    assert visitor.send("code/", code=code).status_code == 302
    visitor.vote(-1)
    assert Ballot.objects.get().tier == "resident"
    assert "You vote with a code from us" in text_of(visitor.look())


def test_a_link_by_mail_takes_a_press_so_that_no_program_confirms_it(settings, mailoutbox):
    settings.ENV = settings.ENV.model_copy(update={"mail_url": "smtp://localhost:1"})
    question = a_question(tiers=["confirmed"])
    visitor = Visitor(question)
    assert "Look into your mail" in text_of(visitor.send("address/", address="ana@mail.example"))
    (mail,) = mailoutbox
    assert mail.to == ["ana@mail.example"]
    link = re.search(r"link=(\S+)", mail.body)[1]
    assert visitor.look("confirm/", link=link).status_code == 200
    assert Ballot.objects.count() == 0
    visitor.send("confirm/", link=link)
    assert Ballot.objects.get().tier == "confirmed"


def test_a_title_cannot_add_a_header_to_the_mail(settings, mailoutbox):
    settings.ENV = settings.ENV.model_copy(update={"mail_url": "smtp://localhost:1"})
    question = a_question(tiers=["confirmed"], title="Lights\r\nBcc: all@evil.example")
    Visitor(question).send("address/", address="ana@mail.example")
    assert "\n" not in mailoutbox[0].subject
    assert mailoutbox[0].recipients() == ["ana@mail.example"]


def test_somebody_adds_a_statement_and_reads_who_checks_it():
    question = a_question()
    visitor = Visitor(question)
    assert visitor.send("say/", text="More light.").status_code == 409  # first a vote
    visitor.vote(1)
    assert visitor.send("say/", text="x" * 141).status_code == 422
    page = text_of(visitor.send("say/", text="More light on the <quays>."))
    assert f"People at {question.agency.name} read it" in page
    assert question.statements.get(number=13).text == "More light on the <quays>."


def test_the_public_log_tells_reasons_and_never_refused_words():
    question = a_question()
    visitor = Visitor(question)
    visitor.vote(1)
    visitor.send("say/", text="Sergeant Miller is a thief.")
    actions.refuse(question.statements.get(number=13), reason="person", by=a_moderator(question))
    page = text_of(visitor.look("log/"))
    assert "It names or points at a person" in page
    assert "Miller" not in page


def test_a_receipt_comes_within_a_minute_and_only_for_ones_own_ballot():
    visitor = Visitor(a_question())
    visitor.vote(1)
    assert "within a minute" in text_of(visitor.look("receipt/"))
    tasks.seal_ballots()
    told = json.loads(visitor.look("receipt.json").content)
    assert list(told["votes"].values()) == [1]
    assert "not an election" in visitor.look("receipt/").content.decode()
    stranger = Visitor(visitor.question)
    assert stranger.look("receipt.json").status_code == 404


def test_members_do_not_vote_on_what_they_wrote_for_the_desk():
    question = a_question()
    visitor = Visitor(question)
    visitor.client.force_login(question.asked_by)
    assert visitor.look().context["said"] is None  # all twelve are theirs
    begin = visitor.look().context["begin"]
    typed = {"vote": "1", "statement": "1", "start": begin["start"]}
    assert visitor.send("vote/", **typed).status_code == 403
    assert Vote.objects.count() == 0


def test_a_visitor_behind_our_own_proxy_is_told_by_what_that_proxy_wrote(rf, settings):
    request = rf.get("/", headers={"x-forwarded-for": "6.6.6.6, 203.0.113.9"})
    assert peer(request) == "127.0.0.1"  # nobody vouches for the header
    settings.ENV = settings.ENV.model_copy(update={"proxies": 1})
    assert peer(request) == "203.0.113.9"  # what stands further left anybody may write


def test_a_page_costs_few_queries(django_assert_max_num_queries):
    question = a_question()
    many_votes(question)
    drawn(question)
    visitor = Visitor(question)
    for _ in range(7):
        visitor.vote(1)
    for path in ("", "meet/", "log/"):
        with django_assert_max_num_queries(8):
            visitor.look(path)


def test_what_is_asked_is_listed_for_anybody():
    by = given.a_member()
    a_draft(title="Still secret?", by=by)
    a_question(title="Open to all?", by=by)
    page = text_of(Client().get("/ask/"))
    assert "Open to all?" in page
    assert "secret" not in page


def test_the_square_leads_to_the_question():
    question = a_question()
    answer = Visitor(question).look("qr.svg")
    assert answer.headers["Content-Type"] == "image/svg+xml"
    assert answer.content.startswith(b"<svg")
