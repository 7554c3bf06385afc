"""Numbers and addresses that lead to one person: accounts, e-mail, telephones, plates."""

from __future__ import annotations

import re

from commonground.hear.engine.people.letters import visible
from commonground.hear.engine.people.lists import COMMON

HOST = re.compile(rf"(?i)\b[\w-]+(?:\.[\w-]+)*\.(?:{'|'.join(sorted(COMMON['ends']))})\b")
PAGE = re.compile(r"(?i)https?://|www\.|did:(?:plc|web):|(?<!\w)(?:u|in|user|users|profile)/\w{2,}")
SPELT = re.compile(
    r"(?i)\b\w+\s*[(\[<]?\s*(?:at|arobase|arroba)\s*[)\]>]?\s*\w+\s*"
    r"[(\[<]?\s*(?:dot|point|punto|\.)\s*[)\]>]?\s*(?:com|net|org|social|ca|fr|uk|de|es)\b"
)
DIGITS = re.compile(r"\+?\(?\d[\d\s().\-/–]{4,}\d")
DATE = re.compile(
    r"(?:19|20)\d\d[-./ ]\d{1,2}[-./ ]\d{1,2}|\d{1,2}[-./ ]\d{1,2}[-./ ](?:19|20)\d\d"
    r"|(?:19|20)\d\d\s?[-–/ ]\s?(?:19|20)\d\d"
)
ROUND = re.compile(r"\d{1,3}(?:[ .]000)+")
# A number by which one officer, or one person's birthday, is told.
OF_SOMEBODY = re.compile(
    r"(?i)\b(?:badge|shoulder|constable|officer|agent|matricule|placa|dienstnummer)"
    r"\s*(?:number|num[ée]ro|no\.?|n[°ºo]|#)?\s*(?!(?:19|20)\d\d\b)\d{2,7}\b"
    r"|\b(?:born|dob|birthday|n[ée]e?(?: le)?|nacid[oa](?: el)?|geboren(?: am)?)"
    r"\s*(?:on\s+)?\d{1,4}[-./ ]\d{1,2}[-./ ]\d{2,4}\b"
)
FEWEST_DIGITS = 7  # of a telephone; a year, a street number and most codes have fewer
FEWEST_SPELT = 6

# How plates are written: letters and digits in groups. Years are not plates.
PLATE = re.compile(
    r"""(?ix)\b(?:
      [a-z]{3}[ -]?\d{3,4}              # North America
    | \d{3}[ -]?[a-z]{3} | \d[a-z]{3}\d{3} | [a-z]{3}[ -]?\d[a-z]\d{2}
    | [a-z]{4}[ -]\d{3}                 # Ontario
    | [a-z]\d{2}[ -]?[a-z]{3}           # Québec
    | [a-z]{2}\d{2}[ -]?[a-z]{3}        # United Kingdom
    | [a-z]{2}[ -]?\d{3}[ -]?[a-z]{2}   # France, Italy
    | [a-zäöü]{1,3}-[a-z]{1,2}[ -]?\d{1,4}e?  # Germany
    | \d{4}[ -]?[bcdfghjklmnprstvwxyz]{3}     # Spain
    )\b"""
)
PLATE_WORDS = re.compile(
    r"(?i)\b(?:licen[cs]e |number |registration )?(?:plates?|plaque|immatricul\w+|kennzeichen|"
    r"matr[ií]cula|rego|vin)\b"
)
CODE = re.compile(r"\b(?!(?:19|20)\d\d\b)\w*\d\w*\b")
YEAR = re.compile(r"(?:19|20)\d\d")


def account_in(text: str) -> str:
    """An account, a page or an e-mail address, as far as it shows."""
    seen = visible(text)
    if "@" in seen:
        return seen.strip()
    found = SPELT.search(seen) or PAGE.search(seen) or HOST.search(seen)
    return seen.strip() if found else ""


def telephone_in(text: str) -> str:
    """Seven digits or more in a row, however they are parted; or six spelt out; or the number of
    an officer or a birthday, with the word for it."""
    seen = visible(text)
    if somebody := OF_SOMEBODY.search(seen):
        return somebody.group().strip()
    for found in DIGITS.finditer(seen):
        number = found.group().strip()
        enough = sum(c.isdigit() for c in number) >= FEWEST_DIGITS
        if enough and not (DATE.fullmatch(number) or ROUND.fullmatch(number)):
            return number
    row = 0
    for word in re.findall(r"\w+", seen.casefold()):
        row = row + 1 if word in COMMON["number_words"] else 0
        if row >= FEWEST_SPELT:
            return seen.strip()
    return ""


def plate_in(text: str) -> str:
    """A number plate: what looks like one, or any code beside the word for it."""
    seen = visible(text)
    if PLATE_WORDS.search(seen) and (code := CODE.search(PLATE_WORDS.sub(" ", seen))):
        return code.group()
    for found in PLATE.finditer(seen):
        letters = re.findall(r"[^\W\d_]+", found.group())
        digits = re.findall(r"\d+", found.group())
        year = any(YEAR.fullmatch(one) for one in digits)
        road = len(letters) == 1 and letters[0].casefold() in COMMON["before_numbers"]
        if not road and not year:
            return found.group()
    return ""
