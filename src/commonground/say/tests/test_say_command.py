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


def test_a_line_may_name_its_language_and_hostile_lines_get_one_answer_each():
    hostile = [
        b'{"text": "Nous avons arr\xc3\xaat\xc3\xa9 le tueur.", "language": "fr"}',
        b"",
        b"   ",
        b'{"text": ""}',
        b'{"text": "' + b"a word and " * 100_000 + b'"}',
        b'{"text": "\\ud83d lone \\udc00"}',
        b'{"text": "nul \\u0000 inside"}',
        b"\x00\x00",
        b'{"text": "\\u202eright to left\\u202c \xd7\xa9\xd7\x9c\xd7\x95\xd7\x9d"}',
        b"\xff\xfe",
        b"[" * 100_000,
        b'{"text": "x", "language": 5}',
        b'{"text": NaN}',
        b'{"text": null}',
        b'{"text": "no newline at the end"}',
    ]

    told = [
        json.loads(line)
        for line in say("--json", "--lines", typed=b"\n".join(hostile)).splitlines()
    ]

    assert len(told) == len(hostile)
    assert (told[0]["language"], told[0]["remarks"][0]["rule"]) == ("fr", "guilt")
    broken = [at for at, answer in enumerate(told) if "error" in answer]
    assert broken == [1, 2, 7, 9, 10, 12, 13]
    assert all(f"Line {at + 1} " in told[at]["error"] for at in broken)
