"""What is really happening while people practise: for them no drill is worth missing it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils import timezone

from commonground.agency.models import Agency
from commonground.protect.models import Alarm
from commonground.spot.models import Moment
from commonground.train.models import FirstRun

LIVE = timedelta(hours=1)  # what is older they were called for, or find on their own desk
DRILLS = "-drill"  # how the desk for drills is called that was founded beside a real one


@dataclass(frozen=True, slots=True)
class Real:
    """`key` names it for as long as it stands, so that it interrupts somebody once."""

    key: str
    at: datetime
    agency: str
    title: str
    is_alarm: bool


def real_now(drill: Agency, run: FirstRun | None, seen: Sequence[str] = ()) -> list[Real]:
    """What their own desk would call them for since their drill began, the newest first; but
    what they have seen."""
    ours = real_agency(drill, run)
    if ours is None:
        return []
    last, since = drill.drills.order_by("-begun_at").first(), timezone.now() - LIVE
    since = max(since, last.begun_at) if last else since
    moments = Moment.objects.open().filter(agency=ours, opened_at__gte=since, first_word_at=None)
    alarms = Alarm.objects.open().filter(agency=ours, raised_at__gte=since)
    found = [Real(f"m{m.pk}", m.opened_at, ours.name, m.label, False) for m in moments]
    found += [
        Real(f"a{a.pk}", a.raised_at, ours.name, a.channel.name, True)
        for a in alarms.select_related("channel")
    ]
    return sorted((r for r in found if r.key not in seen), key=lambda r: r.at, reverse=True)


def real_agency(drill: Agency, run: FirstRun | None) -> Agency | None:
    """Whose people practise here. Where nobody can tell, nobody hears of another agency's trouble:
    a drill of several people has accounts of its own."""
    if run is not None:
        return run.member.agency
    real = Agency.objects.filter(drill=False)
    beside = real.filter(slug=drill.slug.removesuffix(DRILLS)).first()
    if beside is not None:
        return beside
    alone = list(real[:2])
    return alone[0] if len(alone) == 1 else None
