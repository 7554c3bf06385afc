import socket
import threading

import pytest

from commonground.kit import naming, outbound, wire
from commonground.kit.naming import looked_up
from commonground.kit.outbound import Unreachable, fetch


@pytest.fixture
def no_name_server(monkeypatch):
    """A look-up that comes back when the test is over."""
    over = threading.Event()

    def hang(*asked, **how):
        over.wait(60)
        return []

    monkeypatch.setattr(socket, "getaddrinfo", hang)
    yield
    over.set()


def test_a_name_is_found():
    assert looked_up("localhost", 80, 5)[0][4][1] == 80


def test_a_name_that_is_none_is_said_to_be_none():
    with pytest.raises(socket.gaierror) as told:
        looked_up("no-such-name.invalid", 80, 10)
    assert not isinstance(told.value, TimeoutError)


def test_an_odd_name_is_refused_as_before():
    with pytest.raises(UnicodeError):
        looked_up("a" * 70 + ".example", 80, 5)


@pytest.mark.usefixtures("no_name_server")
def test_a_look_up_that_hangs_ends_with_its_time():
    with pytest.raises(TimeoutError):
        looked_up("a.example", 80, 0.05)


@pytest.mark.usefixtures("no_name_server")
def test_no_client_waits_for_a_name_server_that_hangs():
    with pytest.raises(Unreachable, match="too long"):
        fetch("http://a.example/", seconds=0.05)
    with pytest.raises(Exception, match="not found"):
        wire.Errand(0.1).ask("GET", "http://a.example/")


@pytest.mark.usefixtures("no_name_server")
def test_look_ups_that_hang_are_no_more_than_so_many(monkeypatch):
    monkeypatch.setattr(naming, "AT_ONCE", threading.BoundedSemaphore(2))
    before = threading.active_count()
    for _ in range(6):
        with pytest.raises(TimeoutError):
            looked_up("a.example", 80, 0.02)
    assert threading.active_count() <= before + 2


def test_whoever_asks_for_addresses_still_asks_once(monkeypatch):
    asked = []
    monkeypatch.setattr(
        socket, "getaddrinfo",
        lambda *a, **k: asked.append(a) or [(socket.AF_INET, 1, 6, "", ("1.1.1.1", 443))],
    )  # fmt: skip
    assert outbound.addresses("a.example", 443) == [(socket.AF_INET, ("1.1.1.1", 443))]
    assert len(asked) == 1
