"""The weights of the triage, and what they propose for a message, and by which words."""

from __future__ import annotations

import json
import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Self

from commonground.answer.engine.triage.kinds import KINDS, URGENT, Kind
from commonground.answer.engine.triage.reading import Message, Span

SHIPPED = Path(__file__).parent / "words" / "weights.json"
# Signs are few and mean much; words and pieces of words are many, so each family is brought to
# one length, whatever the length of the message.
SIGN, PAIR, WORDS, PIECES = 0.6, 0.3, 1.0, 1.0
QUOTES = 3  # as many as a person reads at a glance
WORTH_SAYING = 0.3  # of what the weightiest word weighs


@dataclass(frozen=True, slots=True)
class Proposal:
    """What a message might be. `score` is in logits above the line from which it is proposed."""

    kind: Kind
    score: float
    because: tuple[str, ...]  # the words, as they were typed
    likely: bool = False  # more than possible: see Model.sure

    def as_dict(self) -> dict[str, object]:
        return {
            "kind": self.kind.value, "score": round(self.score, 2), "because": self.because,
            "likely": self.likely,
        }  # fmt: skip


@dataclass(frozen=True, slots=True)
class Model:
    """`weights` give, for each feature, one number a kind; `rarities` how rare a word is."""

    weights: Mapping[str, tuple[float, ...]]
    rarities: Mapping[str, float]
    intercepts: tuple[float, ...]
    lines: tuple[float, ...]  # scores from which a kind is proposed
    # Scores from which it is likely. Urgent kinds are proposed far below, so that hardly one is
    # overlooked; whoever orders a list by them must not put half of it first.
    sure: tuple[float, ...]

    @classmethod
    @cache
    def shipped(cls) -> Self:
        return cls.read(json.loads(SHIPPED.read_text(encoding="utf-8")))

    @classmethod
    def read(cls, said: Mapping[str, dict[str, list[float]]]) -> Self:
        kinds = said["kinds"]
        return cls(
            {name: tuple(row[1:]) for name, row in said["features"].items()},
            {name: row[0] for name, row in said["features"].items()},
            *(tuple(kinds[kind][n] for kind in KINDS) for n in range(3)),
        )

    def proposals(self, message: Message) -> list[Proposal]:
        """Urgent kinds first, then the surest."""
        values = dict(values_of(message, self.rarities))
        found = []
        for place, kind in enumerate(KINDS):
            whole = self.score(values, place)
            score = whole - self.lines[place]
            if score >= 0:
                because = self.because(message, values, place)
                if because:  # what no word speaks for, nobody can judge
                    found.append(Proposal(kind, score, because, whole >= self.sure[place]))
        return sorted(found, key=lambda p: (p.kind not in URGENT, -p.score))

    def score(self, values: Mapping[str, float], place: int) -> float:
        weighed = (self.weights[n][place] * v for n, v in values.items() if n in self.weights)
        return self.intercepts[place] + sum(weighed)

    def because(self, message: Message, values: Mapping[str, float], place: int) -> tuple[str, ...]:
        """The words that spoke for it most, as they were typed, in their order."""
        weighs = [0.0] * len(message.tokens)
        for name, spans in message.features():
            if name in values and name in self.weights:
                shared = self.weights[name][place] * values[name]
                touched = [i for i, (_, own) in enumerate(message.tokens) if meets(own, spans)]
                for i in touched:
                    weighs[i] += shared / len(touched)
        enough = WORTH_SAYING * max(weighs, default=0.0)
        stretches = list(runs([w > max(enough, 0.0) for w in weighs]))
        best = sorted(stretches, key=lambda run: -sum(weighs[run[0] : run[1]]))[:QUOTES]
        return tuple(
            message.quote((message.tokens[start][1][0], message.tokens[end - 1][1][1]))
            for start, end in sorted(best)
        )


def values_of(message: Message, rarities: Mapping[str, float]) -> Iterator[tuple[str, float]]:
    """Each known feature of a message, and what it counts for."""
    families: dict[str, dict[str, float]] = {"word": {}, "piece": {}}
    for name, _ in message.features():
        if name not in rarities:
            continue
        family = family_of(name)
        if family in families:
            families[family][name] = rarities[name]
        else:
            yield name, PAIR if family == "pair" else SIGN
    for family, scale in (("word", WORDS), ("piece", PIECES)):
        length = math.hypot(*families[family].values())
        yield from ((n, scale * v / length) for n, v in families[family].items())


def family_of(name: str) -> str:
    head = name[:3]
    if head in ("en:", "fr:"):
        return "word"
    if head in ("en~", "fr~"):
        return "piece"
    return "pair" if "+" in name else "sign"


def meets(own: Span, spans: list[Span]) -> bool:
    return any(own[0] < end and start < own[1] for start, end in spans)


def runs(chosen: list[bool]) -> Iterator[tuple[int, int]]:
    """Stretches of what is chosen, as (first, one past the last)."""
    start = None
    for place, is_chosen in enumerate([*chosen, False]):
        if is_chosen and start is None:
            start = place
        elif not is_chosen and start is not None:
            yield start, place
            start = None
