"""Whatever a stranger's bytes do to the work, they do it alone, and to nobody else."""

import os
import socket
import time

import pytest

from commonground.kit.apart import TOO_MUCH, Unusable, apart

HERE = "commonground.kit.tests.test_apart"
GIGABYTE = 1024**3


def echo(given: bytes) -> bytes:
    return given[::-1]


def refuse(given: bytes) -> bytes:
    raise Unusable("kind")


def read_a_file(given: bytes) -> bytes:
    with open("/etc/hostname", "rb") as file:
        return file.read()


def ask_outside(given: bytes) -> bytes:
    return str(socket.create_connection(("127.0.0.1", 9))).encode()


def tell_secrets(given: bytes) -> bytes:
    return str(sorted(name for name in os.environ if "COMMONGROUND" in name)).encode()


def eat(given: bytes) -> bytes:
    return b"x" * (4 * GIGABYTE)


def dawdle(given: bytes) -> bytes:
    time.sleep(60)
    return given


def spin(given: bytes) -> bytes:
    while True:
        pass


def break_down(given: bytes) -> bytes:
    os.abort()


def work(name, given=b"abc", seconds=20):
    return apart(f"{HERE}:{name}", given, seconds=seconds, memory=GIGABYTE)


def test_bytes_go_in_and_come_out():
    assert work("echo", b"abc" * 100_000) == b"cba" * 100_000


def test_the_work_says_why_in_one_word():
    with pytest.raises(Unusable) as why:
        work("refuse")
    assert why.value.code == "kind"


@pytest.mark.parametrize("harm", ["read_a_file", "ask_outside", "eat", "break_down"])
def test_nothing_is_opened_reached_eaten_or_broken_but_itself(harm):
    with pytest.raises(Unusable) as why:
        work(harm)
    assert why.value.code == TOO_MUCH


@pytest.mark.parametrize("harm", ["dawdle", "spin"])
def test_no_work_goes_on_for_ever(harm):
    with pytest.raises(Unusable):
        work(harm, seconds=2)


def test_it_is_told_no_secrets(monkeypatch):
    monkeypatch.setenv("COMMONGROUND_SECRET_KEY", "secret")
    assert work("tell_secrets") == b"[]"
