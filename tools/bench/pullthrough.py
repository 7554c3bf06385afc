"""How often message pull-through is right; and, with --write, the weights that the product ships.

./run bench pullthrough [--write] [--json FILE]
"""

from __future__ import annotations

import argparse
import json
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from commonground.learn.engine import fitting
from commonground.learn.engine.judging import SHIPPED
from commonground.learn.engine.labelled import KINDS, Pair, pairs_in
from commonground.learn.engine.pullthrough import SURE
from commonground.learn.engine.signs import message_of, read, seen

ROOT = Path(__file__).parents[2]
SET = ROOT / "src/commonground/learn/tests/pairs"
FIGURES = ROOT / "docs/reference/pull-through-figures.md"
SEEDS = 10
ANSWERS = ["absent", "touched", "carried"]


def main(words: Sequence[str]) -> None:
    asked = argparse.ArgumentParser(prog="./run bench pullthrough", description=__doc__)
    asked.add_argument("--write", action="store_true", help="write the weights and the docs")
    asked.add_argument("--json", type=Path, help="also write the figures to this file")
    wish = asked.parse_args(words)
    first = pairs_in([SET / "en.md", SET / "fr.md"])
    later = pairs_in([SET / "en_later.md", SET / "fr_later.md"])
    told = {
        "all": validated([*first, *later]),
        "first": validated(first),
        "later": judged_later(first, later),
    }
    page = page_of(told)
    print(page)
    if wish.write:
        signs, labels = fitting.laid_out([*first, *later])
        write(fitting.fit(signs, labels).as_json())
        FIGURES.write_text(page, encoding="utf-8")
    if wish.json:
        wish.json.write_text(json.dumps(told, indent=1) + "\n", encoding="utf-8")


def write(model: dict[str, Any]) -> None:
    """A line a sign, so that a change of weights can be read."""
    rows = (f"{json.dumps(name)}: {json.dumps(row)}" for name, row in model["signs"].items())
    head = json.dumps(model["before"])
    whole = f'{{"before": {head},\n"signs": {{\n' + ",\n".join(rows) + "\n}}\n"
    SHIPPED.write_text(whole, encoding="utf-8")


def validated(pairs: Sequence[Pair]) -> dict[str, Any]:
    """Cross-validation by incident. The table is of the first draw of folds; the macro-F1 of each
    of ten draws is told beside it."""
    labels = np.array([pair.carried for pair in pairs])
    draws = [fitting.cross_validated(pairs, seed) for seed in range(SEEDS)]
    scores = [fitting.macro_f1(fitting.confusion(labels, d.argmax(axis=1))) for d in draws]
    return told_of(pairs, draws[0]) | {"macro_f1_of_draws": [round(s, 3) for s in scores]}


def judged_later(first: Sequence[Pair], later: Sequence[Pair]) -> dict[str, Any]:
    model = fitting.fit(*fitting.laid_out(first))
    return told_of(later, model.chances(fitting.laid_out(later)[0]))


def told_of(pairs: Sequence[Pair], chances: fitting.Floats) -> dict[str, Any]:
    labels, answers = np.array([p.carried for p in pairs]), chances.argmax(axis=1)
    sure = chances.max(axis=1) >= SURE
    table = fitting.confusion(labels, answers)
    languages = sorted({p.language for p in pairs})
    return {
        "pairs": len(pairs), "incidents": len({p.incident for p in pairs}),
        "confusion": table.tolist(), "macro_f1": round(fitting.macro_f1(table), 3),
        "by_language": {name: score(pairs, labels, answers, name) for name in languages},
        "uncertain": int((~sure).sum()),
        "right_where_sure": round(float((labels == answers)[sure].mean()), 3),
        "evidence": evidence(pairs), "by_kind": by_kind(pairs, labels == answers),
    }  # fmt: skip


def score(
    pairs: Sequence[Pair], labels: fitting.Ints, answers: fitting.Ints, language: str
) -> float:
    own = np.array([p.language == language for p in pairs])
    return round(fitting.macro_f1(fitting.confusion(labels[own], answers[own])), 3)


def evidence(pairs: Sequence[Pair]) -> list[int]:
    """Of the sentences that we marked as touching or carrying: how often one is quoted."""
    marked = [p for p in pairs if p.carried and p.at]
    hits = 0
    for pair in marked:
        others = [message_of(m) for m in pair.messages if m != pair.message]
        best = seen(message_of(pair.message), read(pair.article), others).best
        hits += best is not None and (best.sentence.start, best.sentence.end) == pair.at
    return [hits, len(marked)]


def by_kind(pairs: Sequence[Pair], right: fitting.Ints) -> dict[str, list[int]]:
    many = Counter(KINDS[p.kind] for p in pairs)
    hits = Counter(KINDS[p.kind] for p, ok in zip(pairs, right, strict=True) if ok)
    return {kind: [hits[kind], many[kind]] for kind in KINDS.values() if many[kind]}


def page_of(told: dict[str, Any]) -> str:
    heads = {
        "all": "All pairs, cross-validated by incident",
        "first": "The first 28 incidents, cross-validated by incident",
        "later": "Written later, judged by weights that never saw them",
    }
    parts = [
        "# Pull-through: figures", "",
        "Written by `./run bench pullthrough --write`. What they mean and what they do not:",
        "[pull-through](../explanation/pull-through.md).", "",
    ]  # fmt: skip
    for name, head in heads.items():
        parts += section(head, told[name])
    return "\n".join(parts)


def section(head: str, told: dict[str, Any]) -> list[str]:
    draws = told.get("macro_f1_of_draws")
    spread = f"; over {len(draws)} draws of folds {min(draws)} to {max(draws)}" if draws else ""
    languages = ", ".join(f"{name} {value}" for name, value in told["by_language"].items())
    hits, many = told["evidence"]
    return [
        f"## {head}", "",
        f"{told['pairs']} pairs of {told['incidents']} incidents. **Macro-F1 {told['macro_f1']}**"
        f" ({languages}){spread}.",
        f"Uncertain: {told['uncertain']}; of the others {100 * told['right_where_sure']:.1f} % are"
        f" right. Evidence: the sentence we marked is the one quoted in {hits} of {many}.", "",
        "| truth | " + " | ".join(ANSWERS) + " |", "|---|---|---|---|",
        *(
            f"| {name} | " + " | ".join(map(str, row)) + " |"
            for name, row in zip(ANSWERS, told["confusion"], strict=True)
        ),
        "", "| what the pair is like | right | of |", "|---|---|---|",
        *(f"| {kind} | {a} | {b} |" for kind, (a, b) in told["by_kind"].items()), "",
    ]  # fmt: skip
