"""What can be wished for of what comes again, and of what belongs together."""

from __future__ import annotations

from datetime import time, timedelta

from django.utils import timezone

from commonground.say import actions as say, queries, tasks
from commonground.say.models import Campaign
from commonground.say.queries.series import next_of
from tests.journeys import scene


def plan_a_series() -> str:
    """Wren's series: two drafts wait for a yes, one day is left out, and others are planned."""
    wren, today = scene.person("wren"), timezone.localdate()
    series = say.begin_series(
        {
            "title": "Ask an officer", "language": "en", "campaign": None, "repeats": "week",
            "text": "Every Friday at five an officer sits in the library on Pilot Street. Come by.",
            "channels": list(queries.spoken_by(wren)), "every": 1, "weekdays": [1, 4],
            "since": today, "until": today + timedelta(days=90), "at": time(16), "ahead": 7,
            "asks": True,
        },
        by=wren,
    )  # fmt: skip
    tasks.draft_ahead()
    left_out = next_of(series)[0]
    say.skip_occurrence(series, left_out.day, by=wren)
    return series.get_absolute_url()


def run_a_campaign() -> str:
    dov, today = scene.person("dov"), timezone.localdate()
    campaign = say.begin_campaign(
        {
            "name": "Winter driving", "goal": "Fewer crashes on the bridges than last winter.",
            "since": today, "until": today + timedelta(days=60), "owner": dov, "mark": "sun",
            "messages": ["Slow down on bridges: they freeze first.", "Clear every window."],
        },
        by=dov,
    )  # fmt: skip
    for post in campaign.agency.posts.exclude(state__in=["withdrawn", "failed"])[:6]:
        say.join_campaign(post, campaign, by=dov)
    return campaign.get_absolute_url()


def hold_a_campaign() -> str:
    where = run_a_campaign()
    say.hold_campaign(Campaign.objects.get(), reason="A funeral.", by=scene.person("dov"))
    return where
