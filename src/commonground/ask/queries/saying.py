"""What a reader is shown of a statement."""

from __future__ import annotations

from dataclasses import dataclass

from commonground.ask.models import Statement


@dataclass(frozen=True, slots=True)
class Said:
    """A statement in a reader's language, or in its own."""

    number: int
    text: str
    language: str
    by_machine: bool = False


def said_in(language: str, statement: Statement) -> Said:
    for translation in statement.translations.all():
        if translation.language == language:
            return Said(statement.number, translation.text, language, translation.by_machine)
    return Said(statement.number, statement.text, statement.language)
