"""What a text is about, as numbers: one contract, two ways to fulfil it, for HEAR and for SPOT.

`WordVectors` knows words (static vectors of the package wordllama, derived from the input
embeddings of Llama 2), best in English. `Pieces` knows nothing but letters: hashed character
n-grams, no weights, any script. Both give the same bytes for the same text every time.
"""

from __future__ import annotations

import os
import re
from collections import OrderedDict
from collections.abc import Sequence
from functools import cache, lru_cache
from hashlib import blake2b
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Protocol
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

from commonground.hear.engine.coarse import Coarse, HashedGrams, StaticWords, Vectors
from commonground.hear.engine.stopwords import STOPWORDS
from commonground.hear.engine.words import words

NOT_SAID = re.compile(r"https?://\S+|www\.\S+|@[\w.@-]+|^(?:rt|mt)\b", re.IGNORECASE)
PIECES = (3, 4, 5)  # letters; shorter ones stand in every word, longer ones in one
PIECE_PLACES = 1024
COARSE_SIZE = 64  # of 256: the weights were trained to be cut
MOST_KNOWN = 20_000  # texts whose vectors are kept: a surge is compared again and again
LONGEST_READ = 1_000  # characters; a post is shorter, and no article may stall the stream


class Embedder(Protocol):
    """`size` numbers for each text. `name` changes whenever the numbers would."""

    name: str
    size: int

    def embed(self, texts: Sequence[str]) -> Vectors:
        """One row a text, of length one; all zeros where nothing can be said of it."""
        ...

    def coarse(self, about: Sequence[str]) -> Coarse:
        """Its coarse one, for screening by these texts: it knows all of their words."""
        ...


class Pieces:
    """Hashed character n-grams: texts are alike when they share spellings, in any script.

    The sign of each piece is hashed too, so that pieces that meet in one place by chance
    cancel rather than add (Weinberger et al., "Feature hashing", ICML 2009).
    """

    name = "pieces-1"
    size = PIECE_PLACES

    def embed(self, texts: Sequence[str]) -> Vectors:
        rows = np.zeros((len(texts), self.size), dtype=np.float32)
        for row, text in zip(rows, texts, strict=True):
            for word in words(text[:LONGEST_READ]):
                if word not in STOPWORDS:
                    self.add(row, word)
        return unit(rows)

    def coarse(self, about: Sequence[str]) -> Coarse:
        return HashedGrams()

    def add(self, row: NDArray[np.float32], word: str) -> None:
        for place, sign in places_of(word):
            row[place] += sign


@lru_cache(maxsize=100_000)  # about the words of a day
def places_of(word: str) -> tuple[tuple[int, float], ...]:
    """Where a word's pieces stand, and with which sign."""
    return tuple(place_of(piece) for piece in pieces_of(word))


def pieces_of(word: str) -> list[str]:
    padded = f"_{word}_"
    return [
        padded[start : start + length]
        for length in PIECES
        for start in range(max(1, len(padded) - length + 1))
    ]


def place_of(piece: str) -> tuple[int, float]:
    hashed = crc32(piece.encode("utf-8", "replace"))
    return hashed % PIECE_PLACES, 1.0 if hashed >> 31 else -1.0


class WordVectors:
    """Static word vectors, averaged. Loaded from the package itself; nothing is fetched."""

    name = "wordllama-l2-supercat-256"
    size = 256

    def __init__(self) -> None:
        # Slices are small: threads would wait for each other longer than they work.
        os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")
        import wordllama

        folder = Path(wordllama.__file__).parent
        self.model: Any = wordllama.WordLlama.load(cache_dir=folder, disable_download=True)
        self.known: OrderedDict[bytes, Vectors] = OrderedDict()

    def __reduce__(self) -> tuple[Any, tuple[()]]:
        """A copy of a detector shares the vectors; they never change."""
        return best_embedder, ()

    def embed(self, texts: Sequence[str]) -> Vectors:
        keys = [digest_of(text) for text in texts]
        new = {key: text for key, text in zip(keys, texts, strict=True) if key not in self.known}
        self.known.update(zip(new, self.reckoned(list(new.values())), strict=True))
        rows = [self.known[key] for key in keys]
        while len(self.known) > MOST_KNOWN:
            self.known.popitem(last=False)
        return np.array(rows, np.float32).reshape(-1, self.size)

    def reckoned(self, texts: Sequence[str]) -> Vectors:
        if not texts:
            return np.zeros((0, self.size), dtype=np.float32)
        said = [NOT_SAID.sub(" ", text[:LONGEST_READ]).strip() or " " for text in texts]
        return unit(np.asarray(self.model.embed(said, norm=True), dtype=np.float32))

    def coarse(self, about: Sequence[str]) -> Coarse:
        """Words that are one piece to the tokenizer, and all those of `about`."""
        rows = np.asarray(self.model.embedding, np.float32)[:, :COARSE_SIZE]
        vectors: dict[str, Vectors] = {}
        pieces = self.model.tokenizer.get_vocab()
        for piece, row in sorted(pieces.items(), key=lambda p: (p[0] != p[0].lower(), p[1])):
            word = piece.removeprefix("▁")
            if piece.startswith("▁") and word.isalpha():
                vectors.setdefault(word.lower(), rows[row])
        for word in (word for text in about for word in words(text)):
            if word not in vectors:
                ids = self.model.tokenizer.encode(word, add_special_tokens=False).ids
                vectors[word] = rows[ids].mean(axis=0)
        return StaticWords.of(vectors)


def digest_of(text: str) -> bytes:
    """By which a text is known again, though it must be forgotten when its author deletes it."""
    return blake2b(text.encode("utf-8", "replace"), digest_size=16).digest()


def unit(rows: Vectors) -> Vectors:
    """Each row at length one; what is not a number at all becomes nothing."""
    rows = np.nan_to_num(rows, nan=0.0, posinf=0.0, neginf=0.0)
    lengths = np.linalg.norm(rows, axis=1, keepdims=True)
    return (rows / np.where(lengths > 0, lengths, 1.0)).astype(np.float32)


@cache
def best_embedder() -> Embedder:
    """Word vectors where the extra `semantic` is installed, else pieces of words."""
    return WordVectors() if find_spec("wordllama") else Pieces()
