"""Every address says who may enter: anyone, or members, and never another agency's members."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterator
from datetime import timedelta
from io import BytesIO

import pytest
from django.db.models import Model
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from django.utils import timezone
from PIL import Image

from commonground.agency.models import Absence, Agency, Member, Recovery, Sheet
from commonground.agency.states import Role
from commonground.answer import actions as answer
from commonground.answer.models import ChatHour, CommentPolicy, Conversation
from commonground.answer.tests.world import a_conversation, a_measure, an_asked_measure
from commonground.ask import actions as ask
from commonground.ask.tests.world import a_question
from commonground.channels.networks.site.models import Page
from commonground.connect import actions as connect
from commonground.connect.models import Webhook
from commonground.hear.models import Source, Topic
from commonground.learn.models import Outlet
from commonground.learn.tests.given import (
    a_coverage,
    a_frozen_report,
    a_mistake,
    a_plan,
    a_pulse_draft,
    an_article,
)
from commonground.protect.models import Alarm, Hold, Impostor
from commonground.record.models import Inquiry, LegalHold, RetentionClass
from commonground.say.models import (
    Attachment,
    BrokenGlass,
    Card,
    Delivery,
    Echo,
    EchoCall,
    Post,
    Restart,
    Series,
)
from commonground.spot.actions import joint
from commonground.spot.models import Backtest, Rumour, Spokesperson
from commonground.spot.tests.together import a_fact, a_shared_moment, desk_for, someone
from commonground.train.models import Sitting
from commonground.train.tests.held import a_drill, a_recording_of
from tests import given

# Open to anyone, on purpose; each is tried in its own room's tests.
OPEN = (
    "public:",
    "asked:",
    "account_",
    "mfa_",
    "now",
    "set_language",
    "say:calendar_file",
    "api:",
    "api_page",
    "agency:elsewhere",
    "agency:come_back",
    "train:badges",
    "train:revoked",
)


def every_address(resolver: URLResolver | None = None, space: str = "") -> Iterator[tuple]:
    """Name and pattern of every address our rooms have."""
    resolver = resolver or get_resolver()
    for entry in resolver.url_patterns:
        if isinstance(entry, URLResolver):
            yield from every_address(entry, f"{space}{entry.namespace}:" if entry.namespace else "")
        elif isinstance(entry, URLPattern) and entry.name:
            yield f"{space}{entry.name}", entry


def argument(converter: object) -> object:
    kind = type(converter).__name__
    return {"UUIDConverter": uuid.uuid4(), "IntConverter": 1}.get(kind, "x")


def addresses() -> dict[str, str]:
    found = {}
    for name, entry in every_address():
        if not name.startswith(OPEN):
            converters = entry.pattern.converters
            found[name] = reverse(name, kwargs={k: argument(c) for k, c in converters.items()})
    return found


ADDRESSES = addresses()
# The panel draws what WE said about a moment. About another agency's that is nothing.
NEEDS_A_THING = [
    (name, entry)
    for name, entry in every_address()
    if name in ADDRESSES and entry.pattern.converters and name != "say:moment_panel"
]


def converters_of(name: str) -> list[str]:
    return [key for n, entry in NEEDS_A_THING if n == name for key in entry.pattern.converters]


def test_there_is_a_desk_to_guard():
    assert len(ADDRESSES) > 40


@pytest.mark.django_db
@pytest.mark.parametrize("name", ADDRESSES)
def test_a_visitor_is_sent_to_sign_in(client, name):
    for method in (client.get, client.post):
        answer = method(ADDRESSES[name])
        assert answer.status_code == 302, f"{name} let a visitor in"
        assert answer.headers["Location"].startswith("/account/login/")


@pytest.mark.django_db
@pytest.mark.parametrize("name", [name for name, entry in NEEDS_A_THING])
def test_what_belongs_to_another_agency_is_not_there(client, name):
    stranger = given.a_member()
    theirs = things_for(converters_of(name), stranger)
    client.force_login(given.a_member(roles=[*Role]))
    for method in (client.get, client.post):
        answer = method(reverse(name, kwargs=theirs))
        assert answer.status_code in (404, 405), f"{name} showed another agency's thing"


def a_thing_of(key: str, member: Member) -> object:
    """What the address wants, belonging to this member's agency; 1 for what has a number."""
    agency = member.agency
    makers = {
        "member_id": lambda: member,
        "token_id": lambda: given.a_key(by=member)[0],
        "webhook_id": lambda: a_webhook_of(agency),
        "notice_id": lambda: connect.send_test(a_webhook_of(agency), by=an_administrator(agency)),
        "channel_id": lambda: given.a_channel(agency=agency, network="site"),
        "alarm_id": lambda: Alarm.objects.create(
            agency=agency, channel=given.a_channel(agency=agency), what="foreign", network_id="1"
        ),
        "impostor_id": lambda: Impostor.objects.create(
            agency=agency, known_as="1", network="x", handle="@rea1_us", likeness="looks"
        ),
        "hold_id": lambda: Hold.objects.create(agency=agency, reason="Hacked?", by=member),
        "source_id": lambda: Source.objects.create(agency=agency, name="Gazette", kind="feed"),
        "topic_id": lambda: Topic.objects.create(
            agency=agency, name="Crashes", proposed_by=member, expires_on=timezone.now()
        ),
        "backtest_id": lambda: Backtest.objects.create(agency=agency, name="Mill", run_by=member),
        "sheet_id": lambda: Sheet.objects.create(
            agency=agency, by=member, kind="resources", name="help.csv", taken_at=timezone.now()
        ),
        "resource_id": lambda: given.a_resource(agency=agency),
        "moment_id": lambda: given.a_moment(agency=agency),
        "rumour_id": lambda: Rumour.objects.create(
            agency=agency,
            moment=given.a_moment(agency=agency),
            claim="The dam has burst",
            logged_by=given.a_member(agency=agency),
        ),
        "question_id": lambda: a_question(by=member),
        "statement_id": lambda: a_question(by=member).statements.first(),
        "translation_id": lambda: ask.translate(
            a_question(by=member).statements.first(), language="fr", text="Oui.", by=member
        ),
        "post_id": lambda: given.a_post(by=member),
        "delivery_id": lambda: a_delivery_of(agency),
        "glass_id": lambda: BrokenGlass.objects.create(
            agency=agency, post=given.a_post(by=member), by=member, reason="Flood", read="x"
        ),
        "rule_id": lambda: agency.review_rules.create(
            place=1, name="Night", steps=[{"people": 2, "unit": ""}]
        ),
        "template_id": lambda: agency.templates.create(
            name="Closed road", title="Closed", text="[[Road]] is closed.", changed_by=member
        ),
        "echo_id": lambda: Echo.objects.create(
            call=EchoCall.objects.create(agency=agency, post=given.a_post(by=member), by=member),
            member=member,
        ),
        "proposal_id": lambda: given.a_post(by=member).proposals.create(
            by=member, kind="shorter", before="", text="Shorter."
        ),
        "certificate_id": lambda: given.a_certificate(member),
        "sitting_id": lambda: Sitting.objects.create(
            member=member, course="speaking", language="en", version="x"
        ),
        "drill_id": lambda: a_drill(member),
        "recording_id": lambda: a_recording_of(member),
        "area_id": lambda: agency.areas.create(name="North"),
        "version_id": lambda: given.a_post(by=member).versions.create(language="fr"),
        "series_id": lambda: agency.series.create(
            author=member,
            title="Coffee",
            text="Come.",
            repeats="week",
            at="16:00",
            since=timezone.localdate(),
            until=timezone.localdate() + timedelta(days=300),
        ),
        "campaign_id": lambda: agency.campaigns.create(
            name="Winter",
            goal="Fewer crashes",
            since="2026-01-01",
            until="2026-12-31",
            owner=member,
        ),
        "coverage_id": lambda: a_coverage(by=member),
        "article_id": lambda: an_article(by=member),
        "outlet_id": lambda: Outlet.objects.create(
            agency=agency, name="Gazette", feed="https://gazette.example/feed", added_by=member
        ),
        "mistake_id": lambda: a_mistake(by=member),
        "report_id": lambda: a_frozen_report(by=member),
        "pulse_id": lambda: a_pulse_draft(by=member),
        "experiment_id": lambda: a_plan(by=member),
        "recovery_id": lambda: Recovery.objects.create(
            member=given.a_member(agency=agency), reason="Lost", asked_by=member
        ),
        "browser_id": lambda: member.signed_in.create(session="x" * 40),
        "absence_id": lambda: Absence.objects.create(
            member=member, ends_at=timezone.now() + timedelta(days=1)
        ),
        "retention_id": lambda: RetentionClass.objects.create(
            agency=str(agency.pk), place=1, name="Routine", days=90
        ),
        "legal_hold_id": lambda: LegalHold.objects.create(
            agency=str(agency.pk), name="Inquiry", reason="A court asks", asked_by="1"
        ),
        "inquiry_id": lambda: Inquiry.objects.create(
            agency=str(agency.pk),
            name="2026-1",
            law="eu",
            received_on="2026-11-02",
            due_on="2026-11-23",
            owner=str(member.pk),
        ),
        "conversation_id": lambda: somebody_wrote_to(agency),
        "message_id": lambda: somebody_wrote_to(agency).messages.get(),
        "measure_id": lambda: an_asked_measure(somebody_wrote_to(agency)),
        "appeal_id": lambda: answer.appeal(a_measure(somebody_wrote_to(agency)), text="No."),
        "deed_id": lambda: answer.propose_deed(
            agency, by=member, title="Lamps", said="Dark.", did="Lit.", question="lamps"
        ),
        "hour_id": lambda: a_chat_of(member),
        "page_id": lambda: Page.objects.create(
            channel=given.a_channel(agency=agency, network="site"),
            key="2222222222222",
            text="Closed.",
        ),
        "policy_id": lambda: a_proposed_policy(agency),
        "saved_id": lambda: agency.saved_answers.create(name="Hours", text="We open at 8."),
        "partner_id": lambda: a_shared_moment(given.a_moment(agency=agency)),
        "fact_id": lambda: a_fact(
            a_shared_moment(given.a_moment(agency=agency)), by=someone(agency)
        ),
        "speaker_id": lambda: a_subject_of(agency),
        "restart_id": lambda: Restart.objects.create(
            agency=agency, stopped_at=timezone.now(), at=timezone.now()
        ),
    }
    return makers[key]().pk if key in makers else 1


def things_for(keys: list[str], member: Member) -> dict[str, object]:
    """What an address wants, each thing beneath the one it belongs to."""
    made = {key: a_thing_of(key, member) for key in keys if key not in BENEATH}
    if "post_id" in keys:
        post = Post.objects.get(pk=made["post_id"])
        made |= {key: BENEATH[key](post).pk for key in keys if key in BENEATH}
    if "day" in keys:
        made["day"] = coming_of(Series.objects.get(pk=made["series_id"]))
    return made


def coming_of(series: Series) -> str:
    """A day of it, as the address names it."""
    return series.rhythm.between(series.since, series.until)[1].isoformat()


def a_picture(post: Post) -> Attachment:
    out = BytesIO()
    Image.new("RGB", (8, 8)).save(out, "PNG")
    look = {"content": out.getvalue(), "sha256": "x", "type": "image/png", "width": 8, "height": 8}
    return Attachment.objects.create(post=post, alt="A bridge", **look)


def a_card(post: Post) -> Card:
    return Card.objects.create(post=post, url="https://example.org/", title="Bridge")


BENEATH: dict[str, Callable[[Post], Model]] = {
    "picture_id": a_picture,
    "card_id": a_card,
    "version_id": lambda post: post.versions.create(language="fr"),
}


@pytest.mark.django_db
@pytest.mark.parametrize(
    "name", [n for n, entry in NEEDS_A_THING if BENEATH.keys() & set(entry.pattern.converters)]
)
def test_a_thing_is_found_only_beneath_what_it_belongs_to(client, name):
    """My own draft in the address opens no picture, card or version of a colleague's."""
    me, colleague = (given.a_member(roles=[*Role]) for _ in range(2))
    colleague.agency = me.agency
    colleague.save()
    mine = things_for(converters_of(name), me)
    theirs = things_for(converters_of(name), colleague)
    client.force_login(me)
    for method in (client.get, client.post):
        answer = method(reverse(name, kwargs={**theirs, "post_id": mine["post_id"]}))
        assert answer.status_code in (404, 405), f"{name} showed what belongs to another post"


def an_administrator(agency: Agency) -> Member:
    return given.a_member(agency=agency, roles=[Role.ADMIN])


def a_subject_of(agency: Agency) -> Spokesperson:
    shared, by = a_shared_moment(given.a_moment(agency=agency)), someone(agency)
    desk = desk_for(agency, shared)
    return joint.speak_on(desk, subject="Roads", who="Bell", by=by)


def a_webhook_of(agency: Agency) -> Webhook:
    return connect.open_webhook(
        name="Site", address="https://example.org/", events=["desk.stopped"],
        by=an_administrator(agency),
    )[0]  # fmt: skip


def a_proposed_policy(agency: Agency) -> CommentPolicy:
    return answer.propose_policy(
        agency, about="Ask us.", rules_said=["No threats."], appeal_hours=24, language="en",
        by=an_administrator(agency),
    )  # fmt: skip


def a_chat_of(member: Member) -> ChatHour:
    now = timezone.now()
    return answer.propose_hour(
        member.agency, channel=given.a_channel(agency=member.agency, network="site"), by=member,
        title="Bridges", word="bridges", who="Bell", language="en", languages=["en"],
        asks_from=now, starts_at=now + timedelta(hours=1), ends_at=now + timedelta(hours=2),
    )  # fmt: skip


def somebody_wrote_to(agency: Agency) -> Conversation:
    return a_conversation(channel=given.a_channel(agency=agency, network="mastodon"))


def a_delivery_of(agency: Agency) -> Delivery:
    return Delivery.objects.get(variant__post=given.an_approved_post(agency=agency))
