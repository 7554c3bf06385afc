"""Requests are answered in threads that stay, with their connections."""

import asyncio
import threading

import pytest
from asgiref.testing import ApplicationCommunicator
from django.db import connection, connections
from django.http import HttpResponse
from django.test import RequestFactory
from django.urls import reverse

from commonground.kit.serving import ELSEWHERE, THREADS, Desk, threads_for

NOBODY = "00000000-0000-0000-0000-000000000000"


def asked(desk, path="/"):
    """Status and headers of an answer."""
    scope = {"type": "http", "method": "GET", "path": path, "headers": [], "query_string": b""}

    async def conversation():
        line = ApplicationCommunicator(desk, scope)
        await line.send_input({"type": "http.request", "body": b"", "more_body": False})
        return await line.receive_output(timeout=60)

    return asyncio.run(conversation())


@pytest.fixture
def desk(monkeypatch):
    desk, seen = Desk(), []

    def get_response(request):
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
        seen.append((threading.current_thread().name, connection.connection))
        return HttpResponse("here")

    monkeypatch.setattr(desk, "get_response", get_response)
    desk.seen = seen
    yield desk
    THREADS.submit(connections.close_all).result()


@pytest.mark.django_db(transaction=True)
def test_later_requests_find_the_threads_and_the_connections_of_earlier_ones(desk):
    """Which of the idle threads is asked is the pool's business."""
    many = 3 * THREADS._max_workers
    assert {asked(desk)["status"] for _ in range(many)} == {200}
    lines = {}
    for thread, line in desk.seen:
        assert thread.startswith("answer")
        assert lines.setdefault(thread, line) is line
    assert len(lines) <= THREADS._max_workers < len(desk.seen)


@pytest.mark.skipif(connection.vendor == "sqlite", reason="a file does not hang up")
@pytest.mark.django_db(transaction=True)
def test_a_connection_that_died_is_replaced(desk):
    asked(desk)
    desk.seen[0][1].close()  # as a database does that was started again
    assert asked(desk)["status"] == 200
    assert desk.seen[0][1] is not desk.seen[1][1]


def test_what_is_no_request_is_refused():
    async def knock():
        line = ApplicationCommunicator(Desk(), {"type": "websocket"})
        await line.wait(timeout=60)

    with pytest.raises(ValueError, match="HTTP only"):
        asyncio.run(knock())


@pytest.mark.parametrize(
    ("method", "name", "kept", "pool"),
    [
        ("post", "asked:address", ["harbour"], ELSEWHERE),  # a letter
        ("post", "channels:prove", [NOBODY], ELSEWHERE),  # a network
        ("post", "account_login", [], ELSEWHERE),
        ("get", "asked:address", ["harbour"], THREADS),
        ("post", "asked:vote", ["harbour"], THREADS),
    ],
)
def test_what_waits_for_another_server_does_not_keep_pages_waiting(method, name, kept, pool):
    request = getattr(RequestFactory(), method)(reverse(name, args=kept))
    assert threads_for(request) is pool


def test_what_leads_nowhere_is_a_page_like_any():
    assert threads_for(RequestFactory().post("/nowhere/")) is THREADS
