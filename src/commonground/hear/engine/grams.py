"""Three signs in a row, hashed: what a text looks like, in any language, without weights."""

from __future__ import annotations

import re

import numpy as np
from numpy.typing import NDArray

from commonground.hear.engine import folding
from commonground.hear.engine.compiled import compiled
from commonground.hear.engine.hashing import ALL, BASIS, PRIME, mixed
from commonground.hear.engine.kernels import BASIS as BASIS_64, PRIME as PRIME_64, mix, sign_at
from commonground.hear.engine.tables import signed
from commonground.hear.engine.words import fold

BETWEEN = re.compile(r"[\W_]+")
BLANK = ord(" ")
SIGN_BIT = 32
F_SEVERAL, F_GONE, F_ASK, F_BETWEEN, F_APOSTROPHE = (
    folding.SEVERAL, folding.GONE, folding.ASK, folding.BETWEEN, folding.APOSTROPHE,
)  # fmt: skip


def plain(text: str, dimensions: int) -> NDArray[np.float32]:
    """float32[dimensions] of length one; zeros for a text without a letter."""
    signs = " " + BETWEEN.sub(" ", fold(text.replace("\0", " "))).strip() + " "
    out = np.zeros(dimensions, np.float32)
    for a, b, c in zip(signs, signs[1:], signs[2:], strict=False):
        number = BASIS
        for sign in (a, b, c):
            number = ((number ^ ord(sign)) * PRIME) & ALL
        number = mixed(number)
        out[number % dimensions] += 1 - 2 * (number >> SIGN_BIT & 1)
    length = float(np.sqrt((out * out).sum()))
    return out / np.float32(length) if length else out


@compiled
def likeness(
    text: NDArray[np.uint8], offsets: NDArray[np.int64], kind: NDArray[np.uint8],
    to: NDArray[np.uint32], more: NDArray[np.uint32], more_kind: NDArray[np.uint8],
    goals: NDArray[np.float32], out: NDArray[np.float32], asked: NDArray[np.bool_],
) -> None:  # fmt: skip
    dimensions = goals.shape[1]
    sums = np.zeros(dimensions, np.float32)
    for i in range(offsets.size - 1):
        sums[:] = np.float32(0)
        end = offsets[i + 1] - 1
        at = offsets[i]
        a, b = 0, int(BLANK)  # nothing stands before the first blank
        while at <= end and not asked[i]:
            first, count, what, sign = 0, 1, F_BETWEEN, int(BLANK)
            if at < end:
                sign, width = sign_at(text, at)
                at += width
                what = kind[sign] if sign < folding.SIGNS else F_ASK
                if what == F_SEVERAL:
                    first, count = signed(to[sign]) >> 5, signed(to[sign]) & 31
                elif what == F_GONE:
                    continue
                elif what == F_ASK:
                    asked[i] = True
                    break
                else:
                    sign = signed(to[sign])
            else:
                at += 1
            several = what == F_SEVERAL
            for piece in range(count):
                if several:
                    sign, what = signed(more[first + piece]), more_kind[first + piece]
                if what in (F_BETWEEN, F_APOSTROPHE):
                    sign = int(BLANK)
                    if b == BLANK:
                        continue
                if a != 0:
                    number = ((BASIS_64 ^ np.uint64(a)) * PRIME_64 ^ np.uint64(b)) * PRIME_64
                    number = mix((number ^ np.uint64(sign)) * PRIME_64)
                    place = signed(number % np.uint64(dimensions))
                    if number >> np.uint64(SIGN_BIT) & np.uint64(1):
                        sums[place] -= np.float32(1)
                    else:
                        sums[place] += np.float32(1)
                a, b = b, sign
        length = np.float32(0)
        for d in range(dimensions):
            length += sums[d] * sums[d]
        if asked[i] or length == 0:
            continue
        length = np.float32(1) / np.sqrt(length)
        for goal in range(goals.shape[0]):
            product = np.float32(0)
            for d in range(dimensions):
                product += sums[d] * goals[goal, d]
            out[i, goal] = product * length
