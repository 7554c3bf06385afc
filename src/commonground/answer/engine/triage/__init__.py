"""What a message might be, with the words that say so. It proposes; a person decides.

    >>> triage("Someone is breaking into my neighbour's house right now")[0].kind
    'emergency'

A message may be several things at once, or nothing that anybody must take in hand. How often
this is right and wrong is measured on messages written by others than those it learned from:
docs/explanation/triage.md.
"""

from __future__ import annotations

from commonground.answer.engine.triage.kinds import KINDS, URGENT, Kind
from commonground.answer.engine.triage.model import Model, Proposal
from commonground.answer.engine.triage.reading import Message

__all__ = ["KINDS", "URGENT", "Kind", "Message", "Model", "Proposal", "triage"]


def triage(text: str, language: str | None = None) -> list[Proposal]:
    """What `text` might be, urgent kinds first, then the surest. Language `en` or `fr`; found
    out if not given."""
    return Model.shipped().proposals(Message(text, language))
