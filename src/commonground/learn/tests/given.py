"""Coverage and articles, for tests."""

from __future__ import annotations

from typing import Any

from django.utils import timezone
from tests import given

from commonground.agency.models import Member
from commonground.learn.models import Article, Coverage, Reading

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
