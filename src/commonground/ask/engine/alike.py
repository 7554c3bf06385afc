"""Ballots too alike to have been filled in apart, found without comparing everybody."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from commonground.ask.engine import passes
from commonground.ask.engine.ballots import Ballots, rows_of
from commonground.ask.engine.hashing import mixed

type Ints = NDArray[np.int64]
type Floats = NDArray[np.float64]
type Pairs = NDArray[np.int64]

LEAST_VOTES = 10
BANDS, DEPTH = 20, 6  # ballots with three quarters in common meet in some band 98 times in 100
BUSY, FEWER_BANDS = 10_000_000, 4  # votes; beyond that only near copies are looked for
NEXT = 3  # neighbours compared within a bucket
SLIP = 0.10  # how often a copied ballot is changed, to look less copied
LUCK = 0.01  # how many such pairs we would expect by chance in all the conversation
COPY, PAIR = 0.9, 0.8  # shares of votes in common
CHUNK = 20_000  # pairs at a time


@dataclass(frozen=True)
class Likeness:
    """copies (P): ballots of which at least two more copies were found. twins (P): how many other
    ballots are alike enough that all of them together should count as one."""

    copies: NDArray[np.bool_]
    twins: Ints


def likeness(ballots: Ballots) -> Likeness:
    """Which ballots repeat others, more exactly than the statements' own odds allow.

    Candidates by locality-sensitive hashing of (statement, vote) pairs (Broder's minwise hashing
    in bands); each candidate pair is then compared in full.
    """
    pairs = candidates(ballots)
    copy, twin = np.zeros(len(pairs), np.bool_), np.zeros(len(pairs), np.bool_)
    for at in range(0, len(pairs), CHUNK):
        part = slice(at, at + CHUNK)
        copy[part], twin[part] = compared(ballots, pairs[part])
    count = [np.bincount(pairs[kind].ravel(), minlength=ballots.shape[0]) for kind in (copy, twin)]
    return Likeness(count[0] >= 2, count[1])


def candidates(ballots: Ballots) -> Pairs:
    """Pairs of rows (n x 2, the lower first) that meet in some band."""
    bands = FEWER_BANDS if len(ballots.votes) > BUSY else BANDS
    least = least_hashes(ballots, bands * DEPTH)
    able = np.flatnonzero(ballots.per_voter >= LEAST_VOTES)
    found = [np.empty((0, 2), np.int64)]
    for band in range(bands):
        key = np.zeros(len(able), np.uint64)
        for place in range(band * DEPTH, (band + 1) * DEPTH):
            key = mixed(key ^ least[able, place])
        order = np.argsort(key, kind="stable")
        for step in range(1, NEXT + 1):
            same = key[order[step:]] == key[order[:-step]]
            found.append(np.stack([able[order[:-step][same]], able[order[step:][same]]], axis=1))
    pairs = np.sort(np.concatenate(found), axis=1)
    whole = np.unique(pairs[:, 0] * np.int64(ballots.shape[0]) + pairs[:, 1])
    return np.stack(np.divmod(whole, np.int64(max(ballots.shape[0], 1))), axis=1)


def least_hashes(ballots: Ballots, many: int) -> NDArray[np.uint32]:
    """The least of `many` hashes over each voter's (statement, vote) pairs (P x many)."""
    tokens = mixed(np.arange(3 * ballots.shape[1])).reshape(-1, 3)
    factors = mixed(np.arange(many) + 1_000_003) | np.uint64(1)
    out = np.full((ballots.shape[0], many), np.iinfo(np.uint32).max, np.uint32)
    passes.store.least_pass(ballots.starts, ballots.columns, ballots.votes, tokens, factors, out)
    return out


def compared(ballots: Ballots, pairs: Pairs) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """Which pairs are copies, and which are at least twins.

    Evidence: how much better "one was copied from the other, with slips" explains the votes than
    "each was drawn from what everybody says", as a log likelihood ratio.
    """
    counts = passes.totals(ballots.columns, ballots.votes, ballots.shape[1])
    share = (counts + 1) / (counts.sum(axis=1, keepdims=True) + 3)
    gain = np.log((1 - SLIP + SLIP * share) / share)
    voters = ballots.shape[0]
    cast = ballots.per_voter[pairs].sum(axis=1)
    who, place = np.unique(pairs, return_inverse=True)  # only those who are compared
    ballots, pairs = rows_of(ballots, who), place.reshape(pairs.shape)
    common = met(ballots, pairs, np.ones(len(ballots.votes)), np.ones(ballots.shape[1]))
    same, evidence = np.zeros(len(pairs)), np.zeros(len(pairs))
    for kind in range(3):
        said = (ballots.votes == kind - 1).astype(np.float64)
        same += met(ballots, pairs, said, np.ones(ballots.shape[1]))
        evidence += met(ballots, pairs, said, gain[:, kind])
    evidence += (common - same) * np.log(SLIP)
    both = cast - common
    sure = (evidence > np.log(max(voters * voters / 2, 1.0) / LUCK)) & (common >= LEAST_VOTES)
    return sure & (same >= COPY * both), sure & (same >= PAIR * common) & (common >= PAIR * both)


def met(ballots: Ballots, pairs: Pairs, values: Floats, by_statement: Floats) -> Floats:
    """Per pair the sum, over statements both voted on, of the products of their values."""
    shape = ballots.shape
    table = csr_array((values, ballots.columns.astype(np.int32), ballots.starts), shape=shape)
    both = table[pairs[:, 0]].multiply(table[pairs[:, 1]])
    return np.asarray(both @ by_statement, dtype=np.float64)
