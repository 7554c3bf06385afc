"""What can be wished for of what comes again, and of what belongs together."""

from __future__ import annotations

from datetime import time, timedelta

from django.conf import settings
from django.utils import timezone

from commonground.channels.models import Authorisation, Channel
from commonground.say import actions as say, queries, tasks
from commonground.say.models import Campaign, Echo, Post, Proposal
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


def offer_a_post() -> str:
    """What was seen is offered to Dov, who speaks for the harbour unit. Where he reads it."""
    dov, seen = scene.person("dov"), Post.objects.filter(state="published").latest("changed_at")
    harbour = Channel.objects.create(
        agency=dov.agency, network="rehearsal", name="Harbour unit", state="ready"
    )
    Authorisation.objects.create(channel=harbour, member=dov, decided_by=dov)
    say.offer_echo(seen, by=scene.person("ines"))
    return f"/say/echo/{Echo.objects.get(member=dov).pk}"


def pass_a_post_on() -> str:
    """Dov took the offer. Where the post stands that he passes on."""
    offer_a_post()
    echo = Echo.objects.get(member=scene.person("dov"))
    say.take_echo(echo, by=echo.member)
    return echo.call.post.get_absolute_url()


def forget_the_machine() -> None:
    settings.ENV = settings.ENV.model_copy(update={"drafting_url": "", "drafting_model": ""})


def ask_a_machine() -> str:
    """A proposal stands beside Dov's draft. Where he reads it."""
    machine = {"drafting_url": "http://127.0.0.1:9/v1/chat/completions", "drafting_model": "small"}
    settings.ENV = settings.ENV.model_copy(update=machine)
    dov = scene.person("dov")
    post = dov.posts.get(title="Road works on Pilot Street")
    Proposal.objects.create(
        post=post, by=dov, kind="plainer", before=post.text, model="small",
        text="We dig up Pilot Street from Monday. Take Tern Avenue. Call 555-0123.",
    )  # fmt: skip
    return f"/say/{post.pk}/help"
