"""The words of many posts at once, as numbers; the same words `words.words` gives.

Where numba is there, `kernels.tokenise` reads the bytes; posts it may not judge (see
`folding.ASK`) and machines without it are read by `words.words` itself.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from commonground.hear.engine import kernels
from commonground.hear.engine.compiled import COMPILED
from commonground.hear.engine.folding import folding
from commonground.hear.engine.hashing import mixed, unmixed
from commonground.hear.engine.heard import LONGEST_TEXT
from commonground.hear.engine.tables import Table, table
from commonground.hear.engine.words import words

MOST_REMEMBERED = 200_000  # words whose numbers the plain path keeps
WORDS_A_BYTE = 2  # one sign of three bytes may fold to four words
FILTER = 0x10000
# By byte: the letter or digit in lower case; zero for what is none, and beyond ASCII.
LOWER = np.array([ord(chr(b).lower()) if b < 128 and chr(b).isalnum() else 0 for b in range(256)],
                 np.uint8)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Texts:
    """n texts in one piece, a zero after each: text i is `joined[offsets[i]:offsets[i+1] - 1]`.

    `joined` uint8[bytes] is UTF-8, `offsets` int64[n+1].
    """

    joined: NDArray[np.uint8]
    offsets: NDArray[np.int64]

    def __len__(self) -> int:
        return self.offsets.size - 1

    def __getitem__(self, place: int) -> str:
        start, end = self.offsets[place], self.offsets[place + 1] - 1
        return self.joined[start:end].tobytes().decode("utf-8", "replace")


@dataclass(frozen=True, slots=True)
class Tokens:
    """Words of n posts: post i has `starts[i]:starts[i+1]` of the other three.

    `numbers` uint64: the words; `sizes` int16: their lengths in signs, negative when not ASCII;
    `marks` int16: the value of the shortest listed beginning, -1 for none. `blank` bool[n]: a
    text of nothing but space.
    """

    numbers: NDArray[np.uint64]
    sizes: NDArray[np.int16]
    marks: NDArray[np.int16]
    starts: NDArray[np.int64]
    blank: NDArray[np.bool_]

    def __len__(self) -> int:
        return self.starts.size - 1

    def chosen(self, places: NDArray[np.int64]) -> Tokens:
        """The tokens of some of the posts only, in the order asked for."""
        counts = (self.starts[1:] - self.starts[:-1])[places]
        starts = running(counts)
        take = np.arange(starts[-1]) + np.repeat(self.starts[places] - starts[:-1], counts)
        return Tokens(
            self.numbers[take], self.sizes[take], self.marks[take], starts, self.blank[places]
        )


class Beginnings:
    """Beginnings of words that are looked for while the words are read: "explo" -> 3."""

    def __init__(self, values: Mapping[str, int]) -> None:
        self.values = dict(values)
        self.shortest = min(map(len, values), default=1)
        if self.shortest < kernels.FEWEST_SIGNS and values:
            raise ValueError(f"a beginning has {kernels.FEWEST_SIGNS} signs or more")
        self.filter = np.zeros(FILTER, np.uint8)
        for beginning in values:
            self.filter[unmixed(beginning) % FILTER] = 1
        self.remembered: dict[str, tuple[int, int, int]] = {}

    @cached_property
    def table(self) -> Table:
        return table({mixed(unmixed(text)): value for text, value in self.values.items()})

    def of(self, word: str) -> int:
        ends = range(self.shortest, len(word) + 1)
        found = (self.values[word[:end]] for end in ends if word[:end] in self.values)
        return next(found, -1)

    def token(self, word: str) -> tuple[int, int, int]:
        """Number, size and mark of one word, the plain way."""
        known = self.remembered.get(word)
        if known is None:
            size = min(len(word), kernels.LONGEST_SIZE)
            known = (mixed(unmixed(word)), size if word.isascii() else -size, self.of(word))
            if len(self.remembered) < MOST_REMEMBERED:
                self.remembered[word] = known
        return known


NO_BEGINNINGS = Beginnings({})


def texts(said: Sequence[str]) -> Texts:
    """Texts joined. Half characters become question marks."""
    joined = np.frombuffer("\0".join([*said, ""]).encode("utf-8", "replace"), np.uint8)
    ends = np.flatnonzero(joined == 0)
    if ends.size != len(said):  # a text holds the sign that stands between texts
        return texts([text.replace("\0", " ") for text in said])
    return Texts(joined, np.concatenate([np.zeros(1, np.int64), ends + 1]))


def tokenise(said: Texts, beginnings: Beginnings = NO_BEGINNINGS) -> Tokens:
    """The words of each text, cut at `LONGEST_TEXT` signs as everywhere."""
    if not COMPILED:
        return plain(said, range(len(said)), beginnings)
    read, state = fast(said, beginnings)
    asked = np.flatnonzero(state == kernels.ASKED)
    return spliced(read, asked, plain(said, asked, beginnings)) if asked.size else read


def fast(said: Texts, beginnings: Beginnings) -> tuple[Tokens, NDArray[np.uint8]]:
    room = WORDS_A_BYTE * said.joined.size + 8
    numbers, state = np.empty(room, np.uint64), np.empty(len(said), np.uint8)
    sizes, marks = np.empty(room, np.int16), np.empty(room, np.int16)
    starts = np.zeros(len(said) + 1, np.int64)
    f, begin = folding(), beginnings.table
    k = kernels.tokenise(
        said.joined, said.offsets, LOWER, f.kind, f.raw, f.to, f.more, f.more_kind, begin.keys,
        begin.values, beginnings.filter, numbers, sizes, marks, starts, state,
    )  # fmt: skip
    blank = state == kernels.BLANK
    return Tokens(numbers[:k], sizes[:k], marks[:k], starts, blank), state


def plain(said: Texts, places: Sequence[int] | NDArray[np.int64], begin: Beginnings) -> Tokens:
    stripped = [said[int(place)].strip()[:LONGEST_TEXT] for place in places]
    told = [[begin.token(word) for word in words(text)] for text in stripped]
    starts = running(np.array([len(tokens) for tokens in told], np.int64))
    flat = [token for tokens in told for token in tokens]
    columns = zip(*flat, strict=True) if flat else ((), (), ())
    numbers, sizes, marks = columns
    return Tokens(
        np.array(numbers, np.uint64), np.array(sizes, np.int16), np.array(marks, np.int16),
        starts, np.array([not text for text in stripped], np.bool_),
    )  # fmt: skip


def running(counts: NDArray[np.int64]) -> NDArray[np.int64]:
    """0, then the sums of the first one, two, three ... counts."""
    return np.concatenate([np.zeros(1, np.int64), np.cumsum(counts, dtype=np.int64)])


def spliced(read: Tokens, asked: NDArray[np.int64], answers: Tokens) -> Tokens:
    """The tokens read, with the answers in the places of the posts asked about."""
    counts = np.diff(read.starts)
    counts[asked] = np.diff(answers.starts)
    starts = running(counts)
    room = int(starts[-1])
    out = (np.empty(room, np.uint64), np.empty(room, np.int16), np.empty(room, np.int16))
    blank = read.blank.copy()
    blank[asked] = answers.blank
    for part, places in ((read, np.delete(np.arange(len(read)), asked)), (answers, asked)):
        old = answers.starts[:-1] if part is answers else read.starts[places]
        n = counts[places]
        source = np.arange(int(n.sum())) + np.repeat(old - running(n)[:-1], n)
        target = np.arange(int(n.sum())) + np.repeat(starts[places] - running(n)[:-1], n)
        out[0][target] = part.numbers[source]
        out[1][target] = part.sizes[source]
        out[2][target] = part.marks[source]
    return Tokens(*out, starts, blank)
