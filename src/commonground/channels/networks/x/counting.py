"""Counts a text as X counts it: by weight, not by letters.

From X's page "Counting characters": the text in its composed form (NFC), every link 23, every
emoji 2 however many signs it is made of, letters of most alphabets 1, and all others - Chinese,
Japanese, Korean - 2.
"""

from __future__ import annotations

import unicodedata

import regex

from commonground.channels import engine

LINK_WEIGHS, EMOJI_WEIGHS = 23, 2
LIGHT = ((0, 4351), (8192, 8205), (8208, 8223), (8242, 8247))  # code points that count once

# X makes a link of a bare name too: `police.example.ca/a12`. Its list of endings has 1,500
# names; these, and any two letters, are what an agency writes. To count one too many is safe.
ENDINGS = (
    "com|org|net|gov|edu|int|mil|info|biz|name|pro|app|dev|page|news|live|blog|site|online|media"
    "|police|city|town|london|paris|berlin|nyc|quebec|scot|wales|cymru|africa|asia|eus|gal|cat"
    "|[a-z]{2}"
)
PATH = r"[\p{Latin}\p{Cyrillic}0-9!*';:=+,.$/%#\[\]\-_~@|&()?]"
PATH_END = r"[\p{Latin}\p{Cyrillic}0-9=_#/+\-&]|\([\p{Latin}\p{Cyrillic}0-9\-_/.]*\)"
LINK = regex.compile(
    rf"(?:https?://[\p{{L}}\p{{N}}](?:[\p{{Latin}}\p{{Cyrillic}}\p{{N}}._-]*[\p{{L}}\p{{N}}])?"
    rf"|(?<![\p{{L}}\p{{N}}@#$._/-])(?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\.)+(?:{ENDINGS})(?![a-z0-9@-]))"
    rf"(?::\d+)?(?:[/?](?:{PATH}*(?:{PATH_END}))?)?",
    regex.IGNORECASE,
)


def weight(text: str) -> int:
    """What X thinks of the length."""
    bare: str
    found: int
    bare, found = LINK.subn("", unicodedata.normalize("NFC", text))
    return found * LINK_WEIGHS + sum(map(of_one, engine.GRAPHEME.findall(bare)))


def of_one(grapheme: str) -> int:
    if engine.is_emoji(grapheme):
        return EMOJI_WEIGHS
    return sum(1 if any(a <= ord(c) <= z for a, z in LIGHT) else 2 for c in grapheme)
