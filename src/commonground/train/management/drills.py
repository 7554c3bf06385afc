"""What `commonground train drill` prints."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from django.utils import translation

from commonground.train.engine.answers import Answers, model_answers, timeline
from commonground.train.engine.plan import Crowd, Plan, in_language
from commonground.train.engine.playing import Story, play
from commonground.train.engine.scoring import keep_and_change, score
from commonground.train.queries import plans
from commonground.train.templatetags.drills import line_words

HOUR = 60


def played(
    plan: Plan, crowd: Mapping[str, Crowd], given: Answers | None, seed: int, language: str
) -> Story:
    """With these answers; without any, with the model's."""
    answers = given or Answers(said=list(model_answers(plan, language)))
    return play(plan, crowd, seed=seed, words=answers.words, acts=answers.acts)


def told_of_drills(language: str) -> list[str]:
    return [
        f"{plan.name}: {in_language(plan.title, language)}, {plan.minutes / HOUR:g} h in "
        f"{plan.minutes_of_play:g} min. {in_language(plan.about, language)}"
        for plan in plans()
    ]


def told(story: Story, options: Mapping[str, Any]) -> list[str]:
    with translation.override(options["language"]):
        if options["json"]:
            return [json.dumps(as_dict(story, options), ensure_ascii=False, indent=2)]
        return list(in_words(story, options["language"]))


def as_dict(story: Story, options: Mapping[str, Any]) -> dict[str, Any]:
    lines = score(story)
    keep, change = keep_and_change(lines)
    return {
        "drill": story.plan.name, "seed": options["seed"], "minutes": story.plan.minutes,
        "timeline": timeline(story, options["language"]),
        "score": [line.as_dict() | {"words": line_words(line)} for line in lines],
        "keep": [line.name for line in keep], "change": [line.name for line in change],
    }  # fmt: skip


def in_words(story: Story, language: str) -> list[str]:
    rows = [
        f"{clock(row['minute'])}  {row['kind']:9} {row['name']}: {' '.join(row['text'].split())}"
        for row in timeline(story, language)
    ]
    scored = [
        f"{'+' if line.is_kept else '-'} {line_words(line)}  [{', '.join(line.evidence)}]"
        for line in score(story)
    ]
    return [*rows, "", *scored]


def clock(minute: float) -> str:
    hours, minutes = divmod(int(minute), HOUR)
    return f"{hours:3}:{minutes:02}"
