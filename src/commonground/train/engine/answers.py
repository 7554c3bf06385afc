"""What a drill was answered with, as a file: for playing one without screens."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, Literal

import msgspec

from commonground.train.engine.moods import Words
from commonground.train.engine.plan import FIRST, Plan
from commonground.train.engine.playing import Act, Story
from commonground.train.engine.scenario import Part, ScenarioWrong


class Said(Part, frozen=True):
    """Words that went out at a minute; `to`: the reply or inject that they answer."""

    minute: float
    text: str
    language: str = FIRST
    to: str = ""
    by: str = ""
    approved_by: str = ""


class Did(Part, frozen=True):
    minute: float
    does: Literal["stop", "start", "disown", "explain", "withdraw"]
    by: str = ""


class Answers(Part, frozen=True):
    said: list[Said] = []
    did: list[Did] = []

    @property
    def words(self) -> list[Words]:
        """Named post-1, post-2, ... in the order of the file."""
        return [
            Words(f"post-{n}", s.minute, s.text, s.language, s.to, s.by, s.approved_by)
            for n, s in enumerate(self.said, 1)
        ]

    @property
    def acts(self) -> list[Act]:
        return [Act(f"act-{n}", d.minute, d.does, by=d.by) for n, d in enumerate(self.did, 1)]


def answers_from(text: bytes, plan: Plan) -> Answers:
    """Read a file of answers. Raises ScenarioWrong with the place that is wrong."""
    try:
        answers = msgspec.json.decode(text, type=Answers)
    except msgspec.DecodeError as error:
        raise ScenarioWrong(f"the answers: {error}") from error
    for minute in [*(one.minute for one in answers.said), *(one.minute for one in answers.did)]:
        if not 0 <= minute <= plan.minutes:
            raise ScenarioWrong(f"the answers: {minute} is no minute of this drill")
    return answers


def timeline(story: Story, language: str = FIRST) -> list[dict[str, Any]]:
    """All that happened, oldest first, each with the name by which evidence calls it."""
    return sorted(rows(story, language), key=lambda row: row["minute"])


def rows(story: Story, language: str) -> Iterator[dict[str, Any]]:
    plan = story.plan
    for name, minute in story.injects.items():
        one = plan.inject(name)
        text = one.says.get(language) or one.says[FIRST]
        yield row(minute, one.kind, name, text, one.by.handle)
    for taken in story.said:
        words = taken.words
        yield row(words.minute, "post", words.name, words.text, words.by) | {
            "to": words.beneath, "welcome": round(taken.welcome, 3), "crowd": round(taken.crowd, 3),
            "parts": {name: round(share, 3) for name, share in taken.parts.items()},
            "remarks": [remark.rule for remark in taken.advice.remarks],
        }  # fmt: skip
    for reply in story.replies:
        yield row(reply.minute, reply.mood, reply.name, reply.text, reply.author) | {
            "to": reply.beneath
        }
    for act in story.acts:
        yield row(act.minute, act.does, act.name, "", act.by)


def row(minute: float, kind: str, name: str, text: str, by: str) -> dict[str, Any]:
    return {"minute": round(minute, 1), "kind": kind, "name": name, "text": text, "by": by}


def model_answers(plan: Plan, language: str = FIRST) -> Sequence[Said]:
    """The model answer as if somebody had given it, a second person having read it."""
    return [
        Said(one.minute, one.says.get(language) or one.says[FIRST], language, by="the model",
             approved_by="another")
        for one in plan.model
    ]  # fmt: skip
