"""How receptive a text sounds to people who disagree with it, and which words make it so."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from commonground.say.engine.coach.features import (
    FIRST,
    counted,
    lowered,
    markers,
    opening,
    phrases,
    standard,
    weighed,
    words,
)
from commonground.say.engine.coach.reading import Reading
from commonground.say.engine.coach.remarks import WORDS, Found

# Below this a third of the rated texts lie; above it a text is not worth a remark.
UNRECEPTIVE = -0.35
WITH = " with "  # between the names of two features, where their weight is kept
LONGER = 4.0  # how much a text's length may do to a feature's weight, in deviations
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
class Phrases:
    """What each phrase weighs, and how rare it is."""

    weights: Mapping[str, float]
    idf: Mapping[str, float]

    def parts(self, said: Mapping[str, int]) -> dict[str, float]:
        return {p: self.weights[p] * v for p, v in weighed(said, self.idf).items()}


@dataclass(frozen=True, slots=True)
class Seen:
    """What the model sees of one text."""

    counted: Mapping[str, float]
    phrases: Mapping[str, int]
    opening: Mapping[str, int]
    words: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Model:
    """A linear model: a sum of weights. Ratings are z-scores: 0 is the middle text.

    `in_long` is what a feature weighs more, or less, in a long text than in one of the middle;
    `together` what two features weigh where a text shows both more than the middle text, or one
    of them twice over.
    """

    intercept: float
    features: Mapping[str, Feature]
    in_long: Mapping[str, float]
    together: Mapping[tuple[str, str], float]
    phrases: Phrases
    opening: Phrases
    words: Mapping[str, float]

    def score(self, seen: Seen) -> float:
        told = (
            self.parts(seen.counted), self.phrases.parts(seen.phrases),
            self.opening.parts(seen.opening), self.said(seen.words),
        )  # fmt: skip
        return self.intercept + sum(sum(parts.values()) for parts in told)

    def parts(self, found: Mapping[str, float]) -> dict[str, float]:
        """What each feature adds to the score or takes from it, by its published name."""
        z = {n: standard(found[n], of.mean, of.deviation) for n, of in self.features.items()}
        told: dict[str, float] = {}
        shared = self.shared(z)
        for name, of in self.features.items():
            adds = of.weight * z[name] + shared.get(name, 0.0)
            if name in self.in_long:
                adds += self.in_long[name] * longer(z[name], z["words"])
            plain = name.removeprefix(FIRST)
            told[plain] = told.get(plain, 0.0) + adds
        return told

    def shared(self, z: Mapping[str, float]) -> dict[str, float]:
        """What features add together: half of it to each, which is what either brings where the
        other is as in the middle text (Shapley)."""
        told: dict[str, float] = {}
        for (one, other), weight in self.together.items():
            half = weight * z[one] * z[other] / 2
            told[one] = told.get(one, 0.0) + half
            told[other] = told.get(other, 0.0) + half
        return told

    def said(self, shares: Mapping[str, float]) -> dict[str, float]:
        """What each word adds or takes."""
        return {w: self.words[w] * share for w, share in shares.items() if w in self.words}


def longer(feature: float, length: float) -> float:
    return max(-LONGER, min(LONGER, feature * length))


@cache
def model(language: str) -> Model:
    """English has its own weights. French borrows those of the features, and of nothing else."""
    kept = json.loads((WORDS / "weights.json").read_text(encoding="utf-8"))
    whole = kept["english" if language == "en" else "carried_over"]
    return Model(
        whole["intercept"],
        {n: Feature(*values) for n, values in whole["features"].items()},
        whole["in_long"],
        {pair_of(pair): weight for pair, weight in whole["together"].items()},
        phrases_of(whole["phrases"]),
        phrases_of(whole["opening"]),
        whole["words"],
    )


def pair_of(kept: str) -> tuple[str, str]:
    one, _, other = kept.partition(WITH)
    return one, other


def phrases_of(kept: dict[str, list[float]]) -> Phrases:
    return Phrases({p: w for p, (w, _) in kept.items()}, {p: idf for p, (_, idf) in kept.items()})


def see(reading: Reading) -> Seen:
    """Once for each reading: remarks, reasons and score rest on the same."""
    if reading.language == "en":
        return Seen(counted(reading), phrases(reading), opening(reading), words(reading))
    return Seen(counted(reading), {}, {}, {})


def receptive(reading: Reading, seen: Seen) -> float:
    """About -3 to 3; 0 is the middle of the rated texts. Empty texts are 0."""
    if not reading.spoken_words:
        return 0.0
    return round(model(reading.language).score(seen), 3)


def reasons(reading: Reading, seen: Seen, most: int = 5) -> list[dict[str, Any]]:
    """What moved the score most: features with the words that first show each, and words."""
    whole = model(reading.language)
    told = [(v, n, first_words(reading, n)) for n, v in whole.parts(seen.counted).items()]
    told += [(v, "word", w) for w, v in whole.said(seen.words).items() if w.isalpha()]
    told += [(v, "opening", p) for p, v in whole.opening.parts(seen.opening).items() if readable(p)]
    strongest = sorted(told, key=lambda one: (-abs(one[0]), one[1], one[2]))[:most]
    return [{"feature": n, "adds": round(v, 3), "quote": quote} for v, n, quote in strongest]


def readable(phrase: str) -> bool:
    return "_" not in phrase and "*" not in phrase and "^" not in phrase and phrase[0].isalpha()


def first_words(reading: Reading, feature: str) -> str:
    span = first_place(reading, feature)
    return reading.text[span[0] : span[1]] if span else ""


def first_place(reading: Reading, feature: str) -> tuple[int, int] | None:
    pattern = markers(reading.language).get(feature)
    match = pattern.search(lowered(reading)) if pattern else None
    return reading.plain.span(*match.span()) if match else None


def unreceptive(reading: Reading, seen: Seen, score: float) -> Iterator[Found]:
    """For a text that scores low: its changeable marks that weigh against it, heaviest first."""
    if score > UNRECEPTIVE:
        return
    parts = model(reading.language).parts(seen.counted)
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
