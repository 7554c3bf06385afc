"""The record as people read it."""

import asyncio

import pytest
from django.test import AsyncClient
from django.utils import timezone
from tests import given

from commonground.record.actions import THE_DESK, verify, witness
from commonground.record.models import Entry, Head
from commonground.record.queries import news_since
from commonground.record.templatetags.sentences import sentence


@pytest.fixture
def desk(client):
    client.member = given.a_member(name="Officer Reyes")
    client.force_login(client.member)
    return client


@pytest.mark.django_db
@pytest.mark.parametrize("address", ["/record/", "/record/integrity/"])
def test_only_members_read_the_record(client, address):
    assert client.get(address).headers["Location"].startswith("/account/login/")


@pytest.mark.django_db
def test_only_members_hear_news():
    answer = AsyncClient().get("/record/live/")
    assert asyncio.run(wait(answer)).status_code == 302


async def wait(answer):
    return await answer


@pytest.mark.django_db
def test_a_member_reads_what_their_own_agency_did(desk):
    channel = given.a_channel(agency=desk.member.agency, name="Traffic <b>")
    witness("pause", channel, by=desk.member, reason="Hacked?")
    witness("pause", given.a_channel(name="Not ours"), by=THE_DESK)
    page = desk.get("/record/").content.decode()
    assert "<strong>Officer Reyes</strong> paused <bdi>the channel “Traffic &lt;b&gt;”" in page
    assert "Hacked?" in page
    assert "Not ours" not in page


@pytest.mark.django_db
def test_the_record_can_be_narrowed_by_person_word_and_day(desk):
    ours = given.a_channel(agency=desk.member.agency, name="Bridge")
    witness("pause", ours, by=desk.member)
    today = timezone.localdate().isoformat()
    for asked in ("who=reyes", "words=bridge", f"day={today}"):
        assert "Bridge" in desk.get(f"/record/?{asked}").content.decode()
    for asked in ("who=nobody", "words=tunnel", "day=2001-01-01", "day=x", "day=9999-12-31"):
        assert "No entry fits" in desk.get(f"/record/?{asked}").content.decode()


@pytest.mark.django_db
def test_reading_the_record_costs_the_same_however_long_it_is(desk, django_assert_max_num_queries):
    ours = given.a_channel(agency=desk.member.agency)
    for _ in range(60):
        witness("pause", ours, by=desk.member)
    with django_assert_max_num_queries(9):
        page = desk.get("/record/").content.decode()
    assert "before=" in page


@pytest.mark.django_db
def test_a_broken_record_is_not_called_whole(desk):
    witness("pause", given.a_channel(), by=THE_DESK)
    verify()
    assert "and it is whole" in desk.get("/record/integrity/").content.decode()
    Head.objects.update(count=7)
    verify()
    page = desk.get("/record/integrity/", headers={"HX-Request": "true"}).content.decode()
    assert "The record is not whole" in page
    assert "<html" not in page


@pytest.mark.django_db
def test_news_are_counted_by_kind_and_agency():
    channel = given.a_channel()
    mark, news = news_since(-1)
    assert news == {}
    witness("pause", channel, by=THE_DESK)
    witness("resume", channel, by=THE_DESK)
    after, news = news_since(mark)
    assert after == mark + 2
    assert news == {str(channel.agency_id): {"channel": 2}}
    assert news_since(after)[1] == {}


@pytest.mark.django_db
def test_a_verb_nobody_worded_is_still_told():
    entry = Entry(verb="juggle", subject="ball:1")
    entry.facts = {"title": "red", "who": "Officer Reyes"}
    assert sentence(entry) == "<strong>Officer Reyes</strong>: juggle, <bdi>ball “red”</bdi>"


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("roles", "found"), [(["trainer"], False), (["admin"], False), (["author"], True)]
)
def test_words_of_residents_are_found_by_whoever_may_read_them(client, roles, found):
    member = given.a_member(roles=roles)
    witness("receive", member.agency, by=THE_DESK, agency=member.agency_id, text="Larch Street")
    client.force_login(member)
    assert ("Entry 1," in client.get("/record/?words=Larch").content.decode()) is found
    assert "Larch" not in client.get("/record/").content.decode()
