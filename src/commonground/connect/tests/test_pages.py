"""The desk's pages of programs: keys shown once, who sees what, and what was told."""

import pytest
from django.utils import timezone
from tests import given

from commonground.connect import actions
from commonground.connect.models import Notice, Token, Webhook

KEY = {"name": "Bridge", "scopes": ["posts:read"], "days": "30"}
TOLD = {"name": "Site", "address": "https://example.org/told", "events": ["post.approved"]}


@pytest.fixture
def chief(client):
    member = given.a_member(roles=["admin"])
    client.force_login(member)
    return member


@pytest.mark.django_db
def test_a_key_is_shown_once_and_never_again(client, chief):
    answer = client.post("/connect/keys/new/", {**KEY, "member": str(chief.pk)})
    key = answer.content.decode().split('readonly value="')[1].split('"')[0]
    assert key.startswith("commonground_")
    assert answer["Cache-Control"] == "no-store"
    page = client.get("/connect/").content.decode()
    assert key not in page
    assert f"ends in {key[-4:]}" in page
    client.post(f"/connect/keys/{Token.objects.get().pk}/end/")
    assert "No program has a key" in client.get("/connect/").content.decode()


@pytest.mark.django_db
def test_a_key_for_somebody_else_is_taken_by_them(client, chief):
    author = given.a_member(agency=chief.agency)
    answer = client.post("/connect/keys/new/", {**KEY, "member": str(author.pk)})
    assert answer.status_code == 302
    token = Token.objects.get()
    assert client.post(f"/connect/keys/{token.pk}/take/").status_code == 403
    client.force_login(author)
    assert "Take the key" in client.get("/connect/").content.decode()
    page = client.post(f"/connect/keys/{token.pk}/take/").content.decode()
    assert 'readonly value="commonground_' in page


@pytest.mark.django_db
@pytest.mark.parametrize("wrong", [{"days": "91"}, {"scopes": []}, {"name": ""}, {"days": "0"}])
def test_what_is_wrong_with_a_key_is_said(client, chief, wrong):
    page = client.post("/connect/keys/new/", {**KEY, "member": str(chief.pk), **wrong})
    assert "There is a problem" in page.content.decode()
    assert not Token.objects.exists()


@pytest.mark.django_db
def test_whoever_is_no_administrator_sees_their_own_keys_only(client, chief):
    given.a_key(by=chief)
    given.a_key(by=given.a_member())
    client.force_login(given.a_member(agency=chief.agency))
    page = client.get("/connect/").content.decode()
    assert "No program has a key" in page
    assert "What is told" not in page
    assert client.get("/connect/told/new/").status_code == 403


@pytest.mark.django_db
def test_a_program_is_told_changed_paused_and_closed(client, chief):
    page = client.post("/connect/told/new/", TOLD).content.decode()
    assert 'readonly value="whsec_' in page
    webhook = Webhook.objects.get()
    place = f"/connect/told/{webhook.pk}/"
    assert "whsec_" not in client.get(place).content.decode()
    client.post(place + "test/")
    assert "waits to be told" in client.get(place).content.decode()
    client.post(place + "change/", {**TOLD, "name": "Website"})
    client.post(place + "pause/")
    assert "Website" in client.get("/connect/").content.decode()
    assert "Resume" in client.get(place).content.decode()
    client.post(place + "resume/")
    assert "whsec_" in client.post(place + "secret/").content.decode()
    assert "secret is deleted" in client.get(place + "close/").content.decode()
    client.post(place + "close/")
    assert client.get(place).status_code == 404


@pytest.mark.django_db
def test_what_was_not_heard_says_why_and_is_told_again(client, chief):
    webhook, _secret = actions.open_webhook(by=chief, **TOLD)
    notice = Notice.objects.create(
        webhook=webhook, event="test", tries=9, why="It answered 500.", given_up_at=timezone.now()
    )
    actions.telling.give_up(webhook, "It answered 500.", timezone.now())
    page = client.get(f"/connect/told/{webhook.pk}/").content.decode()
    assert "It answered 500." in page
    assert "does not answer any more" in page
    client.post(f"/connect/notices/{notice.pk}/resend/")
    notice.refresh_from_db()
    assert notice.given_up_at is None
