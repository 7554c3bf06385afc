"""Which acts stand in the log in clear, and which facts of theirs anybody may read.

The rule: what the public could see anyway, or has a right to count. All else a desk does, when
it became aware of something, whom it asked, what it sent back, is `inner`: the log commits to it
and says nothing of it until somebody with a right to it is shown.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

# Type of act -> the facts of it that the archive shows. None of them can hold a resident's words
# that were not made public, or the name of anybody on the desk.
# Of a measure against what somebody wrote: which rule of which version, and until when.
TOLD = tuple(f"detail.{name}" for name in ("reference", "kind", "rule", "version", "until"))
OPEN: Mapping[str, tuple[str, ...]] = {
    "post.break_glass": (),  # counted when it happens; what it said follows when it is out
    "post.finish": ("title",),
    "post.withdraw": ("title", "detail.reason"),  # what we take back stays visible, with the why
    "delivery.see": ("title",),
    "delivery.note_withdrawn": ("title",),
    "question.open": ("title",),
    "question.end": ("title",),
    "question.publish": ("title",),
    "question.seal": ("title", "detail.root", "detail.ballots"),
    "question.forget_key": ("title",),
    **{f"pulse.{verb}": ("title",) for verb in ("open", "close", "end", "forget_answers")},
    "experiment.preregister": ("detail.plan", "detail.commitment"),
    **{
        f"experiment.{verb}": ("title", "detail.plan", "detail.reason", "detail.result")
        for verb in ("conclude", "call_off")
    },
    "pulse.count": ("title", "detail.sha256", "detail.invited"),
    "statement.accept": (),  # it may be refused later, and its words are public only until then
    "statement.refuse": ("detail.reason",),  # which rule; the words were refused, and stay so
    "statement.reopen": (),
    **{f"measure.{verb}": TOLD for verb in ("allow", "end", "expire", "restore")},
    **{f"appeal.{verb}": TOLD for verb in ("appeal", "grant", "uphold")},
    "commentpolicy.publish": ("detail.version",),
    "deed.announce": ("title",),
    "deed.retract": ("title", "detail.reason"),
    "chathour.convene": ("title", "detail.address"),
    "chathour.call_off": ("title", "detail.reason"),
    # The digest of what became of each question; not a word of whoever asked.
    "chathour.wind_up": ("title", "detail.digest", "detail.asked", "detail.answered"),
    "filter.note_filter": ("detail.strength",),
    "record.erase": ("detail.basis",),
    "record.dispose": ("detail.basis",),
    "record.reconcile": ("detail.reason", "detail.lost_checkpoint"),
    "legalhold.agree_to_keep": (),
    "legalhold.agree_to_let_go": (),
}
# Decisions about what residents wrote: the moderation log.
MODERATION = (
    "statement.accept", "statement.refuse", "statement.reopen",
    *(kind for kind in OPEN if kind.startswith(("measure.", "appeal."))),
    "commentpolicy.publish", "filter.note_filter",
)  # fmt: skip
STEP = timedelta(minutes=5)  # how often checkpoints show that something was written


def in_clear(kind: str, verb: str) -> bool:
    return f"{kind}.{verb}" in OPEN


def public_time(at: datetime, *, is_open: bool) -> str:
    """To the second for what is public; for the rest no finer than checkpoints tell anyway, or
    the log would be a time sheet of two people in a small office."""
    at = at.astimezone(UTC).replace(tzinfo=None)
    if is_open:
        return at.isoformat(timespec="seconds") + "Z"
    at -= timedelta(minutes=at.minute % (STEP.seconds // 60))
    return at.isoformat(timespec="minutes") + "Z"
