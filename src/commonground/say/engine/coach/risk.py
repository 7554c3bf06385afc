"""The hard stops: what a police service may not say, wherever and however well it is meant.

The rules are data (`words/risk_*.toml`): patterns over the folded text, and what makes an
ordinary sentence of them. A pattern that names somebody must also find a name that is no
street, no unit, no officer.
"""

from __future__ import annotations

import tomllib
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cache

import regex

from commonground.say.engine.coach.folding import Folded
from commonground.say.engine.coach.names import is_a_person, re_cased
from commonground.say.engine.coach.reading import LANGUAGES, LINK, Reading
from commonground.say.engine.coach.remarks import WORDS, Found

AS_TYPED = ("plate", "phone")  # in these a digit is a digit
OF_NAMES = ("victim", "minor", "suspect")  # in these a capital letter tells a name
LONGEST_TEXT = 20_000  # what a post may have; the rest is not read
SHOUTED = 0.2  # small letters to one capital, below which capitals show no names
FAR = 400  # letters; what stands further from a match does not excuse it
NOT_A_DIGIT = regex.compile(r"\D")
NAMING = ("(?P<", "<<Who", "<<Sure")  # patterns with these capture a name, a number, a place
BLANK = regex.compile(r"\[(?:\\.|[^\]\\])*\]| ")  # a blank, but for those in a set of characters
# Rules mean words from their beginning. It is also what keeps them fast: a pattern is not tried
# again inside every word. A sign, such as an emoji, may follow a word.
START = r"(?<!\w(?=\w))"
type Pattern = regex.Pattern[str]


@dataclass(frozen=True, slots=True)
class Stop:
    """One rule in one language. `unless` excuses a sentence, `unless_anywhere` a text."""

    rule: str
    find: tuple[Pattern, ...]
    unless: Pattern | None
    unless_anywhere: Pattern | None
    along: Pattern | None  # what must stand in the same sentences as well
    near: int  # how many sentences to either side these may stand in


def stops_in(reading: Reading, known_numbers: frozenset[str] = frozenset()) -> Iterator[Found]:
    """Every stretch that a hard rule means, once for each rule and stretch."""
    as_typed, seen_through = Laid(reading.plain), Laid(reading.words)
    quiet = unshouted(seen_through.whole)
    calm = Laid(replace(reading.words, text=quiet)) if quiet != seen_through.whole else seen_through
    for stop in (stop for language in reading.languages for stop in stops(language)):
        laid = calm if stop.rule in OF_NAMES else seen_through
        laid = as_typed if stop.rule in AS_TYPED else laid
        if stop.unless_anywhere and stop.unless_anywhere.search(laid.whole):
            continue
        for match in meant(stop, laid):
            if stop.rule == "phone" and is_known(match.group("number"), known_numbers):
                continue
            named = "named" if "named" in match.re.groupindex and match.group("named") else 0
            yield Found(stop.rule, *laid.folded.span(*match.span(named)))


ABBREVIATED = r"\p{Lu}|Mr|Mrs|Ms|Dr|Sgt|Cst|Const|Insp|Det|Lt|Capt|Cpl|Supt|Dep|St|Mme|Me|No"
ENDS = regex.compile(rf"(?<!\b(?:{ABBREVIATED}))[.!?…](?=\s|$)|\n")


def unshouted(text: str) -> str:
    """A text all in capitals, with only its names left in them; every letter in its place."""
    if sum(map(str.islower, text)) > SHOUTED * sum(map(str.isupper, text)):
        return text
    return re_cased(text)


class Laid:
    """A folded text with what is asked of it again and again: its links and ends of sentences."""

    def __init__(self, folded: Folded) -> None:
        self.folded = folded
        self.whole = folded.text[:LONGEST_TEXT]
        self.links = [m.span() for m in LINK.finditer(self.whole)]
        self.ends = [m.end() for m in ENDS.finditer(self.whole)]

    def in_a_link(self, place: int) -> bool:
        return any(a <= place < b for a, b in self.links)

    def around(self, start: int, end: int, near: int) -> tuple[int, int]:
        """The sentence a match stands in, and `near` more to either side; never far away."""
        before = bisect_right(self.ends, start) - 1 - near
        after = bisect_right(self.ends, max(end - 1, 0)) + near
        first = self.ends[before] if before >= 0 else 0
        last = self.ends[after] if after < len(self.ends) else len(self.whole)
        # By whole steps, so that many matches of a text without full stops are asked about once.
        return max(first, start // FAR * FAR - FAR), min(last, end // FAR * FAR + 2 * FAR)


def meant(stop: Stop, laid: Laid) -> Iterator[regex.Match[str]]:
    """The matches that no excuse covers and whose name is a person's."""
    if stop.along and not stop.along.search(laid.whole):
        return
    told: dict[tuple[int, int], bool] = {}
    for pattern in stop.find:
        for match in pattern.finditer(laid.whole):
            window = laid.around(match.start(), match.end(), stop.near)
            if window not in told:
                told[window] = excused(stop, laid.whole, *window)
            ordinary = told[window] or laid.in_a_link(match.start())
            if not ordinary and is_a_person(match, laid.whole):
                yield match


def excused(stop: Stop, whole: str, start: int, end: int) -> bool:
    """Whether what stands there makes an ordinary sentence of a match."""
    if stop.along and not stop.along.search(whole, start, end):
        return True
    return stop.unless is not None and stop.unless.search(whole, start, end) is not None


def is_known(number: str, known: frozenset[str]) -> bool:
    """A number we publish ourselves, however it is spaced, with or without its country."""
    digits = NOT_A_DIGIT.sub("", number)
    return any(
        digits == k
        or (min(len(digits), len(k)) >= 7 and (digits.endswith(k) or k.endswith(digits)))
        for k in (NOT_A_DIGIT.sub("", given).lstrip("0") for given in known)
        if k
    ) or any(NOT_A_DIGIT.sub("", given) == digits for given in known)


def get_ready() -> None:
    """Compile every rule: a second of work, better done before anybody waits for a post."""
    for language in LANGUAGES:
        stops(language)


@cache
def stops(language: str) -> tuple[Stop, ...]:
    """The rules of one language, compiled once."""
    listed = tomllib.loads((WORDS / f"risk_{language}.toml").read_text(encoding="utf-8"))
    both = tomllib.loads((WORDS / "risk_any.toml").read_text(encoding="utf-8"))
    pieces = pieces_of({**both.pop("pieces"), **listed.pop("pieces")})
    names = [*listed, *(name for name in both if name not in listed)]
    return tuple(stop_of(n, listed.get(n, {}), both.get(n, {}), pieces) for n in names)


def stop_of(
    name: str, own: dict[str, object], shared: dict[str, object], pieces: dict[str, str]
) -> Stop:
    def lines(key: str) -> list[str]:
        return [*listed(own.get(key)), *listed(shared.get(key))]

    def any_of(key: str) -> Pattern | None:
        # Whole words from their beginning: "prevent" is no event.
        return compiled(rf"(?<!\w)(?:{'|'.join(lines(key))})", pieces) if lines(key) else None

    return Stop(
        rule=str(own.get("as", name)),
        find=tuple(compiled(rf"{START}(?:{line})", pieces) for line in together(lines("find"))),
        unless=any_of("unless"),
        unless_anywhere=any_of("unless_anywhere"),
        along=any_of("along"),
        near=int(str(own.get("near", 0))),
    )


def together(patterns: list[str]) -> list[str]:
    """Patterns that name nothing as one, so that the text is read once for all of them."""
    alone = [p for p in patterns if any(named in p for named in NAMING)]
    rest = [p for p in patterns if p not in alone]
    return [*alone, *(["|".join(rest)] if rest else [])]


def listed(value: object) -> list[str]:
    return [str(line) for line in value] if isinstance(value, list) else []


def pieces_of(pieces: dict[str, str]) -> dict[str, str]:
    """Pieces may be made of pieces that stand above them. Lists of words have no spaces in them."""
    made: dict[str, str] = {}
    for name, text in pieces.items():
        flat = "|".join(text.split()) if "\n" in text else text
        made[name] = f"(?:{filled(flat, made)})"
    return made


def filled(pattern: str, pieces: dict[str, str]) -> str:
    whole: str = regex.sub(r"<<(\w+)>>", lambda m: pieces[m.group(1)], pattern)
    return whole


def compiled(pattern: str, pieces: dict[str, str]) -> Pattern:
    spaced = BLANK.sub(
        lambda m: r"(?:[ \t]{1,3})" if m.group() == " " else m.group(), filled(pattern, pieces)
    )
    return regex.compile(spaced, regex.IGNORECASE)
