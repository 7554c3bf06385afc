"""What the demo does inside the desk: signs the channels in, and reports what came of it all.

    python -m tools.demo.desk channels '[{"network": "site"}, ...]'
    python -m tools.demo.desk report

Run as a process of its own, with the demo's settings in its environment.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterable
from typing import Any

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "commonground.settings")

import django

django.setup()

from commonground.agency.models import Agency, Member
from commonground.channels import actions
from commonground.channels.models import Channel
from commonground.record import actions as record
from commonground.record.models import Head
from commonground.say.models import Post
from commonground.spot.models import Moment


def sign_in_channels(logins: Iterable[dict[str, Any]]) -> dict[str, str]:
    """Give each network's first channel its login, and prove it. Channels without one stay new."""
    agency = Agency.objects.get(drill=False)
    admin = Member.objects.filter(agency=agency, role_rows__role="admin").earliest("name")
    became = {}
    for login in logins:
        channel = agency.channels.open().filter(network=login.pop("network")).first()
        if channel is None:
            continue
        if login:
            actions.sign_in(channel, by=admin, **login)
        actions.prove(channel)
        channel.refresh_from_db()
        became[channel.name] = channel.state
    return became


def report() -> dict[str, Any]:
    """Everything the summary tells, read from the desk's own tables."""
    agency = Agency.objects.get(drill=False)
    broken = record.verify()
    return {
        "agency": agency.name,
        "moments": [moment_told(m) for m in agency.moments.order_by("opened_at")],
        "posts": [post_told(p) for p in agency.posts.order_by("made_at")],
        "channels": {c.name: c.state for c in Channel.objects.filter(agency=agency)},
        "record_entries": Head.objects.get().count,
        "record_verified": broken is None,
    }


def moment_told(moment: Moment) -> dict[str, Any]:
    return {
        "id": str(moment.pk),
        "label": moment.label,
        "topic": moment.topic,
        "terms": moment.terms,
        "opened_at": moment.opened_at.isoformat(),
        "first_post_at": moment.first_post_at.isoformat(),
        "state": moment.state,
        "resources": [
            {"name": m.resource.name, "score": round(m.score, 3)}
            for m in moment.matches.select_related("resource")
        ],
    }


def post_told(post: Post) -> dict[str, Any]:
    return {
        "id": str(post.pk),
        "title": post.title,
        "moment": str(post.moment_id or ""),
        "state": post.state,
        "author": post.author.name,
        "approved_by": [r.by.name for r in post.reviews.filter(verdict="approve")],
        "resources": [r.name for r in post.resources.all()],
        "channels": [
            {
                "name": v.channel.name,
                "network": v.channel.network,
                "state": v.delivery.state,
                "seen_at": v.delivery.seen_at.isoformat() if v.delivery.seen_at else None,
                "url": v.delivery.url,
            }
            for v in post.variants.select_related("channel")
            if v.delivery
        ],
    }


if __name__ == "__main__":
    said = sign_in_channels(json.loads(sys.argv[2])) if sys.argv[1] == "channels" else report()
    sys.stdout.write(json.dumps(said) + "\n")
