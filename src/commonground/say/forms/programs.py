"""What a program sends as a draft, and what it is shown of a post."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Annotated
from uuid import UUID

from ninja import Schema
from pydantic import (
    AfterValidator,
    AwareDatetime,
    ConfigDict,
    Field,
    StrictBool,
    StrictInt,
    StringConstraints,
)

from commonground.channels.engine import one_line, writable
from commonground.kit.api.asking import Listed, one_of
from commonground.kit.forms import FIRST_YEAR, LAST_YEAR
from commonground.say.engine.threads import Parting
from commonground.say.engine.words import Words
from commonground.say.forms.languages import LANGUAGES
from commonground.say.states import State

MOST_CHANNELS = 300
MOST_MINUTES = 7 * 24 * 60
ALanguage = Annotated[str, one_of(code for code, _name in LANGUAGES)]
AParting = Annotated[str, one_of(Parting)]
AState = Annotated[str, one_of(State)]


def within_the_calendar(at: datetime) -> datetime:
    """The ends of the calendar break arithmetic, and a year with a wrong digit is a slip."""
    if not FIRST_YEAR < at.year < LAST_YEAR:
        raise ValueError("Check the year.")
    return at.astimezone(UTC)


def seen(text: str) -> str:
    """Without the signs that no feed could hold; and something must be left."""
    bare = writable(text).strip()
    if not one_line(bare):
        raise ValueError("It needs words.")
    return bare


ATitle = Annotated[str, StringConstraints(min_length=1, max_length=120), AfterValidator(seen)]
AText = Annotated[str, StringConstraints(min_length=1, max_length=20_000), AfterValidator(seen)]
ATime = Annotated[AwareDatetime, AfterValidator(within_the_calendar)]


class OnChannel(Schema):
    """One channel it is for; with a text of its own, where the shared one does not fit."""

    model_config = ConfigDict(extra="forbid")

    id: UUID
    text: AText | None = None


class Draft(Schema):
    """What we mean to say. A name that is not one of these is refused, for it may be a slip."""

    model_config = ConfigDict(extra="forbid")

    title: ATitle
    text: AText
    language: ALanguage
    channels: list[OnChannel] | None = Field(
        default=None, max_length=MOST_CHANNELS,
        description="Left out: every channel the member of this token may speak on.",
    )  # fmt: skip
    moment: UUID | None = Field(default=None, description="The moment it speaks of.")
    go_out_at: ATime | None = Field(
        default=None, description="Left out: as soon as it was approved."
    )
    urgent: StrictBool = False
    good_for: StrictInt | None = Field(
        default=None, ge=1, le=MOST_MINUTES, description="Minutes. Later it is not sent any more."
    )
    parting: AParting = Field(default="", description="What becomes of words that are too long.")

    def words(self, on: Sequence[UUID]) -> Words:
        chosen = self.channels or []
        return Words(
            title=self.title, text=self.text, language=self.language, channels=frozenset(on),
            detached={one.id: one.text for one in chosen if one.text is not None},
            go_out_at=self.go_out_at, urgent=self.urgent, good_for=self.good_for,
            parting=self.parting, alert_asked=False,
        )  # fmt: skip


class DeliveryShown(Schema):
    """One part of a text on its way to one channel, and what is known of it."""

    id: UUID
    post: UUID
    channel: UUID
    part: int
    state: str = Field(description="`sent` means: read back from the network. `unsure`: looking.")
    due_at: datetime
    tried_at: datetime | None
    seen_at: datetime | None
    withdrawn_at: datetime | None
    url: str
    why: str
    needs_a_person: bool


class VariantShown(Schema):
    """What one channel shows, or will."""

    channel: UUID
    name: str
    network: str
    title: str
    text: str
    own_words: bool
    parts: list[str]
    stands: str = Field(description="How it stands, in words, as the desk says it to people.")
    deliveries: list[DeliveryShown]


class PostLine(Schema):
    """A post in a list."""

    id: UUID
    state: str
    stands: str
    title: str
    language: str
    author: str
    urgent: bool
    go_out_at: datetime | None
    made_at: datetime
    changed_at: datetime
    page: str


class PostShown(PostLine):
    text: str
    good_for: int | None
    parting: str
    moment: UUID | None
    corrects: UUID | None
    reason: str
    held_because: str
    approved_at: datetime | None
    variants: list[VariantShown]


class Posts(Listed):
    items: list[PostLine]
