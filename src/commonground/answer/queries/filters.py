"""What a word list in a network's settings would have hidden, among what people wrote to us.

A filter hides by words, and words do not know who is criticised and who is threatened. Counted is
what reached us: what a network hid before nobody here can count.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from commonground.answer.engine.finding import words_in
from commonground.answer.models import Filter, Message
from commonground.answer.models.conversations import KEPT
from commonground.answer.queries import containing
from commonground.answer.queries.measures import hidden_by
from commonground.kit.clock import database_now

MOST = 200  # conversations a phrase is looked for in
BETWEEN = re.compile(r"[,;\n]")


@dataclass(slots=True)
class Caught:
    """One word or phrase of a filter, and the messages that hold it."""

    phrase: str
    messages: list[Message] = field(default_factory=list)
    broke: set[str] = field(default_factory=set)  # marks of those that two people found to

    @property
    def rightly(self) -> int:
        return len(self.broke)

    @property
    def wrongly(self) -> int:
        """Nobody found anything against these: criticism, a question, a name."""
        return len(self.messages) - len(self.broke)


@dataclass(frozen=True, slots=True)
class Audit:
    """What one filter would have hidden."""

    filter: Filter
    caught: list[Caught]

    @property
    def all(self) -> int:
        return len({m.mark for one in self.caught for m in one.messages})

    @property
    def wrongly(self) -> int:
        """Each message once, whatever many of its words are on the list."""
        broke = {mark for one in self.caught for mark in one.broke}
        return len({m.mark for one in self.caught for m in one.messages} - broke)


def audit_of(noted: Filter) -> Audit:
    """Whole words, as most filters take them; a phrase where all of its words are there."""
    phrases = [" ".join(part.split()) for part in BETWEEN.split(noted.words)]
    return Audit(noted, [caught_by(phrase, noted) for phrase in phrases if words_in(phrase)])


def caught_by(phrase: str, noted: Filter) -> Caught:
    channel, wanted = noted.channel, set(words_in(phrase))
    theirs = channel.conversations.filter(emptied_at=None, last_at__gte=database_now() - KEPT)
    found = containing(theirs, channel.agency, phrase).order_by("-last_at")[:MOST]
    rows = Message.objects.filter(conversation__in=list(found), gone_at=None)
    messages = [
        one for one in rows.select_related("conversation__channel")
        if wanted <= set(words_in(str(one.said.get("text", ""))))
    ]  # fmt: skip
    broke = set(hidden_by(one.mark for one in messages))
    return Caught(phrase, messages, broke)
