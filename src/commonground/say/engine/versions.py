"""Which of a post's versions a channel shows: its languages, its area, its blanks filled.

A version is the post in another language, or for one area, or both. Nothing here knows a table:
an area is whatever key it is known by, "" where none is meant.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from difflib import SequenceMatcher

from commonground.channels.contract.rendering import Rendering
from commonground.say.engine.blanks import blanks_in, filled

USUAL, EACH = "", "each"  # what a person may choose for a channel, beside a language's code
SEVERAL = "mul"  # the code (ISO 639-2) of an account that speaks several languages

type Facts = Mapping[str, Mapping[str, str]]  # language, "" for any -> blank -> what fills it


@dataclass(frozen=True, slots=True)
class Place:
    """A channel, as far as it decides what is said there."""

    language: str = ""  # its own; "": none, SEVERAL: each
    area: str = ""
    holds_all: bool = False  # shows all languages at one place
    choice: str = USUAL


@dataclass(frozen=True, slots=True)
class Version:
    """Words, and for which area they are meant."""

    said: Rendering
    area: str = ""


@dataclass(frozen=True, slots=True)
class Known:
    """What fills blanks: of each area, and where no area is meant."""

    areas: Mapping[str, Facts] = field(default_factory=dict)
    everywhere: Facts = field(default_factory=dict)

    def about(self, area: str, language: str) -> dict[str, str]:
        """What is nearest goes first: of the area before the rest, in the language before any."""
        facts: dict[str, str] = {}
        for known in (self.everywhere, self.areas.get(area, {})):
            facts |= {**known.get("", {}), **known.get(language, {})}
        return {name.casefold(): words for name, words in facts.items() if words}


def shown_on(place: Place, versions: Sequence[Version], known: Known) -> list[Rendering]:
    """What a channel shows, in each of its languages; `versions` begins with the main words."""
    main = versions[0].said.language
    there = {one.said.language: one.said for one in versions if not one.area}
    for own in (one.said for one in versions if one.area and one.area == place.area):
        there[own.language] = inheriting(own, there.get(own.language))
    chosen = languages_on(place, main, list(there))
    return [fill(there[code], known.about(place.area, code)) for code in chosen]


def inheriting(own: Rendering, general: Rendering | None) -> Rendering:
    """An area's words, with what is said of pictures and of an alert as it is for everybody."""
    if general is None:
        return own
    return replace(
        own, alts=own.alts or general.alts, event=own.event or general.event,
        area=own.area or general.area, instruction=own.instruction or general.instruction,
    )  # fmt: skip


def languages_on(place: Place, main: str, there: Sequence[str]) -> list[str]:
    """In which of the languages there are, the main one first."""
    in_order = sorted(there, key=lambda code: code != main)
    if place.holds_all or place.choice == EACH:
        return in_order
    if place.choice in there:
        return [place.choice]
    if place.language == SEVERAL:
        return in_order
    return [place.language if place.language in there else main]


def fill(said: Rendering, facts: Mapping[str, str]) -> Rendering:
    """The same with every blank filled that has words. The others stay, and keep it here."""

    def full(text: str) -> str:
        return filled(text, {name: facts.get(name.casefold(), "") for name in blanks_in(text)})

    return replace(said, title=full(said.title), text=full(said.text))


def unshown(versions: Sequence[Version], places: Iterable[Place]) -> list[Version]:
    """Versions that nobody would ever read: no channel shows them. The main words may be meant for
    whoever writes the others only."""
    seen: set[tuple[str, str]] = set()
    for place in places:
        own = {one.said.language for one in versions if one.area and one.area == place.area}
        there = own | {one.said.language for one in versions if not one.area}
        for code in languages_on(place, versions[0].said.language, list(there)):
            seen.add((code, place.area if code in own else ""))
    return [one for one in versions[1:] if (one.said.language, one.area) not in seen]


@dataclass(frozen=True, slots=True)
class Piece:
    """One post as it stands on a network: in which language, and whether it begins it."""

    said: Rendering
    text: str
    opens: bool  # pictures go with it


def changed(before: str, after: str) -> list[tuple[str, str]]:
    """What became of a text, word by word: ("", kept), ("-", gone) and ("+", new)."""
    old, new = pieces_of(before), pieces_of(after)
    found: list[tuple[str, str]] = []
    for what, a, b, c, d in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if what == "equal":
            found.append(("", "".join(old[a:b])))
            continue
        found += [
            (sign, "".join(part)) for sign, part in (("-", old[a:b]), ("+", new[c:d])) if part
        ]
    return found


def pieces_of(text: str) -> list[str]:
    """Words, each with what parts it from the next."""
    pieces: list[str] = []
    for sign in text:
        if pieces and (sign.isspace() or not pieces[-1][-1].isspace()):
            pieces[-1] += sign
        else:
            pieces.append(sign)
    return pieces
