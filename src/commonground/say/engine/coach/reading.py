"""A text laid out for the coach: folded, cut into sentences, its language known."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import regex

from commonground.say.engine.coach.folding import Folded, fold, see_through

LANGUAGES = ("en", "fr")
LINK = regex.compile(r"https?://\S+|www\.\S+", regex.IGNORECASE)
# A full stop ends a sentence unless it follows an initial or a title.
SENTENCE = regex.compile(
    r"(?:[^.!?…\n]|(?<=\b(?:\p{Lu}|Mr|Mrs|Ms|Dr|St|Ste|Sgt|Cst|Const|Insp|Det|No|M|Mme|Mlle|app|av|boul)"
    r")\.|(?<=\d)\.(?=\d)|(?<=\w)\.(?=\w))+[.!?…]*"
)
WORD = regex.compile(r"\p{L}+(?:['-]\p{L}+)*")
HEARD = 2  # small words of its own, that show a second language in a text
# The commonest small words tell the two languages apart better than any letter does.
FRENCH_WORDS = """
le la les des du de un une et est sont nous vous pour dans sur avec que qui ne pas au aux ce cette
ces nos votre vos notre en par plus a ete il elle ils si ou son sa ses leur
"""
ENGLISH_WORDS = """
the a an and is are was were we you for in on with that this who not to of at by our your his her
from be has have it they their please if or can will been as
"""
FRENCH = frozenset(FRENCH_WORDS.split())
ENGLISH = frozenset(ENGLISH_WORDS.split())


@dataclass(frozen=True, slots=True)
class Sentence:
    """A stretch of the folded text."""

    start: int
    end: int


class Reading:
    """What is read of one text. `plain` keeps digits; `words` sees through spelling."""

    def __init__(self, text: str, language: str | None = None) -> None:
        self.text = text
        self.plain: Folded = fold(text)
        self.words: Folded = see_through(text)
        self.language = spoken(language) or found_out(self.plain.text)

    @cached_property
    def languages(self) -> tuple[str, ...]:
        """Its language, and the other one where the text speaks that as well.

        Posts are often in both; and a wrong mark must not switch the hard stops off.
        """
        own = {"fr": FRENCH - ENGLISH, "en": ENGLISH - FRENCH}
        words = [w.lower() for w in WORD.findall(self.words.text)]
        others = [x for x in LANGUAGES if x != self.language]
        heard = [x for x in others if sum(w in own[x] for w in words) >= HEARD]
        return (self.language, *heard)

    @cached_property
    def sentences(self) -> list[Sentence]:
        """Of `words`. Links are no sentences, and end none."""
        hidden = LINK.sub(lambda m: "x" * len(m.group()), self.words.text)
        return [
            Sentence(m.start(), m.end())
            for m in SENTENCE.finditer(hidden)
            if any(x.isalnum() for x in m.group())
        ]

    def place(self, sentence: Sentence) -> tuple[int, int]:
        """Where a sentence was typed, without the blanks around it."""
        first, last = self.words.span(sentence.start, sentence.end)
        said = self.text[first:last]
        return first + len(said) - len(said.lstrip()), last - (len(said) - len(said.rstrip()))

    @property
    def last(self) -> tuple[int, int]:
        """The last sentence: where something that is missing could be added."""
        return self.place(self.sentences[-1]) if self.sentences else (0, len(self.text))

    @cached_property
    def spoken_words(self) -> list[str]:
        """The words, lower-case, without links, mentions and hashtags."""
        bare = LINK.sub(" ", self.plain.text)
        return [w.lower() for w in WORD.findall(regex.sub(r"[@#]\w+", " ", bare))]


def spoken(language: str | None) -> str | None:
    """`fr-CA` is French; a language that the coach does not know is None."""
    base = (language or "").split("-")[0].split("_")[0].lower()
    return base if base in LANGUAGES else None


def found_out(folded: str) -> str:
    """English or French, whichever more small words speak for; English when nothing does."""
    words = [w.lower() for w in WORD.findall(folded)]
    french = sum(w in FRENCH or w[:2] in ("l'", "d'", "n'", "s'", "j'", "c'", "m'") for w in words)
    return "fr" if french > sum(w in ENGLISH for w in words) else "en"
