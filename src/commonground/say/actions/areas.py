"""What the agency knows of its areas: it fills blanks, and says which channel speaks for which."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from django.db import transaction
from django.utils.translation import gettext as _

from commonground.agency.models import Agency, Member
from commonground.channels.models import Channel
from commonground.record.actions import witness
from commonground.say import rules
from commonground.say.models import Area, Voice


def everywhere_of(agency: Agency) -> Area:
    """What fills blanks where no area is meant. It is always there."""
    with transaction.atomic():
        found, _new = Area.objects.get_or_create(
            agency=agency, everywhere=True, defaults={"name": _("Everywhere else")}
        )
    return found


@transaction.atomic
def add_area(
    *, name: str, facts: Sequence[Sequence[str]], channels: Iterable[Channel] = (), by: Member
) -> Area:
    """One more area to write for. Drafts take its words when they are saved next."""
    rules.may_keep_areas(by.agency, by)
    area = Area.objects.create(agency=by.agency, name=name, facts=list(facts))
    speak_for(area, channels)
    witness("add_area", area, by=by, facts=list(facts))
    return area


@transaction.atomic
def change_area(
    area: Area, *, name: str, facts: Sequence[Sequence[str]], channels: Iterable[Channel] = (),
    by: Member,
) -> Area:  # fmt: skip
    """Other words for its blanks, other channels. What was approved goes out as it was."""
    rules.may_keep_areas(area.agency, by)
    area.name, area.facts = name, list(facts)
    area.save()
    if not area.everywhere:
        speak_for(area, channels)
    witness("change_area", area, by=by, facts=list(facts))
    return area


@transaction.atomic
def remove_area(area: Area, *, by: Member) -> None:
    """It is written for no more. One that posts were written for stays."""
    rules.may_keep_areas(area.agency, by)
    rules.must_be_unused(area)
    witness("remove_area", area, by=by)
    area.delete()


def speak_for(area: Area, channels: Iterable[Channel]) -> None:
    kept = list(channels)
    area.voices.exclude(channel__in=kept).delete()
    for channel in kept:
        Voice.objects.update_or_create(channel=channel, defaults={"area": area})
