"""Helpful: does it tell people where to turn, and whom to call?"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from commonground.say.engine.coach.lists import lists
from commonground.say.engine.coach.reading import Reading
from commonground.say.engine.coach.remarks import Found


@dataclass(frozen=True, slots=True)
class Help:
    """What the desk knows of a draft: the resources of its moment, and whom people call."""

    of_a_moment: bool = False
    resources: tuple[tuple[str, str, str], ...] = ()  # name, telephone, address on the web
    emergency: str = "911"


def unhelpful(reading: Reading, help: Help) -> Iterator[Found]:
    if help.of_a_moment and not carries(reading.text, help):
        first = help.resources[0] if help.resources else None
        named = ", ".join(part for part in first if part) if first else "…"
        yield Found("no_resource", *reading.last, 0, (("resource", named),))
    known = lists(reading.language)
    danger = known["danger_now"].search(reading.words.text)
    if danger and not known["emergency_number"].search(reading.plain.text):
        named_number = (("emergency", help.emergency),)
        yield Found("no_emergency_number", *reading.words.span(*danger.span()), 0, named_number)


def carries(text: str, help: Help) -> bool:
    digits = "".join(x for x in text if x.isdigit())
    for _, phone, url in help.resources:
        number = "".join(x for x in phone if x.isdigit())
        if (url and url in text) or (number and number in digits):
            return True
    return False
