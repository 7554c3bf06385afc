"""What failed is asked once more only if it was little: then luck may be to blame, and is named."""

import json

import pytest
from tools.failed import main


def kept(folder, names):
    path = folder / "lastfailed"
    path.write_text(json.dumps(dict.fromkeys(names, True)))
    return path


@pytest.mark.parametrize(
    ("names", "code"),
    [
        (["a.py::test_one"], 0),
        (["a.py::test_one", "b.py::test_two[with a space]"], 0),
        ([], 1),
        (["a.py::test_one", "b.py"], 1),  # b.py could not be read at all
        ([f"a.py::test_{n}" for n in range(6)], 1),
    ],
)
def test_few_failures_are_asked_again_and_no_others(names, code, tmp_path, capsys):
    assert main(["--at-most", "5"], kept(tmp_path, names)) == code

    assert capsys.readouterr().err.count("FAILED") == len(names)


def test_no_run_is_no_reason_to_ask_again(tmp_path):
    assert main([], tmp_path / "nothing") == 1
