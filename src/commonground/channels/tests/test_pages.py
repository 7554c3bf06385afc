"""Channels as people see and run them."""

from datetime import timedelta
from html import unescape

import pytest
from django.utils import timezone, translation
from django.utils.translation import gettext
from tests import given

from commonground.channels.models import Channel
from commonground.channels.networks import network_named
from commonground.channels.states import State


@pytest.fixture
def admin(client):
    client.member = given.a_member(roles=["admin"])
    client.force_login(client.member)
    return client


def ours(admin, **but):
    return given.a_channel(agency=admin.member.agency, **but)


@pytest.mark.django_db
def test_what_needs_a_person_comes_first(admin):
    ours(admin, name="Aaa ready")
    ours(admin, name="Zzz lost", network="mastodon", state="sign_in_needed", trouble="Gone")
    ours(admin, name="Mmm closed", state="closed")
    page = admin.get("/channels/").content.decode()
    assert page.index("Zzz lost") < page.index("Aaa ready") < page.index("Mmm closed")
    assert "sign in again" in page
    assert "Gone" in page


@pytest.mark.django_db
def test_our_own_newsroom_opens_at_once(admin):
    typed = {"network": "site", "name": "Newsroom", "language": "en", "listed": "on"}
    admin.post("/channels/open/", typed)
    assert Channel.objects.get().state == State.READY


@pytest.mark.django_db
def test_a_network_with_secrets_asks_for_them_next(admin):
    typed = {"network": "mastodon", "name": "Traffic", "language": "en"}
    answer = admin.post("/channels/open/", typed)
    address = answer.headers["Location"]
    assert address.endswith("/sign-in/")
    page = admin.get(address).content.decode()
    assert "keeps what you type here sealed" in page


@pytest.mark.django_db
def test_a_channel_is_paused_resumed_and_closed_for_good(admin):
    channel = ours(admin)
    address = f"/channels/{channel.pk}/"
    states = []
    for verb in ("pause", "resume", "close"):
        admin.post(f"{address}{verb}/")
        channel.refresh_from_db()
        states.append(channel.state)
    assert states == [State.PAUSED, State.READY, State.CLOSED]
    page = admin.get(address).content.decode()
    assert "Pause" not in page
    assert "Sign in" not in page


@pytest.mark.django_db
def test_a_closing_is_asked_once_more(admin):
    channel = ours(admin)
    assert "Close it for good" in admin.get(f"/channels/{channel.pk}/close/").content.decode()
    channel.refresh_from_db()
    assert channel.state == State.READY


@pytest.mark.django_db
def test_asking_the_network_says_what_it_said(admin):
    channel = ours(admin, network="site", name="Newsroom")
    page = admin.post(f"/channels/{channel.pk}/prove/", follow=True).content.decode()
    assert "The network says: this is" in page


@pytest.mark.django_db
def test_a_member_is_authorised_in_writing_and_the_right_is_ended(admin):
    channel = ours(admin)
    officer = given.a_member(agency=admin.member.agency, name="Officer Reyes")
    address = f"/channels/{channel.pk}/"
    admin.post(f"{address}authorise/", {"member": officer.pk, "decision": "Chief agreed"})
    page = admin.get(address).content.decode()
    assert "Officer Reyes" in page
    assert "Chief agreed" in page
    held = channel.authorisations.get()
    admin.post(f"{address}authorisations/{held.pk}/end/")
    assert not channel.authorisations.in_force().exists()
    assert "Nobody yet" in admin.get(address).content.decode()


@pytest.mark.django_db
def test_authors_see_channels_and_run_none(client):
    member = given.a_member()
    client.force_login(member)
    channel = given.a_channel(agency=member.agency)
    address = f"/channels/{channel.pk}/"
    assert "Pause" not in client.get(address).content.decode()
    for verb in ("open/", f"{channel.pk}/authorise/", f"{channel.pk}/close/"):
        assert client.get(f"/channels/{verb}").status_code == 403
    assert client.post(f"{address}pause/").status_code == 403


@pytest.mark.django_db
def test_the_list_costs_the_same_however_long(admin, django_assert_max_num_queries):
    for _ in range(12):
        ours(admin)
    with django_assert_max_num_queries(8):
        admin.get("/channels/")


@pytest.mark.django_db
def test_what_a_network_asks_for_is_said_before_and_after_a_channel_is_opened(admin):
    channel = ours(admin, network="x", name="Alerts", state="new")
    asked = network_named("x")
    for address in (
        "/channels/open/",
        f"/channels/{channel.pk}/",
        f"/channels/{channel.pk}/sign-in/",
    ):
        page = admin.get(address).content.decode()
        assert asked.needs in page
        assert asked.ask_at in page
        assert "Not yet proven against the real service" in page


@pytest.mark.django_db
def test_what_a_network_asks_for_is_said_in_the_reader_s_language(admin):
    admin.member.language = "fr"
    admin.member.save()
    with translation.override("fr"):
        page = admin.get("/channels/open/").content.decode()
        assert gettext(network_named("x").needs) in unescape(page)


@pytest.mark.django_db
def test_a_network_that_asks_for_nothing_says_nothing(admin):
    page = admin.get(f"/channels/{ours(admin).pk}/").content.decode()
    assert "asks of you" not in page
    assert "Not yet proven" not in page


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("network", "until", "words"),
    [
        ("mastodon", None, "until somebody takes it back"),
        ("x", timedelta(days=30), "until <"),
    ],
)
def test_how_long_a_sign_in_holds_is_said(admin, network, until, words):
    channel = ours(
        admin, network=network, name="Alerts", signed_in_until=until and timezone.now() + until
    )
    page = admin.get(f"/channels/{channel.pk}/").content.decode()
    assert words in page


@pytest.mark.django_db
def test_a_sign_in_that_ends_within_a_week_needs_a_person_today(admin):
    ours(admin, name="Aaa well", signed_in_until=timezone.now() + timedelta(days=8))
    ours(admin, name="Zzz ends", signed_in_until=timezone.now() + timedelta(days=6))
    page = admin.get("/channels/").content.decode()
    assert page.index("Zzz ends") < page.index("Aaa well")
    assert page.count("the sign-in ends") == 1
