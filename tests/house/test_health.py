"""What machines that look after a desk are told, and what nobody is told."""

import json
import re
from datetime import timedelta

import pytest
from django.db import OperationalError, connection
from django.utils import timezone
from prometheus_client.openmetrics.parser import text_string_to_metric_families as read_open
from prometheus_client.parser import text_string_to_metric_families as read_plain

from commonground.hear.models import Source
from commonground.kit import rounds, watching
from commonground.kit.clock import Chore
from commonground.kit.models import AtWork
from commonground.kit.upkeep import mark
from commonground.say.actions.shifts import clock_in
from commonground.say.models import Delivery, Shift
from tests import given

NEAR = {"REMOTE_ADDR": "127.0.0.1", "HTTP_HOST": "127.0.0.1:8000"}


def a_worker(ago=timedelta()):
    shift = clock_in("engine-room", 4711)
    Shift.objects.filter(pk=shift.pk).update(seen_at=timezone.now() - ago)


def test_a_process_that_lost_its_database_still_says_that_it_lives(client):
    """No mark of the database stands on this test: a question to it would be an error."""
    answer = client.get("/healthz", HTTP_HOST="10.0.0.7:8000")
    assert (answer.status_code, answer.content) == (200, b"alive\n")
    assert answer["Cache-Control"] == "no-store"
    assert not answer.cookies


@pytest.mark.django_db
def test_a_desk_with_a_worker_is_ready(client, django_assert_max_num_queries):
    a_worker()
    with django_assert_max_num_queries(8):
        answer = client.get("/readyz", HTTP_HOST="10.0.0.7:8000")
    assert (answer.status_code, answer.content) == (200, b"ready\n")


@pytest.mark.django_db
def test_without_a_worker_it_is_not_and_says_since_when(client):
    assert "No worker is at work" in client.get("/readyz").content.decode()
    a_worker(ago=timedelta(minutes=4, seconds=5))
    answer = client.get("/readyz")
    assert answer.status_code == 503
    assert "the last sign of life was 4 min 5 s ago" in answer.content.decode()
    # Pages can be read all the same: whoever spreads requests must not close the site for that.
    assert client.get("/readyz/web").status_code == 200


@pytest.mark.django_db
def test_a_listener_is_missed_as_soon_as_there_is_a_source(client):
    a_worker()
    assert client.get("/readyz").status_code == 200
    Source.objects.create(agency=given.an_agency(), name="Gazette", kind="feed")
    assert "No listener is at work" in client.get("/readyz").content.decode()
    watching.here("listener")
    assert client.get("/readyz").status_code == 200
    AtWork.objects.update(seen_at=timezone.now() - timedelta(minutes=2))
    assert client.get("/readyz").status_code == 503


@pytest.mark.django_db
def test_a_migration_that_is_missing_is_said(client):
    a_worker()
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM django_migrations WHERE app = 'commonground_kit'")
    answer = client.get("/readyz")
    assert answer.status_code == 503
    assert "1 migrations are not applied" in answer.content.decode()


@pytest.mark.django_db
def test_a_process_that_an_upgrade_left_behind_says_so(client):
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO django_migrations (app, name, applied) VALUES (%s, %s, %s)",
            ["commonground_kit", "0009_later", timezone.now()],
        )
    assert "newer version" in client.get("/readyz/web").content.decode()


@pytest.mark.django_db
def test_a_database_that_is_away_is_said_in_words(client):
    def away(*_):
        raise OperationalError("connection to 10.1.2.3 as desk refused")

    with connection.execute_wrapper(away):
        answer = client.get("/readyz")
    assert (answer.status_code, answer.content) == (503, b"The database does not answer.\n")


@pytest.mark.django_db(transaction=True)
def test_while_an_upgrade_is_under_way_nobody_is_sent_here(client):
    a_worker()
    mark.put_up(mark.Mark("An upgrade"))
    try:
        with pytest.raises(mark.Stands):
            mark.put_up(mark.Mark("Another"))
        assert client.get("/readyz/web").content == b"An upgrade is under way.\n"
        assert mark.standing().why == "An upgrade"
    finally:
        mark.take_down()
    assert client.get("/readyz/web").status_code == 200


@pytest.mark.parametrize("path", ["/healthz", "/readyz", "/readyz/web", "/metrics"])
def test_they_are_only_read(client, path):
    assert client.post(path).status_code == 405


FAR = [
    {"REMOTE_ADDR": "203.0.113.9", "HTTP_HOST": "127.0.0.1"},
    {"REMOTE_ADDR": "127.0.0.1", "HTTP_HOST": "desk.example.org"},  # a web server before us
    NEAR | {"HTTP_X_FORWARDED_FOR": "203.0.113.9"},
    NEAR | {"HTTP_FORWARDED": "for=203.0.113.9"},
    NEAR | {"HTTP_X_REAL_IP": "203.0.113.9"},
    {"REMOTE_ADDR": "", "HTTP_HOST": "127.0.0.1"},
    NEAR | {"HTTP_HOST": "[::1"},
    NEAR | {"HTTP_HOST": "127.0.0.1.evil.example"},
]


@pytest.mark.parametrize("asked", FAR, ids=json.dumps)
def test_figures_are_for_this_machine(client, asked):
    assert client.get("/metrics", **asked).status_code == 403


@pytest.mark.django_db
def test_or_for_whoever_has_the_token(client, settings):
    token = "a-token-of-many-letters"
    settings.ENV = settings.ENV.model_copy(update={"metrics_token": token})
    for wrong in ("", "Bearer", "Bearer x", f"Basic {token}", f"Bearer {token}x", "Bearer \xfc"):
        assert client.get("/metrics", **FAR[0], HTTP_AUTHORIZATION=wrong).status_code == 403
    found = client.get("/metrics", **FAR[0], HTTP_AUTHORIZATION=f"Bearer {token}")
    assert found.status_code == 200


@pytest.mark.django_db
@pytest.mark.parametrize("host", ["127.0.0.1:8000", "[::1]:8000", "localhost"])
def test_from_this_machine_they_are_read(client, host):
    assert client.get("/metrics", REMOTE_ADDR="::1", HTTP_HOST=host).status_code == 200


def figures(client, **more):
    said = client.get("/metrics", **NEAR, **more)
    assert said.status_code == 200
    read = read_open if "openmetrics" in said["Content-Type"] else read_plain
    return {
        (sample.name, *sample.labels.values()): sample.value
        for family in read(said.content.decode())
        for sample in family.samples
    }


OPEN = "application/openmetrics-text; version=1.0.0"


@pytest.mark.django_db
def test_both_forms_are_as_the_library_that_reads_them_wants_them(client):
    a_worker()
    plain, opened = figures(client), figures(client, HTTP_ACCEPT=OPEN)
    assert {name for name, *_ in plain} == {name for name, *_ in opened}


@pytest.mark.django_db
def test_what_an_operator_must_watch_is_told(client):
    given.an_approved_post()
    Delivery.objects.update(due_at=timezone.now() - timedelta(minutes=7))
    a_worker()
    found = figures(client)
    assert found["commonground_deliveries", "waiting"] == 1
    assert 400 < found["commonground_oldest_unproven_delivery_seconds",] < 440
    assert found["commonground_at_work", "worker"] == 1
    assert found["commonground_at_work", "listener"] == 0
    assert found["commonground_record_entries",] > 0
    assert found["commonground_record_unpublished_entries",] > 0
    assert found["commonground_database_bytes",] > 100_000
    assert found["process_resident_memory_bytes",] > 10_000_000
    for name in (
        "deliveries_needing_a_person", "deliveries_untold", "letters_waiting", "notices_waiting",
        "program_notices_waiting", "upgrade_under_way", "migrations_unapplied", "alarms_open",
        "stopped", "channels_to_sign_in", "conversations_open", "chores_overdue",
    ):  # fmt: skip
        assert found[f"commonground_{name}",] == 0


@pytest.mark.django_db
def test_no_figure_names_anybody_or_anything_that_grows(client):
    member = given.a_member(name="Wilhelmina Abernathy", email="wil@town.example")
    channel = given.a_channel(agency=member.agency, name="Quillfeather", authorised=[member])
    given.an_approved_post(by=member, channels=[channel], text="Rosa saw the bridge")
    Source.objects.create(agency=member.agency, name="Gazette", kind="feed")
    said = client.get("/metrics", **NEAR).content.decode()
    for word in ("Wilhelmina", "town.example", "Quillfeather", "Rosa", "Gazette", "Riverside"):
        assert word not in said
    assert not re.search(r"[0-9a-f]{8}-[0-9a-f]{4}-", said)  # nor anybody's key
    before = set(figures(client))
    for _ in range(3):
        given.an_approved_post()
    assert set(figures(client)) == before


@pytest.mark.django_db
def test_one_figure_that_cannot_be_told_keeps_no_other_from_being_told(client, monkeypatch, caplog):
    def fails():
        raise ValueError("Rosa")

    monkeypatch.setitem(
        watching.GAUGES, "broken", watching.Gauge("broken", "No.", "", fails, False)
    )
    assert ("commonground_record_entries",) in figures(client)
    assert "the figure broken could not be told" in caplog.text


def goes_badly():
    raise ValueError("Rosa at 14 Bridge Street")


def goes_well():
    return


@pytest.mark.django_db(transaction=True)
def test_how_each_chore_last_went_is_told_and_never_in_its_own_words(client, monkeypatch):
    monkeypatch.setattr(rounds, "TOLD", {})
    chores = [Chore(goes_badly, 60), Chore(goes_well, 60), Chore(goes_well, 60)]
    for chore in chores:
        chore.run()
    assert rounds.write_down(chores) == 2
    chores[0].run()
    rounds.write_down(chores)
    rounds.write_down(chores)

    found = figures(client)
    name, other = chores[0].name, chores[1].name
    assert found["commonground_chore_failures_total", name] == 2
    assert found["commonground_chore_last_failure_timestamp_seconds", name] > 0
    assert found["commonground_chore_every_seconds", name] == 60
    assert found["commonground_chores_overdue",] == 0
    assert ("commonground_chore_last_failure_timestamp_seconds", other) not in found
    assert rounds.Round.objects.get(chore=name).trouble == "ValueError"


@pytest.mark.django_db
def test_a_chore_that_stopped_coming_back_is_overdue(client):
    late = timezone.now() - timedelta(minutes=8)
    rounds.Round.objects.create(chore="say.tasks.x", seconds=60, ended_at=late)
    assert figures(client)["commonground_chores_overdue",] == 1
