"""How many a text says, in figures or in words, in English, French and Spanish."""

from __future__ import annotations

from collections.abc import Sequence

import regex

# Without the Spanish "once": in English it counts nothing, and begins sentences.
NAMED = {
    name: value
    for value, names in {
        1: "one un une uno una", 2: "two deux dos", 3: "three trois tres",
        4: "four quatre cuatro", 5: "five cinq cinco", 6: "six seis", 7: "seven sept siete",
        8: "eight huit ocho", 9: "nine neuf nueve", 10: "ten dix diez", 11: "eleven onze",
        12: "twelve douze doce", 13: "thirteen treize trece", 14: "fourteen quatorze catorce",
        15: "fifteen quinze quince", 16: "sixteen seize dieciseis", 17: "seventeen diecisiete",
        18: "eighteen dieciocho", 19: "nineteen diecinueve", 20: "twenty vingt vingts veinte",
        21: "veintiun veintiuno veintiuna", 22: "veintidos", 23: "veintitres", 24: "veinticuatro",
        25: "veinticinco", 26: "veintiseis", 27: "veintisiete", 28: "veintiocho",
        29: "veintinueve", 30: "thirty trente treinta", 40: "forty quarante cuarenta",
        50: "fifty cinquante cincuenta", 60: "sixty soixante sesenta", 70: "seventy setenta",
        80: "eighty ochenta", 90: "ninety noventa", 200: "doscientos doscientas",
        300: "trescientos trescientas", 400: "cuatrocientos cuatrocientas",
        500: "quinientos quinientas",
    }.items()
    for name in names.split()
}  # fmt: skip
HUNDRED = {"hundred", "cent", "cents", "cien", "ciento"}
TIMES = {"dozen": 12, "douzaine": 12, "docena": 12, "thousand": 1000, "mille": 1000, "mil": 1000}
AND = {"and", "et", "y"}  # within a number: two hundred and six, vingt et un, treinta y cinco
THOUSANDS = regex.compile(r"0*(\d{1,3}(?:[.,]\d{3})+)")


def amount_at(words: Sequence[str], n: int) -> tuple[str, int]:
    """The number that begins at a place, as digits, and how many words it takes; "", 0 where
    none does. words: folded, as `figures.WORD` parts them."""
    if words[n][0].isdigit():
        value, taken = written(words[n]), 1
    else:
        part, taken = spelt(words, n)
        value = str(part) if taken else ""
    by = TIMES.get(words[n + taken], 0) if n + taken < len(words) else 0
    if not by or "." in value:
        return value, taken
    more, further = spelt(words, n + taken + 1) if by == 1000 else (0, 0)
    return str(int(value or 1) * by + more), taken + 1 + further


def is_amount(word: str) -> bool:
    """Whether a number of more than one begins here; "one" is mostly none."""
    named = word in HUNDRED or word in TIMES or NAMED.get(word, 0) > 1
    return word[0].isdigit() or named


def written(word: str) -> str:
    """Digits as people write them: 1,200 and 1.200 are one number, and so are 3,5 and 3.5."""
    if whole := THOUSANDS.fullmatch(word):
        return str(whole[1]).replace(",", "").replace(".", "")
    return word.replace(",", ".").lstrip("0") or "0"


def spelt(words: Sequence[str], n: int) -> tuple[int, int]:
    """The same below a thousand and in words alone: 0, 0 where there is none."""
    part, taken = 0, 0
    while n + taken < len(words):
        skip = 1 if taken and words[n + taken] in AND and n + taken + 1 < len(words) else 0
        word, before = words[n + taken + skip], words[n + taken - 1] if taken else ""
        more = grown(part, word, before) if taken or word in NAMED or word in HUNDRED else 0
        if more <= part:
            break
        part, taken = more, taken + skip + 1
    return part, taken


def grown(part: int, word: str, before: str) -> int:
    """A number with one more of its words; 0 where the word begins another."""
    if word in HUNDRED:
        return max(part, 1) * 100 if part < 10 else 0
    value, tens = NAMED.get(word, 0), part % 100
    if value == 20 and before == "quatre":
        return part + 76
    return part + value if value and fits(value, tens, part, before) else 0


def fits(value: int, tens: int, part: int, before: str) -> bool:
    if tens == 0:
        return part == 0 or value < 100
    if value < 10:
        return tens % 10 == 0 and (tens > 10 or before == "dix")
    return value < 20 and tens in (60, 80)  # soixante-dix, quatre-vingt-onze
