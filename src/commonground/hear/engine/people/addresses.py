"""Where somebody lives: a house number beside a street, a flat, a postal code of a few doors."""

from __future__ import annotations

import re

from commonground.hear.engine.people.letters import visible

STREET = (
    r"(?:street|st|avenue|ave|road|rd|lane|ln|drive|dr|close|court|ct|crescent|cres|terrace|row|"
    r"place|pl|boulevard|blvd|square|gardens|mews)"
)
BEFORE = r"(?:rue|avenue|av|boulevard|bd|chemin|all[ée]e|impasse|quai|ruelle|rang|mont[ée]e)"
CALLE = r"(?:calle|c/|avenida|avda|plaza|paseo|camino|rua|via|viale)"
NUMBER = r"(?!(?:19|20)\d\d\b)\d{1,5}[a-z]?(?!\w)"  # a year is no house, nor is 22nd
# "3 dead on Mill Street" counts people, and "2 lanes closed, Mill Road" lanes.
COUNTED = (
    r"dead|hurt|injured|killed|wounded|missing|arrested|people|men|women|kids|children|cars?|"
    r"trucks?|vehicles?|lanes?|shots|days?|hours?|minutes?|homes|houses|shops|on|at|in|near|and|to"
)
HOUSE = re.compile(
    rf"""(?ix)
      \b{NUMBER}\s+(?!(?:{COUNTED})\b)[^\W\d]+\s+(?:(?!(?:{COUNTED})\b)[^\W\d]+\s+)?{STREET}\b
    | \b(?:[^\W\d]+\s+){STREET}\.?\s+(?:no\.?\s*|number\s+|\#\s*)?{NUMBER}
    | \b{NUMBER}(?:\s*(?:bis|ter))?\s*,?\s*{BEFORE}\s+[^\W\d]
    | \b{CALLE}\s+(?:[^\W\d]+\s+){{1,4}}(?:n[.ºo°]*\s*)?{NUMBER}
    | \b[^\W\d]{{3,}}(?:stra(?:ß|ss)e|gasse|weg|allee)\s+{NUMBER}
    | \b(?:apt|apartment|appt|appartement|flat)\.?\s*\#?\d+
    """
)
# Postal codes of a handful of doors: the United Kingdom's, Canada's.
CODE = re.compile(r"(?i)\b(?:[a-z]{1,2}\d[a-z\d]?\s+\d[a-z]{2}|[a-z]\d[a-z]\s?\d[a-z]\d)\b")
# Somebody by the first letters of their names, beside where they live: J.D., Mill Street.
INITIALS = re.compile(rf"\b[A-Z]\.\s?[A-Z]\.?[\s,]+(?:\w+\s+){{1,4}}(?i:{STREET})\b")
BARE_INITIALS = re.compile(rf"^\s*([A-Z]{{2}})[\s,]+(?:of\s+)?\w+\s+(?i:{STREET})\b")
NO_INITIALS = {"PD", "FD", "TV", "US", "UK", "EU", "ER", "HQ", "CN", "CP", "NE", "NW", "SE", "SW"}


def address_in(text: str) -> str:
    """The address of a house, or of somebody told by their initials and street; nothing if none."""
    seen = visible(text)
    if found := HOUSE.search(seen) or CODE.search(seen) or INITIALS.search(seen):
        return found.group().strip()
    bare = BARE_INITIALS.search(seen)
    return bare.group().strip() if bare and bare.group(1) not in NO_INITIALS else ""
