"""What we write into the log is a sentence in the code: a machine may tell it to anybody."""

import ast
from pathlib import Path

SRC = Path(__file__).parents[2] / "src/commonground"
TOLD = {"debug", "info", "warning", "error", "exception", "critical"}


def calls():
    for path in SRC.rglob("*.py"):
        if "tests" in path.parts:
            continue
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
                where = node.func.value
                if node.func.attr in TOLD and isinstance(where, ast.Name) and where.id == "log":
                    yield path.relative_to(SRC), node


def test_every_line_is_a_sentence_whose_blanks_are_filled_in_by_the_log():
    made = [
        f"{path}:{node.lineno}"
        for path, node in calls()
        if not (isinstance(node.args[0], ast.Constant) and isinstance(node.args[0].value, str))
    ]
    assert made == []


def test_there_are_lines_to_look_at():
    assert len(list(calls())) > 20


def test_nothing_is_logged_past_that_name():
    others = [
        str(path.relative_to(SRC))
        for path in SRC.rglob("*.py")
        if "tests" not in path.parts and path.name != "loglines.py"
        if "logging.getLogger(" in path.read_text()
        and "log = logging.getLogger(__name__)" not in path.read_text()
    ]
    assert others == []
