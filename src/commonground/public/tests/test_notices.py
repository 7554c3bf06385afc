"""Whoever wants notices gets them, whoever does not, does not, and nobody learns who is who."""

import json

import pytest
from tests import given

from commonground.channels import actions
from commonground.channels.contract import Picture
from commonground.channels.networks.push import endpoints, joining
from commonground.channels.networks.push.models import (
    Arrival,
    DayKey,
    Notice,
    Subscription,
    Tally,
    Voice,
)
from commonground.channels.networks.push.sending import send_some, tidy_up
from commonground.channels.networks.push.tests.world import (
    AUTH,
    a_channel,
    a_device,
    a_notice,
    a_push_service,
    later,
    notices_of,
    opened,
    public_of_the_browser,
)

pytestmark = pytest.mark.django_db
FCM = "https://fcm.googleapis.com/fcm/send/abc"


@pytest.fixture
def channel():
    return a_channel(purpose="Closures and ice")


def given_out(channel, endpoint=FCM, **but):
    keys = {"p256dh": public_of_the_browser(), "auth": endpoints.encoded(AUTH)}
    return {"list": channel.pk, "endpoint": endpoint, **keys, **but}


def join(client, channel, endpoint=FCM, headers=None, **but):
    return client.post("/notices/join/", given_out(channel, endpoint, **but), headers=headers)


def leave(client, channel, endpoint=FCM, **headers):
    return client.post("/notices/leave/", {"list": channel.pk, "endpoint": endpoint}, **headers)


def figures(channel):
    return {f.words: f.number for f in channel.kind.figures(str(channel.pk))}


def test_from_joining_to_the_first_notice_and_away_again(client, channel):
    with a_push_service() as service:
        endpoint = f"{service.url}/device"
        assert join(client, channel, endpoint).status_code == 204
        notice = a_notice(channel)
        send_some()
        (_path, _headers, body) = service.sent[0]
        page = client.get(json.loads(opened(body))["url"]).content.decode()
        assert notice.text in page

        assert leave(client, channel, endpoint).status_code == 204
        a_notice(channel, "Open again.")
        send_some()

    assert len(service.sent) == 1
    assert not Subscription.objects.exists()
    assert figures(channel)["joined in 30 days"] == figures(channel)["left in 30 days"] == 1


def test_the_page_hands_the_script_all_it_needs_and_says_what_to_do_without_one(client, channel):
    answer = client.get("/notices/")
    page = answer.content.decode()

    assert f'data-key="{channel.voice.public}"' in page
    assert f'data-scope="/notices/{channel.pk}/"' in page
    assert "Your browser runs no script on this page" in page
    assert "Add to Home Screen" in page
    assert "16.4" in page
    assert not answer.cookies
    assert "script-src 'self'" in answer.headers["Content-Security-Policy"]


def test_letters_are_offered_beside_it_where_there_are_some(client, channel):
    assert "/letters/" not in client.get("/notices/").content.decode()
    given.a_channel(agency=channel.agency, network="mail", name="Letters")

    assert "/letters/" in client.get("/notices/").content.decode()
    assert "/notices/" in client.get("/follow/").content.decode()


def test_without_a_channel_it_says_so(client):
    given.an_agency()

    assert "We send no notices at the moment" in client.get("/notices/").content.decode()
    assert "/notices/" not in client.get("/follow/").content.decode()


@pytest.mark.parametrize("state", ["closed", "new", "sign_in_needed"])
def test_a_channel_that_cannot_send_takes_nobody(client, channel, state):
    type(channel).objects.update(state=state)

    assert join(client, channel).status_code == 400
    assert not Subscription.objects.exists()


def test_a_drill_takes_nobody_and_shows_nothing(client, channel):
    other = given.an_agency(drill=True)
    theirs = given.a_channel(agency=other, network="rehearsal", drill=True)

    assert join(client, theirs).status_code == 400


def test_joining_twice_is_joining_once_and_new_keys_count(client, channel):
    join(client, channel)
    second = endpoints.encoded(b"another secret 16"[:16])
    assert join(client, channel, auth=second).status_code == 204

    assert Subscription.objects.get().where["auth"] == second
    assert Tally.objects.get(what="joined").count == 1


def test_a_browser_that_changed_its_address_is_one_device(client, channel):
    join(client, channel)
    join(client, channel, f"{FCM}2", former=FCM)

    assert Subscription.objects.get().where["url"] == f"{FCM}2"


def test_leaving_is_the_same_whether_one_was_here_or_not(client, channel):
    join(client, channel)

    assert leave(client, channel, f"{FCM}other").status_code == 204
    assert Subscription.objects.count() == 1
    assert not Tally.objects.filter(what="left").exists()


HOSTILE = {
    "no endpoint": {"endpoint": ""}, "no key": {"p256dh": ""}, "no secret": {"auth": ""},
    "too long": {"endpoint": "https://push.example/" + "x" * 2000},
    "not on the curve": {"p256dh": "A" * 87}, "a name and a password": {"endpoint": "https://a:b@c.example/"},
    "no list": {"list": ""}, "no such list": {"list": "1b4e28ba-2fa1-11d2-883f-0016d3cca427"},
    "nonsense for a list": {"list": "\x00"}, "nothing secure": {"endpoint": "gopher://push.example/"},
}  # fmt: skip


@pytest.mark.parametrize("how", HOSTILE)
def test_what_is_no_device_is_refused_in_words(client, channel, how):
    answer = client.post("/notices/join/", {**given_out(channel), **HOSTILE[how]})

    assert answer.status_code == 400
    assert "cannot reach this device" in answer.json()["why"]
    assert not Subscription.objects.exists()


def test_a_real_desk_takes_no_open_and_no_inner_address(client, channel, settings):
    settings.ENV = settings.ENV.model_copy(update={"allow_private_addresses": False})
    for bad in ("http://push.example/x", "https://10.0.0.1/x", "https://localhost/x"):
        assert join(client, channel, bad).status_code == 400

    assert join(client, channel).status_code == 204


@pytest.mark.parametrize("address", ["/notices/join/", "/notices/leave/"])
def test_another_site_asks_for_nobody(client, channel, address):
    a_device(channel, url=FCM)
    headers = {"sec-fetch-site": "cross-site"}
    answer = client.post(address, given_out(channel, f"{FCM}2"), headers=headers)

    assert answer.status_code == 403
    assert Subscription.objects.get().where["url"] == FCM


@pytest.mark.parametrize("address", ["/notices/join/", "/notices/leave/"])
def test_looking_changes_nothing(client, channel, address):
    assert client.get(address).status_code == 405


def test_a_thousand_devices_from_one_place_are_refused(client, channel):
    answers = [join(client, channel, f"{FCM}{n}") for n in range(25)]

    assert [a.status_code for a in answers] == [204] * 20 + [429] * 5
    assert "Try in an hour" in answers[-1].json()["why"]
    assert Subscription.objects.count() == 20


def test_a_thousand_places_are_not_served_for_ever_either(client, channel):
    join(client, channel)
    Arrival.objects.filter(kind="all").update(count=joining.IN_ALL)

    assert join(client, channel, f"{FCM}2").status_code == 429


def test_nobody_aims_our_notices_at_one_server(client, channel, settings):
    settings.ENV = settings.ENV.model_copy(update={"proxies": 1})
    answers = [
        join(client, channel, f"https://victim.example/{n}", {"x-forwarded-for": f"198.51.{n}.7"})
        for n in range(30)
    ]

    assert [a.status_code for a in answers] == [204] * 20 + [429] * 10


def test_who_came_from_where_is_forgotten_with_its_keys(client, channel):
    join(client, channel)
    assert "127.0.0" not in str(list(Arrival.objects.values_list()))
    with later(hours=73):
        tidy_up()

    assert not Arrival.objects.exists()
    assert not DayKey.objects.exists()


def test_the_worker_may_serve_our_notices_and_is_never_an_old_one(client):
    answer = client.get("/notices/worker.js")

    assert answer.headers["Content-Type"].startswith("text/javascript")
    assert answer.headers["Cache-Control"] == "no-cache"
    assert b"showNotification" in answer.content
    assert not answer.cookies


def test_a_phone_can_put_the_site_on_its_home_screen(client, channel):
    assert 'rel="manifest"' in client.get("/notices/").content.decode()
    whole = client.get("/notices/app.webmanifest").json()

    assert whole["display"] == "standalone"
    assert client.get(whole["start_url"]).status_code == 200
    assert whole["name"] == channel.agency.name


def test_a_notice_shows_its_pictures_and_a_way_to_stop(client, channel):
    picture = Picture(b"bytes", "image/png", "A closed bridge", 2, 1)
    notice = a_notice(channel, pictures=(picture,))
    page = client.get(f"/notices/{notice.key}").content.decode()

    assert "A closed bridge" in page
    assert "Stop notices on this device" in page
    assert client.get(f"/notices/{notice.key}/picture-0").content == b"bytes"
    assert client.get(f"/notices/{notice.key}/picture-1").status_code == 404


def test_a_withdrawn_notice_says_why_and_shows_nothing_else(client, channel):
    picture = Picture(b"bytes", "image/png", "A closed bridge", 2, 1)
    notice = a_notice(channel, pictures=(picture,))
    notices_of(channel).withdraw(notice.receipt, why="It was another bridge.")
    answer = client.get(f"/notices/{notice.key}")

    assert answer.status_code == 410
    assert "It was another bridge." in answer.content.decode()
    assert notice.text not in answer.content.decode()
    assert client.get(f"/notices/{notice.key}/picture-0").status_code == 404


def test_words_of_a_notice_are_words_and_no_page(client, channel):
    notice = a_notice(channel, "<script>alert(1)</script>")

    assert "<script>alert" not in client.get(f"/notices/{notice.key}").content.decode()


def test_opened_by_an_administrator_it_has_its_keys_and_is_ready():
    admin = given.a_member(roles=["admin"])
    opened_now = actions.open_channel(admin.agency, "push", "Notices", by=admin)
    first = Voice.objects.get().public
    actions.prove(opened_now)

    assert opened_now.state == "ready"
    assert opened_now.url.endswith("/notices/")
    assert Voice.objects.get().public == first


def test_where_the_part_is_missing_it_says_so_when_it_is_opened(monkeypatch, client):
    from commonground.channels.networks.push import line

    monkeypatch.setattr(line, "find_spec", lambda name: None)
    admin = given.a_member(roles=["admin"])
    opened_now = actions.open_channel(admin.agency, "push", "Notices", by=admin)
    client.force_login(admin)

    assert opened_now.state != "ready"
    assert "commonground[push]" in opened_now.trouble
    page = client.get(f"/channels/{opened_now.pk}/").content.decode()
    assert "commonground[push]" in page


def test_its_page_tells_numbers_and_shows_nobody(client, channel):
    a_device(channel, url=FCM)
    client.force_login(given.a_member(agency=channel.agency, roles=["admin"]))
    page = client.get(f"/channels/{channel.pk}/").content.decode()

    assert "Devices get notices</dt><dd>1</dd>" in page
    assert "fcm.googleapis" not in page
    assert "/forget/" not in page
    assert not Notice.objects.exists()
