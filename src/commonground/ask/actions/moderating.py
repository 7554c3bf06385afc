"""What becomes of each statement, and of its translations."""

from __future__ import annotations

from hashlib import sha256
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from commonground.agency.models import Member
from commonground.ask import rules
from commonground.ask.models import Question, Statement, Translation
from commonground.ask.states import StatementState
from commonground.record.actions import advance, witness


def next_number(question: Question) -> int:
    # Whoever adds one holds the question's row: two statements never get one number.
    Question.objects.select_for_update().get(pk=question.pk)
    return (question.statements.aggregate(n=Max("number"))["n"] or 0) + 1


@transaction.atomic
def add_statement(question: Question, *, text: str, language: str, by: Member) -> Statement:
    """A statement from the desk. Like everybody's, it waits for another person."""
    rules.may_decide(question, by)
    statement = Statement.objects.create(
        question=question, number=next_number(question), text=text, language=language,
        written_by=by,
    )  # fmt: skip
    witness("add_statement", statement, by=by, text=text)
    return statement


@transaction.atomic
def accept(statement: Statement, *, by: Member) -> Statement:
    """Put it to the vote."""
    accepted = statement.question.statements.filter(state=StatementState.ACCEPTED).count()
    rules.may_accept(statement, by, accepted)
    return settle(statement, "accept", by, told={"text": statement.text})


@transaction.atomic
def refuse(statement: Statement, *, reason: str, note: str = "", by: Member) -> Statement:
    """Keep it from the vote, or take it out, for one of the reasons everybody can read."""
    rules.may_moderate(statement, by)
    note = note.strip()[:200]
    told = {"reason": reason, "note": note, "digest": digest_of(statement)}
    return settle(statement, "refuse", by, told=told, reason=reason, note=note)


@transaction.atomic
def merge(statement: Statement, *, into: Statement, by: Member) -> Statement:
    """Say that another statement says the same. Votes on this one stay with its own words."""
    rules.may_merge(statement, into, by)
    told = {"into": into.number, "digest": digest_of(statement)}
    return settle(statement, "merge", by, told=told, merged_into=into)


@transaction.atomic
def reopen(statement: Statement, *, by: Member) -> Statement:
    """Take back a refusal or a merger: somebody looks at it once more."""
    rules.may_moderate(statement, by)
    return advance(
        statement, "reopen", by=by, reason="", note="", merged_into=None, decided_at=None,
        decided_by=None,
    )  # fmt: skip


def settle(
    statement: Statement, transition: str, by: Member, told: dict[str, Any], **changes: Any
) -> Statement:
    return advance(
        statement, transition, by=by, told=told, decided_at=timezone.now(), decided_by=by, **changes
    )


def digest_of(statement: Statement) -> str:
    """What stands in the record for words that may name somebody."""
    return sha256(statement.text.encode()).hexdigest()


@transaction.atomic
def translate(
    statement: Statement, *, language: str, text: str, by_machine: bool = False, by: Member
) -> Translation:
    """Propose a statement in another language, in place of any proposed before."""
    rules.may_translate(statement, language, by)
    statement.translations.filter(language=language).delete()
    translation = Translation.objects.create(
        statement=statement, language=language, text=text, by_machine=by_machine, written_by=by
    )
    witness("translate", translation, by=by, text=text, by_machine=by_machine)
    return translation


@transaction.atomic
def vouch(translation: Translation, *, by: Member) -> Translation:
    """Say that it says the same. From now on the public sees it."""
    rules.may_vouch(translation, by)
    return advance(translation, "vouch", by=by, checked_by=by, told={"text": translation.text})
