"""Programs read the inbox as their member may, claim, note, and write answers that people send."""

from __future__ import annotations

import pytest
from tests import given
from tests.api.program import Program

from commonground.answer import actions
from commonground.answer.models import Answer
from commonground.answer.tests.world import a_conversation, an_answerer
from commonground.record.models import Entry
from commonground.say.models import Delivery

pytestmark = pytest.mark.django_db


@pytest.fixture
def channel():
    return given.a_channel(network="mastodon")


@pytest.fixture
def ben(channel):
    return an_answerer(channel, name="Ben")


@pytest.fixture
def program(ben):
    return Program(given.a_key(by=ben)[1])


def test_a_program_reads_the_list_and_the_thread(program, channel):
    ours = a_conversation("Is the bridge open?", channel=channel)
    (row,) = program.get("/conversations?view=unclaimed").told["items"]
    assert (row["id"], row["state"], row["line"]) == (str(ours.pk), "open", "Is the bridge open?")
    found = program.get(f"/conversations/{ours.pk}")
    proposed = found.told["messages"][0]["proposals"]
    assert "question" in [one["kind"] for one in proposed]
    again = program.get(f"/conversations/{ours.pk}", **{"If-None-Match": found["ETag"]})
    assert again.status_code == 304


def test_words_are_found_and_pages_follow_each_other(program, channel):
    for n in range(60):
        a_conversation(f"Number {n} asks for the harbour", channel=channel)
    seen, path = [], "/conversations?words=harbour"
    while path:
        told = program.get(path).told
        seen += [row["id"] for row in told["items"]]
        path = told["next"] and told["next"].removeprefix("/api/v1")
    assert len(seen) == len(set(seen)) == 60
    assert program.get("/conversations?words=giraffe").told["items"] == []
    assert program.get("/conversations?before=nonsense").status_code == 422


@pytest.mark.parametrize("role", ["admin", "trainer"])
def test_whoever_may_not_read_the_inbox_reads_it_through_no_program(channel, role):
    ours = a_conversation(channel=channel)
    member = given.a_member(agency=channel.agency, roles=[role])
    program = Program(given.a_key(by=member)[1])
    for path in ("/conversations", f"/conversations/{ours.pk}"):
        answer = program.get(path)
        assert answer.status_code == 403
        assert "bridge" not in answer.content.decode()


def test_an_auditor_reads_and_changes_nothing(channel):
    ours = a_conversation(channel=channel)
    program = Program(given.a_key(by=given.a_member(agency=channel.agency, roles=["auditor"]))[1])
    assert program.get(f"/conversations/{ours.pk}").status_code == 200
    assert program.post(f"/conversations/{ours.pk}/claim").status_code == 403


def test_what_a_colleague_has_is_theirs(program, channel):
    ours = a_conversation(channel=channel)
    actions.claim(ours, by=an_answerer(channel, name="Ada"))
    refused = program.post(f"/conversations/{ours.pk}/claim")
    assert refused.status_code == 409
    assert "Ada" in refused.told["detail"]
    answer = {"text": "Yes."}
    assert program.make(f"/conversations/{ours.pk}/answers", answer).status_code == 409
    assert not Answer.objects.exists()


def test_an_answer_waits_for_a_person_and_is_made_once(program, channel, ben):
    ours = a_conversation(channel=channel)
    path, said = f"/conversations/{ours.pk}/answers", {"text": "Yes, since noon."}
    made = program.make(path, said, key="the-same-key")
    assert made.status_code == 201
    assert made.told["answers"][0]["state"] == "in_review"
    assert made.told["owner"] == "Ben"
    assert program.make(path, said, key="the-same-key").status_code == 200
    assert Answer.objects.count() == 1
    assert not Delivery.objects.exists()
    assert program.make(path, {"text": "Another."}).status_code == 409  # one is on its way
    assert {e.verb for e in Entry.objects.all() if e.detail.get("through")} >= {"reply", "begin"}


def test_claim_note_and_give_back(program, channel):
    ours = a_conversation(channel=channel)
    assert program.post(f"/conversations/{ours.pk}/claim").told["owner"] == "Ben"
    noted = program.make(f"/conversations/{ours.pk}/notes", {"text": "Asked the harbour."})
    assert noted.told["notes"] == [{"by": "Ben", "text": "Asked the harbour.",
                                    "at": noted.told["notes"][0]["at"]}]  # fmt: skip
    assert program.post(f"/conversations/{ours.pk}/let-go").told["owner"] is None


@pytest.mark.parametrize(
    "body", [{}, {"text": ""}, {"text": "\u202e\n"}, {"text": "x" * 3001}, {"text": "a", "send": 1},
             {"text": "Yes.", "language": "klingon"}, {"text": "Yes.", "ask": "yes"}, [], None],
    ids=str,
)  # fmt: skip
def test_what_is_no_answer_is_refused_in_words(program, channel, body):
    ours = a_conversation(channel=channel)
    told = program.make(f"/conversations/{ours.pk}/answers", body)
    assert told.status_code in (400, 422)
    assert told.told["detail"]
    assert not Answer.objects.exists()
