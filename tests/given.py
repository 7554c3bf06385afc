"""Builders that read as sentences: given.a_post(), given.a_member(roles=["approver"])."""

from datetime import timedelta
from itertools import count
from typing import Any

from django.utils import timezone

from commonground.agency.models import Agency, Certificate, Member, MemberRole
from commonground.channels.models import Authorisation, Channel
from commonground.connect import actions as connect
from commonground.connect.models import Token
from commonground.connect.states import within_reach
from commonground.say.actions import approve, submit
from commonground.say.models import Post, Variant
from commonground.spot.models import Moment, Resource

number = count(1)


def an_agency(**but: Any) -> Agency:
    n = next(number)
    return Agency.objects.create(
        **{"name": f"Riverside {n}", "slug": f"riverside-{n}", "languages": ["en", "fr"], **but}
    )


def a_member(*, roles=("author",), certified=True, **but: Any) -> Member:
    """Someone on the desk: certified, unless the test says otherwise."""
    n = next(number)
    but["agency"] = but.get("agency") or an_agency()
    member = Member.objects.create_user(
        **{"email": f"officer{n}@riverside.example", "name": f"Officer {n}", **but}
    )
    MemberRole.objects.bulk_create([MemberRole(member=member, role=r) for r in roles])
    if certified:
        a_certificate(member)
    return member


def a_certificate(member: Member, **but: Any) -> Certificate:
    now = timezone.now()
    return Certificate.objects.create(
        **{
            "member": member,
            "course": "Speaking for the service",
            "awarded_at": now - timedelta(days=1),
            "expires_at": now + timedelta(days=364),
            **but,
        }
    )


def a_channel(*, state="ready", authorised=(), **but: Any) -> Channel:
    n = next(number)
    but["agency"] = but.get("agency") or an_agency()
    channel = Channel.objects.create(
        **{"network": "rehearsal", "name": f"Channel {n}", "state": state, **but}
    )
    for member in authorised:
        Authorisation.objects.create(channel=channel, member=member, decided_by=member)
    return channel


def a_post(*, channels=None, text="The bridge is closed.", by=None, **but: Any) -> Post:
    """A draft whose author may speak on its channels: one rehearsal, unless the test says."""
    author = by or a_member(agency=but.pop("agency", None))
    post = Post.objects.create(
        **{"agency": author.agency, "author": author, "title": text[:40], "text": text, **but}
    )
    for channel in channels or [a_channel(agency=author.agency, authorised=[author])]:
        Variant.objects.create(post=post, channel=channel, title=post.title, text=text)
    return post


def an_approver(post: Post, **but: Any) -> Member:
    return a_member(agency=post.agency, roles=["approver"], **but)


def a_post_in_review(**but: Any) -> Post:
    post = a_post(**but)
    return submit(post, by=post.author)


def an_approved_post(**but: Any) -> Post:
    post = a_post_in_review(**but)
    return approve(post, read=post.digest, by=an_approver(post))


def a_moment(**but: Any) -> Moment:
    now = timezone.now()
    but["agency"] = but.get("agency") or an_agency()
    return Moment.objects.create(
        **{
            "label": f"Talk of the bridge {next(number)}", "terms": ["bridge"], "count": 40,
            "usual": 3.0, "surprise": 12.0, "scale_minutes": 60, "authors": 38,
            "languages": {"en": 40}, "first_post_at": now - timedelta(minutes=20),
            "opened_at": now - timedelta(minutes=10), "last_post_at": now,
            "closes_at": now + timedelta(hours=71), **but,
        }
    )  # fmt: skip


def a_resource(**but: Any) -> Resource:
    but["agency"] = but.get("agency") or an_agency()
    return Resource.objects.create(
        **{"name": f"Helpline {next(number)}", "about": "Somebody to talk to.", **but}
    )


def a_key(
    *scopes: str, by: Member | None = None, days: float = 30, **but: Any
) -> tuple[Token, str]:
    """A program's key: the token, and what the program sends. Everything its member may, unless
    the test says."""
    member = by or a_member(**but)
    allowed = scopes or [scope.value for scope in within_reach(member.roles)]
    until = timezone.now() + timedelta(days=days)
    name = f"Bridge {next(number)}"
    return connect.make_token(member, name=name, scopes=allowed, expires_at=until, by=member)
