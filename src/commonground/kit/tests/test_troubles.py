"""What a worker wrote down is told in the reader's language, whoever raised it."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest
from django.utils import translation

from commonground.kit import outbound, troubles
from commonground.kit.troubles import told

SOURCES = Path(outbound.__file__).parents[1]
EVERYWHERE = {"Unreachable"}
OF_A_ROOM = {"learn/line": {"NotRead", "NotNow"}, "protect/line": {"Unanswered"}}


@pytest.mark.parametrize("words", troubles.WITH_A_GAP)
@pytest.mark.parametrize("language", ["es", "fr"])
def test_a_sentence_with_a_gap_is_told_with_what_filled_it(words, language):
    filled = words % {"what": "404 (Gone).\nReally"}
    with translation.override(language):
        assert told(filled) == translation.gettext(words) % {"what": "404 (Gone).\nReally"}
        assert told(filled) != filled
    with translation.override("en"):
        assert told(filled) == filled


def test_a_sentence_without_one_is_told_and_nobody_elses_is_touched():
    with translation.override("fr"):
        assert told("Nobody answers there.") != "Nobody answers there."
        assert told("Account limited by moderators") == "Account limited by moderators"
        assert told("") == ""


def test_whatever_is_raised_as_a_sentence_is_marked_for_the_translators():
    bare, looked_at = [], 0
    for path in SOURCES.rglob("*.py"):
        if "tests" in path.parts:
            continue
        room = path.parent.relative_to(SOURCES).as_posix()
        raised = EVERYWHERE | OF_A_ROOM.get(room, set())
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") in raised and node.args:
                looked_at += 1
                if isinstance(node.args[0], ast.Constant | ast.JoinedStr):
                    bare.append(f"{path.name}:{node.lineno}")
    assert looked_at > 30
    assert bare == []


def test_what_a_wrong_address_is_told_as():
    with pytest.raises(outbound.Unreachable) as why:
        outbound.checked("https://somebody:secret@news.example/")
    with translation.override("es"):
        assert told(str(why.value)) != str(why.value)
