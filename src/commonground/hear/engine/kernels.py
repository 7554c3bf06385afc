"""`words.words` as one compiled loop over the bytes of many posts.

It walks signs, not strings: what `words` does in five passes (forwarding mark, links and
mentions, folding, words, pairs of unspaced signs) is one pass here. A test holds the two
together on arbitrary text. Long, because what is not in one loop is not fast.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from commonground.hear.engine import folding, hashing
from commonground.hear.engine.compiled import compiled
from commonground.hear.engine.tables import found, signed

type Bytes = NDArray[np.uint8]
type Offsets = NDArray[np.int64]
type Numbers = NDArray[np.uint64]

BETWEEN, LETTER, UNSPACED = folding.BETWEEN, folding.LETTER, folding.UNSPACED
APOSTROPHE, GONE, SEVERAL, ASK = (
    folding.APOSTROPHE, folding.GONE, folding.SEVERAL, folding.ASK,
)  # fmt: skip
IN_WORD, SPACE = folding.IN_WORD, folding.SPACE
SIGNS = folding.SIGNS
BASIS = np.uint64(hashing.BASIS)
PRIME = np.uint64(hashing.PRIME)
FIRST = np.uint64(hashing.FIRST)
SECOND = np.uint64(hashing.SECOND)
GOLDEN = np.uint64(hashing.GOLDEN)
ONE, ZERO = np.uint64(1), np.uint64(0)
S33, S29, LOW16 = np.uint64(33), np.uint64(29), np.uint64(0xFFFF)
QUOTE = np.uint64(ord("'"))
LONGEST_BYTES = 5_000  # whatever is longer may have to be cut, and is asked about
LONGEST_SIZE = 30_000
FEWEST_SIGNS = 3  # of a beginning

READ, BLANK, ASKED = 0, 1, 2


@compiled
def mix(number: np.uint64) -> np.uint64:
    number ^= number >> S33
    number *= FIRST
    number ^= number >> S33
    number *= SECOND
    number ^= number >> S33
    return number if number != ZERO else ONE


@compiled
def follow(number: np.uint64, word: np.uint64) -> np.uint64:
    number = (number * GOLDEN) ^ word
    number ^= number >> S29
    return number if number != ZERO else ONE


@compiled
def sign_at(text: Bytes, at: int) -> tuple[int, int]:
    """The code point that begins here, and its length in bytes. The bytes are good UTF-8."""
    b = signed(text[at])
    if b < 0x80:
        return b, 1
    if b < 0xE0:
        return ((b & 0x1F) << 6) | (signed(text[at + 1]) & 0x3F), 2
    if b < 0xF0:
        return (
            ((b & 0x0F) << 12)
            | ((signed(text[at + 1]) & 0x3F) << 6)
            | (signed(text[at + 2]) & 0x3F)
        ), 3
    return (
        ((b & 0x07) << 18)
        | ((signed(text[at + 1]) & 0x3F) << 12)
        | ((signed(text[at + 2]) & 0x3F) << 6)
        | (signed(text[at + 3]) & 0x3F)
    ), 4


@compiled
def width_at(b: Bytes, p: int) -> int:
    """How many bytes of good UTF-8 the sign takes that begins here; 0 if it is none."""
    lead = signed(b[p])
    if lead < 0xC2 or lead > 0xF4:
        return 0
    width = 2 if lead < 0xE0 else 3 if lead < 0xF0 else 4
    number = lead & (0x7F >> width)
    for k in range(1, width):
        if b[p + k] & 0xC0 != 0x80:
            return 0
        number = number << 6 | (signed(b[p + k]) & 0x3F)
    least = 0x80 if width == 2 else 0x800 if width == 3 else 0x10000
    return width if least <= number <= 0x10FFFF and not 0xD800 <= number < 0xE000 else 0


@compiled
def put_sign(number: int, out: Bytes, k: int) -> int:
    """One sign as UTF-8; nothing as a blank, for zeros stand between texts."""
    if number < 0x80:
        out[k] = number if number else 32
        return k + 1
    if number < 0x800:
        out[k] = 0xC0 | number >> 6
    elif number < 0x10000:
        out[k] = 0xE0 | number >> 12
        k += 1
        out[k] = 0x80 | (number >> 6 & 0x3F)
    else:
        out[k] = 0xF0 | number >> 18
        out[k + 1] = 0x80 | (number >> 12 & 0x3F)
        k += 2
        out[k] = 0x80 | (number >> 6 & 0x3F)
    out[k + 1] = 0x80 | (number & 0x3F)
    return k + 2


@compiled
def is_raw(text: Bytes, at: int, end: int, what: int, raw: Bytes) -> int:
    """Bytes of the sign that begins here if it is a `what`; else 0."""
    if at >= end:
        return 0
    sign, width = sign_at(text, at)
    return width if sign < SIGNS and raw[sign] & what else 0


@compiled
def past_unspaced(text: Bytes, at: int, end: int, raw: Bytes) -> int:
    """Where `\\S*` ends."""
    while at < end:
        sign, width = sign_at(text, at)
        if sign < SIGNS and raw[sign] & SPACE:
            break
        at += width
    return at


@compiled
def past_spaces(text: Bytes, at: int, end: int, raw: Bytes, colons: bool) -> int:
    while at < end:
        width = is_raw(text, at, end, SPACE, raw)
        if width == 0 and colons and text[at] == 58:
            width = 1
        if width == 0:
            break
        at += width
    return at


@compiled
def past_forwarded(text: Bytes, at: int, end: int, raw: Bytes) -> int:
    """Past "RT @somebody:" at the beginning of a post."""
    if end - at < 2 or (text[at] | 32) not in (109, 114) or (text[at + 1] | 32) != 116:
        return at
    if is_raw(text, at + 2, end, IN_WORD, raw):
        return at
    at = past_spaces(text, at + 2, end, raw, True)
    if at < end and text[at] == 64:
        after = past_unspaced(text, at + 1, end, raw)
        if after > at + 1:
            at = past_spaces(text, after, end, raw, True)
    return at


@compiled
def holds(text: Bytes, at: int, end: int, a: int, b: int, c: int, d: int) -> bool:
    return (
        end - at >= 4
        and text[at] == a
        and text[at + 1] == b
        and text[at + 2] == c
        and text[at + 3] == d
    )


@compiled
def past_link(text: Bytes, at: int, end: int, raw: Bytes) -> int:
    """`https?://\\S+|www\\.\\S+`: where it ends, or `at` if there is none here."""
    start = at
    if holds(text, at, end, 119, 119, 119, 46):
        start = at + 4
    elif holds(text, at, end, 104, 116, 116, 112):
        p = at + 4
        if p < end and text[p] == 115:
            p += 1
        if end - p >= 3 and text[p] == 58 and text[p + 1] == 47 and text[p + 2] == 47:
            start = p + 3
    if start == at:
        return at
    after = past_unspaced(text, start, end, raw)
    return after if after > start else at


@compiled
def past_mention(text: Bytes, at: int, end: int, raw: Bytes) -> int:
    """`@[\\w.@-]+`"""
    p = at + 1
    while p < end:
        width = is_raw(text, p, end, IN_WORD, raw)
        if width == 0 and text[p] in (46, 64, 45):
            width = 1
        if width == 0:
            break
        p += width
    return p if p > at + 1 else at


@compiled
def past_entity(text: Bytes, at: int, end: int, raw: Bytes) -> int:
    """`&\\w{2,6};`"""
    p, signs = at + 1, 0
    while signs < 7:
        width = is_raw(text, p, end, IN_WORD, raw)
        if width == 0:
            break
        p, signs = p + width, signs + 1
    return p + 1 if 2 <= signs <= 6 and p < end and text[p] == 59 else at


@compiled
def past_no_words(text: Bytes, at: int, end: int, raw: Bytes) -> int:
    """Past a link, a mention or an entity; `at` if none begins here."""
    b = text[at]
    if b == 104 or b == 119:
        return past_link(text, at, end, raw)
    if b == 64:
        return past_mention(text, at, end, raw)
    if b == 38:
        return past_entity(text, at, end, raw)
    return at


@compiled
def may_link(text: Bytes, at: int, end: int) -> bool:
    """A quick look: whether "ht" or "ww" stands here."""
    b = text[at]
    return (b == 104 and at + 1 < end and text[at + 1] == 116) or (
        b == 119 and at + 1 < end and text[at + 1] == 119
    )


@compiled
def tokenise(
    text: Bytes, offsets: Offsets, lower: Bytes, kind: Bytes, raw: Bytes, to: NDArray[np.uint32],
    more: NDArray[np.uint32], more_kind: Bytes, begin_keys: Numbers,
    begin_values: NDArray[np.int32], begin_filter: Bytes, words: Numbers,
    sizes: NDArray[np.int16], marks: NDArray[np.int16], starts: Offsets, state: Bytes,
) -> int:  # fmt: skip
    """Words of n posts. Fills `words`, `sizes`, `marks` [tokens], `starts` [n+1], `state` [n].

    A size is the word's length in signs, negative when it is not ASCII. A mark is the value of
    the shortest listed beginning the word has, -1 if none. Returns the number of tokens.
    """
    k = 0
    for i in range(offsets.size - 1):
        starts[i] = k
        end = offsets[i + 1] - 1
        at = past_spaces(text, offsets[i], end, raw, False)
        state[i] = READ
        if at >= end:
            state[i] = BLANK
            continue
        if end - offsets[i] > LONGEST_BYTES:
            state[i] = ASKED
            continue
        post_began = k
        at = past_forwarded(text, at, end, raw)
        inside = False  # a word
        pending = False  # an apostrophe, if a letter follows
        joined = False  # the word holds an apostrophe already
        pairs = False  # all signs so far are of an unspaced script
        pairs_before = False
        plain = True  # ASCII
        plain_before = True
        h = BASIS
        h_before = BASIS
        size = 0
        size_before = 0
        tail = 0  # signs after the apostrophe
        last = 0
        mark = -1
        marked_at = 0
        k0 = k
        k_before = k
        while at <= end:
            # One sign gives several folded ones rarely; the text's end counts as one between.
            count = 1
            first = 0
            what = BETWEEN
            sign = 32
            if at < end and not pending and lower[text[at]] and not may_link(text, at, end):
                # Nearly everything is this: a run of ASCII letters.
                if not inside:
                    inside, joined, plain = True, False, True
                    h, size, mark, k0, tail = BASIS, 0, -1, k, 0
                pairs = False
                while True:
                    sign = signed(lower[text[at]])
                    h = (h ^ np.uint64(sign)) * PRIME
                    size += 1
                    tail += 1
                    at += 1
                    if begin_filter[signed(h & LOW16)] and mark < 0 and size >= FEWEST_SIGNS:
                        mark, marked_at = found(mix(h), begin_keys, begin_values), size
                    if at >= end or lower[text[at]] == 0 or may_link(text, at, end):
                        break
                last = sign
                continue
            if at < end:
                after = past_no_words(text, at, end, raw)
                if after > at:
                    at = after
                else:
                    sign, width = sign_at(text, at)
                    at += width
                    what = kind[sign] if sign < SIGNS else ASK
                    if what in (LETTER, UNSPACED):
                        sign = signed(to[sign])
                    elif what == SEVERAL:
                        first, count = signed(to[sign]) >> 5, signed(to[sign]) & 31
                    elif what == GONE:
                        continue
                    elif what == ASK:
                        state[i] = ASKED
                        break
            else:
                at += 1
            several = what == SEVERAL
            for piece in range(count):
                if several:
                    sign, what = signed(more[first + piece]), more_kind[first + piece]
                if what in (LETTER, UNSPACED):
                    if not inside:
                        inside, pending, joined, plain = True, False, False, True
                        pairs = True
                        h, size, mark, k0 = BASIS, 0, -1, k
                    elif pending:
                        pending, joined, tail = False, True, 0
                        h_before, size_before, plain_before = h, size, plain
                        pairs_before, k_before, pairs = pairs, k, False
                        h = (h ^ QUOTE) * PRIME
                        size += 1
                        if mark < 0 and size >= FEWEST_SIGNS:
                            mark, marked_at = found(mix(h), begin_keys, begin_values), size
                    if pairs:
                        if what == LETTER:
                            pairs = False
                        elif size > 0:
                            g = ((BASIS ^ np.uint64(last)) * PRIME ^ np.uint64(sign)) * PRIME
                            words[k], sizes[k], marks[k] = mix(g), -2, -1
                            k += 1
                    h = (h ^ np.uint64(sign)) * PRIME
                    size += 1
                    tail += 1
                    last = sign
                    if sign >= 128:
                        plain = False
                    if mark < 0 and size >= FEWEST_SIGNS and begin_filter[signed(h & LOW16)]:
                        mark, marked_at = found(mix(h), begin_keys, begin_values), size
                elif what == APOSTROPHE and inside and not joined and not pending:
                    pending = True
                elif inside:
                    inside, pending = False, False
                    if joined and tail == 1 and last == 115:
                        h, size, plain = h_before, size_before, plain_before
                        pairs, k = pairs_before, k_before
                        if marked_at > size:
                            mark = -1
                    if not pairs or size < 3:
                        k = k0
                        words[k] = mix(h)
                        size = min(size, LONGEST_SIZE)
                        sizes[k] = size if plain else -size
                        marks[k] = mark
                        k += 1
        if state[i] == ASKED:
            k = post_began
    starts[offsets.size - 1] = k
    return k
