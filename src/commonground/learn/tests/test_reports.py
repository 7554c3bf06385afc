"""The after-action report: a moment is played, and its figures are the tables'."""

from __future__ import annotations

from datetime import datetime, timedelta
from statistics import median

import pytest
import time_machine
from django.utils import timezone
from hypothesis import given as anything, strategies as st
from tests import given

from commonground.answer.models import Asked
from commonground.answer.models.after import link_of, new_token
from commonground.answer.tests.world import a_conversation, a_measure
from commonground.kit.refusals import NotYours, Refused
from commonground.learn import actions, queries
from commonground.learn.engine.after_action import Line, Report, digest_of, in_order, lengths_of
from commonground.learn.models import Answer, FrozenReport
from commonground.learn.templatetags import after_action as words
from commonground.learn.tests.given import MESSAGES
from commonground.record.models import Entry, name_of
from commonground.say.models import Delivery, Post
from commonground.say.tasks import go_out
from commonground.spot import actions as spot
from commonground.spot.models import Moment

pytestmark = pytest.mark.django_db
START = datetime.fromisoformat("2026-03-07T18:00:00+00:00")


@pytest.fixture
def clock():
    with time_machine.travel(START, tick=False) as found:
        yield found


class Played:
    """A moment from the first post to the last correction, each step at its own time."""

    def __init__(self, clock) -> None:
        self.clock = clock
        self.author = given.a_member(roles=["author"], name="Dov Marsh")
        self.agency = self.author.agency
        self.approver = given.a_member(agency=self.agency, roles=["approver"], name="Ines Bay")
        self.channel = given.a_channel(agency=self.agency, authorised=[self.author])
        self.moment = given.a_moment(
            agency=self.agency, label="Crash on Mast Road", terms=["crash"], why="crash",
            first_post_at=START - timedelta(minutes=14), opened_at=START,
            closes_at=START + timedelta(hours=72),
        )  # fmt: skip

    def later(self, **span) -> None:
        self.clock.shift(timedelta(**span))

    def play(self) -> Played:
        self.later(minutes=6)
        self.post = self.said("Mast Road is closed until 6 p.m.")
        self.people_write()
        self.news()
        self.feedback()
        self.later(hours=2)
        spot.act(self.moment, by=self.author, did="We warned drivers.", in_time="yes")
        self.moment.refresh_from_db()
        return self

    def said(self, text: str) -> Post:
        post = given.a_post_in_review(
            by=self.author, channels=[self.channel], text=text, moment=self.moment
        )
        self.later(minutes=9)
        given.approve(post, read=post.digest, by=self.approver)
        self.later(minutes=1)
        for _ in range(30):
            go_out()
            self.later(seconds=2)
        post.refresh_from_db()
        return post

    def people_write(self) -> None:
        channel = given.a_channel(agency=self.agency, network="mastodon")
        self.conversations = [a_conversation(channel=channel) for _ in range(3)]
        for minutes, one in zip((12, 30), self.conversations, strict=False):
            one.about = self.post
            one.answered_at = one.first_at + timedelta(minutes=minutes)
            one.save()
        self.conversations[2].about = self.post
        self.conversations[2].save()
        self.measure = a_measure(self.conversations[2])

    def news(self) -> None:
        self.coverage = actions.follow_news(self.moment, messages=MESSAGES, by=self.author)
        for outlet, text in (("Gazette", "Mill Road is closed until 8 p.m."), ("Herald", "Rain.")):
            actions.add_article(
                self.coverage, outlet=outlet, headline=f"Crash, says {outlet}", text=text, url="",
                published_on=timezone.localdate(), by=self.author,
            )  # fmt: skip
        self.mistake = self.coverage.articles.get(outlet="Gazette").mistakes.get()
        actions.confirm_mistake(self.mistake, right="6 p.m.", by=self.author)
        self.later(minutes=5)
        day = timezone.localdate()
        actions.ask_outlet(self.mistake, asked_of="Night desk", due_on=day, by=self.author)
        self.later(minutes=50)
        actions.note_correction(self.mistake, answer="", where="", by=self.author)

    def feedback(self) -> None:
        for n in range(7):
            said = {"said": "yes" if n else "no", "said_on": timezone.localdate()} if n < 6 else {}
            Asked.objects.create(agency=self.agency, link=link_of(new_token()), **said)


@pytest.fixture
def played(clock):
    return Played(clock).play()


def seconds(a: datetime | None, b: datetime | None) -> float:
    assert a is not None
    assert b is not None
    return (b - a).total_seconds()


def test_its_figures_are_those_of_the_tables(played):
    told = queries.report_of(played.moment)
    moment, post = Moment.objects.get(pk=played.moment.pk), Post.objects.get(pk=played.post.pk)
    delivery = Delivery.objects.get(variant__post=post)
    assert delivery.seen_at
    review = post.reviews.get()
    lengths = told.lengths
    assert lengths["heard_to_spotted"] == 14 * 60 == seconds(moment.first_post_at, moment.opened_at)
    assert lengths["spotted_to_draft"] == 6 * 60 == seconds(moment.opened_at, post.made_at)
    assert lengths["draft_to_approval"] == seconds(post.made_at, review.at)
    assert lengths["approval_to_public"] == seconds(review.at, delivery.seen_at)
    assert lengths["spotted_to_first_word"] == seconds(moment.opened_at, moment.first_word_at)
    assert lengths["heard_to_first_word"] == seconds(moment.first_post_at, moment.first_word_at)
    assert lengths["question_to_answer"] == median([12 * 60, 30 * 60])
    assert lengths["asked_to_corrected"] == 50 * 60

    table = queries.table_of(played.coverage)
    assert told.numbers == {
        "posts": 1, "corrections": 0, "seen": 1, "not_seen": 0, "taken_back": 0,
        "conversations": 3, "answered": 2, "late": sum(c.is_late for c in played.conversations),
        "measures": 1, "appeals": 0, "rumours": 0, "articles": 2, "outlets": 2, "set_aside": 0,
        "mistakes": 1, "mistakes_asked": 1, "mistakes_corrected": 1,
    }  # fmt: skip
    for said, line in zip(told.messages, table.lines, strict=True):
        assert (said.carried, said.touched, said.uncertain) == (
            line.carried, line.touched, line.open
        )  # fmt: skip
        assert (said.outlets, said.outlets_carried) == (2, len(line.carried_by))
    assert told.feedback == {"asked": 7, "answered": 6, "yes": 5, "partly": 0, "no": 1}


def test_every_line_leads_to_its_evidence_and_they_are_in_order(played):
    told = queries.report_of(played.moment)
    kinds = [line.kind for line in told.lines]
    assert set(kinds) == {
        "heard", "spotted", "drafted", "approved", "seen", "first_reply", "first_answer",
        "measure", "followed", "article", "mistake", "mistake_asked", "mistake_corrected",
        "closed",
    }  # fmt: skip
    assert [line.at for line in told.lines] == sorted(line.at for line in told.lines)
    for line in told.lines:
        assert line.url
        assert line.subject
        if line.entry:
            assert Entry.objects.get(number=line.entry).subject == line.subject
    numbered = {line.kind for line in told.lines if line.entry}
    assert {"approved", "seen", "measure", "followed", "article", "mistake", "closed",
            "mistake_asked", "mistake_corrected"} <= numbered  # fmt: skip
    approved = next(line for line in told.lines if line.kind == "approved")
    assert Entry.objects.get(number=approved.entry).verb == "approve"


def test_what_is_missing_is_said(played):
    gaps = dict(queries.report_of(played.moment).gaps)
    assert gaps["unanswered"] == 1
    assert gaps["not_looked_back"] == 1
    assert "no_first_word" not in gaps
    assert "not_followed" not in gaps
    actions.write_look_back(played.moment, went_well="Fast.", what_next="", by=played.author)
    assert "not_looked_back" not in dict(queries.report_of(played.moment).gaps)


def test_of_a_moment_in_which_nothing_was_done_that_is_said(client):
    member = given.a_member(roles=["author"])
    moment = given.a_moment(agency=member.agency)
    told = queries.report_of(moment)
    assert {"still_open", "no_first_word", "no_post", "not_followed", "no_feedback",
            "not_looked_back"} <= set(dict(told.gaps))  # fmt: skip
    assert told.lengths["spotted_to_first_word"] is None
    client.force_login(member)
    page = client.get(f"/learn/reports/{moment.pk}/").content.decode()
    assert "No word of ours about it was seen in public." in page
    assert "not known: one of the two never was" in page


@pytest.mark.parametrize(
    ("role", "named"),
    [("author", False), ("trainer", False), ("approver", True), ("auditor", True),
     ("records", True), ("admin", True)],
)  # fmt: skip
def test_it_names_roles_and_people_only_to_those_who_may_know(client, played, role, named):
    client.force_login(given.a_member(agency=played.agency, roles=[role]))
    page = client.get(f"/learn/reports/{played.moment.pk}/").content.decode()
    assert "an approver" in page
    assert ("Ines Bay" in page) is named
    assert ("Dov Marsh" in page) is named


def test_words_of_people_who_wrote_to_us_are_not_in_it(client, played):
    client.force_login(played.approver)
    page = client.get(f"/learn/reports/{played.moment.pk}/").content.decode()
    frozen = actions.freeze_report(played.moment, by=played.approver)
    for told in (page, str(frozen.told)):
        assert "Is the bridge open?" not in told
        assert "Ana Bell" not in told
        assert "@ana" not in told
    assert "Ines Bay" not in str(frozen.told)


def test_people_look_back_in_a_form(client, played):
    client.force_login(played.author)
    at = f"/learn/reports/{played.moment.pk}/"
    assert "one of the two" in client.post(f"{at}write/", {"went_well": ""}).content.decode()
    client.post(
        f"{at}write/", {"went_well": "First word in 16 minutes.", "what_next": "<b>Taxi</b>"}
    )
    page = client.get(at).content.decode()
    assert "First word in 16 minutes." in page
    assert "&lt;b&gt;Taxi&lt;/b&gt;" in page
    client.post(f"{at}write/", {"went_well": "Other words.", "what_next": ""})
    assert "Other words." in client.get(at).content.decode()
    old = Entry.objects.filter(verb="write_look_back").order_by("number")[0]
    assert old.detail["went_well"] == "First word in 16 minutes."


def test_a_frozen_report_stays_as_it_was_and_is_on_the_record(client, played):
    client.force_login(played.approver)
    at = f"/learn/reports/{played.moment.pk}/"
    page = client.post(f"{at}freeze/", follow=True).content.decode()
    frozen = FrozenReport.objects.get()
    assert frozen.sha256 in page
    assert digest_of(frozen.told) == frozen.sha256
    entry = Entry.objects.get(verb="freeze_report")
    assert entry.detail["digest"] == frozen.sha256
    assert '"Crash on Mast Road"' in entry.detail["report"]

    actions.add_article(
        played.coverage, outlet="Third", headline="Later", text="Late.", url="",
        published_on=timezone.localdate(), by=played.author,
    )  # fmt: skip
    assert "Third" in client.get(at).content.decode()
    assert "Third" not in client.get(frozen.get_absolute_url()).content.decode()
    client.post(f"{at}freeze/")
    assert [f.number for f in FrozenReport.objects.all()] == [2, 1]
    again = Report.from_dict(frozen.told)
    assert again.as_dict() == frozen.told


def test_who_may_freeze(client, played):
    with pytest.raises(NotYours):
        actions.freeze_report(played.moment, by=played.author)
    with pytest.raises(NotYours):
        actions.freeze_report(played.moment, by=given.a_member(roles=["approver"]))
    running = given.a_moment(agency=played.agency)
    with pytest.raises(Refused, match="still runs"):
        actions.freeze_report(running, by=played.approver)
    client.force_login(given.a_member(roles=["approver"]))
    assert client.get(f"/learn/reports/{played.moment.pk}/").status_code == 404


def test_it_can_be_had_on_paper(client, played):
    actions.write_look_back(played.moment, went_well="Fast.", what_next="More.", by=played.author)
    client.force_login(played.author)
    answer = client.get(f"/learn/reports/{played.moment.pk}/pdf/")
    assert answer["Content-Type"] == "application/pdf"
    assert 'filename="report-crash-on-mast-road.pdf"' in answer["Content-Disposition"]
    assert answer.content.startswith(b"%PDF-")
    frozen = actions.freeze_report(played.moment, by=played.approver)
    answer = client.get(f"/learn/reports/frozen/{frozen.pk}/pdf/")
    assert answer.content.startswith(b"%PDF-")


def test_every_kind_has_words_in_the_report():
    assert {name for name, *_ in lengths_of_names()} == set(words.LENGTHS)
    told = queries.report_of(given.a_moment())
    assert set(told.numbers) == set(words.NUMBERS)


def lengths_of_names():
    return [(name,) for name in lengths_of([], None, [], [])]


def test_the_reports_are_listed_when_moments_are_over(client, played):
    client.force_login(played.author)
    running = given.a_moment(agency=played.agency, label="Still running")
    page = client.get("/learn/reports/").content.decode()
    assert "Crash on Mast Road" in page
    assert running.label not in page


def test_a_report_asks_the_same_few_times_however_much_there_was(
    client, played, django_assert_max_num_queries
):
    for n in range(12):
        actions.add_article(
            played.coverage, outlet=f"Paper {n}", headline="Crash", text=f"Rain {n}.", url="",
            published_on=timezone.localdate(), by=played.author,
        )  # fmt: skip
    client.force_login(played.approver)
    with django_assert_max_num_queries(45):
        client.get(f"/learn/reports/{played.moment.pk}/")


@anything(st.lists(st.tuples(st.datetimes(), st.sampled_from(["heard", "spotted", "drafted",
    "approved", "seen"])), max_size=12))  # fmt: skip
def test_a_length_is_between_the_first_of_each_and_unknown_without_one(times):
    lines = in_order(Line(at.isoformat(), kind) for at, kind in times)
    told = lengths_of(lines, None, [], [])
    first = {}
    for at, kind in sorted(times):
        first.setdefault(kind, at)
    if "heard" in first and "spotted" in first:
        assert told["heard_to_spotted"] == (first["spotted"] - first["heard"]).total_seconds()
    else:
        assert told["heard_to_spotted"] is None
    assert told["question_to_answer"] is None


def test_names_of_things_are_those_of_the_record(played):
    told = queries.report_of(played.moment)
    seen = next(line for line in told.lines if line.kind == "seen")
    assert seen.subject == name_of(Delivery.objects.get(variant__post=played.post))
    assert Answer.CARRIED.label
