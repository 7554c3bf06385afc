"""Each device gets each notice once, or it is written down why not, and never twice."""

import json
from datetime import timedelta

import pytest
from django.utils import timezone
from py_vapid import Vapid02

from commonground.channels.contract import Receipt
from commonground.channels.networks.push.adapter import told
from commonground.channels.networks.push.models import Handover, Subscription, Voice
from commonground.channels.networks.push.sending import send_some
from commonground.channels.networks.push.tests.world import (
    HANGS_UP,
    a_device,
    a_notice,
    fates,
    opened,
    rounds,
)
from commonground.kit.sealed import Closed

pytestmark = pytest.mark.django_db

# What arrives


def test_a_device_reads_a_title_the_first_words_and_where_the_rest_stands(service, channel):
    device = a_device(channel, service)
    notice = a_notice(channel, "The bridge\nis closed. " + "More. " * 100, title="Harbour")
    send_some()

    (_path, _headers, body) = service.got(device)[0]
    shown = json.loads(opened(body))
    assert shown["title"] == "Harbour"
    assert shown["body"].startswith("The bridge is closed. More.")
    assert len(shown["body"]) <= 240
    assert shown["url"] == f"/notices/{notice.key}"
    assert b"bridge" not in body


def test_its_service_is_told_who_sends_and_for_how_long_it_holds(service, channel):
    device = a_device(channel, service)
    a_notice(channel, not_after=timezone.now() + timedelta(minutes=15), urgent=True)
    send_some()

    headers = service.got(device)[0][1]
    assert 880 < int(headers["TTL"]) <= 900
    assert headers["Urgency"] == "high"
    assert headers["Content-Encoding"] == "aes128gcm"
    assert Vapid02.verify(headers["Authorization"])
    assert f"k={channel.voice.public}" in headers["Authorization"]


def test_what_can_wait_says_so(service, channel):
    device = a_device(channel, service)
    a_notice(channel)
    send_some()

    assert service.got(device)[0][1]["Urgency"] == "normal"


def test_a_correction_takes_the_place_of_what_it_puts_right_and_so_does_the_next(service, channel):
    device = a_device(channel, service)
    first = a_notice(channel)
    second = a_notice(channel, "It is open.", corrects=first.receipt)
    a_notice(channel, "It is half open.", corrects=second.receipt)
    a_notice(channel, "Something else.", corrects=Receipt("234567abcdefg", ""))
    send_some()

    topics = [headers["Topic"] for _path, headers, _body in service.got(device)]
    tags = [json.loads(opened(body))["tag"] for *_where, body in service.got(device)]
    assert topics == tags
    assert topics[:3] == [first.key] * 3
    assert topics[3] != first.key


@pytest.mark.parametrize(
    "text", ["👩‍👩‍👧‍👦" * 2500, "e" + "\u0301" * 15_000, '\\"<' * 3000, "म" * 20_000]
)
def test_however_odd_the_words_they_fit_into_what_services_take(service, channel, text):
    device = a_device(channel, service)
    a_notice(channel, text, title="👨‍👩‍👧‍👦" * 10)
    send_some()

    body = service.got(device)[0][2]
    assert len(body) <= 4096
    assert json.loads(opened(body))["title"]


# What may go wrong


@pytest.mark.parametrize("status", [404, 410])
def test_a_device_that_is_gone_is_deleted_at_once(service, channel, devices, status):
    service.says(devices[0], status)
    notice = a_notice(channel)
    send_some()

    assert fates(notice) == {"taken": 2, "refused": 1}
    assert not Subscription.objects.filter(pk=devices[0].pk).exists()
    assert told(notice.key) == "The push services took 2 of 3 notices; refused: 1."


def test_one_that_refuses_five_in_a_row_is_deleted_and_one_yes_forgives(service, channel):
    device = a_device(channel, service)
    service.says(device, 400, 400, 400, 400, 201, 400)
    for n in range(9):
        a_notice(channel, f"Notice {n}")
        send_some()
    assert Subscription.objects.get().refusals == 4

    a_notice(channel)
    send_some()
    assert not Subscription.objects.exists()


@pytest.mark.parametrize("status", [401, 403, 413])
def test_where_it_is_we_who_are_refused_no_device_is_deleted(service, channel, status):
    device = a_device(channel, service)
    service.says(device, status)
    for n in range(7):
        a_notice(channel, f"Notice {n}")
        send_some()

    assert Subscription.objects.count() == 1
    assert set(Handover.objects.values_list("fate", flat=True)) == {"refused"}


@pytest.mark.parametrize("status", [429, 500, 503])
def test_not_now_is_asked_again_when_the_service_says(service, channel, status):
    device = a_device(channel, service)
    service.says(device, (status, {"Retry-After": "600"}), 201)
    notice = a_notice(channel)
    rounds(0, 1, 5, 9)
    assert len(service.got(device)) == 1
    assert fates(notice) == {"waiting": 1}

    rounds(11, 12)
    assert len(service.got(device)) == 2
    assert fates(notice) == {"taken": 1}


def test_not_now_without_a_time_is_asked_ever_less_often(service, channel):
    device = a_device(channel, service)
    service.says(device, 503, 503, 201)
    notice = a_notice(channel)
    rounds(0, 0.5)
    assert len(service.got(device)) == 1
    rounds(2, 3)
    assert len(service.got(device)) == 2
    rounds(9)
    assert fates(notice) == {"taken": 1}


def test_come_again_tomorrow_is_never_later_than_the_notice_is_good_for(service, channel):
    device = a_device(channel, service)
    service.says(device, (429, {"Retry-After": "86400"}), 201)
    notice = a_notice(channel, not_after=timezone.now() + timedelta(minutes=30))
    rounds(0, 15, 29, 31, 60, 90)

    assert fates(notice) == {"late": 1}
    assert len(service.got(device)) == 1


def test_the_others_of_a_service_that_is_full_wait_untried(service, channel, devices):
    service.says(devices[0], (429, {"Retry-After": "120"}), 201)
    notice = a_notice(channel)
    rounds(0, 1)
    assert len(service.sent) == 1

    rounds(3)
    assert fates(notice) == {"taken": 3}
    assert len(service.sent) == 4


@pytest.mark.parametrize("answer", [HANGS_UP, 502, 504, 408])
def test_where_nobody_knows_what_became_of_it_it_is_never_sent_again(service, channel, answer):
    device = a_device(channel, service)
    service.says(device, answer)
    notice = a_notice(channel)
    rounds(0, 10, 60, 120)

    assert fates(notice) == {"uncertain": 1}
    assert len(service.got(device)) == 1
    assert Subscription.objects.exists()


def test_a_service_that_is_away_loses_nothing(service, channel):
    device = a_device(channel, url="http://127.0.0.1:1/device")
    other = a_device(channel, service)
    notice = a_notice(channel)
    rounds(0)

    assert fates(notice) == {"waiting": 1, "taken": 1}
    assert len(service.got(other)) == 1
    assert Subscription.objects.filter(pk=device.pk).exists()


def test_a_redirect_is_not_followed(service, channel):
    device, other = a_device(channel, service), a_device(channel, service)
    service.says(device, (307, {"Location": other.where["url"]}))
    notice = a_notice(channel)
    send_some()

    assert fates(notice) == {"refused": 1, "taken": 1}
    assert len(service.got(other)) == 1


def test_an_address_in_our_own_network_is_not_called(service, channel, settings):
    a_device(channel, service)
    notice = a_notice(channel)
    settings.ENV = settings.ENV.model_copy(update={"allow_private_addresses": False})
    send_some()

    assert service.sent == []
    assert fates(notice) == {"refused": 1}
    assert not Subscription.objects.exists()


def test_a_name_that_leads_into_our_own_network_is_not_called(channel, settings, monkeypatch):
    settings.ENV = settings.ENV.model_copy(update={"allow_private_addresses": False})
    inside = [(2, 1, 6, "", ("10.0.0.1", 443))]
    monkeypatch.setattr("socket.getaddrinfo", lambda *asked, **how: inside)
    a_device(channel, url="https://push.example/x")
    notice = a_notice(channel)
    send_some()

    assert fates(notice) == {"refused": 1}
    assert "private network" in Handover.objects.get().why
    assert not Subscription.objects.exists()


def test_a_lost_key_costs_nobody_their_subscription(service, channel):
    device = a_device(channel, service)
    Voice.objects.filter(pk=channel.pk).update(private=Closed("bm90IHNlYWxlZCB3aXRoIHRoaXMga2V5"))
    for n in range(6):
        notice = a_notice(channel, f"Notice {n}")
        send_some()
        assert fates(notice) == {"refused": 1}

    assert Subscription.objects.get() == device
    assert service.sent == []


def test_without_the_part_that_seals_it_waits_and_says_who_must_act(
    service, channel, devices, monkeypatch
):
    from commonground.channels.networks.push import line

    monkeypatch.setattr(line, "find_spec", lambda name: None)
    notice = a_notice(channel)
    send_some()

    assert fates(notice) == {"waiting": 3}
    assert "commonground[push]" in told(notice.key)
