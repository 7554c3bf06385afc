"""The web server as it is really started, asked by somebody who lies about hosts, ways and lengths
(hostile input 60)."""

import os
import socket
import sys
from contextlib import suppress
from pathlib import Path

import pytest
from django.test import Client, RequestFactory
from django.urls import reverse

from commonground.kit.visitors import peer
from tests import given
from tests.peers.starting import answers_on, free_port, running

CHUNKED = b"0\r\n\r\n"
NEXT = b"GET /api/v1/smuggled HTTP/1.1\r\nHost: localhost\r\n\r\n"


@pytest.fixture(scope="module")
def port(tmp_path_factory):
    """Granian with the desk behind it, started as in the manual. None of this needs a table."""
    place, port = tmp_path_factory.mktemp("door"), free_port()
    env = {
        **os.environ, "COMMONGROUND_DATABASE_URL": f"sqlite:///{place}/desk.sqlite3",
        "COMMONGROUND_HOSTS": "localhost", "COMMONGROUND_SITE_URL": "http://localhost",
        "COMMONGROUND_STATIC_ROOT": str(place), "DJANGO_SETTINGS_MODULE": "commonground.settings",
        "COMMONGROUND_SECRET_KEY": "for this test only",
        "COMMONGROUND_DEBUG": "yes",  # so that no style sheets need to be collected first
    }  # fmt: skip
    granian = Path(sys.executable).with_name("granian")
    with running(
        granian, "--interface", "asginl", "--host", "127.0.0.1", "--port", str(port), "--no-ws",
        "--workers-kill-timeout", "2", "commonground.asgi:application",
        ready=lambda: answers_on(port), log=place / "log", env=env,
    ):  # fmt: skip
        yield port


def told(port, raw):
    """The statuses of all that comes back until the server hangs up; and it must."""
    with socket.create_connection(("127.0.0.1", port), timeout=300) as line:
        line.sendall(raw)
        came = b""
        with suppress(ConnectionResetError):
            while part := line.recv(65536):
                came += part
    return [int(said.split(b" ", 1)[0]) for said in came.split(b"HTTP/1.1 ")[1:]]


def a_request(*headers, path=b"/api/v1/x", method=b"GET", host=b"Host: localhost", body=b""):
    return b"\r\n".join([method + b" " + path + b" HTTP/1.1", host, *headers, b"", b""]) + body


def test_an_honest_request_is_answered_and_the_line_stays(port):
    assert told(port, a_request() + a_request(b"Connection: close")) == [404, 404]


@pytest.mark.parametrize(
    "headers",
    [
        [b"Content-Length: 6", b"Transfer-Encoding: chunked"],
        [b"Transfer-Encoding: chunked", b"Content-Length: 6"],
        [b"Transfer-Encoding: chunked"],
        [b"Transfer-Encoding: chunked", b"Transfer-Encoding: identity"],
        [b"Transfer-Encoding: identity", b"Content-Length: 5"],
        [b"Transfer-Encoding : chunked", b"Content-Length: 5"],
        [b"Transfer-Encoding: xchunked", b"Content-Length: 5"],
        [b"Transfer-Encoding:\x0bchunked", b"Content-Length: 5"],
        [b"Content-Length: 5", b"Content-Length: 6"],
        [b"Content-Length: +5"],
        [b"Content-Length: 5,5"],
        [b"Content-Length: -1"],
    ],
    ids=lambda headers: b" and ".join(headers).decode().replace("\x0b", "?"),
)
def test_nobody_passes_a_second_request_behind_the_first(port, headers):
    """Two servers that read two lengths of one request: what follows is somebody else's."""
    raw = a_request(*headers, method=b"POST", body=CHUNKED + NEXT)
    assert told(port, raw) in ([400], [404], [405], [411], [501], [])


def test_pieces_that_are_honest_are_still_read(port):
    body = b"4\r\nword\r\n0\r\n\r\n"
    asked = a_request(b"Transfer-Encoding: chunked", method=b"POST", body=body)
    assert told(port, asked) == [404]


@pytest.mark.parametrize(
    "host",
    [
        b"Host: evil.example", b"Host: localhost.evil.example", b"Host: localhost:80:80",
        b"Host: localhost@evil.example", b"Host: evil.example#localhost", b"Host: ",
        b"Host: localhost\r\nHost: evil.example",
        b"Host: evil.example\r\nX-Forwarded-Host: localhost",
        b"X-Host: localhost",
    ],
)  # fmt: skip
def test_a_host_that_is_not_ours_is_refused(port, host):
    assert told(port, a_request(b"Connection: close", host=host)) == [400]


def test_no_header_of_a_visitor_changes_who_or_where_we_are(settings):
    settings.ALLOWED_HOSTS = ["desk.example"]
    asked = RequestFactory(SERVER_NAME="desk.example").get(
        "/", headers={"X-Forwarded-Host": "evil.example", "X-Forwarded-Proto": "https",
                      "Forwarded": "host=evil.example;proto=https;for=6.6.6.6"},
    )  # fmt: skip
    assert asked.build_absolute_uri("/") == "http://desk.example/"
    assert not asked.is_secure()
    assert peer(asked) == "127.0.0.1"


@pytest.mark.parametrize(
    ("proxies", "passed", "whose"),
    [
        (0, "6.6.6.6", "127.0.0.1"),
        (1, "6.6.6.6", "6.6.6.6"),
        (1, "1.1.1.1, 6.6.6.6", "6.6.6.6"),
        (2, "1.1.1.1, 6.6.6.6, 10.0.0.1", "6.6.6.6"),
        (2, "6.6.6.6", "127.0.0.1"),  # it did not come through both
        (1, "", "127.0.0.1"),
        (1, " , ,6.6.6.6 , ", "6.6.6.6"),
    ],
)
def test_whose_request_it_is_says_the_nearest_that_is_not_ours(settings, proxies, passed, whose):
    settings.ENV = settings.ENV.model_copy(update={"proxies": proxies})
    assert peer(RequestFactory().get("/", headers={"X-Forwarded-For": passed})) == whose


@pytest.mark.django_db
def test_a_limit_holds_however_many_addresses_one_visitor_claims():
    """Without a proxy of ours nobody vouches for the header."""
    given.an_agency()
    asked = [
        Client().post(
            "/really/", {"pasted": f"The bridge is closed {number}"},
            headers={"X-Forwarded-For": f"203.0.{number}.7"},
        ).status_code
        for number in range(62)
    ]  # fmt: skip
    assert asked[0] == 200
    assert asked[-1] == 429


@pytest.mark.django_db
def test_the_first_page_is_whole_without_a_script(client):
    """What other rooms draw on it stands in it; and nothing jumps when it comes."""
    moment = given.a_moment()
    client.force_login(given.a_member(agency=moment.agency))
    page = client.get("/").content.decode()
    assert moment.get_absolute_url() in page
    assert 'class="panel" hx-get="/spot/open/" hx-trigger="news-moment' in page
    assert 'hx-trigger="load' not in page


@pytest.mark.django_db
def test_a_piece_that_cannot_be_drawn_is_a_link_and_the_page_stands(client, monkeypatch, caplog):
    def fails(*_):
        raise ZeroDivisionError

    client.force_login(given.a_member())
    monkeypatch.setattr("commonground.spot.views.render", fails)
    answer = client.get("/")
    assert answer.status_code == 200
    assert '<a class="button" href="/spot/open/">' in answer.content.decode()
    assert "spot:open_panel could not be drawn within a page" in caplog.text


def test_a_part_of_a_page_is_no_page_to_sign_in_on(client):
    """The panel stays as it was; beside it stands that they are signed out, and the way back."""
    asked = {"HTTP_HX_REQUEST": "true", "HTTP_HX_CURRENT_URL": "http://testserver/spot/?state=open"}
    answer = client.get(reverse("spot:open_panel"), **asked)
    assert answer.status_code == 403
    assert answer["HX-Retarget"] == "#notes"
    page = answer.content.decode()
    assert "You were signed out." in page
    assert "next=%2Fspot%2F%3Fstate%3Dopen" in page
    assert "<form" not in page
    # Whoever says to stand on another site is not sent there.
    asked["HTTP_HX_CURRENT_URL"] = "https://elsewhere.example/spot/"
    page = client.get(reverse("spot:open_panel"), **asked).content.decode()
    assert "elsewhere" not in page
    assert client.get(reverse("spot:open_panel")).status_code == 302
