"""The table of the ASVS is whole, and says of each requirement what holds it, if anything."""

import re
from collections import Counter
from pathlib import Path

PAGE = Path(__file__).parents[2] / "docs/reference/asvs.md"
ROWS = re.findall(r"^\| ([\d.]+) \| ([123]) \| (.+?) \| (.+) \|$", PAGE.read_text(), re.MULTILINE)
KINDS = ("Held", "Reason", "Not here", "Operator", "Open")


def test_it_names_each_requirement_of_levels_1_and_2_once():
    assert Counter(level for _, level, _, _ in ROWS) == {"1": 70, "2": 183, "3": 4}
    assert len({number for number, *_ in ROWS}) == len(ROWS)


def test_each_is_held_by_tests_or_says_why_not():
    """That the tests exist is looked at for every page of the docs: see test_docs."""
    for number, _level, about, how in ROWS:
        kind, _, why = how.partition(": ")
        assert about, number
        assert kind in KINDS, number
        assert why.strip(), number
        assert kind != "Held" or "`test_" in why, number


def test_it_counts_itself_rightly():
    many = Counter(how.partition(":")[0] for *_, how in ROWS)
    told = ", ".join(f"{many[kind]} {kind.lower()}" for kind in KINDS)
    assert f"Of {len(ROWS)}: {told}." in PAGE.read_text()
