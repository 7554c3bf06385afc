"""The model: a weight for each sign and answer, read from a file, every one of them in sight."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from commonground.learn.engine.wording import WORDS

type Floats = NDArray[np.float64]

SHIPPED = WORDS / "weights.json"


@dataclass(frozen=True)
class Model:
    """scale: by sign, its mean and spread in the labelled set. weights (1 + signs x 3): the first
    row is what speaks for each answer before anything is seen."""

    scale: Mapping[str, tuple[float, float]]
    weights: Floats

    def chances(self, signs: Floats) -> Floats:
        """How likely each answer is (N x 3), for rows of signs (N x signs)."""
        middle, spread = np.array(list(self.scale.values())).T
        table = np.column_stack([np.ones(len(signs)), (signs - middle) / spread])
        scores = table @ self.weights
        raised = np.exp(scores - scores.max(axis=1, keepdims=True))
        out: Floats = raised / raised.sum(axis=1, keepdims=True)
        return out

    def as_json(self) -> dict[str, Any]:
        rows = zip(self.scale.items(), self.weights[1:].tolist(), strict=True)
        return {
            "before": [round(w, 4) for w in self.weights[0].tolist()],
            "signs": {
                name: [round(float(x), 4) for x in (*scale, *weights)]
                for (name, scale), weights in rows
            },
        }


@cache
def shipped() -> Model:
    """The model of this version; written by `./run bench pullthrough --write`."""
    held = json.loads(SHIPPED.read_text(encoding="utf-8"))
    scale = {name: (row[0], row[1]) for name, row in held["signs"].items()}
    return Model(scale, np.array([held["before"], *(row[2:] for row in held["signs"].values())]))
