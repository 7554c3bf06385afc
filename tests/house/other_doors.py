"""Behind the doors of other rooms that need more than the address says."""

from __future__ import annotations

from commonground.channels.models import Authorisation
from tests import given
from tests.house.say_doors import Behind, Desk


def a_voice(desk: Desk) -> Behind:
    channel = given.a_channel(agency=desk.agency, authorised=[desk.author])
    mine = Authorisation.objects.get(channel=channel)
    return Behind({"channel_id": channel.pk, "number": mine.pk})


def an_account(desk: Desk) -> Behind:
    """On a network that is not our own: there somebody else keeps it."""
    channel = given.a_channel(agency=desk.agency, network="mastodon")
    return Behind({"channel_id": channel.pk})


def two_moments(desk: Desk) -> Behind:
    one, into = given.a_moment(agency=desk.agency), given.a_moment(agency=desk.agency)
    return Behind({"moment_id": one.pk}, lambda: {"into": f"{into.pk}"})


BEHIND = {
    "channels:end_authorisation": a_voice,
    "channels:reconfirm": a_voice,
    "protect:check_account": an_account,
    "spot:merge": two_moments,
}
