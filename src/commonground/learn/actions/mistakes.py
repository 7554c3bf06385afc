"""What the news got wrong: a person looks, the outlet is asked, and what came of it is kept."""

from __future__ import annotations

from datetime import date

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from commonground.agency.models import Member
from commonground.kit.refusals import Refused
from commonground.learn import rules
from commonground.learn.models import Article, Mistake
from commonground.learn.states import MistakeState
from commonground.record.actions import advance, witness


@transaction.atomic
def mark_wrong(article: Article, *, wrong: str, right: str, by: Member) -> Mistake:
    """A person says that the article is wrong here. Said twice is one mistake."""
    rules.may_add_to(article.coverage, by)
    mistake, new = Mistake.objects.get_or_create(
        article=article, wrong=wrong, right=right,
        defaults={"agency_id": article.coverage.agency_id, "found_by": by,
                  "state": MistakeState.CONFIRMED.value},
    )  # fmt: skip
    if new:
        witness("mark_wrong", mistake, by=by, wrong=wrong, right=right)
    return mistake


def confirm_mistake(mistake: Mistake, *, right: str, by: Member) -> Mistake:
    """It is wrong. What is right is said by whoever looked."""
    rules.may_work_on(mistake, by)
    told = {"wrong": mistake.wrong, "right": right}
    return advance(mistake, "confirm_mistake", by=by, told=told, right=right, found_by=by)


def clear_outlet(mistake: Mistake, *, answer: str, by: Member) -> Mistake:
    """It is not wrong after all: it spoke of something else, or the outlet was right."""
    rules.may_work_on(mistake, by)
    return advance(mistake, "clear_outlet", by=by, told={"answer": answer}, answer=answer)


def ask_outlet(mistake: Mistake, *, asked_of: str, due_on: date, by: Member) -> Mistake:
    """Somebody asked them to put it right, and until when they have time."""
    rules.may_work_on(mistake, by)
    if due_on < timezone.localdate():
        raise Refused(_("The day until which they have time is over already."))
    told = {"asked_of": asked_of, "due_on": due_on.isoformat(), "wrong": mistake.wrong}
    return advance(
        mistake, "ask_outlet", by=by, told=told, asked_of=asked_of, asked_at=timezone.now(),
        due_on=due_on,
    )  # fmt: skip


def note_correction(mistake: Mistake, *, answer: str, where: str, by: Member) -> Mistake:
    """They put it right."""
    rules.may_work_on(mistake, by)
    now, told = timezone.now(), {"answer": answer, "where": where}
    return advance(
        mistake, "note_correction", by=by, told=told, answer=answer, where=where, answered_at=now,
        corrected_at=now,
    )  # fmt: skip


def note_no_correction(mistake: Mistake, *, answer: str, by: Member) -> Mistake:
    """They said no, or nothing."""
    rules.may_work_on(mistake, by)
    return advance(
        mistake, "note_no_correction", by=by, told={"answer": answer}, answer=answer,
        answered_at=timezone.now(),
    )  # fmt: skip


def take_up_mistake(mistake: Mistake, *, by: Member) -> Mistake:
    """It was wrong after all, or stands there again."""
    rules.may_work_on(mistake, by)
    return advance(mistake, "take_up_mistake", by=by, corrected_at=None)
