"""Jetstream's frames of posts read straight from the bytes, without an object for any of them.

Strict: a frame is read only when its fields stand in the order the server writes them, without
spaces, and all of it is good JSON. Every other line is left to `reading`. A test holds both to
the same answers on broken frames.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from commonground.hear.engine.compiled import COMPILED, compiled
from commonground.hear.engine.hashing import ALL, BASIS, PRIME, mixed
from commonground.hear.engine.kernels import (
    BASIS as BASIS_64,
    PRIME as PRIME_64,
    mix,
    put_sign,
    width_at,
)
from commonground.hear.engine.lines import LONGEST_LINE
from commonground.hear.engine.tables import signed

type Bytes = NDArray[np.uint8]
type Numbers = NDArray[np.uint64]
type Span = NDArray[np.int64]

# Where a frame's parts stand in `spans`: begin, end, begin, end ...
DID, RKEY, LANG = 0, 2, 4
SPANS = 6
DEEPEST = 60  # brackets within brackets; one bit of a stack each
MOST_DIGITS = 17  # of a time in microseconds: the year 5138
BROKEN = -1


def bytes_of(text: str) -> Bytes:
    return np.frombuffer(text.encode(), np.uint8)


HEAD = bytes_of('{"did":"')
TIME = bytes_of('","time_us":')
COMMIT = bytes_of(',"kind":"commit","commit":{"rev":"')
OPERATION = bytes_of('","operation":"')
POST = bytes_of('","collection":"app.bsky.feed.post","rkey":"')
RECORD = bytes_of('","record":{')
CID = bytes_of(',"cid":"')
DELETE, TEXT, LANGS = bytes_of("delete"), bytes_of("text"), bytes_of("langs")
TRUE, FALSE, NULL = bytes_of("true"), bytes_of("false"), bytes_of("null")
AT, COLLECTION = bytes_of("at://"), bytes_of("/app.bsky.feed.post/")
QUOTE, SLASH, OPEN, CLOSE, BEGIN, END, COMMA, COLON, LINE, MINUS, DOT, U = b'"\\{}[],:\n-.u'
ESCAPED = np.zeros(256, np.uint8)  # what stands for what after a backslash
for sign, meant in zip(b'"\\/bfnrt', b'"\\/\b\f\n\r\t', strict=True):
    ESCAPED[sign] = meant
HEX = np.full(256, 255, np.uint8)
for number, sign in enumerate(b"0123456789abcdef"):
    HEX[sign] = HEX[ord(chr(sign).upper())] = number
# What ends the plain part of a string: quotes, backslashes, control signs.
STOPS = np.array([b < 32 or b in (QUOTE, SLASH) for b in range(256)], np.bool_)


def id_number(post_id: str) -> int:
    """By which a post is known again: what `scan` makes of its frame."""
    said = post_id.encode("utf-8", "surrogatepass")
    if COMPILED:
        return mixed(int(added(BASIS_64, np.frombuffer(said, np.uint8), 0, len(said))))
    number = BASIS
    for byte in said:
        number = ((number ^ byte) * PRIME) & ALL
    return mixed(number)


@compiled
def lit(b: Bytes, p: int, said: Bytes) -> int:
    """Behind the words expected here, or `BROKEN`; a line's end is never among them."""
    for k in range(said.size):
        if b[p + k] != said[k]:
            return BROKEN
    return p + said.size


@compiled
def plain_end(b: Bytes, p: int) -> int:
    """Where a string of ASCII without backslashes ends: at its quote."""
    while not STOPS[b[p]] and b[p] < 128:
        p += 1
    return p if b[p] == QUOTE else BROKEN


@compiled
def four_hex(b: Bytes, p: int) -> int:
    number = 0
    for k in range(4):
        digit = signed(HEX[b[p + k]])
        if digit > 15:
            return BROKEN
        number = number * 16 + digit
    return number


@compiled
def string_end(b: Bytes, p: int) -> int:
    """Where any string ends. Half characters are left to others."""
    while True:
        while not STOPS[b[p]]:
            p += 1
        if b[p] == QUOTE:
            return p
        if b[p] != SLASH:
            return BROKEN
        if ESCAPED[b[p + 1]] != 0:
            p += 2
        elif b[p + 1] == U:
            number = four_hex(b, p + 2)
            if number < 0 or 0xD800 <= number < 0xE000:
                return BROKEN
            p += 6
        else:
            return BROKEN


@compiled
def put_text(b: Bytes, p: int, out: Bytes, k: int) -> tuple[int, int]:
    """Copy a string's signs to `out`. Where it ends in `b`, and where in `out`."""
    while True:
        c = b[p]
        if not STOPS[c]:
            if c < 128:
                out[k] = c
                p, k = p + 1, k + 1
                continue
            width = width_at(b, p)
            if width == 0:
                return BROKEN, k
            for _ in range(width):
                out[k] = b[p]
                p, k = p + 1, k + 1
            continue
        if c == QUOTE:
            return p, k
        if c != SLASH:
            return BROKEN, k
        if ESCAPED[b[p + 1]] != 0:
            out[k] = ESCAPED[b[p + 1]]
            p, k = p + 2, k + 1
            continue
        number = four_hex(b, p + 2) if b[p + 1] == U else BROKEN
        if number < 0 or 0xDC00 <= number < 0xE000:
            return BROKEN, k
        p += 6
        if number >= 0xD800:
            if b[p] != SLASH or b[p + 1] != U:
                return BROKEN, k
            low = four_hex(b, p + 2)
            if not 0xDC00 <= low < 0xE000:
                return BROKEN, k
            number = 0x10000 + ((number - 0xD800) << 10) + (low - 0xDC00)
            p += 6
        k = put_sign(number, out, k)


@compiled
def number_end(b: Bytes, p: int) -> int:
    """Behind a whole number of a few digits, or with a few behind the dot."""
    p += b[p] == MINUS
    first = p
    while 48 <= b[p] <= 57:
        p += 1
    if p == first or p - first > MOST_DIGITS or (b[first] == 48 and p - first > 1):
        return BROKEN
    if b[p] != DOT:
        return p
    p += 1
    first = p
    while 48 <= b[p] <= 57:
        p += 1
    return p if 0 < p - first <= MOST_DIGITS else BROKEN


@compiled
def simple_end(b: Bytes, p: int) -> int:
    c = b[p]
    if c == QUOTE:
        p = string_end(b, p + 1)
        return p + 1 if p >= 0 else BROKEN
    if c == TRUE[0]:
        return lit(b, p, TRUE)
    if c == FALSE[0]:
        return lit(b, p, FALSE)
    if c == NULL[0]:
        return lit(b, p, NULL)
    return number_end(b, p)


@compiled
def key_end(b: Bytes, p: int) -> int:
    """Behind a name and its colon."""
    if b[p] != QUOTE:
        return BROKEN
    p = string_end(b, p + 1)
    return p + 2 if p >= 0 and b[p + 1] == COLON else BROKEN


@compiled
def value_end(b: Bytes, p: int) -> int:
    """Behind any value, which is passed over."""
    stack, depth = np.uint64(0), 0
    one = np.uint64(1)
    while True:
        c = b[p]
        if (c == OPEN and b[p + 1] == CLOSE) or (c == BEGIN and b[p + 1] == END):
            p += 2
        elif c in (OPEN, BEGIN):
            depth += 1
            if depth > DEEPEST:
                return BROKEN
            stack = stack << one | np.uint64(c == OPEN)
            p = key_end(b, p + 1) if c == OPEN else p + 1
            if p < 0:
                return BROKEN
            continue
        else:
            p = simple_end(b, p)
            if p < 0:
                return BROKEN
        while depth > 0 and b[p] == (CLOSE if stack & one else END):
            stack >>= one
            depth -= 1
            p += 1
        if depth == 0:
            return p
        if b[p] != COMMA:
            return BROKEN
        p = key_end(b, p + 1) if stack & one else p + 1
        if p < 0:
            return BROKEN


@compiled
def langs_end(b: Bytes, p: int, span: Span) -> int:
    """Behind a list of languages; of the first it is noted where it stands."""
    if b[p] != BEGIN:
        return BROKEN
    if b[p + 1] == END:
        return p + 2
    n = 0
    while b[p] == (BEGIN if n == 0 else COMMA):
        if b[p + 1] != QUOTE:
            return BROKEN
        end = plain_end(b, p + 2)
        if end < 0:
            return BROKEN
        if n == 0:
            span[LANG], span[LANG + 1] = p + 2, end
        p, n = end + 1, n + 1
    return p + 1 if b[p] == END else BROKEN


@compiled
def record_end(b: Bytes, p: int, span: Span, out: Bytes, k: int) -> tuple[int, int]:
    """Behind a record whose bracket is open: its text is copied, its language noted."""
    if b[p] == CLOSE:
        return p + 1, k
    texts = langs = 0
    while True:
        name = p + 1
        p = key_end(b, p)
        if p < 0:
            return BROKEN, k
        if p - name == TEXT.size + 2 and lit(b, name, TEXT) > 0:
            texts += 1
            if b[p] != QUOTE or texts > 1:
                return BROKEN, k
            p, k = put_text(b, p + 1, out, k)
            p = p + 1 if p >= 0 else BROKEN
        elif p - name == LANGS.size + 2 and lit(b, name, LANGS) > 0:
            langs += 1
            p = langs_end(b, p, span) if langs == 1 else BROKEN
        else:
            p = value_end(b, p)
        if p < 0:
            return BROKEN, k
        if b[p] == CLOSE:
            return p + 1, k
        if b[p] != COMMA:
            return BROKEN, k
        p += 1


@compiled
def frame_end(
    b: Bytes, p: int, span: Span, at: Span, n: int, out: Bytes, k: int
) -> tuple[int, int]:
    """Behind one frame of a post, or `BROKEN`; and where its text ends in `out`."""
    p = lit(b, p, HEAD)
    if p < 0:
        return BROKEN, k
    end = plain_end(b, p)
    if end <= p:
        return BROKEN, k
    span[DID], span[DID + 1] = p, end
    p = lit(b, end, TIME)
    if p < 0:
        return BROKEN, k
    end, number = p, 0
    while 48 <= b[end] <= 57 and end - p < MOST_DIGITS:
        number = number * 10 + signed(b[end]) - 48
        end += 1
    if end == p or (b[p] == 48 and end - p > 1):
        return BROKEN, k
    at[n] = number
    p = lit(b, end, COMMIT)
    end = plain_end(b, p) if p >= 0 else BROKEN
    p = lit(b, end, OPERATION) if end >= 0 else BROKEN
    end = plain_end(b, p) if p >= 0 else BROKEN
    if end < 0 or (end - p == DELETE.size and lit(b, p, DELETE) > 0):
        return BROKEN, k
    p = lit(b, end, POST)
    end = plain_end(b, p) if p >= 0 else BROKEN
    if end < 0:
        return BROKEN, k
    span[RKEY], span[RKEY + 1] = p, end
    p = lit(b, end, RECORD)
    span[LANG] = span[LANG + 1] = 0
    p, k = record_end(b, p, span, out, k) if p >= 0 else (BROKEN, k)
    if p >= 0 and b[p] == COMMA:
        p = lit(b, p, CID)
        end = plain_end(b, p) if p >= 0 else BROKEN
        p = end + 1 if end >= 0 else BROKEN
    if p < 0 or b[p] != CLOSE or b[p + 1] != CLOSE or b[p + 2] != LINE:
        return BROKEN, k
    return p + 2, k


@compiled
def added(number: np.uint64, b: Bytes, begin: int, end: int) -> np.uint64:
    for p in range(begin, end):
        number = (number ^ np.uint64(b[p])) * PRIME_64
    return number


@compiled
def scan(
    b: Bytes, spans: NDArray[np.int64], at: NDArray[np.int64], ids: Numbers, langs: Numbers,
    joined: Bytes, offsets: NDArray[np.int64], others: NDArray[np.int64],
) -> tuple[int, int]:  # fmt: skip
    """Every line of a block that ends with a line's end: posts, and where the others stand.

    `spans` int64[n, SPANS]; `at` int64[n]: microseconds; `ids`, `langs` uint64[n]: numbers of the
    post's id and its language; `joined`, `offsets`: as in `tokens.Texts`; `others` int64[m, 3]:
    where such a line begins, ends, and how many posts stand before it. Returns n and m; `BROKEN`
    for n where there were more lines than there is room for.
    """
    start, n, m, k = 0, 0, 0, 0
    offsets[0] = 0
    before = added(BASIS_64, AT, 0, AT.size)
    while start < b.size:
        if max(n + 1, m) >= others.shape[0]:
            return BROKEN, m
        end, after = frame_end(b, start, spans[n], at, n, joined, k)
        if end < 0 or end - start > LONGEST_LINE:
            end = start
            while b[end] != LINE:
                end += 1
            others[m, 0], others[m, 1], others[m, 2] = start, end, n
            m += 1
            start = end + 1
            continue
        joined[after] = 0
        k = after + 1
        span = spans[n]
        number = added(before, b, span[DID], span[DID + 1])
        number = added(number, COLLECTION, 0, COLLECTION.size)
        ids[n] = mix(added(number, b, span[RKEY], span[RKEY + 1]))
        langs[n] = added(BASIS_64, b, span[LANG], span[LANG + 1])
        n += 1
        offsets[n] = k
        start = end + 1
    return n, m
