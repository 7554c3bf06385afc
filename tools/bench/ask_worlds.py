"""What the ASK bench runs on: real conversations, planted groups, null data, and crowds."""

from __future__ import annotations

import csv
import gzip
import os
from pathlib import Path

import numpy as np

from commonground.ask.engine.ballots import Ballots, arranged, gathered

FOLDER = Path(os.environ.get("COMMONGROUND_VOTES", "../shared/data/votes"))


def conversations() -> list[str]:
    return sorted(path.name.removesuffix(".votes.csv.gz") for path in FOLDER.glob("*.votes.csv.gz"))


def raw(name: str) -> tuple[np.ndarray, list[int]]:
    """Votes (V x 3: voter, statement, vote) and the statements that moderators took out."""
    with gzip.open(FOLDER / f"{name}.votes.csv.gz", "rt") as file:
        votes = np.loadtxt(file, delimiter=",", skiprows=1, dtype=np.int64)
    with (FOLDER / f"{name}.statements.csv").open() as file:
        out = [int(row["statement"]) for row in csv.DictReader(file) if row["moderated"] == "-1"]
    return votes, sorted(set(out) & set(votes[:, 1].tolist()))


def ballots(name: str) -> Ballots:
    votes, out = raw(name)
    kept = ~np.isin(votes[:, 1], out)
    return gathered(*votes[kept].T)


def by_name(ballots: Ballots, values: np.ndarray) -> np.ndarray:
    """Per statement name (a number) its value; nan where there is none."""
    result = np.full(int(ballots.statements.max()) + 1, np.nan)
    result[ballots.statements] = values
    return result


def with_votes(ballots: Ballots, rows, columns, votes) -> Ballots:
    return gathered(
        np.concatenate([ballots.voters[ballots.rows], rows]),
        np.concatenate([ballots.statements[ballots.columns], columns]),
        np.concatenate([ballots.votes, votes]),
    )


def half(ballots: Ballots, kept: np.ndarray) -> Ballots:
    return gathered(
        ballots.voters[ballots.rows[kept]], ballots.statements[ballots.columns[kept]],
        ballots.votes[kept],
    )  # fmt: skip


def null(ballots: Ballots, seed: int) -> Ballots:
    """The same exposure, statements' odds, passes and styles, and no groups (a Rasch model)."""
    rng = np.random.default_rng(seed)
    voters, statements = ballots.shape
    r, c, v = ballots.rows, ballots.columns.astype(np.int64), ballots.votes
    said = v != 0
    y, rs, cs = (v[said] > 0).astype(float), r[said], c[said]
    own, easy = np.zeros(voters), np.zeros(statements)
    for _ in range(20):
        for values, at, many, pull in ((easy, cs, statements, 0.1), (own, rs, voters, 1.0)):
            p = 1 / (1 + np.exp(-(own[rs] + easy[cs])))
            up = np.bincount(at, y - p, many) - pull * values
            values += up / (np.bincount(at, p * (1 - p), many) + pull)
    passed = (np.bincount(c, v == 0, statements) + 0.5) / (np.bincount(c, minlength=statements) + 1)
    votes = np.where(rng.random(len(r)) < 1 / (1 + np.exp(-(own[r] + easy[c]))), 1, -1)
    votes[rng.random(len(r)) < passed[c]] = 0
    return arranged(np.arange(voters), np.arange(statements), r, c, votes.astype(np.int8))


def planted(
    voters: int, statements: int, votes: int, seed: int, groups: int = 3, style: float = 0.6
):
    """Groups, divisive and common statements, styles, passes, votes spread unevenly (rows,
    columns, votes, group, and what a reader who knew the groups would need: chances by group)."""
    rng = np.random.default_rng(seed)
    many = np.exp(rng.normal(0, 1, voters))
    many = np.clip(many / many.sum() * votes, 1, statements).astype(np.int64)
    row = np.repeat(np.arange(voters, dtype=np.int32), many)
    at = np.arange(len(row)) - np.repeat(np.cumsum(many) - many, many)
    strides = np.flatnonzero(np.gcd(np.arange(statements), statements) == 1)
    first, stride = rng.integers(0, statements, voters), rng.choice(strides, voters)
    column = rng.permutation(statements).astype(np.int32)[
        (np.repeat(first, many) + at * np.repeat(stride, many)) % statements
    ]
    share = np.array([0.5, 0.3, 0.2]) if groups == 3 else np.full(groups, 1 / groups)
    group = rng.choice(groups, voters, p=share)
    lean = rng.beta(0.6, 1.2, statements) * rng.normal(0, 2, (groups, statements))
    base, own = rng.normal(0.5, 0.9, statements), rng.normal(0, style, voters)
    chance = base[column] + lean[group[row], column] + own[row]
    value = np.where(rng.random(len(row)) < 1 / (1 + np.exp(-chance)), 1, -1).astype(np.int8)
    value[rng.random(len(row)) < 0.12] = 0
    order = rng.permutation(len(row))
    return row[order], column[order], value[order], group, (base, lean, own)


def planted_large(voters: int, statements: int, votes: int, seed: int):
    """`planted` for a hundred million votes: a thousandth of the voters at a time, so that what is
    made here is no larger than what is measured. Rows, columns, votes in random order; groups."""
    rng = np.random.default_rng(seed)
    many = np.exp(rng.normal(0, 1, voters))
    many = np.clip(many / many.sum() * votes, 1, statements).astype(np.int64)
    ends = np.cumsum(many)
    place = rng.permutation(ends[-1]).astype(np.int32)  # where each vote stands in the log
    row, column = np.empty(ends[-1], np.int32), np.empty(ends[-1], np.int32)
    value = np.empty(ends[-1], np.int8)
    strides = np.flatnonzero(np.gcd(np.arange(statements), statements) == 1)
    order = rng.permutation(statements).astype(np.int32)
    group = rng.choice(3, voters, p=[0.5, 0.3, 0.2])
    lean = rng.beta(0.6, 1.2, statements) * rng.normal(0, 2, (3, statements))
    base, own = rng.normal(0.5, 0.9, statements), rng.normal(0, 0.6, voters)
    step = max(1, voters // 1000)
    for first in range(0, voters, step):
        who = np.arange(first, min(first + step, voters))
        r = np.repeat(who, many[who])
        at = np.arange(len(r)) - np.repeat(ends[who] - many[who] - (ends[first] - many[first]),
                                           many[who])  # fmt: skip
        begin, stride = rng.integers(0, statements, len(who)), rng.choice(strides, len(who))
        c = order[(np.repeat(begin, many[who]) + at * np.repeat(stride, many[who])) % statements]
        chance = base[c] + lean[group[r], c] + own[r]
        v = np.where(rng.random(len(r)) < 1 / (1 + np.exp(-chance)), 1, -1)
        v[rng.random(len(r)) < 0.12] = 0
        there = place[ends[first] - many[first] : ends[who[-1]]]
        row[there], column[there], value[there] = r, c, v
    return row, column, value, group


def crowds(
    ballots: Ballots, score: np.ndarray, eligible: np.ndarray, seed: int, share: float = 0.05
):
    """Name, target and ballots of each attack by 5 % more voters; score says what they attack."""
    rng = np.random.default_rng(seed)
    many = max(1, round(share * ballots.shape[0]))
    new = int(ballots.voters.max()) + 1
    order = eligible[np.argsort(score[eligible])]
    target, bottom, top = order[len(order) // 2], order[:10], order[::-1][:10]
    usual = int(np.median(ballots.per_voter[ballots.per_voter >= 7]))

    def camouflaged():
        for i, source in enumerate(rng.choice(np.flatnonzero(ballots.per_voter >= 10), many)):
            part = slice(ballots.starts[source], ballots.starts[source + 1])
            names, votes = ballots.statements[ballots.columns[part]], ballots.votes[part].copy()
            slips = rng.random(len(votes)) < 0.15
            votes[slips] = rng.choice([-1, 0, 1], slips.sum())
            yield from ((new + i, n, v) for n, v in zip(names, votes, strict=True) if n != target)
            yield new + i, target, 1

    def veto(noise):
        others = np.setdiff1d(eligible, np.concatenate([top, bottom]))
        others = rng.choice(others, min(len(others), 20), replace=False)
        names = np.concatenate([top, bottom, others])
        usual = np.concatenate(
            [np.full(len(top), -1), np.full(len(bottom), 1), rng.choice([-1, 1], len(others))]
        )
        for i in range(many):
            votes = np.where(
                rng.random(len(names)) < noise, rng.choice([-1, 0, 1], len(names)), usual
            )
            kept = rng.random(len(names)) < 1 - noise
            yield from ((new + i, n, v) for n, v in zip(names[kept], votes[kept], strict=True))

    def line(answer):
        for i in range(many):
            names = rng.choice(eligible, min(len(eligible), 2 * usual), replace=False)
            yield from ((new + i, n, answer) for n in names)

    for name, votes in {
        "promote, camouflaged": camouflaged(),
        "veto, identical": veto(0.0), "veto, noisy": veto(0.2),
        "all agree": line(1), "all disagree": line(-1),
    }.items():  # fmt: skip
        yield name, target, new, with_votes(ballots, *np.array(list(votes)).T)
