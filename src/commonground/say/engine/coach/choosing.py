"""Which remarks a writer sees: at most three, hard stops first, each rule once."""

from __future__ import annotations

from collections.abc import Iterable

from commonground.say.engine.coach.remarks import Found, rules

MOST = 3  # more than that is not read


def chosen(found: Iterable[Found]) -> list[Found]:
    """Hard stops before advice, then by rank, weight and place; always in the same order.

    Every rule speaks once, at the first place it means, so that three remarks are three things.
    """
    spoken: dict[str, Found] = {}
    for one in sorted(found, key=order):
        spoken.setdefault(one.rule, one)
    return list(spoken.values())[:MOST]


def order(one: Found) -> tuple[bool, int, float, int, int]:
    rule = rules()[one.rule]
    return (not rule.hard, rule.rank, -one.weight, one.start, one.end)
