"""What a hostile outlet may put into the desk: each is bounded, told in words, and harms nobody."""

from __future__ import annotations

import gzip
import socket
import threading
import time
from contextlib import contextmanager, suppress
from datetime import timedelta

import pytest
from django.utils import timezone
from tests import given

from commonground.kit import outbound
from commonground.kit.apart import TOO_MUCH, Unusable, apart
from commonground.kit.outbound import Unreachable
from commonground.learn import line, tasks
from commonground.learn.engine import extracting
from commonground.learn.line import newspapers
from commonground.learn.line.newspapers import WORK_MEMORY, WORK_SECONDS, feed_at, page_at
from commonground.learn.models import Article, Outlet, Printed
from commonground.learn.tests.papers import CRASH, a_paper, an_outlet, page, rss, the_clock_runs
from commonground.learn.tests.test_news import a_followed_crash

HTML = {"Content-Type": "text/html; charset=utf-8"}


@pytest.fixture
def paper():
    with a_paper() as found:
        yield found


def words_of(page: bytes, charset: str = "") -> str:
    given = extracting.asked(page, charset=charset, address="https://a.example/")
    said = apart(extracting.WORK, given, seconds=WORK_SECONDS, memory=WORK_MEMORY)
    return extracting.answered(said)[1]


def test_a_page_is_read_apart_whatever_way_its_words_are_found():
    assert words_of(page("Crash", CRASH)).splitlines() == CRASH
    assert "One short line" in words_of(b"<html><body><p>One short line.</p></body></html>")


def test_scripts_styles_and_hidden_frames_are_no_words():
    extra = "<script>alert('x')</script><style>p{color:red}</style><iframe src='//evil'></iframe>"
    said = words_of(page("Crash", CRASH, extra))
    assert "alert" not in said
    assert "color" not in said
    said = words_of(page("Crash", [*CRASH, "&lt;script&gt;alert(1)&lt;/script&gt; was written."]))
    assert "<script>" in said  # words that show a tag are words: templates escape them


@pytest.mark.parametrize(
    ("letters", "told", "seen"),
    [
        ("utf-8", "utf-8", "Rue Fermée à Québec"),
        ("cp1252", "iso-8859-1", "Rue Fermée à Québec"),
        ("cp1252", "", "Rue Ferm"),  # it says nothing and is not what we take it for
        ("utf-8", "no-such-charset", "Rue Fermée à Québec"),
        ("utf-8", "utf-7", "Rue Fermée à Québec"),
    ],
)
def test_letters_in_a_wrong_charset_do_no_harm(letters, told, seen):
    body = page("x", ["Rue Fermée à Québec: la police demande aux gens de rester chez eux."] * 4)
    said = words_of(body.decode().replace("<meta charset=utf-8>", "").encode(letters), told)
    assert seen in said
    said.encode()  # nothing in it that no table can hold


@pytest.mark.parametrize("body", [
    b"", b"\0" * 5000, b"<" * 200_000, b"<div>" * 200_000, b"\xff\xfe<\x00h\x00" * 99,
    b"<p>" + b"&amp;" * 100_000, b"<!DOCTYPE x [<!ENTITY a 'b'>]>&a;", b"<a " + b"x=1 " * 200_000,
    b"<table>" + b"<tr><td>" * 50_000,
])  # fmt: skip
def test_no_page_breaks_the_reader_whatever_its_bytes(body):
    began = time.monotonic()
    with suppress(Unusable):
        words_of(body)
    assert time.monotonic() - began < WORK_SECONDS + 2


def test_a_page_may_be_huge_and_its_beginning_is_read(paper):
    paper.has["/huge"] = (200, HTML, page("Crash", CRASH) + b"<!-- " + b"x" * 6_000_000)
    said = page_at(paper.at("/huge"))
    assert said.part
    assert len(said.body) == newspapers.PAGE_BYTES
    assert said.text.splitlines() == CRASH


def test_a_packed_bomb_is_cut(paper):
    bomb = gzip.compress(b"<p>" + b"x" * 100_000_000)
    paper.has["/bomb"] = (200, {**HTML, "Content-Encoding": "gzip"}, bomb)
    try:
        said = page_at(paper.at("/bomb"))
    except line.NotRead:
        return
    assert len(said.body) <= newspapers.PAGE_BYTES


def test_a_page_without_end_is_left(paper, monkeypatch):
    monkeypatch.setattr(newspapers, "SECONDS", 1.0)
    with dripping() as url:
        newspapers.ROBOTS.known[url] = (time.monotonic(), None)
        with pytest.raises(line.NotNow, match="too long"):
            page_at(f"{url}/endless")


@contextmanager
def dripping():
    """A server that sends a byte now and then, for ever."""
    server = socket.create_server(("127.0.0.1", 0))
    over = threading.Event()

    def serve() -> None:
        with suppress(OSError):
            connection, _ = server.accept()
            with connection:
                connection.recv(4096)
                connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n<p>")
                while not over.wait(0.1):
                    connection.sendall(b"x")

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.getsockname()[1]}"
    finally:
        over.set()
        server.close()
        thread.join(5)


def test_a_page_that_sends_us_in_a_circle_is_left(paper):
    paper.has["/a"] = (302, {"Location": "/b"}, b"")
    paper.has["/b"] = (302, {"Location": "/a"}, b"")
    with pytest.raises(line.NotNow, match="on and on"):
        page_at(paper.at("/a"))


@pytest.mark.parametrize("inside", [
    "http://127.0.0.1/x", "http://169.254.169.254/latest", "http://[::1]/", "http://localhost/",
])  # fmt: skip
@pytest.mark.django_db
def test_neither_a_feed_nor_its_items_lead_into_our_own_network(paper, settings, inside):
    member = given.a_member(roles=["author", "admin"])
    a_followed_crash(member)
    paper.has["/feed"] = rss([(inside, "Three dead in crash on Mast Road", "Crash, Mast Road.")])
    an_outlet(paper, by=member)
    tasks.news.look_at_feeds()
    settings.ENV = settings.ENV.model_copy(update={"allow_private_addresses": False})
    asked = len(paper.asked)
    tasks.news.read_pages()
    assert len(paper.asked) == asked
    assert Printed.objects.get().why
    assert not Printed.objects.get().is_whole
    Outlet.objects.update(feed=inside, next_at=timezone.now() - timedelta(minutes=1))
    tasks.news.look_at_feeds()
    assert Outlet.objects.get().trouble


def test_a_page_that_is_no_page_is_left(paper):
    paper.has["/film"] = (200, {"Content-Type": "video/mp4"}, b"\0" * 1000)
    with pytest.raises(line.NotRead, match="not to a page"):
        page_at(paper.at("/film"))


def test_a_feed_that_declares_entities_is_refused(paper):
    lol = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
    paper.has["/feed"] = (
        f'<?xml version="1.0"?><!DOCTYPE r [<!ENTITY l0 "lol">{lol}]><rss>&l9;</rss>'
    ).encode()
    with pytest.raises(Unreachable, match="entities"):
        feed_at(paper.at("/feed"), "")


def test_a_feed_that_is_the_name_of_a_file_is_a_feed_without_items(paper):
    for body in (b"/etc/passwd", b"/dev/zero", b"file:///etc/passwd", b"https://a.example/feed"):
        paper.has["/feed"] = body
        assert feed_at(paper.at("/feed"), "").items == []


def test_a_feed_of_many_items_is_bounded_in_time_and_number(paper):
    paper.has["/feed"] = rss([(f"https://a.example/{n}", "News", "x") for n in range(20_000)])
    began = time.monotonic()
    try:
        said = feed_at(paper.at("/feed"), "")
    except Unreachable as why:
        assert "more than this desk reads" in str(why)  # noqa: PT017
    else:
        assert len(said.items) <= 500
    assert time.monotonic() - began < WORK_SECONDS + 5


def test_a_feed_of_more_bytes_than_we_take_is_refused(paper):
    paper.has["/feed"] = b"<rss>" + b"x" * (outbound.FEED_BYTES + 1)
    with pytest.raises(Unreachable, match="longer than"):
        feed_at(paper.at("/feed"), "")


@pytest.mark.django_db
def test_items_that_lead_nowhere_or_are_no_news_are_passed_over(paper):
    member = given.a_member(roles=["author", "admin"])
    outlet = an_outlet(paper, by=member)
    paper.has["/feed"] = rss([
        ("javascript:alert(1)", "A", "x"), ("data:text/html,x", "B", "x"), ("", "C", "x"),
        ("https://a.example/" + "x" * 600, "D", "x"), ("https://a.example/e", "   ", "x"),
        ("https://a.example/good", "&lt;b&gt;Good&lt;/b&gt; &amp;#0; one", "x"),
    ])  # fmt: skip
    tasks.news.look_at_feeds()
    printed = outlet.printed.get()
    assert printed.url == "https://a.example/good"
    assert "\0" not in printed.headline
    old = rss([("https://a.example/old", "Old", "x")], age=timedelta(days=30))
    ahead = rss([("https://a.example/ahead", "Ahead", "x")], age=timedelta(days=-2))
    for body in (old, ahead):
        paper.has["/feed"] = body
        Outlet.objects.update(next_at=timezone.now() - timedelta(minutes=1))
        tasks.news.look_at_feeds()
    assert outlet.printed.count() == 1


@pytest.mark.django_db
def test_markup_of_a_page_is_words_on_ours(client, paper):
    member = given.a_member(roles=["author", "admin"])
    coverage = a_followed_crash(member)
    words = [*CRASH, "&lt;img src=x onerror=alert(1)&gt; stands here as words of the article."]
    paper.has["/crash"] = page("Crash", words)
    title = "Three dead in crash on Mast Road &lt;script&gt;alert(1)&lt;/script&gt;"
    paper.has["/feed"] = rss([(paper.at("/crash"), title, "Cars.")])
    an_outlet(paper, by=member)
    the_clock_runs()
    client.force_login(member)
    article = coverage.articles.get()
    for address in (article.get_absolute_url(), coverage.get_absolute_url()):
        shown = client.get(address).content.decode()
        assert "<img src=x" not in shown
        assert "<script>alert" not in shown


@pytest.mark.django_db
def test_a_page_whose_scripts_hold_a_key_is_kept_by_its_words_alone(paper):
    member = given.a_member(roles=["author", "admin"])
    a_followed_crash(member)
    paper.has["/crash"] = page("Crash", CRASH, "<script>var access_token='x'</script>")
    paper.has["/feed"] = rss([(paper.at("/crash"), "Three dead in crash on Mast Road", "Cars.")])
    an_outlet(paper, by=member)
    the_clock_runs()
    assert Article.objects.count() == 1


def test_whoever_reads_a_page_can_open_and_spend_little():
    with pytest.raises(Unusable) as why:
        apart(extracting.WORK, extracting.asked(b"<p>" * 3_000_000, charset="", address="x"),
              seconds=1, memory=300_000_000)  # fmt: skip
    assert why.value.code in (TOO_MUCH, extracting.NO_WORDS)
