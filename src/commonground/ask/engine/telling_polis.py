"""Polis' picture in the same shape as our own, nothing told of fewer than ten people."""

from __future__ import annotations

import numpy as np

from commonground.ask.engine.ballots import Ballots
from commonground.ask.engine.polis import Floats, Ints, Polis
from commonground.ask.engine.telling import LEAST_CELL, plain, rounded


def told_as_polis(ballots: Ballots, polis: Polis) -> dict[str, object]:
    """Groups, consensus and priorities as Polis has them; `stable` is not something it asks."""
    names = [plain(name) for name in ballots.statements]
    n = polis.counts.sum(axis=2)
    share = np.where(n >= LEAST_CELL, polis.counts[:, :, 2] / np.maximum(n, 1), np.nan)
    gap = np.nan_to_num(np.nanmax(share, axis=0, initial=0) - np.nanmin(share, axis=0, initial=1))
    by_group = [{str(g): rounded(x) for g, x in enumerate(column)} for column in share.T]
    return {
        "voters": ballots.shape[0], "statements": len(names), "votes": len(ballots.votes),
        "groups": [group(polis, names, g, n, share) for g in range(len(n))],
        "members": {
            str(name): {"group": int(g) if g >= 0 else None, "share": 1.0 if g >= 0 else None}
            for name, g in zip(ballots.voters, polis.group, strict=True)
        },
        "common_ground": [
            {"statement": names[j], "score": rounded(polis.agree[j], 6), "low": None,
             "agree_by_group": by_group[j]}
            for j in np.argsort(-polis.agree, kind="stable")
        ],
        "divides": [
            {"statement": names[j], "gap": rounded(gap[j]), "agree_by_group": by_group[j]}
            for j in np.argsort(-gap, kind="stable") if gap[j] > 0
        ],
        "map": {
            str(name): place
            for name, place in zip(ballots.voters, np.round(polis.place, 4).tolist(), strict=True)
        },
        "integrity": {
            "priority": {
                str(name): rounded(x) for name, x in zip(names, polis.priority, strict=True)
            }
        },
        "stable": False,
    }  # fmt: skip


def group(polis: Polis, names: list[object], g: int, n: Ints, share: Floats) -> dict[str, object]:
    size = int((polis.group == g).sum())
    order = np.argsort(-np.abs(polis.repness[g]), kind="stable")
    return {
        "id": g, "size": size, "share": rounded(size / len(polis.group)), "stability": None,
        "statements": [
            {"id": names[j], "agree": rounded(share[g, j]),
             "n": int(n[g, j]) if n[g, j] >= LEAST_CELL else None,
             "z": rounded(polis.repness[g, j]) if n[g, j] >= LEAST_CELL else None}
            for j in order
        ],
    }  # fmt: skip
