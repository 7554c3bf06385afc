"""While the database is being changed pages are closed, and what waits says so."""

import json
import os
import threading
from dataclasses import asdict

import pytest
from django.core.management import CommandError, call_command
from django.db import OperationalError, connection
from django.utils import timezone

from commonground.kit.upkeep import mark
from commonground.kit.upkeep.standing import (
    PAGES,
    Pages,
    StandDown,
    wait_until_it_is_gone,
)


@pytest.fixture
def closed(monkeypatch):
    monkeypatch.setattr(PAGES, "closed", True)


def test_whoever_comes_meanwhile_reads_what_is_going_on_in_their_language(client, closed):
    """No mark of the database stands on this test: it is asked nothing, while it is changed."""
    said = {"en": "Back in a few minutes", "fr": "De retour", "es": "Volvemos"}
    for language, words in said.items():
        answer = client.get("/account/login/", HTTP_ACCEPT_LANGUAGE=language)
        assert answer.status_code == 503
        assert answer["Retry-After"] == "30"
        assert words in answer.content.decode()
        assert not answer.cookies
        assert "script-src" in answer["Content-Security-Policy"]


def test_a_form_is_not_taken(client, closed):
    assert client.post("/account/login/", {"login": "x"}).status_code == 503


def test_a_program_hears_it_as_it_hears_all_else(client, closed):
    answer = client.get("/api/v1/openapi.json")
    assert (answer.status_code, answer["Content-Type"]) == (503, "application/problem+json")
    assert answer.json()["status"] == 503


def test_who_looks_after_the_desk_is_still_answered(client, closed):
    assert client.get("/healthz").status_code == 200


@pytest.fixture
def upgrading(transactional_db):
    mark.put_up(mark.Mark("An upgrade"))
    yield
    mark.take_down()


def test_pages_close_when_the_mark_goes_up_and_open_when_it_is_gone(transactional_db):
    pages = Pages()
    pages.look()
    assert not pages.closed
    mark.put_up(mark.Mark("An upgrade"))
    try:
        pages.look()
        assert pages.closed
    finally:
        mark.take_down()
    pages.look()
    assert not pages.closed


def test_a_process_of_the_older_version_stays_closed(transactional_db):
    pages, name = Pages(), "0009_later"
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO django_migrations (app, name, applied) VALUES (%s, %s, %s)",
            ["commonground_kit", name, timezone.now()],
        )
    try:
        pages.look()
        assert pages.closed
        assert "start it anew" in pages.said
    finally:
        with connection.cursor() as cursor:
            cursor.execute("DELETE FROM django_migrations WHERE name = %s", [name])
    pages.look()
    assert not pages.closed


def test_the_mark_says_who_put_it_up_and_whether_they_are_still_there(upgrading):
    stands = mark.standing()
    assert not stands.left_behind
    dead = mark.Mark("An upgrade", pid=2**22 - 1)
    mark.change(dead)
    assert mark.standing().left_behind
    elsewhere = mark.Mark("An upgrade", host="another machine", pid=2**22 - 1)
    assert not elsewhere.left_behind  # nobody here can know


def test_a_number_that_is_another_processs_by_now_is_not_whoever_put_it_up(upgrading):
    """After a new start of the machine, say."""
    assert mark.standing().born == mark.born(os.getpid()) != ""
    mark.change(mark.Mark("An upgrade", born="1"))
    assert mark.standing().left_behind
    mark.change(mark.Mark("An upgrade", born=""))  # nobody said: then it is nobody else
    assert not mark.standing().left_behind


@pytest.mark.parametrize("text", ["", "{", "[]", '{"pid": 1}'])
def test_a_mark_that_cannot_be_read_stands_and_one_of_another_version_is_read(text):
    assert not mark.understood(text).left_behind
    later = json.dumps({**asdict(mark.Mark("An upgrade", copy="/kept")), "colour": "red"})
    assert mark.understood(later).copy == "/kept"


def test_nothing_is_put_back_for_a_mark_that_names_no_copy(upgrading):
    mark.change(mark.Mark("An upgrade", host="another machine"))
    with pytest.raises(CommandError, match="names no copy"):
        call_command("upgrade", "--back")
    assert mark.standing()


def test_pages_that_were_closed_stay_closed_while_the_database_is_away(upgrading, monkeypatch):
    pages = Pages()
    pages.look()
    assert pages.closed
    monkeypatch.setattr(mark, "read", away)
    with pytest.raises(OperationalError):
        pages.look()
    assert pages.closed


def away():
    raise OperationalError("the server is away")


def test_whoever_runs_goes_on_looking_after_the_database_was_away(upgrading, monkeypatch):
    seen, read = [], mark.read

    def away_at_first():
        seen.append(1)
        return away() if len(seen) < 3 else read()

    monkeypatch.setattr(mark, "read", away_at_first)
    monkeypatch.setattr("commonground.kit.upkeep.standing.LOOK_EVERY", 0.01)
    stopped = threading.Event()
    looks = StandDown(stopped.set)
    looks.start()
    assert stopped.wait(10)
    looks.join()


def test_a_round_by_hand_is_refused(upgrading):
    with pytest.raises(CommandError, match="nothing is sent"):
        call_command("work", "--once")


def test_whoever_runs_is_told_to_stop(upgrading):
    stopped = threading.Event()
    looks = StandDown(stopped.set)
    looks.start()
    assert stopped.wait(10)
    looks.join()
    assert looks.told


def test_whoever_starts_waits_until_it_is_over(upgrading):
    done = threading.Event()

    def start():
        wait_until_it_is_gone()
        connection.close()
        done.set()

    thread = threading.Thread(target=start)
    thread.start()
    assert not done.wait(1.5)
    mark.take_down()
    assert done.wait(10)
    thread.join()
