"""Prepared texts: kept, changed, removed, and a post begun from one."""

from __future__ import annotations

from collections.abc import Mapping
from hashlib import sha256

from django.db import transaction
from django.utils import timezone

from commonground.agency.models import Member
from commonground.record.actions import witness
from commonground.say import rules
from commonground.say.actions.writing import begin
from commonground.say.engine.blanks import filled
from commonground.say.models import Post, Template


@transaction.atomic
def add_template(*, name: str, language: str, title: str, text: str, by: Member) -> Template:
    """One more prepared text, for every author of the agency."""
    rules.may_write(by)
    words = {"name": name, "language": language, "title": title, "text": text}
    template = Template.objects.create(agency=by.agency, changed_by=by, **words)
    witness("add_template", template, by=by, digest=digest_of(template))
    return template


@transaction.atomic
def change_template(
    template: Template, *, name: str, language: str, title: str, text: str, by: Member
) -> Template:  # fmt: skip
    """Other words. Posts that were begun from it keep theirs."""
    rules.may_use(template, by)
    template.name, template.language, template.title, template.text = name, language, title, text
    template.changed_by, template.changed_at = by, timezone.now()
    template.save()
    witness("change_template", template, by=by, digest=digest_of(template))
    return template


@transaction.atomic
def remove_template(template: Template, *, by: Member) -> None:
    """It is offered no more."""
    rules.may_use(template, by)
    witness("remove_template", template, by=by)
    template.delete()


@transaction.atomic
def begin_from(template: Template, *, words: Mapping[str, str], by: Member) -> Post:
    """A draft with its blanks filled. Those that are not stand in it and keep it here."""
    rules.may_use(template, by)
    title = filled(template.title, words)[:120]
    text = filled(template.text, words)
    return begin(by=by, title=title, text=text, language=template.language)


def digest_of(template: Template) -> str:
    return sha256(f"{template.title}\n\n{template.text}".encode()).hexdigest()
