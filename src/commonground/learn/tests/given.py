"""Coverage and articles, for tests."""

from __future__ import annotations

from typing import Any

from django.utils import timezone
from tests import given

from commonground.agency.models import Member
from commonground.learn import queries
from commonground.learn.engine.after_action import digest_of
from commonground.learn.models import Article, Coverage, FrozenReport, Mistake, Reading

MESSAGES = [
    "If you have been drinking, do not drive: call a taxi.",
    "Mill Road is closed until 6 p.m.",
]
TEXT = "Mill Road is closed until 8 p.m., police said.\nIt rained."


def a_coverage(*, by: Member) -> Coverage:
    return Coverage.objects.create(
        agency=by.agency, moment=given.a_moment(agency=by.agency), messages=MESSAGES, made_by=by
    )


def an_article(*, by: Member, **but: Any) -> Article:
    """An article as it stands, with a reading of each message."""
    article = Article.objects.create(
        **{
            "coverage": a_coverage(by=by), "outlet": "Gazette", "headline": "Rain", "text": TEXT,
            "published_on": timezone.localdate(), "added_by": by, "sha256": "0" * 64, **but,
        }
    )  # fmt: skip
    Reading.objects.bulk_create(
        Reading(article=article, place=n, message=m, carried=0, sure=True)
        for n, m in enumerate(MESSAGES)
    )
    return article


def a_mistake(*, by: Member, **but: Any) -> Mistake:
    """A figure in an article that differs from a message; nobody has looked yet."""
    return Mistake.objects.create(
        **{
            "agency": by.agency, "article": an_article(by=by), "wrong": TEXT.splitlines()[0],
            "right": MESSAGES[1], **but,
        }
    )  # fmt: skip


def a_frozen_report(*, by: Member) -> FrozenReport:
    moment = given.a_moment(agency=by.agency)
    told = queries.report_of(moment).as_dict()
    return FrozenReport.objects.create(
        agency=by.agency, moment=moment, number=1, told=told, sha256=digest_of(told), frozen_by=by
    )
