"""Programs read the record: sentences, what opens each leaf, and proofs they check themselves."""

import hashlib

import pytest
from tests import given
from tests.api.program import Program

from commonground.record.actions import THE_DESK, publish, witness
from commonground.record.engine.leaves import b64url
from commonground.record.engine.proofs import Proof
from commonground.record.models import Entry
from commonground.record.queries.log import epoch, log_key


@pytest.fixture
def chief():
    return given.a_member(roles=["admin"], name="Chief Reyes")


@pytest.fixture
def program(chief):
    return Program(given.a_key("record:read", by=chief)[1])


@pytest.mark.django_db
def test_what_was_done_is_told_in_sentences_newest_first(program, chief):
    given.a_post_in_review(agency=chief.agency)
    items = program.get("/record/entries").told["items"]
    assert items[0]["verb"] == "submit"
    assert items[-1]["sentence"].startswith("Chief Reyes let a program in: the program “Bridge")
    assert "<" not in str(items)


@pytest.mark.django_db
def test_another_agencys_entries_are_not_there(program, chief):
    given.a_post_in_review()
    theirs = Entry.objects.exclude(agency=str(chief.agency_id)).first()
    assert program.get(f"/record/entries/{theirs.number}").status_code == 404
    assert program.get(f"/record/entries/{theirs.number}/proof").status_code == 404
    told = program.get("/record/entries?limit=100").told["items"]
    assert theirs.number not in [one["number"] for one in told]


@pytest.mark.django_db
def test_a_proof_can_be_checked_without_us(program, chief):
    number = Entry.objects.of(chief.agency_id).first().number
    assert program.get(f"/record/entries/{number}/proof").status_code == 404
    publish()
    text = program.get(f"/record/entries/{number}/proof").content.decode()
    leaf = bytes(Entry.objects.get(number=number).leaf)
    assert Proof.read(text).proves(leaf, log_key(epoch()))
    assert not Proof.read(text).proves(leaf + b" ", log_key(epoch()))
    assert program.get("/record/checkpoint").content.decode().startswith("localhost")


@pytest.mark.django_db
def test_what_opens_a_leaf_fits_it(program, chief):
    number = Entry.objects.of(chief.agency_id).first().number
    told = program.get(f"/record/entries/{number}").told
    digests = {b64url(hashlib.sha256(one.encode()).digest()) for one in told["shown"]}
    assert digests <= set(str(told["leaf"]).replace("'", '"').split('"'))
    assert told["index"] == number - 1
    assert told["detail"]["scopes"] == ["record:read"]


@pytest.mark.django_db
@pytest.mark.parametrize(
    "query",
    ["verb=%00", "subject=post:%00", "subject=%F0%9F%A4%96", "before=-1", "before=9e9", "limit=0",
     "limit=101", "limit=1e9", "before=" + "9" * 400, "verb=" + "a" * 5000, "limit=%00"],
)  # fmt: skip
def test_a_strange_question_is_refused_in_words(program, query):
    answer = program.get(f"/record/entries?{query}")
    assert answer.status_code == 422
    assert answer.told["errors"]


@pytest.mark.django_db
@pytest.mark.parametrize("number", ["0", "-1", "x", "1e3", "9" * 17, "9" * 400, "%00"])
def test_a_number_that_is_none_is_refused_or_not_there(program, number):
    assert program.get(f"/record/entries/{number}").status_code in (404, 422)


@pytest.mark.django_db
def test_one_thing_and_one_kind_of_step_can_be_asked_for(program, chief):
    post = given.a_post_in_review(agency=chief.agency)
    given.a_post_in_review(agency=chief.agency)
    told = program.get(f"/record/entries?verb=submit&subject=post:{post.pk}").told["items"]
    assert [one["subject"] for one in told] == [f"post:{post.pk}"]


@pytest.mark.django_db
@pytest.mark.parametrize(("roles", "status"), [(["admin"], 404), (["admin", "records"], 200)])
def test_what_people_wrote_opens_for_whoever_may_read_it(roles, status):
    member = given.a_member(roles=roles)
    program = Program(given.a_key("record:read", by=member)[1])
    told = witness("receive", member.agency, by=THE_DESK, agency=member.agency_id, text="Help me.")
    answer = program.get(f"/record/entries/{told.number}")
    assert answer.status_code == status
    assert ("Help me." in answer.content.decode()) is (status == 200)
