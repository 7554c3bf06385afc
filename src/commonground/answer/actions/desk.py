"""What is ready to be said, and what was promised."""

from __future__ import annotations

from datetime import time

from django.db import transaction

from commonground.agency.models import Agency, Member
from commonground.answer import rules
from commonground.answer.models import Promise, SavedAnswer
from commonground.record.actions import witness


@transaction.atomic
def add_saved_answer(
    agency: Agency, *, name: str, text: str, language: str, by: Member
) -> SavedAnswer:
    rules.may_act(agency.pk, by)
    saved = SavedAnswer.objects.create(agency=agency, name=name, text=text, language=language)
    witness("add_saved_answer", saved, by=by)
    return saved


@transaction.atomic
def change_saved_answer(
    saved: SavedAnswer, *, name: str, text: str, language: str, by: Member
) -> SavedAnswer:
    rules.may_act(saved.agency_id, by)
    saved.name, saved.text, saved.language = name, text, language
    saved.save()
    witness("change_saved_answer", saved, by=by)
    return saved


@transaction.atomic
def remove_saved_answer(saved: SavedAnswer, *, by: Member) -> None:
    rules.may_act(saved.agency_id, by)
    witness("remove_saved_answer", saved, by=by)
    saved.delete()


@transaction.atomic
def promise(
    agency: Agency, *, minutes: int, urgent_minutes: int, days: list[int], opens: time,
    closes: time, by: Member,
) -> Promise:  # fmt: skip
    """How soon people are answered. It counts for what arrives from now on."""
    rules.may_promise(agency, by)
    said = {"minutes": minutes, "urgent_minutes": urgent_minutes, "days": days,
            "opens": opens, "closes": closes}  # fmt: skip
    kept, _new = Promise.objects.update_or_create(agency=agency, defaults=said)
    witness("promise", kept, by=by, minutes=minutes, urgent_minutes=urgent_minutes)
    return kept
