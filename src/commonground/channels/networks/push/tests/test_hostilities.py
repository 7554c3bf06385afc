"""No push service, however wrong, has us send a notice twice or believe what did not happen."""

import pytest

from commonground.channels.networks.push import line
from commonground.channels.networks.push.models import Handover, Subscription
from commonground.channels.networks.push.sending import send_some
from commonground.channels.networks.push.tests.world import a_device, a_notice, fates, rounds
from commonground.channels.tests.hostile import (
    NEVER,
    NO_ANSWER,
    NOT_NOW,
    SLOW,
    STRANGER,
    Hostile,
    answer,
)
from commonground.kit.wire import trusted

pytestmark = pytest.mark.django_db
LATER = "is not available"  # of these, the one that says when to come again
TOLD = {how for how in NO_ANSWER if how.startswith("sends ") or how == "nests too deep"} - {
    "sends less than it said"
}  # a success, whatever stands in its body: nobody reads it
BROKEN = {how: told for how, told in NO_ANSWER.items() if how not in TOLD | {LATER, "breaks"}}


@pytest.fixture(autouse=True)
def certificates_are_read():
    trusted()


def met(channel, behaviour, *minutes):
    with Hostile(behaviour) as server:
        a_device(channel, url=f"{server.url}/device")
        notice = a_notice(channel)
        rounds(*minutes)
        return notice, server


@pytest.mark.parametrize("how", sorted(BROKEN))
def test_what_nobody_can_understand_is_uncertain_and_not_sent_again(channel, how):
    notice, server = met(channel, BROKEN[how], 0, 2, 70, 200)

    assert fates(notice) in ({"uncertain": 1}, {"taken": 1})
    assert len(server.asked) == 1
    assert Handover.objects.get().why.isprintable()
    assert Subscription.objects.exists()


@pytest.mark.parametrize("how", sorted(TOLD))
def test_a_success_is_one_whatever_else_it_says(channel, how):
    notice, server = met(channel, NO_ANSWER[how], 0, 2)

    assert fates(notice) == {"taken": 1}
    assert len(server.asked) == 1


@pytest.mark.parametrize("how", SLOW)
def test_a_service_that_drips_is_not_waited_for_for_ever(channel, how, monkeypatch):
    monkeypatch.setattr(line, "PATIENCE", 1.0)
    notice, server = met(channel, SLOW[how], 0, 2, 70)

    assert fates(notice) == {"uncertain": 1}
    assert len(server.asked) == 1


BUSY = {how: told for how, told in NOT_NOW.items() if not how.startswith("redirects")}


@pytest.mark.parametrize("how", BUSY)
def test_busy_is_asked_again_but_not_at_once_and_not_only_in_years(channel, how):
    notice, server = met(channel, BUSY[how], 0, 0, 61)

    assert fates(notice) == {"waiting": 1}
    assert len(server.asked) == 2


@pytest.mark.parametrize("how", [*NEVER, *STRANGER, "redirects to itself", "redirects within"])
def test_no_is_no(channel, how):
    notice, server = met(channel, {**NEVER, **STRANGER, **NOT_NOW}[how], 0, 2, 70)

    assert fates(notice) == {"refused": 1}
    assert len(server.asked) == 1
    assert Handover.objects.get().why.isprintable()


@pytest.mark.parametrize("charset", ["base64", "rot13", "utf-16", "x" * 500, "idna"])
def test_no_charset_breaks_what_we_are_told(channel, charset):
    said = answer(b"\xff\xfeNo\x1b[31m", "400 No", Content_Type=f"text/plain; charset={charset}")
    notice, _server = met(channel, said, 0)

    assert fates(notice) == {"refused": 1}
    assert Handover.objects.get().why.isprintable()


def test_one_bad_service_costs_the_others_nothing(channel, service):
    with Hostile(NO_ANSWER["resets"]) as bad:
        a_device(channel, url=f"{bad.url}/device")
        others = [a_device(channel, service) for _ in range(3)]
        notice = a_notice(channel)
        send_some()

    assert fates(notice) == {"uncertain": 1, "taken": 3}
    assert all(len(service.got(one)) == 1 for one in others)
