"""No push service, however wrong, has us send a notice twice or believe what did not happen."""

from dataclasses import replace

import pytest

from commonground.channels.networks.push import endpoints, joining, line
from commonground.channels.networks.push.models import Handover, Subscription
from commonground.channels.networks.push.sending import send_some, send_to_large, send_to_others
from commonground.channels.networks.push.tests.world import (
    HANGS_UP,
    a_device,
    a_notice,
    fates,
    rounds,
)
from commonground.channels.tests.hostile import (
    NEVER,
    NO_ANSWER,
    NOT_NOW,
    SLOW,
    STRANGER,
    Hostile,
    answer,
)
from commonground.kit.arrivals import Crowded
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


def test_a_service_of_somebodys_own_that_hangs_keeps_no_other_device_waiting(service, channel):
    """A thousand names under one domain, each ten seconds of silence: hours for everybody else."""
    own = a_device(channel, service, own_service=True)
    large = a_device(channel, service)
    notice = a_notice(channel)
    send_to_large()

    assert fates(notice) == {"waiting": 1, "taken": 1}
    assert (len(service.got(large)), len(service.got(own))) == (1, 0)
    send_to_others()
    assert fates(notice) == {"taken": 2}


def test_a_service_of_somebodys_own_that_never_answers_is_none(service, channel):
    own, large = (a_device(channel, service, own_service=mine) for mine in (True, False))
    for device in (own, large):
        service.says(device, HANGS_UP)
    for n in range(5):
        a_notice(channel, f"Notice {n}")
        send_some()

    assert list(Subscription.objects.all()) == [large]


def test_who_owns_a_domain_has_as_many_hosts_as_they_like_and_few_devices(channel):
    where = a_device(channel, url="https://a.example/x").where
    for n in range(joining.TO_OTHERS):
        peer = f"10.{n}.0.1"
        there = endpoints.Endpoint(f"https://h{n}.evil.example/x", where["p256dh"], where["auth"])
        joining.join(channel.pk, there, language="en", come_from=peer)
    assert Subscription.objects.filter(own_service=True).count() == joining.TO_OTHERS
    with pytest.raises(Crowded):
        joining.join(channel.pk, replace(there, url="https://more.evil.example/x"),
                     language="en", come_from="10.250.0.1")  # fmt: skip
    large = replace(there, url="https://fcm.googleapis.com/fcm/send/x")
    joining.join(channel.pk, large, language="en", come_from="10.251.0.1")
    assert Subscription.objects.filter(own_service=False).count() == 2
