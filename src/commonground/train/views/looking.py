"""A drill's time line as a page shows it: what happened, and what the model would have said."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.urls import reverse

from commonground.answer.models import Message
from commonground.answer.models.conversations import mark_of
from commonground.train import queries
from commonground.train.engine.plan import Inject, Model
from commonground.train.models import Drill, Happening, What
from commonground.train.models.drills import MOODS


@dataclass(frozen=True, slots=True)
class Moment:
    """One row: a happening, or, on the debrief, a part of the model answer."""

    minute: float
    row: Happening | None = None
    inject: Inject | None = None
    model: Model | None = None
    url: str = ""  # where on the desk it stands


def happened(drill: Drill) -> list[Moment]:
    rows = list(queries.time_line(drill))
    written = {one.name: one for one in drill.plan.injects}
    threads = conversations_of(drill, rows)
    return [
        Moment(row.minute, row, inject=written.get(row.name), url=place_of(row, threads))
        for row in rows
    ]


def against_the_model(drill: Drill) -> list[Moment]:
    """Both on one line, in the order of time."""
    model = [Moment(one.minute, model=one) for one in drill.plan.model]
    return sorted([*happened(drill), *model], key=lambda moment: moment.minute)


def place_of(row: Happening, threads: dict[str, Any]) -> str:
    if row.post:
        return row.post.get_absolute_url()
    if thread := threads.get(row.key):
        return reverse("answer:conversation", args=[thread])
    return reverse("record:record") if row.entry else ""


def conversations_of(drill: Drill, rows: list[Happening]) -> dict[str, Any]:
    """Where each thing that was said to us is answered, by its key; asked once for all."""
    said = [row.key for row in rows if row.key and row.what in (What.INJECT, *MOODS)]
    marks = {mark_of(drill.channel_id, key): key for key in said}
    there = Message.objects.filter(mark__in=marks).values_list("mark", "conversation")
    return {marks[mark]: thread for mark, thread in there}
