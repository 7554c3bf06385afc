"""What stands in the pages to be typed can be typed: read, without running any of it."""

import re

import pytest
from django.core.management import get_commands, load_command_class

from tests.walk.set_aside import LATER, MOST_OUTSIDE, OUTSIDE
from tests.walk.told import PAGES, ROOT, all_told, whole

TOLD = all_told()
OURS = re.compile(r"`commonground ([a-z][^`]*)`")
# Written into a sentence, without what every reader fills in differently.
WITHIN = sorted(
    (page, said) for page in PAGES for said in set(OURS.findall((ROOT / page).read_text()))
)
TYPED = sorted({
    (told.page, said) for told in TOLD
    for said in re.findall(r"(?:^|\s|/)commonground ((?!-)[a-z].*)", told.command, re.DOTALL)
})  # fmt: skip


def test_the_pages_have_commands():
    assert len(TOLD) > 30
    assert {told.page for told in TOLD} >= {"README.md", "docs/tutorial/first-moment.md"}


def test_a_command_over_several_lines_is_one():
    assert whole(["a \\", "  b   # why", "# only said", "{ c", "d; }", "e"]) == [
        "a \\\n  b", "{ c\nd; }", "e",
    ]  # fmt: skip


def test_what_is_not_typed_in_the_walk_still_stands_in_a_page_has_a_reason_and_is_little():
    known = {told.first for told in TOLD}
    assert set(LATER) | set(OUTSIDE) <= known
    assert all({**LATER, **OUTSIDE}.values())
    assert len(OUTSIDE) <= MOST_OUTSIDE


@pytest.mark.parametrize(("page", "said"), [*WITHIN, *TYPED])
def test_every_command_of_ours_takes_what_the_page_gives_it(page, said):
    """Its verbs and its options; a value is the reader's."""
    words = re.sub(r"\s*[>|].*", "", said.replace("\\\n", " "), flags=re.DOTALL).split()
    name, *rest = words
    room = get_commands().get(name)
    assert room, f"there is no command {name}"
    parser = load_command_class(room, name).create_parser("commonground", name)
    taken = options_of(parser)
    for verbs in parser._actions:
        if getattr(verbs, "choices", None) and rest and not verbs.option_strings:
            assert rest[0] in verbs.choices, f"{name} has no {rest[0]}"
            taken |= options_of(verbs.choices[rest[0]])
    assert {word.split("=")[0] for word in rest if word.startswith("--")} <= taken


def options_of(parser):
    return {name for action in parser._actions for name in action.option_strings}
