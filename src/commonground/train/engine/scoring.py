"""What a drill came to: line by line, each with what shows it. No sum, and nobody's rank.

Every line is a share from 0 to 1 of what it asks for, or nothing where the drill does not ask for
it. `evidence` are names: of posts, replies, injects and acts as the story calls them.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from commonground.train.engine.moods import ENOUGH, Taken, soon
from commonground.train.engine.plan import Inject
from commonground.train.engine.playing import Does, Story

KEEP = 0.75  # a line from here on is one to keep
# As receptive as the middle of the rated texts, with nothing to remark: no more is asked.
GOOD_TONE = 0.5
MOST = 3  # to keep, and to change: more is not remembered


@dataclass(frozen=True, slots=True)
class Line:
    """`share` of what was asked for; `figures` for the sentence that tells it."""

    name: str
    share: float
    evidence: tuple[str, ...] = ()
    figures: dict[str, Any] = field(default_factory=dict)

    @property
    def is_kept(self) -> bool:
        return self.share >= KEEP

    def as_dict(self) -> dict[str, Any]:
        return {
            "line": self.name, "share": round(self.share, 3), "figures": self.figures,
            "evidence": list(self.evidence),
        }  # fmt: skip


def score(story: Story) -> list[Line]:
    """Every line this drill asks for, in the order in which things are learned."""
    return [line for ask in LINES if (line := ask(story))]


def keep_and_change(lines: Sequence[Line]) -> tuple[list[Line], list[Line]]:
    """The three best of those to keep, and the three worst of the others."""
    best = sorted((one for one in lines if one.is_kept), key=lambda one: -one.share)
    worst = sorted((one for one in lines if not one.is_kept), key=lambda one: one.share)
    return best[:MOST], worst[:MOST]


def first_words(story: Story) -> Line:
    target = story.plan.targets.first_words
    if not story.useful:
        figures = {"target": target, "minutes": None}
        silent = tuple(r.name for r in story.replies if r.mood == "silence")
        return Line("first_words", 0.0, silent, figures)
    first = story.useful[0].words
    late = first.minute - story.plan.onset
    return Line(
        "first_words", soon(late, target), (first.name,), {"target": target, "minutes": round(late)}
    )


def resources(story: Story) -> Line | None:
    fitting = min(ENOUGH, len(story.plan.resources))
    if not fitting:
        return None
    gives = [taken for taken in story.said if taken.helps]
    given = {name for taken in gives for name in taken.helps}
    figures = {"given": len(given), "fitting": len(story.plan.resources), "enough": fitting}
    return Line("resources", min(1.0, len(given) / fitting), names(gives), figures)


def facts(story: Story) -> Line:
    """What could be said was said, each after it was known."""
    due = {f.name: f.from_minute for f in story.plan.facts if f.known}
    told = [
        taken for taken in story.said
        if any(due.get(name, story.plan.minutes) <= taken.words.minute for name in taken.facts)
    ]  # fmt: skip
    said = {
        name for taken in told for name in taken.facts
        if name in due and due[name] <= taken.words.minute
    }  # fmt: skip
    return Line("facts", len(said) / len(due), names(told), {"said": len(said), "of": len(due)})


def unknown(story: Story) -> Line | None:
    open_ones = {fact.name for fact in story.plan.facts if not fact.known}
    if not open_ones:
        return None
    told = [taken for taken in story.said if open_ones & set(taken.facts)]
    return Line("unknown", 1.0 if told else 0.0, names(told[:1]), {"said": bool(told)})


def rumours(story: Story) -> Line | None:
    told = [one for one in story.plan.rumours if one.name in story.injects]
    if not told:
        return None
    target = story.plan.targets.correction
    shares, evidence, minutes = [], [], []
    for rumour in told:
        began = story.injects[rumour.name]
        right = [t for t in story.said if rumour.name in t.corrects and t.words.minute >= began]
        evidence += [rumour.name, *names(right[:1])]
        minutes += [round(taken.words.minute - began) for taken in right[:1]]
        shares.append(soon(minutes[-1], target) if right else 0.0)
    figures = {"target": target, "corrected": len(minutes), "of": len(told),
               "minutes": max(minutes, default=None)}  # fmt: skip
    return Line("rumours", sum(shares) / len(shares), tuple(evidence), figures)


def approvals(story: Story) -> Line | None:
    """What went out was read by a second person: not by its author, and by somebody."""
    if not story.said:
        return None
    alone = [t for t in story.said if t.words.approved_by in ("", t.words.by)]
    share = 1 - len(alone) / len(story.said)
    figures = {"alone": len(alone), "of": len(story.said)}
    return Line("approvals", share, names(alone or story.said), figures)


def tone(story: Story) -> Line | None:
    """The coach's view, and the remarks that were left standing when it went out."""
    if not story.said:
        return None
    left = [taken for taken in story.said if taken.advice.remarks]
    tones = [taken.parts["tone"] for taken in story.said]
    remarks = sum(len(taken.advice.remarks) for taken in left)
    stops = [taken for taken in story.said if taken.advice.stops]
    figures = {"remarks": remarks, "stops": len(stops), "posts": len(story.said)}
    share = 0.0 if stops else min(1.0, sum(tones) / len(tones) / GOOD_TONE)
    return Line("tone", share, names(stops or left or story.said), figures)


def questions(story: Story) -> Line | None:
    """Who asked something: people beneath our posts, and callers."""
    asked = {r.name: r.minute for r in story.replies if r.asks}
    asked |= {n: at for n, at in story.injects.items() if story.plan.inject(n).asks}
    if not asked:
        return None
    answered = story.answered
    kept = [name for name in asked if name in answered]
    late = story.plan.targets.answer
    in_time = [n for n in kept if answered[n].words.minute - asked[n] <= late]
    left = [name for name in asked if name not in answered]
    figures = {"answered": len(kept), "in_time": len(in_time), "of": len(asked)}
    return Line("questions", len(kept) / len(asked), tuple(left or kept), figures)


def takeover(story: Story) -> Line | None:
    """A post that was not ours: found, and said to be not ours."""
    return within("takeover", story, "disown")


def stopped(story: Story) -> Line | None:
    """Everything was stopped while somebody else could speak in our name."""
    return within("stopped", story, "stop")


def within(name: str, story: Story, does: Does) -> Line | None:
    happened = [one for one in story.plan.takeovers if one.name in story.injects]
    if not happened:
        return None
    since = min(story.injects[one.name] for one in happened)
    done = [a for a in story.acts if a.does == does and a.minute >= since]
    target = story.plan.targets.takeover
    figures: dict[str, Any] = {"target": target, "minutes": None}
    if not done:
        return Line(name, 0.0, only(happened), figures)
    late = done[0].minute - since
    evidence = (*only(happened), done[0].name)
    return Line(name, soon(late, target), evidence, {**figures, "minutes": round(late)})


def needless_stop(story: Story) -> Line | None:
    """Everything was stopped though nobody spoke in our name: then people hear nothing."""
    since = [story.injects[one.name] for one in story.plan.takeovers if one.name in story.injects]
    early = [
        a for a in story.acts if a.does == "stop" and a.minute < min(since, default=float("inf"))
    ]
    return Line("needless_stop", 0.0, tuple(a.name for a in early)) if early else None


def crowd(story: Story) -> Line | None:
    """How the crowd took it: the middle of what was said to everybody."""
    heard = [taken for taken in story.said if not taken.words.beneath]
    if not heard:
        return None
    tones = [taken.crowd for taken in heard]
    mean = sum(tones) / len(tones)
    return Line("crowd", (mean + 1) / 2, names(heard), {"crowd": round(mean, 2)})


def names(said: Sequence[Taken]) -> tuple[str, ...]:
    return tuple(taken.words.name for taken in said)


def only(injects: Sequence[Inject]) -> tuple[str, ...]:
    return tuple(one.name for one in injects)


LINES: tuple[Callable[[Story], Line | None], ...] = (
    first_words, resources, facts, unknown, rumours, approvals, tone, questions, takeover, stopped,
    needless_stop, crowd,
)  # fmt: skip
