import socket
import threading
import time
from contextlib import contextmanager
from urllib.parse import urlsplit

import httpcore2
import pytest

from commonground.kit.wire import Errand, NotOutside, TooMuch, is_outside, on_a_leash

DEAD = "127.0.0.9"
PLAIN = b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nHello"


@pytest.fixture
def server():
    """Answers each request with the bytes it is given, letter by letter if told to."""
    door = socket.create_server(("127.0.0.1", 0))
    said = {"bytes": PLAIN, "pause": 0.0}

    def serve():
        while True:
            try:
                line, _ = door.accept()
            except OSError:
                return
            with line:
                try:
                    line.recv(65_536)
                    for letter in [said["bytes"]] if not said["pause"] else said["bytes"]:
                        line.sendall(letter if isinstance(letter, bytes) else bytes([letter]))
                        time.sleep(said["pause"])
                except OSError:
                    continue

    porter = threading.Thread(target=serve, daemon=True)
    porter.start()
    said["url"] = f"http://127.0.0.1:{door.getsockname()[1]}/"
    yield said
    door.shutdown(socket.SHUT_RDWR)
    door.close()
    porter.join(5)


def test_an_answer_is_read_whole(server):
    errand = Errand(5)

    assert errand.ask("GET", server["url"]).text == "Hello"
    assert errand.spoke


def test_a_drip_ends_with_the_errand(server):
    server["pause"], errand = 0.1, Errand(0.5)
    started = time.monotonic()
    with pytest.raises(httpcore2.ReadTimeout):
        errand.ask("GET", server["url"])

    assert time.monotonic() - started < 1
    assert (errand.spoke, errand.answer) == (True, None)


def test_the_questions_of_an_errand_share_its_time(server):
    errand = Errand(0.3)
    errand.ask("GET", server["url"])
    time.sleep(0.3)

    with pytest.raises(httpcore2.TimeoutException):
        errand.ask("GET", server["url"])


def test_more_than_an_honest_answer_is_not_read(server):
    with pytest.raises(TooMuch):
        Errand(5, most=4).ask("GET", server["url"])


def test_a_redirect_is_an_answer_and_not_an_order(server):
    server["bytes"] = b"HTTP/1.1 302 Found\r\nLocation: /else\r\nContent-Length: 0\r\n\r\n"

    assert Errand(5).ask("GET", server["url"]).status_code == 302


def test_whoever_never_connected_never_spoke():
    with socket.create_server(("127.0.0.1", 0)) as door:
        url = f"http://127.0.0.1:{door.getsockname()[1]}/"
    errand = Errand(5)
    with pytest.raises(httpcore2.ConnectError):
        errand.ask("POST", url, content=b"secret")

    assert not errand.spoke


def test_no_errand_goes_into_our_own_network(server, settings):
    settings.ENV = settings.ENV.model_copy(update={"allow_private_addresses": False})
    with pytest.raises(NotOutside):
        Errand(5).ask("GET", server["url"].replace("127.0.0.1", "localhost"))


@pytest.mark.parametrize(
    "address",
    ["127.0.0.1", "10.0.0.1", "192.168.1.1", "169.254.169.254", "0.0.0.1", "::1", "fe80::1%eth0",
     "fd00::1", "::ffff:127.0.0.1", "224.0.0.1", "100.64.0.1", "192.88.99.1", "192.0.0.8",
     "::127.0.0.1", "64:ff9b::a9fe:a9fe", "64:ff9b:1::1", "2002:7f00:1::", "fec0::1", "ff02::1",
     "3fff::1", "5f00::1"],
)  # fmt: skip
def test_an_address_of_our_own_is_inside(address):
    assert not is_outside(address)


@pytest.mark.parametrize("address", ["1.1.1.1", "2606:4700::1111"])
def test_an_address_of_the_world_is_outside(address):
    assert is_outside(address)


def test_an_address_where_nobody_answers_leaves_time_for_the_next(server, monkeypatch):
    """A host with a broken sixth version of the internet is reached by the fourth."""
    port = urlsplit(server["url"]).port
    found = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (a, port)) for a in (DEAD, "127.0.0.1")]
    look_up = socket.getaddrinfo
    monkeypatch.setattr(
        socket, "getaddrinfo", lambda *a, **k: found if a[0] == "a.example" else look_up(*a, **k)
    )
    with nobody_home(port):
        answer = Errand(4).ask("GET", f"http://a.example:{port}/")

    assert answer.text == "Hello"


@contextmanager
def nobody_home(port=0):
    """Somewhere that neither answers nor refuses: a door whose queue is full."""
    door = socket.create_server((DEAD, port), backlog=0)
    waiting = []
    for _ in range(4):
        line = socket.socket()
        line.setblocking(False)
        line.connect_ex(door.getsockname())
        waiting.append(line)
    try:
        yield door.getsockname()
    finally:
        for line in [*waiting, door]:
            line.close()


class NotAnyMore(Exception):
    pass


def refuse():
    raise NotAnyMore


def test_before_each_request_that_may_change_something_the_leash_is_asked(server):
    with on_a_leash(time.monotonic() + 10, refuse):
        errand = Errand()
        assert errand.ask("GET", server["url"]).text == "Hello"
        with pytest.raises(NotAnyMore):
            errand.ask("POST", server["url"])

    assert not errand.spoke


def test_no_byte_leaves_once_the_leash_has_ended(server):
    with on_a_leash(time.monotonic() - 1, lambda: None):
        errand = Errand()
        with pytest.raises(httpcore2.TimeoutException):
            errand.ask("POST", server["url"])

    assert not errand.spoke


def test_an_errand_after_it_is_on_no_leash(server):
    with on_a_leash(time.monotonic() - 1, refuse):
        pass

    assert Errand().ask("POST", server["url"]).text == "Hello"
