"""The compiled loops of the screen: signs, terms, distinct voices, surprise.

Plain counterparts for machines without a compiler are in `plainly`; tests hold them equal.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from commonground.hear.engine.compiled import compiled
from commonground.hear.engine.kernels import follow
from commonground.hear.engine.tables import found, signed
from commonground.spot.engine.lexicon import NO_KIND, STOP
from commonground.spot.engine.terms import LONGEST_WORD, MOST_WORDS

type Numbers = NDArray[np.uint64]
type Offsets = NDArray[np.int64]

LOW8 = np.uint64(255)
ONE, ZERO, LOW6, S6, S32 = np.uint64(1), np.uint64(0), np.uint64(63), np.uint64(6), np.uint64(32)
SHORTEST_PLAIN, SHORTEST_OTHER = 3, 2
FAINT = np.float32(1e-3)  # voices; less is forgotten
BY = np.uint64(0xD6E8FEB86659FD93)  # an odd number that spreads (Steele, Vigna: 64-bit mixers)


@compiled
def signs_of(
    numbers: Numbers, marks: NDArray[np.int16], starts: Offsets, keys: Numbers,
    values: NDArray[np.int32], out: Numbers,
) -> None:  # fmt: skip
    """Bits of the kinds each post shows: a listed word first, else its shortest beginning."""
    for i in range(starts.size - 1):
        bits = ZERO
        for j in range(starts[i], starts[i + 1]):
            value = found(numbers[j], keys, values)
            kind = value & NO_KIND if value >= 0 else NO_KIND
            if kind == NO_KIND:
                kind = signed(marks[j])
            if kind >= 0 and kind != NO_KIND:
                bits |= ONE << np.uint64(kind)
        out[i] = bits


@compiled
def terms_of(
    numbers: Numbers, sizes: NDArray[np.int16], starts: Offsets, keys: Numbers,
    values: NDArray[np.int32], kinds: Numbers, talk: Numbers, topics: Numbers, named: Numbers,
    out: Numbers, out_starts: Offsets,
) -> int:  # fmt: skip
    """Numbers of the terms each post brings, as `Detector.carried` names them; some twice."""
    k = 0
    for i in range(starts.size - 1):
        out_starts[i] = k
        last, told = ZERO, 0
        for j in range(starts[i], starts[i + 1]):
            size = sizes[j]
            if size > LONGEST_WORD or size < -LONGEST_WORD:
                continue
            if (size >= 0 and size < SHORTEST_PLAIN) or (size < 0 and -size < SHORTEST_OTHER):
                continue
            value = found(numbers[j], keys, values)
            if value >= 0 and value & STOP:
                continue
            out[k] = numbers[j]
            k += 1
            if last != ZERO and last != numbers[j]:
                out[k] = follow(follow(ZERO, last), numbers[j])
                k += 1
            last, told = numbers[j], told + 1
            if told == MOST_WORDS:
                break
        for kind in range(talk.size):
            if kinds[i] >> np.uint64(kind) & ONE and talk[kind] != ZERO:
                out[k] = talk[kind]
                k += 1
        for topic in range(named.size):
            if topics[i, topic // 64] >> np.uint64(topic % 64) & ONE:
                out[k] = named[topic]
                k += 1
    out_starts[starts.size - 1] = k
    return k


@compiled
def count(
    terms: Numbers, starts: Offsets, voices: Numbers, shards: NDArray[np.uint8],
    counts: NDArray[np.uint32], bits: NDArray[np.uint64], filled: Offsets,
) -> None:  # fmt: skip
    """Count each voice of each term once, as far as the Bloom filter remembers.

    `counts` uint32[2, buckets]; `bits` uint64[shards, words]; `filled` int64[shards]: bits set.
    """
    last = np.uint64(counts.shape[1] - 1)
    room = np.uint64(bits.shape[1] * 64 - 1)
    for i in range(starts.size - 1):
        shard = shards[i]
        for j in range(starts[i], starts[i + 1]):
            term = terms[j]
            x = (term ^ voices[i]) * BY
            x = (x ^ (x >> S32)) & room
            word, bit = signed(x >> S6), ONE << (x & LOW6)
            if bits[shard, word] & bit:
                continue
            bits[shard, word] |= bit
            filled[shard] += 1
            counts[0, signed(term & last)] += np.uint32(1)
            counts[1, signed((term >> S32) & last)] += np.uint32(1)


@compiled
def surprising(
    counts: NDArray[np.uint32], recent: NDArray[np.float32], past: NDArray[np.float32],
    turned: Offsets, fade: float, now: NDArray[np.float64], before: NDArray[np.float64],
    least: float, prior: float, prior_posts: float, steadiest: float, step: float,
    levels: NDArray[np.uint8],
) -> int:  # fmt: skip
    """One step of every bucket's memory, and how surprising each now is.

    `recent` float32[2, buckets, scales, 2], `past` float32[2, buckets]: changed in place.
    `turned`, `now`, `before` [scales]: how many windows have ended since the last step, posts in
    the window and before it. Writes `levels` uint8[2, buckets]; returns how many buckets of the
    first row were looked at.
    """
    looked = 0
    for r in range(counts.shape[0]):
        for j in range(counts.shape[1]):
            c = np.float32(counts[r, j])
            old = past[r, j]
            if old == 0 and c == 0:
                levels[r, j] = 0
                continue
            old = old * np.float32(fade) + c
            if old < FAINT:
                old = np.float32(0)
            past[r, j] = old
            best = 0.0
            n = np.float32(0)
            for s in range(turned.size):
                this, last = recent[r, j, s, 0], recent[r, j, s, 1]
                if turned[s] > 0:
                    last = this if turned[s] == 1 else np.float32(0)
                    this = np.float32(0)
                this = this * np.float32(fade) + c
                last = last * np.float32(fade)
                recent[r, j, s, 0], recent[r, j, s, 1] = this, last
                n = this + last
                if c == 0 or n < least:
                    continue
                usual = max(0.0, old - n) + prior
                mean = usual / (before[s] + prior_posts) * now[s]
                if n <= 1.5 * mean:
                    continue
                shape = min(usual, steadiest)
                rate = n * np.log(n / mean) - (n + shape) * np.log((n + shape) / (mean + shape))
                best = max(best, rate)
            if r == 0 and c > 0 and n >= least:
                looked += 1
            levels[r, j] = min(255.0, best / step)
    return looked


@compiled
def levels_of(
    terms: Numbers, starts: Offsets, lots: Numbers, high: NDArray[np.uint8],
    share: NDArray[np.uint8], out: NDArray[np.uint8],
) -> None:  # fmt: skip
    """The level of each post: that of its most surprising term, by the row that doubts more.

    `lots` uint64[posts]: drawn by each post; of a term's posts only a share is looked at, and
    of equally surprising terms the commonest decides. 0 for the others.
    """
    last = np.uint64(high.shape[1] - 1)
    for i in range(starts.size - 1):
        best, enough = np.uint8(0), np.uint8(255)
        for j in range(starts[i], starts[i + 1]):
            first = signed(terms[j] & last)
            one = high[0, first]
            if one == 0 or one < best:
                continue
            second = signed((terms[j] >> S32) & last)
            one = min(one, high[1, second])
            part = max(share[0, first], share[1, second])
            if one > best:
                best, enough = one, part
            elif one == best:
                enough = min(enough, part)
        out[i] = best if signed(lots[i] & LOW8) < enough else np.uint8(0)
