"""How often the triage of messages is right; and, with --write, the weights that the product ships
and the figures in docs/explanation/triage.md.

./run bench triage [--write | --docs] [--json FILE]
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from commonground.answer.engine.triage import fitting
from commonground.answer.engine.triage.fitting import Figures
from commonground.answer.engine.triage.kinds import KINDS, URGENT, Kind
from commonground.answer.engine.triage.model import SHIPPED, Model
from commonground.answer.engine.triage.suite import HELD_OUT, LEARNED, Case, cases, suite_digest

DOCS = Path(__file__).parents[2] / "docs/explanation/triage.md"
BEGIN, END = "<!-- written by ./run bench triage --docs -->", "<!-- so far -->"


def main(words: Sequence[str]) -> None:
    asked = argparse.ArgumentParser(prog="./run bench triage", description=__doc__)
    asked.add_argument("--write", action="store_true", help="write the weights, and the docs")
    asked.add_argument("--docs", action="store_true", help="write the docs, of what ships now")
    asked.add_argument("--json", type=Path, help="also write the figures to this file")
    wish = asked.parse_args(words)
    learned = cases(LEARNED)
    kinds = [case.kinds for case in learned]
    found = fitting.cross_validated(learned)
    lines, sure = fitting.drawn(found, kinds), fitting.surely(found, kinds)
    if wish.write:
        messages, _ = fitting.laid_out(learned)
        write(replace(fitting.fit(messages, kinds), lines=lines, sure=sure))
        Model.shipped.cache_clear()
    told = {
        "learned, cross-validated": fitting.figures(found, lines, kinds),
        "learned, cross-validated, likely": fitting.figures(found, sure, kinds),
    }
    for language in ("en", "fr"):
        held = cases(HELD_OUT, language)
        told[f"held out, {language}"] = judged(held, Model.shipped().lines)
        told[f"held out, {language}, likely"] = judged(held, Model.shipped().sure)
    for name, figures in told.items():
        print(name, *rows(figures), sep="\n")
    if wish.write or wish.docs:
        write_docs(told)
    if wish.json:
        wish.json.write_text(json.dumps({n: as_json(f) for n, f in told.items()}, indent=2) + "\n")


def judged(held: Sequence[Case], lines: Sequence[float]) -> dict[Kind, Figures]:
    messages, kinds = fitting.laid_out(held)
    return fitting.figures(fitting.scores(Model.shipped(), messages), lines, kinds)


def write(model: Model) -> None:
    """One line a feature, so that a change of weights can be read."""
    kinds = {
        k.value: [model.intercepts[n], model.lines[n], model.sure[n]] for n, k in enumerate(KINDS)
    }
    rows = (
        f"{json.dumps(name, ensure_ascii=False)}: {json.dumps([model.rarities[name], *weights])}"
        for name, weights in sorted(model.weights.items())
        if np.any(weights)
    )
    whole = f'{{"kinds": {json.dumps(kinds)},\n"features": {{\n' + ",\n".join(rows) + "\n}}\n"
    SHIPPED.write_text(whole, encoding="utf-8")


def write_docs(told: Mapping[str, Mapping[Kind, Figures]]) -> None:
    """The tables, between their marks, and of which messages they are."""
    before, _, rest = DOCS.read_text(encoding="utf-8").partition(BEGIN)
    _, _, after = rest.partition(END)
    learned, en, fr = next(iter(told)), "held out, en", "held out, fr"
    proposed = [learned, en, fr]
    likely = [f"{name}, likely" for name in proposed]
    heads = ["cross-validated", "held out, en", "held out, fr"]
    parts = [
        f"\n\nOf the messages with the digest `{suite_digest()}`.\n\n",
        table(["kind", "messages", *heads], [
            [kind.value, str(told[learned][kind].wanted), *(cell(told[n][kind]) for n in proposed)]
            for kind in KINDS
        ]),
        "\nWhere it says *likely*:\n\n",
        table(["kind", *heads], [
            [kind.value, *(cell(told[n][kind]) for n in likely)] for kind in KINDS if kind in URGENT
        ]),
        "\n",
    ]  # fmt: skip
    DOCS.write_text(before + BEGIN + "".join(parts) + END + after, encoding="utf-8")


def table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)


def cell(f: Figures) -> str:
    return f"{f.precision:.2f} / {f.recall:.2f} ({f.wrong})"


def rows(figures: Mapping[Kind, Figures]) -> list[str]:
    return [
        f"  {kind.value:10} {f.wanted:4} precision {f.precision:.2f} recall {f.recall:.2f}"
        f" wrongly {f.wrong}"
        for kind, f in figures.items()
    ]


def as_json(figures: Mapping[Kind, Figures]) -> dict[str, Any]:
    return {
        kind.value: {"messages": f.wanted, "precision": round(f.precision, 3),
                     "recall": round(f.recall, 3), "wrongly": f.wrong}
        for kind, f in figures.items()
    }  # fmt: skip
