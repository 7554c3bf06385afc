"""Following the news: what we wanted said, what was printed, and what a person makes of it."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import date

from django.db import transaction
from django.utils.translation import gettext as _

from commonground.agency.models import Member
from commonground.kit.refusals import MovedOn
from commonground.learn import rules
from commonground.learn.engine.article import Article as Read
from commonground.learn.engine.pullthrough import pulled_through
from commonground.learn.models import Answer, Article, Coverage, Mistake, Reading
from commonground.learn.models.mistakes import LONGEST
from commonground.learn.states import MistakeState
from commonground.record.actions import witness
from commonground.say.models import Campaign
from commonground.spot.models import Moment


@transaction.atomic
def follow_news(thing: Moment | Campaign, *, messages: Sequence[str], by: Member) -> Coverage:
    """From now on articles can be held against these messages. Followed twice is one coverage."""
    rules.may_follow(by)
    rules.must_be_ours(thing.agency_id, by)
    kind = "moment" if isinstance(thing, Moment) else "campaign"
    coverage, new = Coverage.objects.get_or_create(
        **{kind: thing}, defaults={"agency": by.agency, "messages": list(messages), "made_by": by}
    )
    if new:
        witness("follow_news", coverage, by=by, messages=list(messages))
    return coverage


@transaction.atomic
def change_messages(coverage: Coverage, *, messages: Sequence[str], by: Member) -> None:
    """Hold every article against other messages. What people judged of the old ones is lost."""
    rules.may_add_to(coverage, by)
    coverage = held(coverage)
    coverage.messages, coverage.searched_at = list(messages), None
    coverage.save(update_fields=["messages", "searched_at"])
    for article in coverage.articles.all():
        read_again(article, coverage.messages)
    witness("change_messages", coverage, by=by, messages=list(messages))


@transaction.atomic
def add_article(
    coverage: Coverage, *, outlet: str, headline: str, text: str, url: str, published_on: date,
    by: Member,
) -> Article:  # fmt: skip
    """Keep what an outlet printed as evidence, and read it against the messages. The record holds
    its digest: nobody can say later that it read otherwise. Added twice is one article."""
    rules.may_add_to(coverage, by)
    coverage = held(coverage)
    digest = hashlib.sha256(f"{headline}\n{text}".encode()).hexdigest()
    article, new = Article.objects.get_or_create(
        coverage=coverage, outlet=outlet, sha256=digest,
        defaults={"headline": headline, "text": text, "url": url, "published_on": published_on,
                  "added_by": by},
    )  # fmt: skip
    if new:
        found = read_again(article, coverage.messages)
        witness(
            "add_article", article, by=by, agency=coverage.agency, url=url, sha256=digest,
            carried=[int(one.carried) for one in found],
        )  # fmt: skip
    return article


def held(coverage: Coverage) -> Coverage:
    """As it is now, and until this transaction ends: of an article and of new messages that come at
    once, one is held against the other."""
    return Coverage.objects.select_for_update(of=("self",)).get(pk=coverage.pk)


def read_again(article: Article, messages: Sequence[str]) -> list[Reading]:
    article.readings.all().delete()
    found = pulled_through(messages, Read(article.headline, article.text))
    suspect(article, [(one.quote, one.message) for one in found if one.otherwise])
    return Reading.objects.bulk_create(
        Reading(
            article=article, place=place, message=one.message, carried=one.carried,
            sure=one.sure, where=one.where, quote=one.quote, start=one.start, end=one.end,
            otherwise=list(one.otherwise),
        )
        for place, one in enumerate(found)
    )  # fmt: skip


def suspect(article: Article, found: Sequence[tuple[str, str]]) -> None:
    """Note figures that differ from ours; forget those nobody looked at whose message is gone."""
    stale = article.mistakes.filter(state=MistakeState.SUSPECTED, found_by=None)
    stale.exclude(right__in=[message[:LONGEST] for _, message in found]).delete()
    for quote, message in found:
        Mistake.objects.get_or_create(
            article=article, wrong=quote[:LONGEST], right=message[:LONGEST],
            defaults={"agency_id": article.coverage.agency_id},
        )  # fmt: skip


@transaction.atomic
def judge_reading(reading: Reading, *, answer: Answer, by: Member) -> None:
    """A person says what the article did with the message: it counts more than what the desk
    read."""
    rules.may_add_to(reading.article.coverage, by)
    before = reading.answer
    still = Reading.objects.filter(pk=reading.pk, message=reading.message)
    if not still.update(judged=answer, judged_by=by):
        raise MovedOn(_("The messages were changed a moment ago. Look at the article again."))
    reading.judged, reading.judged_by = answer, by
    witness(
        "judge_reading", reading.article, by=by, agency=reading.article.coverage.agency,
        message=reading.message, before=None if before is None else int(before),
        after=int(answer),
    )  # fmt: skip
