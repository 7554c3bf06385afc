"""What each channel of a post shows, from its versions and what the agency knows of its areas."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Self
from uuid import UUID

from commonground.channels.contract.rendering import Rendering
from commonground.channels.models import Channel
from commonground.say.engine.versions import Known, Place, Version, shown_on, unshown
from commonground.say.models.areas import Area, known_of
from commonground.say.models.posts import Post
from commonground.say.models.versions import main_of, shown_by


@dataclass(frozen=True, slots=True)
class Layout:
    """The versions of a post, ready to be laid out on any channel."""

    versions: Sequence[Version]  # the main words first
    known: Known
    areas: dict[UUID, Area]  # by the channel that speaks for it

    @classmethod
    def of(cls, post: Post, main: Version | None = None) -> Self:
        """`main`: words of which the post knows nothing yet."""
        rows = list(post.versions.all())
        shown = [key for key, _ in shown_by(post)] if rows else []
        areas = list(post.agency.areas.prefetch_related("voices"))
        by_channel = {voice.channel_id: area for area in areas for voice in area.voices.all()}
        versions = [main or main_of(post), *(row.as_version(shown) for row in rows)]
        return cls(versions, known_of(areas), by_channel)

    def place(self, channel: Channel, choice: str) -> Place:
        area = self.areas.get(channel.pk)
        return Place(channel.language, str(area.pk) if area else "", channel.kind.languages, choice)

    def on(self, channel: Channel, choice: str) -> list[Rendering]:
        """What it shows, in each of its languages; the first first."""
        return shown_on(self.place(channel, choice), self.versions, self.known)

    def area_on(self, channel: Channel) -> str:
        """The name of the area whose words or facts it shows."""
        area = self.areas.get(channel.pk)
        return area.name if area else ""

    def unshown(self, channels: Iterable[tuple[Channel, str]]) -> list[Version]:
        """Versions that nobody would read."""
        return unshown(self.versions, [self.place(*one) for one in channels])
