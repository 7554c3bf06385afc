"""The planter of mistakes plants what it says, each time the same, and leaves words alone."""

import ast

import pytest
from tools.mutants.__main__ import file_of, modules_of
from tools.mutants.groups import GROUPS, SAME
from tools.mutants.planting import mutants, planted
from tools.mutants.running import Runner

SOURCE = '''
"""Words for people."""
LEAST = 3
WORDS = {"a": ("b",)}

class Kept:
    size = 4

    def may(self, by: "int" = 7) -> bool:
        """What it does."""
        if not by.ready:
            raise Refused(_("You may not: %s") % "now")
        note(by)
        return by.age >= LEAST and any(by.roles)
'''


def found():
    return {(m.where or m.table, m.what) for m in mutants("m", "m.py", SOURCE)}


def test_it_stands_beside_other_plugins():
    """Pytest keeps plugins in sets, as soon as tests of two folders run together."""
    assert len({Runner([], 1, print), Runner([], 1, print)}) == 2


def test_checks_limits_tables_and_answers_are_changed():
    assert found() == {
        ("LEAST", "3 -> 4"), ("WORDS", "'a' changed"), ("WORDS", "'b' changed"),
        ("Kept.may", "not left out"), ("Kept.may", "not raised"), ("Kept.may", "left out"),
        ("Kept.may", "return None"), ("Kept.may", "And -> Or"), ("Kept.may", "GtE -> Gt"),
        ("Kept.may", "GtE -> Lt"), ("Kept.may", "any -> all"),
    }  # fmt: skip


def test_each_is_another_program_that_can_be_run():
    ones = mutants("m", "m.py", SOURCE)
    made = {ast.unparse(planted(SOURCE, one)) for one in ones}
    assert len(made) == len(ones)
    assert ast.unparse(ast.parse(SOURCE)) not in made
    for one in ones:
        compile(planted(SOURCE, one), "m.py", "exec")


def test_the_same_source_has_the_same_mistakes_in_the_same_order():
    assert mutants("m", "m.py", SOURCE) == mutants("m", "m.py", SOURCE)


@pytest.mark.parametrize("group", GROUPS)
def test_each_module_of_a_group_is_there(group):
    names = list(modules_of(GROUPS[group].modules))
    assert names
    assert [name for name in names if not file_of(name).exists()] == []


def test_what_makes_no_difference_is_still_in_the_source_and_says_why():
    for one in SAME:
        file = file_of(one.module)
        planted_there = mutants(one.module, str(file), file.read_text())
        assert any((m.text, m.what) == (one.text, one.what) for m in planted_there)
        assert one.why
