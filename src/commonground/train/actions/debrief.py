"""What a drill came to, as it is kept: in words, so that no later engine has to be asked."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.utils import translation

from commonground.train.engine.scoring import Line, keep_and_change, score
from commonground.train.models import Drill
from commonground.train.queries.playing import story_of
from commonground.train.templatetags.drills import line_title, line_words


def debrief_of(drill: Drill) -> dict[str, Any]:
    """Every line of the score with its figures, its evidence by name, and its sentence in each
    language of the desk; and which were to keep and to change."""
    lines = score(story_of(drill))
    keep, change = keep_and_change(lines)
    return {
        "lines": [kept(line) for line in lines],
        "keep": [line.name for line in keep], "change": [line.name for line in change],
    }  # fmt: skip


def kept(line: Line) -> dict[str, Any]:
    said: dict[str, Any] = {"title": {}, "words": {}}
    for code, _name in settings.LANGUAGES:
        with translation.override(code):
            said["title"][code], said["words"][code] = line_title(line), line_words(line)
    return line.as_dict() | {"kept": line.is_kept} | said
