"""Plays a drill: what happened, what was said, and how the crowd took it, in the order of time."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Literal

from commonground.train.engine.moods import (
    Reply,
    Taken,
    Words,
    replies_to,
    silence,
    standing_at,
    take,
)
from commonground.train.engine.plan import Crowd, Inject, Plan

type Does = Literal["stop", "start", "disown", "explain", "withdraw"]


@dataclass(frozen=True, slots=True)
class Act:
    """Something somebody did at the desk that is not words. `about`: the name of what it was."""

    name: str
    minute: float
    does: Does
    about: str = ""
    by: str = ""


@dataclass(frozen=True, slots=True)
class Story:
    """A drill up to a minute. `injects`: when each happened that did; the rest oldest first."""

    plan: Plan
    minute: float
    injects: Mapping[str, float]
    said: Sequence[Taken]
    replies: Sequence[Reply]
    acts: Sequence[Act] = ()

    @property
    def answered(self) -> dict[str, Taken]:
        """The first answer to each reply or inject, by the name of what it answers."""
        found: dict[str, Taken] = {}
        for taken in self.said:
            if taken.words.beneath:
                found.setdefault(taken.words.beneath, taken)
        return found

    @property
    def useful(self) -> list[Taken]:
        """Posts to everybody that told people something once there was something to tell."""
        since = self.plan.onset
        rows = [taken for taken in self.said if taken.is_useful and not taken.words.beneath]
        return [taken for taken in rows if taken.words.minute >= since]


@dataclass
class Playing:
    """A drill as it goes on: each call tells it one thing more, in the order of time.

    Two that were told the same are the same.
    """

    plan: Plan
    crowd: Mapping[str, Crowd]
    seed: int
    injects: dict[str, float] = field(default_factory=dict)
    said: list[Taken] = field(default_factory=list)
    acts: list[Act] = field(default_factory=list)
    replies: list[Reply] = field(default_factory=list)

    def happens(self, name: str, minute: float) -> None:
        self.injects[name] = minute

    def say(self, words: Words) -> Taken:
        """Somebody of the desk said something: how it is taken, and what is answered."""
        number = len(self.said)
        taken = take(
            words, self.plan, seed=self.seed, number=number,
            standing=self.standing(words.minute), due=self.due(words),
        )  # fmt: skip
        self.said.append(taken)
        replies = replies_to(taken, self.plan, self.crowd, seed=self.seed, number=number)
        asked = self.authors.get(words.beneath)
        self.replies += [replace(r, author=asked) if asked else r for r in replies]
        return taken

    @property
    def authors(self) -> dict[str, str]:
        """Who wrote what one can answer, by its name."""
        told = {one.name: one.by.handle for one in self.plan.injects if one.name in self.injects}
        return told | {reply.name: reply.author for reply in self.replies}

    def standing(self, minute: float) -> list[str]:
        """Rumours that were told and that nobody put right yet."""
        right = {name for taken in self.said for name in taken.corrects}
        told = standing_at(minute, self.injects, self.plan)
        return [one.name for one in told if one.name not in right]

    def due(self, words: Words) -> float:
        """When it should have been said: with what it answers, else with what last happened."""
        asked = {reply.name: reply.minute for reply in self.replies} | self.injects
        if words.beneath in asked:
            return asked[words.beneath]
        before = [m for m in self.injects.values() if m <= words.minute]
        return max([self.plan.onset, *before])

    def story(self, minute: float) -> Story:
        told = sorted((r for r in self.replies if r.minute <= minute), key=lambda r: r.minute)
        return Story(self.plan, minute, dict(self.injects), list(self.said), told, list(self.acts))


def is_held_back(plan: Plan, name: str, said: Sequence[Taken]) -> bool:
    """An inject that people spared themselves: it only happens where nothing useful was said."""
    return plan.inject(name).unless_said and any(taken.is_useful for taken in said)


def play(
    plan: Plan, crowd: Mapping[str, Crowd], *, seed: int, words: Sequence[Words],
    acts: Sequence[Act] = (),
) -> Story:  # fmt: skip
    """A whole drill at once, from what was said and done in it. Pure: the same for the same.

    Times are minutes of the drill; whatever lies outside of it is left out.
    """
    playing = Playing(plan, crowd, seed)
    waiting = sorted(plan.injects, key=lambda one: one.minute)
    for one in sorted((w for w in words if 0 <= w.minute <= plan.minutes), key=lambda w: w.minute):
        waiting = let_happen(playing, waiting, one.minute)
        playing.say(one)
    let_happen(playing, waiting, plan.minutes)
    useful = [taken.words.minute for taken in playing.said if taken.is_useful]
    first = min(useful, default=plan.minutes)
    playing.replies += [one for one in silence(plan, crowd, seed=seed) if one.minute < first]
    playing.acts += [act for act in acts if 0 <= act.minute <= plan.minutes]
    return playing.story(plan.minutes)


def let_happen(playing: Playing, waiting: list[Inject], until: float) -> list[Inject]:
    """Everything that is due by then; what is left."""
    left = []
    for inject in waiting:
        if inject.minute > until:
            left.append(inject)
        elif not is_held_back(playing.plan, inject.name, playing.said):
            playing.happens(inject.name, inject.minute)
    return left
