"""Requests for records, and what the record does not hold."""

from __future__ import annotations

from datetime import timedelta

from django.urls import reverse
from django.utils import timezone

from commonground.agency.models import MemberRole
from commonground.record.actions import capturing, inquiries
from commonground.record.models import Inquiry
from commonground.record.tasks import search
from tests.journeys.scene import person


def asked_and_searched() -> Inquiry:
    jonas = person("jonas")
    day = timezone.localdate()
    inquiries.register(
        asker="The Harbour Gazette", contact="news@gazette.example", law="us-foia",
        asked="Every decision about the closure of Mast Road.",
        received_on=day - timedelta(days=40), by=jonas,
    )  # fmt: skip
    inquiry = inquiries.register(
        asker="Mrs. E. Miller", contact="14 Bridge Street\nHarbour", law="gb-foia",
        asked="What did you publish about the crash, and who decided it?",
        received_on=day - timedelta(days=9), by=jonas,
    )  # fmt: skip
    inquiry = inquiries.search(inquiry, scope={"words": "crash"}, by=jonas)
    search()
    inquiry.refresh_from_db()
    first = min(inquiry.found)
    return inquiries.keep_back(
        inquiry, everywhere={"who": "personal"}, of={first: {"title": "investigation"}}, by=jonas
    )


def page_of(inquiry: Inquiry) -> str:
    return reverse("record:inquiry", args=[inquiry.pk])


def ask_for_records() -> str:
    """Two requests: one overdue, one searched, with names kept back."""
    return page_of(asked_and_searched())


def read_records() -> str:
    """One that a second person must read."""
    ruth, inquiry = person("ruth"), asked_and_searched()
    MemberRole.objects.get_or_create(member=ruth, role="records")
    return page_of(inquiries.prepare(inquiry, by=person("ruth")))


def miss_something() -> None:
    """A post that was gone before it was captured, and an account that does not answer."""
    agency, now = person("jonas").agency, timezone.now()
    channel = agency.channels.exclude(network="site").first()
    capturing.show(
        channel, agency=agency.pk, channel="Harbour on Mastodon", url="https://m.example/1",
        at=now - timedelta(hours=3),
    )  # fmt: skip
    capturing.miss(channel, "It was gone before the desk could capture it.", again=False)
    capturing.note_sight(agency.pk, "Harbour on Bluesky", "The network does not answer.",
        now - timedelta(hours=2))  # fmt: skip
