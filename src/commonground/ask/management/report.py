"""A finding as one page that a council can read, print and keep: no script, nothing to fetch."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import Any

from django.template.loader import render_to_string
from django.utils.translation import override

from commonground.ask.engine.reading import Statement

LONGEST = 10  # statements in a list; a council reads ten
CELL = 10  # people: a dot on the map stands for no fewer
ACROSS = 8  # cells of the map from side to side


def page(finding: dict[str, Any], texts: dict[str, Statement], *, title: str, lang: str) -> str:
    """The page in HTML. finding is what `told` tells; it holds people, the page does not."""
    groups = finding["groups"]
    with override(lang):
        return render_to_string(
            "ask/report.html",
            {
                "title": title,
                "lang": lang,
                "finding": finding,
                "groups": [{**group, "letter": letter(group["id"])} for group in groups],
                "ground": [said(row, texts) for row in finding["common_ground"] if shared(row)][
                    :LONGEST
                ],
                "divides": [said(row, texts) for row in finding["divides"][:LONGEST]],
                "cells": cells(finding),
                "across": ACROSS,
                "unsure": named(finding["integrity"]["methods_differ"], texts),
                "left_out": finding["integrity"]["straight_lines"] + finding["integrity"]["copies"],
            },
        )


def shared(row: dict[str, Any]) -> bool:
    """More than half of every group agree, as far as may be shown: less is no place to meet."""
    shares = [share for share in row["agree_by_group"].values() if share is not None]
    return bool(shares) and min(shares) > 0.5


def letter(number: int) -> str:
    return "ABCDEFGH"[number]


def text_of(name: object, texts: dict[str, Statement]) -> str:
    return texts[str(name)].text if str(name) in texts else str(name)


def named(names: Iterable[object], texts: dict[str, Statement]) -> list[str]:
    return [text_of(name, texts) for name in names]


def said(row: dict[str, Any], texts: dict[str, Statement]) -> dict[str, Any]:
    """A statement with one bar for each group; a share of fewer than ten people has no bar."""
    bars = [
        {
            "letter": letter(int(group)),
            "percent": None if share is None else round(100 * share),
            "wide": 0 if share is None else round(300 * share),
            "top": 4 + 22 * number,
            "line": 17 + 22 * number,
            "color": int(group),
        }
        for number, (group, share) in enumerate(row["agree_by_group"].items())
    ]
    return {
        "text": text_of(row["statement"], texts),
        "bars": bars,
        "high": 8 + 22 * len(bars),
    }


def cells(finding: dict[str, Any]) -> list[dict[str, Any]]:
    """The map as dots that stand for ten people or more, each in the colour of most of them."""
    places = finding["map"]
    far = max((abs(x) for place in places.values() for x in place), default=0) or 1.0
    people: dict[tuple[int, int], Counter[int]] = {}
    for voter, place in places.items():
        at = tuple(min(ACROSS - 1, int((x / far + 1) / 2 * ACROSS)) for x in (*place, 0.0)[:2])
        people.setdefault((at[0], at[1]), Counter())[finding["members"][voter]["group"]] += 1
    most = max((count.total() for count in people.values()), default=1)
    return [
        {
            "column": x + 1, "row": ACROSS - y, "n": count.total(),
            "color": count.most_common(1)[0][0], "letter": letter(count.most_common(1)[0][0]),
            "cx": 40 * x + 20, "cy": 40 * (ACROSS - 1 - y) + 20,
            "r": round(4 + 14 * (count.total() / most) ** 0.5, 1),
        }
        for (x, y), count in sorted(people.items())
        if count.total() >= CELL
    ]  # fmt: skip
