"""How receptive a text sounds to people who disagree with it, and which words make it so."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from commonground.say.engine.coach.features import (
    counted,
    lowered,
    markers,
    phrases,
    standard,
    weighed,
)
from commonground.say.engine.coach.reading import Reading
from commonground.say.engine.coach.remarks import WORDS, Found

# Below this a third of the rated texts lie; above it a text is not worth a remark.
UNRECEPTIVE = -0.35
# Marks a writer can change without changing what is said. Negation and sad words are not
# among them: a warning needs both.
CHANGEABLE = (
    "disagreement", "swearing", "truth_intensifier", "adverb_limiter", "blame", "obligation",
    "reasoning",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Feature:
    """Weight of one standardised feature, and the mean and deviation it is measured by."""

    weight: float
    mean: float
    deviation: float


@dataclass(frozen=True, slots=True)
class Model:
    """A linear model: a sum of weights. Ratings are z-scores: 0 is the middle text."""

    intercept: float
    features: Mapping[str, Feature]
    phrases: Mapping[str, float]
    idf: Mapping[str, float]

    def score(self, found: Mapping[str, float], said: Mapping[str, int]) -> float:
        parts = self.parts(found).values()
        used = weighed(said, self.idf)
        return self.intercept + sum(parts) + sum(self.phrases[p] * v for p, v in used.items())

    def parts(self, found: Mapping[str, float]) -> dict[str, float]:
        """What each feature adds to the score or takes from it."""
        return {
            name: of.weight * standard(found[name], of.mean, of.deviation)
            for name, of in self.features.items()
        }


@cache
def model(language: str) -> Model:
    """English has its own weights. French borrows those of the features, not of the phrases."""
    kept = json.loads((WORDS / "weights.json").read_text(encoding="utf-8"))
    whole = kept["english" if language == "en" else "carried_over"]
    features = {n: Feature(*values) for n, values in whole["features"].items()}
    phrases_of: dict[str, Any] = whole["phrases"]
    return Model(
        whole["intercept"], features, {p: w for p, (w, _) in phrases_of.items()},
        {p: idf for p, (_, idf) in phrases_of.items()},
    )  # fmt: skip


def receptive(reading: Reading) -> float:
    """About -3 to 3; 0 is the middle of the rated texts. Empty texts are 0."""
    if not reading.spoken_words:
        return 0.0
    said = phrases(reading) if reading.language == "en" else {}
    return round(model(reading.language).score(counted(reading), said), 3)


def reasons(reading: Reading, most: int = 5) -> list[dict[str, Any]]:
    """The features that moved the score most, with the first words that show each."""
    parts = model(reading.language).parts(counted(reading))
    strongest = sorted(parts, key=lambda n: (-abs(parts[n]), n))[:most]
    return [
        {"feature": name, "adds": round(parts[name], 3), "quote": first_words(reading, name)}
        for name in strongest
    ]


def first_words(reading: Reading, feature: str) -> str:
    span = first_place(reading, feature)
    return reading.text[span[0] : span[1]] if span else ""


def first_place(reading: Reading, feature: str) -> tuple[int, int] | None:
    pattern = markers(reading.language).get(feature)
    match = pattern.search(lowered(reading)) if pattern else None
    return reading.plain.span(*match.span()) if match else None


def unreceptive(reading: Reading, score: float) -> Iterator[Found]:
    """For a text that scores low: its changeable marks that weigh against it, heaviest first."""
    if score > UNRECEPTIVE:
        return
    parts = model(reading.language).parts(counted(reading))
    for feature in sorted(CHANGEABLE, key=lambda n: parts[n]):
        place = first_place(reading, feature)
        if place and parts[feature] < 0:
            named = names_of(feature, reading, place)
            yield Found("unreceptive", *place, -parts[feature], named)
            return
    if argues(reading) and not first_place(reading, "acknowledgement"):
        yield Found("no_acknowledgement", 0, len(reading.text))


def names_of(feature: str, reading: Reading, place: tuple[int, int]) -> tuple[tuple[str, str], ...]:
    weight = model(reading.language).features[feature].weight
    return (
        ("mark", reading.text[place[0] : place[1]]),
        ("feature", feature),
        ("weight", f"{weight:+.3f}"),
    )


def argues(reading: Reading) -> bool:
    return any(first_place(reading, name) for name in ("disagreement", "contrast_conjunction"))


@cache
def spoken_of() -> dict[str, dict[str, dict[str, str]]]:
    """What each feature is called, and what to say instead, in each language."""
    return tomllib.loads((WORDS / "features.toml").read_text(encoding="utf-8"))
