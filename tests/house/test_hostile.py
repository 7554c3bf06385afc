"""The sixty hostile inputs: each stands in the docs once, with a test or with why there is none.

That the tests exist is looked at for every page of the docs: see test_docs.
"""

import re
from pathlib import Path

PAGE = Path(__file__).parents[2] / "docs/reference/hostile-inputs.md"
ROWS = re.findall(r"^\| (\d+) \| (.+?) \| (.+) \|$", PAGE.read_text(), re.MULTILINE)
# What is not built: LDAP and SAML. It may only get shorter.
NO_SUCH_DOOR = {38}


def test_each_of_the_sixty_stands_there_once_in_its_order():
    assert [int(number) for number, *_ in ROWS] == list(range(1, 61))


def test_each_is_held_by_a_test_or_has_no_door():
    for number, _input, held in ROWS:
        if int(number) in NO_SUCH_DOOR:
            assert held.startswith("no such door: ")
        else:
            assert "`test_" in held, number
