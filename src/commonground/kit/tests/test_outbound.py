import gzip
import socket
import ssl
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import timedelta

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from django.utils import timezone

from commonground.kit.outbound import (
    LONGEST_WAIT,
    TurnedAway,
    Unreachable,
    again_after,
    checked,
    dial,
    fetch,
    listening,
    post,
    private,
)
from commonground.kit.tests.test_wire import nobody_home

OK = b"HTTP/1.1 200 OK\r\nConnection: close\r\n"


@contextmanager
def serving(*replies) -> Iterator[tuple[str, list[bytes]]]:
    """A server on this machine that answers each request with the next reply, whatever it is."""
    server = socket.create_server(("127.0.0.1", 0))
    port = server.getsockname()[1]
    asked: list[bytes] = []

    def serve() -> None:
        for reply in replies:
            try:
                peer, _ = server.accept()
            except OSError:
                return
            with peer:
                asked.append(peer.recv(65536))
                try:
                    parts = reply if isinstance(reply, list) else [reply]
                    for part in parts:
                        time.sleep(part) if isinstance(part, float) else peer.sendall(
                            part.replace(b"PORT", str(port).encode())
                        )
                except OSError:
                    return

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{port}/feed", asked
    finally:
        server.close()
        thread.join(5)


@pytest.fixture
def strictly(settings):
    settings.ENV = settings.ENV.model_copy(update={"allow_private_addresses": False})


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1", "10.0.0.1", "172.16.0.1", "192.168.1.1", "169.254.169.254", "0.0.0.0",  # noqa: S104
        "100.64.0.1", "192.0.0.8", "192.88.99.1", "198.18.0.1", "203.0.113.1", "224.0.0.1",
        "240.0.0.1", "255.255.255.255",
        "::", "::1", "::127.0.0.1", "::ffff:169.254.169.254", "64:ff9b::a9fe:a9fe", "64:ff9b:1::1",
        "2002:7f00:1::", "2001::1", "2001:db8::1", "3fff::1", "5f00::1", "fc00::1", "fe80::1%1",
        "fec0::1", "ff02::1",
    ],
)  # fmt: skip
def test_address_of_a_private_kind_is_known(address):
    assert private(address)


@pytest.mark.parametrize(
    "address", ["1.1.1.1", "93.184.216.34", "2606:4700::1111", "::ffff:1.1.1.1"]
)
def test_plain_public_address_is_let_through(address):
    assert not private(address)


@pytest.mark.parametrize(
    "url",
    [
        "https://127.0.0.1/", "https://localhost/", "https://0x7f000001/", "https://2130706433/",
        "https://0177.0.0.1/", "https://127.1/", "https://0/", "https://[::1]/",
        "https://[::ffff:127.0.0.1]/", "https://１２７.0.0.1/",
    ],
)  # fmt: skip
def test_nothing_leads_to_this_machine(strictly, url):
    with pytest.raises(Unreachable):
        fetch(url)


@pytest.mark.parametrize(
    "url",
    [
        "http://a.example/", "ftp://a.example/", "file:///etc/passwd", "gopher://a.example",
        "https://a.example:8443/", "https://a.example:22/", "https://u:p@a.example/",
        "https://good.example@evil.example/", "https://a.example\\@b.example/", "https://a\tb/",
        "https://a.example/\n", "https:///x", "javascript:alert(1)", "", "https://a.example:99999/",
        "https://[::1/",
    ],
)  # fmt: skip
def test_odd_addresses_are_refused_before_anything_is_looked_up(strictly, url):
    with pytest.raises(Unreachable):
        checked(url)


def test_one_bad_answer_among_good_ones_spoils_the_name(strictly, monkeypatch):
    found = [
        (socket.AF_INET, socket.SOCK_STREAM, 6, "", (ip, 443)) for ip in ("1.1.1.1", "10.0.0.1")
    ]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *a, **k: found)
    with pytest.raises(Unreachable, match="private"):
        dial(checked("https://rebinding.example/"))


def test_answer_comes_with_its_headers():
    with serving(OK + b'ETag: "7"\r\n\r\nhello') as (url, asked):
        answer = fetch(url, headers={"If-None-Match": '"6"'})
    assert (answer.status, answer.body, answer.headers["etag"]) == (200, b"hello", '"7"')
    assert b'If-None-Match: "6"' in asked[0]


def test_packed_answer_is_unpacked_and_a_bomb_is_not():
    body = gzip.compress(b"hello " * 100)
    packed = OK + b"Content-Encoding: gzip\r\n\r\n"
    bomb = gzip.compress(b"\0" * 50_000_000)
    with serving(packed + body, packed + bomb) as (url, _):
        assert fetch(url).body == b"hello " * 100
        with pytest.raises(Unreachable, match="longer"):
            fetch(url)


def test_however_often_it_sends_us_on_there_is_one_time_for_all():
    away = b"HTTP/1.1 302 On\r\nLocation: http://127.0.0.1:PORT/\r\nContent-Length: 0\r\n\r\n"
    began = time.monotonic()
    with (
        serving(*[[0.4, away]] * 4) as (url, _),
        pytest.raises(Unreachable),
    ):
        fetch(url, seconds=0.6)
    assert time.monotonic() - began < 1.2


def test_a_name_with_many_dead_addresses_holds_us_no_longer(monkeypatch):
    with nobody_home() as dead:
        found = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", dead)] * 20
        monkeypatch.setattr(socket, "getaddrinfo", lambda *a, **k: found)
        began = time.monotonic()
        with pytest.raises(Unreachable):
            fetch("http://a.example/", seconds=1.0)
    assert time.monotonic() - began < 3


def test_endless_answer_is_cut():
    with (
        serving([OK + b"\r\n", *[b"x" * 100_000] * 30]) as (url, _),
        pytest.raises(Unreachable, match="longer"),
    ):
        fetch(url)


def test_dripping_answer_is_cut_at_the_whole_deadline():
    for reply in ([OK + b"\r\n", *[b"x", 0.1] * 50], [OK, *[b"A: b\r\n", 0.1] * 50]):
        began = time.monotonic()
        with serving(reply) as (url, _):
            with suppress(Unreachable):
                fetch(url, seconds=0.5)
            assert time.monotonic() - began < 2


def test_nonsense_for_an_answer_is_told_in_words():
    with serving(b"nonsense\r\n\r\n") as (url, _), pytest.raises(Unreachable):
        fetch(url)


def test_three_redirects_are_followed_and_four_are_not():
    onward = (
        b"HTTP/1.1 302 Found\r\nConnection: close\r\nLocation: http://127.0.0.1:PORT/on\r\n\r\n"
    )
    with serving(onward, onward, onward, OK + b"\r\nthere") as (url, _):
        assert fetch(url).body == b"there"
    with serving(*[onward] * 4) as (url, _), pytest.raises(Unreachable, match="on and on"):
        fetch(url)


def test_secrets_do_not_follow_to_another_host():
    onward = (
        b"HTTP/1.1 302 Found\r\nConnection: close\r\nLocation: http://localhost:PORT/on\r\n\r\n"
    )
    with serving(onward, OK + b"\r\n") as (url, asked):
        fetch(url, headers={"Authorization": "Bearer x", "X-Kept": "1"})
    assert b"Authorization" in asked[0]
    assert b"Authorization" not in asked[1]
    assert b"X-Kept" in asked[1]


def test_redirect_is_checked_like_the_first_address(settings):
    onward = b"HTTP/1.1 302 Found\r\nConnection: close\r\nLocation: file:///etc/passwd\r\n\r\n"
    with serving(onward) as (url, _), pytest.raises(Unreachable):
        fetch(url)


def heard(url: str, **but) -> list[bytes]:
    with listening(url, **{"longest": 1000, "silence": 5.0, **but}) as lines:
        return list(lines)


def test_lines_of_an_endless_answer_are_bounded():
    with serving(OK + b"\r\ndata: 1\n" + b"x" * 5000 + b"\n") as (url, _):
        assert max(map(len, heard(url))) <= 1000


def test_answer_that_says_nothing_for_too_long_is_dead():
    with serving([OK + b"\r\ndata: 1\n", 2.0]) as (url, _), pytest.raises(Unreachable):
        heard(url, silence=0.2)


def test_stream_that_refuses_us_says_with_what_and_until_when():
    reply = b"HTTP/1.1 429 Slow down\r\nRetry-After: 90\r\nConnection: close\r\n\r\n"
    with serving(reply) as (url, _), pytest.raises(TurnedAway) as told:
        heard(url)
    assert (told.value.status, told.value.again_after) == (429, 90.0)


@pytest.mark.parametrize(
    ("said", "seconds"),
    [
        ("7", 7.0), ("-5", 0.0), ("1000000000", LONGEST_WAIT), ("inf", 0.0), ("nan", 0.0),
        ("soon", 0.0), ("", 0.0), ("Thu, 01 Jan 1970 00:00:00 GMT", 0.0),
        ("Fri, 31 Dec 9999 23:59:59 GMT", LONGEST_WAIT),
    ],
)  # fmt: skip
def test_absurd_waiting_times_are_held_to_reason(said, seconds):
    assert again_after({"Retry-After": said}) == seconds


def test_half_an_answer_is_not_taken_for_a_whole_one():
    reply = b"HTTP/1.1 200 OK\r\nContent-Length: 900\r\n\r\n<rss>half of it"
    with serving(reply) as (url, _), pytest.raises(Unreachable, match="broke off"):
        fetch(url)


def test_secure_answer_that_drips_is_cut_at_the_deadline(tmp_path, monkeypatch):
    context = certified(tmp_path, monkeypatch)
    began = time.monotonic()
    with (
        dripping(context) as port,
        pytest.raises(Unreachable),
    ):
        fetch(f"https://localhost:{port}/", seconds=0.7)
    assert time.monotonic() - began < 5


@pytest.mark.parametrize("false", ["unknown", "old", "of another host"])
def test_a_server_with_a_false_certificate_is_sent_nothing(tmp_path, monkeypatch, false):
    context = certified(
        tmp_path, monkeypatch, days=-1 if false == "old" else 1,
        host="evil.example" if false == "of another host" else "localhost",
    )  # fmt: skip
    if false == "unknown":
        monkeypatch.delenv("SSL_CERT_FILE")
    heard: list[bytes] = []
    with secure_ears(context, heard) as port, pytest.raises(Unreachable) as told:
        fetch(f"https://localhost:{port}/secret")
    assert heard == []
    assert "CertVerification" in str(told.value)


def test_a_server_with_a_true_certificate_hears_us(tmp_path, monkeypatch):
    heard: list[bytes] = []
    with secure_ears(certified(tmp_path, monkeypatch), heard) as port, suppress(Unreachable):
        fetch(f"https://localhost:{port}/secret")
    assert b"GET /secret" in heard[0]


@contextmanager
def secure_ears(context: ssl.SSLContext, heard: list[bytes]) -> Iterator[int]:
    """A secure server that writes down what it is sent, and answers nothing."""
    server = socket.create_server(("127.0.0.1", 0))

    def serve() -> None:
        with suppress(OSError), context.wrap_socket(server.accept()[0], server_side=True) as peer:
            if said := peer.recv(4096):
                heard.append(said)

    thread = threading.Thread(target=serve)
    thread.start()
    try:
        yield server.getsockname()[1]
    finally:
        thread.join(10)
        server.close()


def certified(folder, monkeypatch, *, days: int = 1, host: str = "localhost") -> ssl.SSLContext:
    """A server's context whose certificate this test trusts, if it is in force and of that host."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "localhost")])
    now = timezone.now()
    certificate = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - timedelta(days=2))
        .not_valid_after(now + timedelta(days=days))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(host)]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    pem = serialization.Encoding.PEM
    form, open_key = serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    (folder / "cert.pem").write_bytes(certificate.public_bytes(pem))
    (folder / "key.pem").write_bytes(key.private_bytes(pem, form, open_key))
    monkeypatch.setenv("SSL_CERT_FILE", str(folder / "cert.pem"))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(folder / "cert.pem", folder / "key.pem")
    return context


@contextmanager
def dripping(context: ssl.SSLContext) -> Iterator[int]:
    """A secure server that sends a byte each fifth of a second, for ever."""
    server = socket.create_server(("127.0.0.1", 0))

    def serve() -> None:
        with suppress(OSError), context.wrap_socket(server.accept()[0], server_side=True) as peer:
            peer.sendall(OK + b"\r\n")
            while True:
                peer.sendall(b".")
                time.sleep(0.2)

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    try:
        yield server.getsockname()[1]
    finally:
        server.close()
        thread.join(5)


@pytest.mark.parametrize("sent", [
    [OK + b"Content-Length: 1000\r\n\r\nhalf"],
    [OK + b"Content-Length: 1000\r\n\r\n", *[b"x", 0.2] * 20],
    [OK + b"\r\n", *[b"x", 0.2] * 20],
    [OK + b"Content-Encoding: gzip\r\n\r\n" + gzip.compress(bytes(range(256)))[:100]],
])  # fmt: skip
def test_half_an_answer_is_not_taken_for_the_whole(sent):
    with serving(sent) as (url, _), pytest.raises(Unreachable):
        fetch(url, seconds=1)


def test_what_is_posted_goes_to_one_address_and_no_further():
    moved = (
        b"HTTP/1.1 307 Moved\r\nLocation: http://127.0.0.1:PORT/other\r\nContent-Length: 0\r\n\r\n"
    )
    with serving(moved, OK + b"\r\nno") as (url, asked):
        host = url.split("/")[2]
        answer = post(url, b'{"a": 1}', headers={"content-type": "x/y", "host": host})

    assert answer.status == 307
    assert len(asked) == 1
    assert asked[0].startswith(b"POST /feed HTTP/1.1\r\n")
    assert b"Content-Length: 8\r\n" in asked[0]
    assert asked[0].lower().count(b"\r\nhost: ") == 1


def test_nothing_is_posted_into_our_own_network(strictly):
    with serving(OK + b"\r\n") as (url, asked):
        for address in (url, url.replace("http:", "https:")):
            with pytest.raises(Unreachable):
                post(address, b"{}", headers={})

    assert asked == []
