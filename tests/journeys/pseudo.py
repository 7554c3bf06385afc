"""A language that nobody speaks, written from the right and longer than English.

Every word of the desk has one in it, made from the catalogue by a rule: Arabic letters for Latin
ones, and a third more of them, as a real translation may have. What stays in Latin letters on a
page was never given to a translator. It is a test's alone: the desk offers it to nobody, and a
browser with the cookie `pseudo` sees it.
"""

from __future__ import annotations

import re
from pathlib import Path

import polib
from django.http import HttpRequest
from django.utils import translation
from django.utils.deprecation import MiddlewareMixin

COOKIE = "pseudo"
CODE = "ar"  # one that Django writes from the right; its own few words are real ones
KNOWN = Path(__file__).parents[2] / "src/commonground/locale/fr/LC_MESSAGES/django.po"
LATIN = "abcdefghijklmnopqrstuvwxyz"
ARABIC = "ابتثجحخدذرزسشصضطظعغفقكلمني"
LETTERS = str.maketrans(LATIN + LATIN.upper(), ARABIC * 2)
# What is filled in, marked up or escaped is no word.
KEPT = re.compile(r"(%\([a-z_]+\)[a-z]|%[sd%]|%n|\{[^}]*\}|<[^>]*>|&[a-z]+;)")
LONGER = 3  # of so many letters, one more


def pseudo(words: str) -> str:
    """The same words in that language."""
    parts = [p if KEPT.fullmatch(p) else longer(p).translate(LETTERS) for p in KEPT.split(words)]
    return "".join(parts)


def longer(words: str) -> str:
    return re.sub(r"[A-Za-z]{3,}", lambda word: word[0] + word[0][: len(word[0]) // LONGER], words)


def write_catalogue(folder: Path) -> None:
    """What gettext reads, with a word for each of the desk's."""
    made = polib.POFile()
    made.metadata = {
        "Content-Type": "text/plain; charset=utf-8", "Plural-Forms": "nplurals=2; plural=(n != 1);"
    }  # fmt: skip
    for entry in polib.pofile(KNOWN):
        one = polib.POEntry(msgid=entry.msgid, msgctxt=entry.msgctxt)
        if entry.msgid_plural:
            one.msgid_plural = entry.msgid_plural
            one.msgstr_plural = {0: pseudo(entry.msgid), 1: pseudo(entry.msgid_plural)}
        else:
            one.msgstr = pseudo(entry.msgid)
        made.append(one)
    place = folder / CODE / "LC_MESSAGES"
    place.mkdir(parents=True, exist_ok=True)
    made.save_as_mofile(str(place / "django.mo"))


class ForWhoeverAsks(MiddlewareMixin):
    """Last of all: whatever language the desk chose, this one is spoken."""

    def process_view(self, request: HttpRequest, *_: object) -> None:
        if COOKIE in request.COOKIES:
            translation.activate(CODE)
            request.LANGUAGE_CODE = CODE
