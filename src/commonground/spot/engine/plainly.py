"""The loops of `kernels` without a compiler: the same results, slower."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from commonground.hear.engine.hashing import in_order
from commonground.spot.engine.kernels import BY, FAINT, SHORTEST_OTHER, SHORTEST_PLAIN
from commonground.spot.engine.lexicon import NO_KIND, STOP
from commonground.spot.engine.terms import LONGEST_WORD, MOST_WORDS

type Numbers = NDArray[np.uint64]
type Offsets = NDArray[np.int64]


def entries(keys: Numbers, values: NDArray[np.int32]) -> dict[int, int]:
    there = values >= 0
    return dict(zip(keys[there].tolist(), values[there].tolist(), strict=True))


def signs_of(
    numbers: Numbers, marks: NDArray[np.int16], starts: Offsets, keys: Numbers,
    values: NDArray[np.int32], out: Numbers,
) -> None:  # fmt: skip
    known = entries(keys, values)
    kinds = [
        mark if (kind := known.get(number, NO_KIND) & NO_KIND) == NO_KIND else kind
        for number, mark in zip(numbers.tolist(), marks.tolist(), strict=True)
    ]
    for i, (start, end) in enumerate(pairwise(starts.tolist())):
        bits = 0
        for kind in kinds[start:end]:
            bits |= 1 << kind if kind >= 0 else 0
        out[i] = bits


def terms_of(
    numbers: Numbers, sizes: NDArray[np.int16], starts: Offsets, keys: Numbers,
    values: NDArray[np.int32], kinds: Numbers, talk: Numbers, topics: Numbers, named: Numbers,
    out: Numbers, out_starts: Offsets,
) -> int:  # fmt: skip
    known = entries(keys, values)
    shortest = np.where(sizes >= 0, SHORTEST_PLAIN, SHORTEST_OTHER)
    told = (np.abs(sizes) >= shortest) & (np.abs(sizes) <= LONGEST_WORD)
    stop = np.array([known.get(n, 0) & STOP for n in numbers.tolist()], np.int64)
    told &= stop == 0
    k = 0
    for i, (start, end) in enumerate(pairwise(starts.tolist())):
        words = numbers[start:end][told[start:end]][:MOST_WORDS].tolist()
        told_ = [*words[:1], *(t for a, b in pairwise(words) for t in pair_after(a, b))]
        shown = [int(t) for n, t in enumerate(talk) if t and int(kinds[i]) >> n & 1]
        about = [int(t) for n, t in enumerate(named) if int(topics[i, n // 64]) >> (n % 64) & 1]
        terms = [*told_, *shown, *about]
        out_starts[i] = k
        out[k : k + len(terms)] = terms
        k += len(terms)
    out_starts[starts.size - 1] = k
    return k


def pair_after(last: int, word: int) -> tuple[int, ...]:
    return (word,) if last == word else (word, in_order((last, word)))


def count(
    terms: Numbers, starts: Offsets, voices: Numbers, shards: NDArray[np.uint8],
    counts: NDArray[np.uint32], bits: Numbers, filled: Offsets,
) -> None:  # fmt: skip
    """The first of two that meet in one bit is counted, so the order of terms must be kept."""
    posts = np.repeat(np.arange(starts.size - 1), np.diff(starts))
    x = (terms ^ voices[posts]) * BY
    x = (x ^ (x >> np.uint64(32))) & np.uint64(bits.shape[1] * 64 - 1)
    shard = shards[posts].astype(np.int64)
    place = shard * bits.shape[1] * 64 + x.astype(np.int64)
    _, first = np.unique(place, return_index=True)
    flat = bits.reshape(-1)
    word, bit = place[first] >> 6, np.uint64(1) << (x[first] & np.uint64(63))
    new = (flat[word] & bit) == 0
    np.bitwise_or.at(flat, word[new], bit[new])
    first = first[new]
    np.add.at(filled, shard[first], 1)
    last = np.uint64(counts.shape[1] - 1)
    np.add.at(counts[0], (terms[first] & last).astype(np.int64), np.uint32(1))
    np.add.at(counts[1], ((terms[first] >> np.uint64(32)) & last).astype(np.int64), np.uint32(1))


def surprising(
    counts: NDArray[np.uint32], recent: NDArray[np.float32], past: NDArray[np.float32],
    turned: Offsets, fade: float, now: NDArray[np.float64], before: NDArray[np.float64],
    least: float, prior: float, prior_posts: float, steadiest: float, step: float,
    levels: NDArray[np.uint8],
) -> int:  # fmt: skip
    live = (past != 0) | (counts != 0)
    c = counts[live].astype(np.float32)
    old = past[live] * np.float32(fade) + c
    old[old < FAINT] = 0
    past[live] = old
    windows = recent[live]
    ended = turned > 0
    windows[:, ended, 1] = np.where(turned[ended] == 1, windows[:, ended, 0], 0)
    windows[:, ended, 0] = 0
    windows *= np.float32(fade)
    windows[:, :, 0] += c[:, None]
    recent[live] = windows
    in_window = windows[:, :, 0] + windows[:, :, 1]
    n = in_window.astype(np.float64)
    usual = np.maximum(0.0, (old[:, None] - in_window).astype(np.float64)) + prior
    mean = usual / (before + prior_posts) * now
    shape = np.minimum(usual, steadiest)
    asked = (c[:, None] > 0) & (n >= least) & (n > 1.5 * mean)
    n, mean, shape = (np.where(asked, part_, 1.0) for part_ in (n, mean, shape))
    rate = n * np.log(n / mean) - (n + shape) * np.log((n + shape) / (mean + shape))
    best = np.where(asked, np.maximum(rate, 0.0), 0.0).max(axis=1)
    levels[:] = 0
    levels[live] = np.minimum(255.0, best / step).astype(np.uint8)
    first = np.zeros_like(live)
    first[0] = live[0]
    return int(((c > 0) & (in_window[:, -1] >= least) & first[live]).sum())


def levels_of(
    terms: Numbers, starts: Offsets, lots: Numbers, high: NDArray[np.uint8],
    share: NDArray[np.uint8], out: NDArray[np.uint8],
) -> None:  # fmt: skip
    last = np.uint64(high.shape[1] - 1)
    first = (terms & last).astype(np.int64)
    second = ((terms >> np.uint64(32)) & last).astype(np.int64)
    level = np.minimum(high[0][first], high[1][second])
    part = np.maximum(share[0][first], share[1][second])
    for i, (start, end) in enumerate(pairwise(starts.tolist())):
        best = level[start:end].max(initial=0)
        enough = part[start:end][level[start:end] == best].min(initial=255)
        out[i] = best if int(lots[i]) & 255 < enough else 0
