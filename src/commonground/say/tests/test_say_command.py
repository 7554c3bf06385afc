"""`commonground say coach`, as a script would use it."""

import json
import subprocess
import sys


def say(*arguments, typed):
    done = subprocess.run(
        [sys.executable, "-m", "commonground", "say", "coach", *arguments],
        input=typed, capture_output=True, check=True,
    )  # fmt: skip
    return done.stdout.decode()


def test_a_draft_in_gives_one_result_out():
    told = json.loads(say("--json", typed="Nous avons arrêté le tueur.".encode()))

    assert set(told) >= {"remarks", "receptiveness", "grade"}
    remark = told["remarks"][0]
    assert set(remark) == {"kind", "rule", "quote", "start", "end", "why", "instead", "hard"}
    assert (remark["rule"], remark["hard"]) == ("guilt", True)


def test_each_line_is_answered_in_its_order_and_a_broken_one_in_words():
    typed = (
        b'{"text": "We arrested the killer."}\nnot json\n{"txt": 1}\n[]\n{"text": "\\ud800 hi"}\n'
    )

    told = [json.loads(line) for line in say("--json", "--lines", typed=typed).splitlines()]

    assert len(told) == 5
    assert told[0]["remarks"][0]["rule"] == "guilt"
    assert ["error" in t for t in told] == [False, True, True, True, False]
    assert "Line 2" in told[1]["error"]


def test_published_numbers_can_be_named_and_the_language_of_remarks_chosen():
    typed = b"His number is 613 555 0147. We arrested the killer."
    told = json.loads(say("--json", "--speak", "fr", "--number", "613-555-0147", typed=typed))

    assert [r["rule"] for r in told["remarks"] if r["hard"]] == ["guilt"]
    assert "tribunal" in told["remarks"][0]["why"]


def test_without_json_it_speaks_in_words():
    assert "STOP (guilt)" in say(typed=b"We arrested the killer.")
