"""Whether words somebody was shown are ours, and if so, whether they are still what we said.

Words are held against everything we said: cut into pieces of words that look alike, those of ours
that share most are laid beside them word by word, and the closest is judged by its differences. A
number, a "not" or a name is never a small difference.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from enum import StrEnum
from typing import Any

from commonground.protect.engine.seeing import skeleton

# Numbers with what joins them, so that 12.30 and 1,200 are one word each; and addresses.
HIDDEN = "\u00ad\u200b-\u200f\u2060-\u2064\ufeff"  # has no width, and parts no word
WORD = re.compile(
    r"https?://\S+|www\.\S+|[\w-]+(?:\.[\w-]+)+/\S*|\d+(?:[.,:/-]\d+)*%?"
    rf"|[\w{HIDDEN}]+(?:['’][\w{HIDDEN}]+)*"
)
ADDRESS = re.compile(r"^(?:https?://)?(?:www\.)?|[/.,;:!?)»”]+$")
LEAST_WORDS = 4  # fewer are everybody's
LEAST_PART = 6  # words of a longer text of ours: fewer are everybody's too
# Of the words, by weight: below, it is another text about the same thing.
OURS_AT_LEAST, OURS_IF_SHORT, SHORT = 0.55, 0.65, 12
IN_A_ROW = 8  # words that nobody else says like this: whatever stands around them, they are ours
LITTLE = 0.4  # what a little word weighs
CLOSEST = 12  # of ours are laid beside it
COMMON = 0.2  # a word in more of our posts than this says nothing
SMALL, LONG = 4, 8  # letters of a word in which one wrong letter, or two, are a slip
PASSED_ON = frozenset({"rt", "via"})
# What turns a sentence into its opposite, in the languages of the coach and its neighbours.
NEGATIONS = frozenset(
    skeleton(word)
    for line in (
        "not no never none nobody nothing without cannot can't don't doesn't isn't aren't won't",
        "wasn't weren't didn't shouldn't ne pas non jamais aucun aucune rien personne sans n'est",
        "n'ont nicht kein keine nie niemand ohne niente nessuno mai senza nunca nadie sin ninguno",
        "geen niet nooit",
    )
    for word in line.split()
)


class Wording(StrEnum):
    EXACT = "exact"  # word for word, all of it
    PART = "part"  # word for word, and we said more around it
    NEAR = "near"  # ours but for slips, accents or letters that only look alike
    ALTERED = "altered"  # ours, and something in it was changed
    UNKNOWN = "unknown"  # nothing of ours is close enough to say


@dataclass(frozen=True, slots=True)
class Word:
    shown: str
    seen: str  # as a reader sees it
    after: str = ""  # the last sign before it, blanks left out
    touching: str = ""  # the sign right before it

    @property
    def tagged(self) -> bool:
        """A name or a topic of a network."""
        return self.touching in ("@", "#")

    @property
    def is_name(self) -> bool:
        """With a capital inside a sentence."""
        return self.shown[:1].isupper() and self.after not in ("", ".", "!", "?", ":", "\n")


@dataclass(frozen=True, slots=True)
class Change:
    """Words of theirs in place of words of ours; either may be empty."""

    ours: str
    theirs: str


@dataclass(frozen=True, slots=True)
class Match[K]:
    wording: Wording
    key: K | None = None
    changes: tuple[Change, ...] = ()
    share: float = 0.0  # of the words asked about that are ours


def words_of(text: str, known: dict[str, str] | None = None) -> list[Word]:
    """What they are, and what stands before each: a sign, a full stop, nothing.

    `known` remembers from text to text what a word looks like.
    """
    known = {} if known is None else known
    words, end = [], 0
    for found in WORD.finditer(text):
        shown, between = found.group(), text[end : found.start()]
        if shown not in known:
            known[shown] = seen(shown)
        after = between.rstrip(' \t«“"(')[-1:] or ("" if end == 0 else " ")
        words.append(Word(shown, known[shown], after, between[-1:]))
        end = found.end()
    return words


def seen(word: str) -> str:
    if "/" in word or word.startswith("www."):
        return ADDRESS.sub("", word.casefold())
    return skeleton(word).replace("’", "'")


@dataclass
class Said[K]:
    """Everything we said, ready to be asked."""

    texts: dict[K, list[Word]] = field(default_factory=dict)
    holding: dict[str, set[K]] = field(default_factory=lambda: defaultdict(set))

    @classmethod
    def of(cls, texts: Iterable[tuple[K, str]]) -> Said[K]:
        said: Said[K] = cls()
        known: dict[str, str] = {}
        for key, text in texts:
            said.texts[key] = words_of(text, known)
            for word in said.texts[key]:
                said.holding[word.seen].add(key)
        return said

    def closest(self, asked: Sequence[Word]) -> list[K]:
        """Those that share most with it; a rare word counts for more than a common one."""
        shared: Counter[K] = Counter()
        many = max(len(self.texts) * COMMON, 3)
        for word in {w.seen for w in asked}:
            for key in self.holding.get(word, ()):
                shared[key] += 3 if len(self.holding[word]) <= many else 1
        return [key for key, _ in shared.most_common(CLOSEST)]

    def judge(self, text: str) -> Match[K]:
        """What the closest of ours says of these words."""
        asked = words_of(text)
        if len(asked) < LEAST_WORDS:
            asked_whole = [key for key, ours in self.texts.items() if asked and same(ours, asked)]
            return Match(Wording.EXACT, asked_whole[0], (), 1.0) if asked_whole else NOTHING
        judged = [held_against(key, self.texts[key], asked) for key in self.closest(asked)]
        best = min(judged, key=rank, default=NOTHING)
        return best if best.wording != Wording.UNKNOWN else NOTHING


NOTHING: Match[Any] = Match(Wording.UNKNOWN)
ORDER = list(Wording)


def rank(match: Match[Any]) -> tuple[int, float, int]:
    return ORDER.index(match.wording), -match.share, sum(len(c.ours) for c in match.changes)


def same(ours: Sequence[Word], theirs: Sequence[Word]) -> bool:
    return [w.shown.casefold() for w in ours] == [w.shown.casefold() for w in theirs]


type Step = tuple[str, int, int, int, int]


def held_against[K](key: K, ours: Sequence[Word], theirs: Sequence[Word]) -> Match[K]:
    """One text of ours beside one of theirs."""
    laid = SequenceMatcher(None, [w.seen for w in ours], [w.seen for w in theirs], autojunk=False)
    steps = laid.get_opcodes()
    equal = [ours[n] for step, a1, a2, _, _ in steps if step == "equal" for n in range(a1, a2)]
    share = weight(equal) / max(weight(theirs), 1e-9)
    core = uncropped(steps)
    changes = tuple(Change(said(ours[a1:a2]), said(theirs[b1:b2]))
                    for step, a1, a2, b1, b2 in core if step != "equal")  # fmt: skip
    if not changes and equal:
        return Match(untouched(ours, theirs, core, steps), key, (), share)
    in_a_row = max((a2 - a1 for step, a1, a2, _, _ in steps if step == "equal"), default=0)
    close = share >= at_least(len(theirs)) and len(equal) >= LEAST_WORDS
    if not close and in_a_row < IN_A_ROW:
        return Match(Wording.UNKNOWN)
    slight = all(is_slight(step, ours, theirs) for step in core)
    return Match(Wording.NEAR if slight else Wording.ALTERED, key, changes, share)


def weight(words: Iterable[Word]) -> float:
    """Little words say little: two texts share them without being about the same thing."""
    return sum(LITTLE if len(word.seen) < SMALL else 1.0 for word in words)


def at_least(words: int) -> float:
    return OURS_IF_SHORT if words < SHORT else OURS_AT_LEAST


def uncropped(steps: Sequence[Step]) -> list[Step]:
    """Without what we said before and after."""
    core = list(steps)
    while core and core[0][0] == "delete":
        core.pop(0)
    while core and core[-1][0] == "delete":
        core.pop()
    return core


def untouched(
    ours: Sequence[Word], theirs: Sequence[Word], core: Sequence[Step], steps: Sequence[Step]
) -> Wording:
    """Word for word: all of it, or a part; and whether each letter is what it seems."""
    cropped = len(core) < len(steps)
    if cropped and len(theirs) < LEAST_PART:
        return Wording.UNKNOWN
    start = core[0][1]
    pairs = zip(ours[start : start + len(theirs)], theirs, strict=True)
    if any(plain(our.shown) != plain(their.shown) for our, their in pairs):
        return Wording.NEAR
    return Wording.PART if cropped else Wording.EXACT


def plain(word: str) -> str:
    """As typed, whatever its capitals and however its accents are stored."""
    if "/" in word or word.startswith("www."):
        return seen(word)
    return unicodedata.normalize("NFC", word).replace("’", "'").casefold()


def said(words: Sequence[Word]) -> str:
    return " ".join(word.shown for word in words)


def is_slight(step: Step, ours: Sequence[Word], theirs: Sequence[Word]) -> bool:
    """Nothing but slips of the hand, and what people put around what they pass on."""
    kind, a1, a2, b1, b2 = step
    if kind == "equal":
        return True
    if kind == "insert":
        return all(word.tagged or word.seen in PASSED_ON for word in theirs[b1:b2])
    if a2 - a1 != b2 - b1:
        return False
    return all(is_slip(our, their) for our, their in zip(ours[a1:a2], theirs[b1:b2], strict=True))


def is_slip(our: Word, their: Word) -> bool:
    """One wrong letter in a long word, two in a longer one; never in a number, a name, a no."""
    if our.is_name or not {our.seen, their.seen}.isdisjoint(NEGATIONS):
        return False
    if any(c.isdigit() for c in our.seen + their.seen) or "/" in our.seen + their.seen:
        return False
    shortest = min(len(our.seen), len(their.seen))
    return shortest >= SMALL and distance(our.seen, their.seen) <= (1 if shortest < LONG else 2)


def distance(one: str, other: str) -> int:
    """How many letters must be put in, left out, changed or swapped with the next."""
    before: list[int] = []
    row = list(range(len(other) + 1))
    for i, a in enumerate(one, 1):
        before, last, row = row, before, [i]
        for j, b in enumerate(other, 1):
            least = min(before[j] + 1, row[j - 1] + 1, before[j - 1] + (a != b))
            if i > 1 and j > 1 and a == other[j - 2] and b == one[i - 2]:
                least = min(least, last[j - 2] + 1)
            row.append(least)
    return row[-1]
