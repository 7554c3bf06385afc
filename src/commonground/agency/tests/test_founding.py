"""From an empty desk to people who may speak for a service, with nothing but our own tools."""

import os
import subprocess
import sys
from datetime import timedelta

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from django.utils import timezone
from tests import given

from commonground.agency import actions
from commonground.agency.models import Agency, Certificate, Member
from commonground.kit.refusals import NotYours
from commonground.record.models import Entry
from commonground.record.queries.keeping import days_kept

pytestmark = pytest.mark.django_db
HOW = {
    "administrator": "Ada Quist", "email": "Ada@port.example", "time_zone": "America/Halifax",
    "languages": "en,fr",
}  # fmt: skip


def test_a_founded_agency_can_be_entered_by_its_first_administrator(capsys):
    call_command("agency", "found", "Port Police", **HOW)

    link = next(line.strip() for line in capsys.readouterr().out.splitlines() if "://" in line)
    visitor = Client()
    form = visitor.get(link.partition("localhost:8000")[2], follow=True)
    password = "a bridge over quiet water"
    visitor.post(form.request["PATH_INFO"], {"password1": password, "password2": password})
    ada = Member.objects.get(email="ada@port.example")
    assert ada.check_password(password)
    assert ada.roles == {"admin", "trainer"}
    assert (ada.agency.slug, ada.agency.languages) == ("port-police", ["en", "fr"])
    assert list(Entry.objects.values_list("verb", flat=True).order_by("number")) == [
        "found", "invite", "choose_password",
    ]  # fmt: skip


@pytest.mark.parametrize(("but", "said"), [
    ({"time_zone": "Halifax"}, "time zone"),
    ({"languages": "français!"}, "language code"),
    ({"email": "ada"}, "--email"),
    ({"administrator": "The desk"}, "the machine"),
])  # fmt: skip
def test_all_that_is_wrong_is_said_in_words_and_nothing_is_made(but, said):
    with pytest.raises(CommandError, match=said):
        call_command("agency", "found", "Port Police", **{**HOW, **but})

    assert not Agency.objects.exists()


def test_every_place_of_an_empty_desk_opens(client):
    first = actions.found(
        name="Port Police", slug="port", time_zone="Asia/Tokyo", languages=["en"],
        emergency_number="911", administrator="Ada Quist", email="ada@port.example",
    )  # fmt: skip
    client.force_login(first)
    places = [
        "/", "/spot/", "/spot/open/", "/spot/resources/", "/say/", "/say/waiting",
        "/answer/first-page/", "/say/calendar", "/hear/sources/", "/hear/topics/",
        "/hear/listening/", "/channels/", "/channels/open/", "/record/", "/agency/members/",
        "/protect/stop/", "/newsroom/", "/newsroom/rss.xml", "/newsroom/atom.xml",
        "/newsroom/feed.json", "/follow/", "/help/", "/accounts/", "/listening/", "/about/",
        "/.well-known/commonground-accounts.json",
    ]  # fmt: skip

    assert {place: client.get(place).status_code for place in places} == dict.fromkeys(places, 200)


def test_from_the_first_day_it_is_known_how_long_words_are_kept():
    first = actions.found(
        name="Port Police", slug="port", time_zone="Asia/Tokyo", languages=["en"],
        emergency_number="911", administrator="Ada Quist", email="ada@port.example",
    )  # fmt: skip
    assert days_kept(first.agency_id, "receive") == 730
    assert days_kept(first.agency_id, "finish") is None


@pytest.fixture
def trainer(client):
    trainer = given.a_member(roles=["trainer"])
    client.force_login(trainer)
    return trainer


def test_a_trainer_certifies_and_revokes_and_both_count_at_once(client, trainer):
    officer = given.a_member(agency=trainer.agency, certified=False)
    day = (timezone.localdate() + timedelta(days=200)).isoformat()

    client.post(f"/agency/members/{officer.pk}/award/", {"course": "Speaking", "expires_at": day})
    assert officer.certified()
    client.post(f"/agency/certificates/{officer.certificates.get().pk}/revoke/")

    assert not officer.certified()
    told = [(entry.verb, entry.who) for entry in Entry.objects.order_by("number")]
    assert told == [("award", trainer.name), ("revoke", trainer.name)]


@pytest.mark.parametrize("days", [0, 732])
def test_a_certificate_ends_and_not_before_it_begins(client, trainer, days):
    officer = given.a_member(agency=trainer.agency, certified=False)
    day = (timezone.localdate() + timedelta(days=days)).isoformat()

    reply = client.post(
        f"/agency/members/{officer.pk}/award/", {"course": "Speaking", "expires_at": day}
    )

    assert "two years" in reply.content.decode()
    assert not officer.certified()


def test_nobody_certifies_themselves_or_without_being_a_trainer(trainer):
    admin = given.a_member(agency=trainer.agency, roles=["admin"])
    later = timezone.now() + timedelta(days=9)

    for member, by in ((trainer, trainer), (trainer, admin), (given.a_member(), trainer)):
        with pytest.raises(NotYours):
            actions.award(member, course="Speaking", expires_at=later, by=by)


def test_another_agencys_certificate_is_not_there(client, trainer):
    certificate = Certificate.objects.get(member=given.a_member())

    assert client.post(f"/agency/certificates/{certificate.pk}/revoke/").status_code == 404


@pytest.mark.parametrize("name", ["The Desk", "Ine\u200bs Calloway", "\u202eyawollaC", "ADA quist"])
def test_nobody_is_invited_under_a_name_that_reads_like_another(client, name):
    admin = given.a_member(roles=["admin"], name="Ada Quist")
    client.force_login(admin)

    client.post(
        "/agency/members/invite/", {"name": name, "email": "x@y.example", "roles": ["author"]}
    )

    assert admin.agency.members.count() == 1


def test_a_database_without_tables_is_said_in_words(tmp_path):
    url = f"sqlite:///{tmp_path}/empty.sqlite3"
    done = subprocess.run(
        [sys.executable, "-m", "commonground", "record", "verify"],
        env={
            **os.environ, "COMMONGROUND_DATABASE_URL": url,
            "DJANGO_SETTINGS_MODULE": "commonground.settings",
        },
        capture_output=True, text=True, check=False,
    )  # fmt: skip

    assert done.returncode == 1
    assert "Run: commonground migrate" in done.stderr
    assert "Traceback" not in done.stderr
