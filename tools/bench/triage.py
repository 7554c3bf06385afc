"""How often the triage of messages is right; and, with --write, the weights that the product ships.

./run bench triage [--write] [--json FILE]
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
from commonground.answer.engine.triage.kinds import KINDS, Kind
from commonground.answer.engine.triage.model import SHIPPED, Model
from commonground.answer.engine.triage.suite import HELD_OUT, LEARNED, Case, cases


def main(words: Sequence[str]) -> None:
    asked = argparse.ArgumentParser(prog="./run bench triage", description=__doc__)
    asked.add_argument("--write", action="store_true", help="write the weights that ship")
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
