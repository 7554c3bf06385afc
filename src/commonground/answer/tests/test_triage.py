"""What the triage proposes, why it says so, and how often it is right."""

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

from commonground.answer.engine.triage import Kind, triage
from commonground.answer.engine.triage.fitting import figures, laid_out, scores
from commonground.answer.engine.triage.model import Model
from commonground.answer.engine.triage.suite import HELD_OUT, LEARNED, cases, suite_digest

WORDS = {
    "en": "My neighbour has collapsed, she is not breathing, please send someone",
    "fr": "Ma voisine s'est effondrée, elle ne respire plus, envoyez quelqu'un",
}


@pytest.mark.parametrize("language", ["en", "fr"])
def test_a_call_for_help_comes_first_with_its_words(language):
    first = triage(WORDS[language])[0]

    assert first.kind == Kind.EMERGENCY
    assert first.because
    assert all(quote in WORDS[language] for quote in first.because)


def test_urgent_kinds_come_before_surer_ones():
    found = triage("Thank you so much for the quick help! But he is back outside with a knife now")

    urgent = [proposal.kind in ("emergency", "suicide", "threat") for proposal in found]
    assert urgent == sorted(urgent, reverse=True)
    assert urgent[0]


@pytest.mark.parametrize("text", ["", " ", "🙂", "\ud800", "a" * 100_000, "?" * 5_000, "\0\u202e"])
def test_any_text_is_read(text):
    for proposal in triage(text):
        assert proposal.score >= 0


def test_what_no_word_speaks_for_is_not_proposed():
    assert all(p.because for case in cases(HELD_OUT) for p in triage(case.text, case.language))


def test_a_quote_is_as_it_was_typed():
    typed = "HELP!! Il ne respire plus, mon pèrè est tombé, envoyez quelqu’un vite"

    assert all(quote in typed for proposal in triage(typed, "fr") for quote in proposal.because)


def test_suites_are_large_and_half_of_what_is_nothing_only_looks_like_something():
    learned, held = cases(LEARNED), cases(HELD_OUT)

    assert len(learned) >= 600
    assert len({case.text for case in learned + held}) == len(learned + held)
    for suite in (learned, held):
        nothing = [case for case in suite if not case.kinds]
        assert len(nothing) >= len(suite) * 0.35
        assert sum(case.looks_like is not None for case in nothing) >= len(nothing) * 0.8


def test_weights_that_ship_hold_what_the_docs_say_of_messages_they_never_saw():
    held = cases(HELD_OUT)
    messages, kinds = laid_out(held)
    model = Model.shipped()
    for lines, bounds in ((model.lines, BOUNDS), (model.sure, LIKELY)):
        told = figures(scores(model, messages), lines, kinds)
        for kind, (least_recall, most_wrong) in bounds.items():
            assert told[kind].recall >= least_recall, kind
            assert told[kind].wrong <= most_wrong, kind


def test_the_figures_in_the_docs_are_of_the_messages_and_the_weights_that_ship():
    said = DOCS.read_text(encoding="utf-8")
    assert f"`{suite_digest()}`" in said, "./run bench triage --docs"
    urgent = [found[1] for found in re.finditer(r"^\| (emergency|suicide|threat) \|.*", said, re.M)]
    assert urgent == ["emergency", "suicide", "threat"] * 2
    model = Model.shipped()
    for place, language in enumerate(("en", "fr"), 3):
        messages, kinds = laid_out(cases(HELD_OUT, language))
        told = figures(scores(model, messages), model.lines, kinds)
        for kind, f in told.items():
            row = re.search(rf"^\| {kind.value} \| \d+ \|.*$", said, re.M)[0].split("|")
            assert row[place + 1].strip() == f"{f.precision:.2f} / {f.recall:.2f} ({f.wrong})"


DOCS = Path(__file__).parents[4] / "docs/explanation/triage.md"
BOUNDS = {Kind.EMERGENCY: (0.95, 70)}  # 20 and 340 messages: docs/explanation/triage.md
LIKELY = {Kind.EMERGENCY: (0.85, 12), Kind.SUICIDE: (0.7, 22), Kind.THREAT: (0.75, 12)}


def test_the_command_tells_what_and_why():
    asked = [sys.executable, "-m", "commonground", "answer", "triage", "--json"]
    done = subprocess.run(asked, input=WORDS["en"].encode(), capture_output=True, timeout=120)

    assert done.returncode == 0, done.stderr.decode()[-2000:]
    said = json.loads(done.stdout)["proposals"]
    assert said[0]["kind"] == "emergency"
    assert said[0]["because"]
