"""A question from its first draft to what was decided."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from hashlib import sha256
from typing import Any

from django.db import transaction
from django.utils import timezone

from commonground.agency.models import Agency, Member
from commonground.agency.states import Role
from commonground.ask import queries, rules
from commonground.ask.engine.marks import code_of, mark, plain_code
from commonground.ask.models import Code, Question, Statement
from commonground.ask.states import StatementState
from commonground.record.actions import THE_DESK, advance, witness
from commonground.say import actions as say
from commonground.say.models import Post


@transaction.atomic
def draft(agency: Agency, *, seeds: Sequence[str] = (), by: Member, **fields: Any) -> Question:
    """Begin a question. Nobody sees it before a second person opens it."""
    rules.may_ask(by)
    question = Question.objects.create(agency=agency, asked_by=by, **fields)
    sow(question, seeds, by)
    witness("draft", question, by=by, word=question.word, seeds=len(seeds))
    return question


@transaction.atomic
def change(question: Question, *, seeds: Sequence[str] = (), by: Member, **fields: Any) -> Question:
    """Other words, before it opens. The statements it begins with are written anew."""
    rules.may_change(question, by)
    for name, value in fields.items():
        setattr(question, name, value)
    question.asked_by = by  # whoever wrote last needs another person to open it
    question.save(update_fields=[*fields, "asked_by"])
    if list(question.statements.values_list("text", flat=True)) != list(seeds):
        question.statements.all().delete()
        sow(question, seeds, by)
    witness("change", question, by=by, changed=sorted(fields), seeds=len(seeds))
    return question


def sow(question: Question, seeds: Sequence[str], by: Member) -> None:
    Statement.objects.bulk_create(
        Statement(question=question, number=n, text=text, language=question.language, written_by=by)
        for n, text in enumerate(seeds, 1)
    )


@transaction.atomic
def open(question: Question, *, read: str, by: Member) -> Question:
    """Let the public vote on these exact words, from the opening time on."""
    digest, seeds = queries.digest_of(question), question.statements.count()
    rules.may_open(question, by, read=read, digest=digest, seeds=seeds)
    question = advance(question, "open", by=by, told={"digest": digest, "seeds": seeds})
    for statement in question.statements.filter(state=StatementState.WAITING):
        advance(
            statement, "accept", by=by, decided_at=timezone.now(), decided_by=by,
            told={"text": statement.text},
        )  # fmt: skip
    return question


@transaction.atomic
def pause(question: Question, *, reason: str, by: Member) -> Question:
    """Stop the voting for now and say why. What was voted is kept."""
    rules.may_decide(question, by)
    reason = reason.strip()[:300]
    return advance(question, "pause", by=by, reason=reason, told={"reason": reason})


@transaction.atomic
def resume(question: Question, *, by: Member) -> Question:
    """Let people vote again."""
    rules.may_resume(question, by)
    return advance(question, "resume", by=by, reason="")


@transaction.atomic
def close(question: Question, *, by: Member) -> Question:
    """End the voting. It cannot be opened again."""
    rules.may(question, by, Role.APPROVER)
    return advance(question, "close", by=by, closed_at=timezone.now(), reason="")


@transaction.atomic
def end(question: Question) -> Question:
    """Its closing time has come. Only the clock says this."""
    return advance(question, "end", by=THE_DESK, closed_at=timezone.now(), reason="")


@transaction.atomic
def publish(
    question: Question, *, decided: str, not_decided: str, why: str, by: Member
) -> Question:
    """Tell those who voted what came of it: what was decided, what was not, and why."""
    rules.may_publish(question, by, decided=decided, why=why)
    said = {"decided": decided.strip(), "not_decided": not_decided.strip(), "why": why.strip()}
    return advance(question, "publish", by=by, published_at=timezone.now(), told=said, **said)


@transaction.atomic
def make_codes(question: Question, *, many: int, by: Member) -> list[str]:
    """So many codes to print, shown this once. The desk keeps only what recognises them."""
    rules.may_make_codes(question, many, by)
    codes = [code_of(secrets.token_bytes(16)) for _ in range(many)]
    marks = sorted(mark(question.secret, "code", plain_code(code)) for code in codes)
    Code.objects.bulk_create(Code(question=question, mark=m) for m in marks)
    witness(
        "make_codes", question, by=by, many=many,
        digest=sha256("\n".join(marks).encode()).hexdigest(),
    )  # fmt: skip
    return codes


@transaction.atomic
def forget_key(question: Question) -> Question:
    """Throw away what ties marks to people, 30 days after closing. Only the clock does this."""
    question.key, question.key_gone_at = {}, timezone.now()
    question.save(update_fields=["key", "key_gone_at"])
    question.codes.all().delete()
    question.ballots.exclude(traits="").update(traits="")
    witness("forget_key", question, by=THE_DESK)
    return question


@transaction.atomic
def tell_the_public(question: Question, *, by: Member) -> Post:
    """Start a post from what was found. From there on it is a draft like any other."""
    rules.may_decide(question, by)
    post = say.begin(
        by=by, title=question.title, text=queries.words_for_a_post(question),
        language=question.language,
    )  # fmt: skip
    witness("begin", post, by=by, question=str(question.pk))
    return post
