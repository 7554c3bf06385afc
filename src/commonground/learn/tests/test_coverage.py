"""Following the news on the desk: messages, articles, the table, and what a person says."""

from __future__ import annotations

import hashlib
from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone
from tests import given

from commonground.agency.states import Role
from commonground.kit.refusals import MovedOn, NotYours
from commonground.learn import actions, queries
from commonground.learn.models import Answer, Article, Coverage, Reading
from commonground.learn.tests.given import MESSAGES, TEXT, a_coverage, an_article
from commonground.record.models import Entry

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk(client):
    client.member = given.a_member(roles=["author"])
    client.force_login(client.member)
    return client


def printed(coverage: Coverage, by, **but) -> Article:
    said = {
        "outlet": "Gazette", "headline": "Rain", "text": TEXT, "url": "",
        "published_on": timezone.localdate(), **but,
    }  # fmt: skip
    return actions.add_article(coverage, by=by, **said)


def typed(**but) -> dict[str, str]:
    return {
        "outlet": "Gazette", "headline": "Rain", "url": "",
        "text": "Mill Road is closed until 6 p.m., police said.",
        "published_on": timezone.localdate().isoformat(), **but,
    }  # fmt: skip


def test_from_a_moment_to_the_sentence_that_carried_it(desk):
    moment = given.a_moment(agency=desk.member.agency)
    assert str(moment.label) in desk.get("/learn/").content.decode()
    page = desk.post(
        f"/learn/moment/{moment.pk}/", {"messages": "\n".join(MESSAGES)}, follow=True
    ).content.decode()
    assert "No article yet" in page
    coverage = moment.coverage
    page = desk.post(f"/learn/{coverage.pk}/add_article/", typed(), follow=True).content.decode()
    assert "<blockquote" in page
    assert "Mill Road is closed until 6 p.m., police said." in page
    page = desk.get(f"/learn/{coverage.pk}/").content.decode()
    assert "Carried by 1 of 1" in page
    assert "Go direct" in page  # the other message came through nowhere
    assert "Gazette" in page


def test_a_campaign_brings_its_own_messages(desk):
    campaign = desk.member.agency.campaigns.create(
        name="Winter", goal="Fewer crashes", since="2026-01-01", until="2026-12-31",
        owner=desk.member, messages=MESSAGES,
    )  # fmt: skip
    page = desk.get(f"/learn/campaign/{campaign.pk}/").content.decode()
    assert all(message in page for message in MESSAGES)
    desk.post(f"/learn/campaign/{campaign.pk}/", {"messages": MESSAGES[0]})
    assert campaign.coverage.messages == [MESSAGES[0]]
    # Once it is followed, the way leads there.
    assert desk.get(f"/learn/campaign/{campaign.pk}/").url == campaign.coverage.get_absolute_url()


def test_an_article_is_evidence_in_the_record():
    member = given.a_member()
    coverage = a_coverage(by=member)
    article = printed(coverage, member)
    entry = Entry.objects.get(verb="add_article")
    digest = hashlib.sha256(f"Rain\n{TEXT}".encode()).hexdigest()
    assert article.sha256 == entry.detail["sha256"] == digest
    assert entry.detail["carried"] == [r.carried for r in article.readings.all()]


def test_the_same_article_twice_is_one():
    member = given.a_member()
    coverage = a_coverage(by=member)
    assert printed(coverage, member) == printed(coverage, member)
    assert printed(coverage, member, outlet="Herald") != printed(coverage, member)
    assert Entry.objects.filter(verb="add_article").count() == 2


def test_another_figure_in_print_is_shown(desk):
    coverage = a_coverage(by=desk.member)
    article = printed(coverage, desk.member)
    assert article.readings.get(place=1).otherwise == ["clock 20"]
    page = desk.get(coverage.get_absolute_url()).content.decode()
    assert "Another figure was printed" in page
    assert "We say: Mill Road is closed until 6 p.m." in page


def test_what_a_person_says_counts_and_is_written_down(desk):
    coverage = a_coverage(by=desk.member)
    article = printed(coverage, desk.member)
    page = desk.post(
        f"/learn/article/{article.pk}/0/judge_reading/", {"answer": "2"}, follow=True
    ).content.decode()
    assert f"Judged by {desk.member.name}" in page
    assert queries.table_of(coverage).lines[0].carried == 1
    entry = Entry.objects.get(verb="judge_reading")
    assert (entry.detail["message"], entry.detail["after"]) == (MESSAGES[0], 2)
    refused = desk.post(f"/learn/article/{article.pk}/0/judge_reading/", {"answer": "7"})
    assert refused.status_code == 409


def test_uncertain_is_an_answer_and_is_no_low_figure(desk):
    article = an_article(by=desk.member)
    article.readings.filter(place=0).update(sure=False, carried=0, quote="They had drunk.")
    page = desk.get(article.get_absolute_url()).content.decode()
    assert "uncertain" in page
    line = queries.table_of(article.coverage).lines[0]
    assert (line.open, line.carried, line.low) == (1, 0, False)


def test_half_is_not_low():
    member = given.a_member()
    coverage = a_coverage(by=member)
    for n in range(2):
        article = printed(coverage, member, outlet=f"Paper {n}")
        answer = [Answer.CARRIED, Answer.ABSENT][n]
        actions.judge_reading(article.readings.get(place=0), answer=answer, by=member)
    assert not queries.table_of(coverage).lines[0].low
    third = printed(coverage, member, outlet="Paper 3")
    actions.judge_reading(third.readings.get(place=0), answer=Answer.TOUCHED, by=member)
    assert queries.table_of(coverage).lines[0].low


def test_other_messages_are_held_against_every_article_again(desk):
    coverage = a_coverage(by=desk.member)
    article = printed(coverage, desk.member)
    desk.post(f"/learn/{coverage.pk}/messages/", {"messages": "It rained."})
    assert [r.message for r in article.readings.all()] == ["It rained."]


@pytest.mark.parametrize(
    ("lines", "words"),
    [
        ("\n".join("abcdef"), "More than five"),
        ("x" * 301, "longer than 300"),
        ("  \n ", "required"),
    ],
)
def test_messages_nobody_could_repeat_are_refused_in_words(desk, lines, words):
    moment = given.a_moment(agency=desk.member.agency)
    page = desk.post(f"/learn/moment/{moment.pk}/", {"messages": lines}).content.decode()
    assert words in page
    assert not Coverage.objects.exists()


def test_nothing_is_published_tomorrow(desk):
    coverage = a_coverage(by=desk.member)
    tomorrow = (timezone.localdate() + timedelta(days=1)).isoformat()
    page = desk.post(f"/learn/{coverage.pk}/add_article/", typed(published_on=tomorrow))
    assert "still to come" in page.content.decode()
    page = desk.post(f"/learn/{coverage.pk}/add_article/", typed(url="javascript:alert(1)"))
    assert page.status_code == 200
    assert not Article.objects.exists()


def test_markup_of_an_outlet_is_words_here(desk):
    article = printed(a_coverage(by=desk.member), desk.member, text="<script>x</script> & so")
    page = desk.get(article.get_absolute_url()).content.decode()
    assert "&lt;script&gt;x" in page
    assert "<script>x" not in page


@pytest.mark.parametrize("role", [Role.AUDITOR, Role.RECORDS, Role.TRAINER])
def test_who_only_looks_changes_nothing(role, client):
    member = given.a_member()
    article = an_article(by=member)
    looker = given.a_member(agency=member.agency, roles=[role])
    client.force_login(looker)
    assert "Judge it yourself" not in client.get(article.get_absolute_url()).content.decode()
    with pytest.raises(NotYours):
        printed(article.coverage, looker)
    with pytest.raises(NotYours):
        actions.judge_reading(article.readings.get(place=0), answer=Answer.CARRIED, by=looker)


def test_another_agencys_news_is_not_there(desk):
    theirs = an_article(by=given.a_member())
    assert desk.get(theirs.get_absolute_url()).status_code == 404
    assert desk.get(theirs.coverage.get_absolute_url()).status_code == 404
    assert desk.get(f"/learn/moment/{theirs.coverage.moment_id}/").status_code == 404
    with pytest.raises(NotYours):
        printed(theirs.coverage, desk.member)
    with pytest.raises(NotYours):
        actions.follow_news(theirs.coverage.moment, messages=MESSAGES, by=desk.member)


def test_the_database_knows_that_a_coverage_is_of_one_thing():
    member = given.a_member()
    with pytest.raises(IntegrityError), transaction.atomic():
        Coverage.objects.create(agency=member.agency, made_by=member)
    with pytest.raises(IntegrityError), transaction.atomic():
        Reading.objects.create(
            article=an_article(by=member), place=9, message="x", carried=0, sure=True, judged=1
        )


def test_the_table_asks_the_same_few_times_however_many_articles(
    desk, django_assert_max_num_queries
):
    coverage = a_coverage(by=desk.member)
    for n in range(12):
        printed(coverage, desk.member, headline=f"Rain {n}")
    with django_assert_max_num_queries(15):
        desk.get(coverage.get_absolute_url())
    with django_assert_max_num_queries(15):
        desk.get("/learn/")


def test_an_article_is_held_against_the_messages_of_now_not_of_when_the_page_was_opened():
    coverage = a_coverage(by=given.a_member())
    opened = Coverage.objects.get(pk=coverage.pk)
    actions.change_messages(coverage, messages=[*MESSAGES, "Call 211."], by=coverage.made_by)

    printed(opened, coverage.made_by)

    table = queries.table_of(Coverage.objects.get(pk=coverage.pk))
    assert [len(line.cells) for line in table.lines] == [1] * (len(MESSAGES) + 1)


def test_a_judgement_of_messages_that_were_changed_is_told_and_not_lost_unseen():
    article = an_article(by=given.a_member())
    coverage, by = article.coverage, article.added_by
    reading = article.readings.all()[0]
    actions.change_messages(coverage, messages=["Something else."], by=by)
    with pytest.raises(MovedOn, match="changed a moment ago"):
        actions.judge_reading(reading, answer=Answer.CARRIED, by=by)


def test_nobody_follows_the_news_of_another_agencys_moment():
    with pytest.raises(NotYours, match="another agency"):
        actions.follow_news(given.a_moment(), messages=MESSAGES, by=given.a_member())
    assert not Coverage.objects.exists()
