"""Following live sources: real servers on this machine, real sockets, the real ear."""

import json
import queue
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import suppress
from datetime import timedelta
from email.utils import format_datetime
from itertools import islice

import pytest
from django.db import connection
from django.utils import timezone
from tests import given

from commonground.hear import actions
from commonground.hear.engine.firehose import GAP
from commonground.hear.engine.heard import Heard, Skipped, upstream_of
from commonground.hear.engine.reading import Reader
from commonground.hear.listening.feeds import follow_feed
from commonground.hear.listening.follow import Arrival, Follower, Following, Pauses
from commonground.hear.listening.jetstream import follow_jetstream
from commonground.hear.listening.mastodon import by_events, follow_mastodon
from commonground.hear.listening.timelines import catch_up, places_of
from commonground.hear.models import Overheard, Source
from commonground.hear.tests.servers import first_version, jetstream, web
from commonground.kit.outbound import TurnedAway, Unreachable
from commonground.record.models import Entry


def a_source(address: str, kind: str = "feed", **but) -> Source:
    return Source(address=address, kind=kind, **{"name": "S", **but})


def first(stream: Iterator, count: int) -> list:
    return list(islice(stream, count))


def test_jetstream_is_followed_from_a_little_before_the_cursor():
    asked = []

    def frames(path: str) -> list[dict]:
        asked.append(path)
        return [
            first_version("1", "Fire in the harbour"),
            first_version("1", operation="delete"),
        ]

    with jetstream(frames) as address:
        source = a_source(address, "jetstream", cursor="1714557600000000")
        (line, cursor), (deletion, _) = first(follow_jetstream(source, threading.Event()), 2)
    reader = Reader(latest=time.time() + 60)
    post, gone = reader.read(line.raw), reader.read(deletion.raw)
    assert post.text == "Fire in the harbour"
    assert gone.deleted
    assert cursor == str(round(post.at * 1e6))
    assert "wantedCollections=app.bsky.feed.post" in asked[0]
    assert "cursor=1714557595000000" in asked[0]


def test_stream_that_breaks_off_is_told_in_words():
    with jetstream(lambda path: []) as address, pytest.raises(Unreachable, match="broke off"):
        list(follow_jetstream(a_source(address, "jetstream"), threading.Event()))
    with pytest.raises(Unreachable):
        list(follow_jetstream(a_source("ws://127.0.0.1:1/", "jetstream"), threading.Event()))


def rss(*items: tuple[str, str], declared: str = "") -> bytes:
    now = format_datetime(timezone.now())
    inner = "".join(
        f"<item><guid>{guid}</guid><title>{title}</title><link>https://n.example/{guid}</link>"
        f"<pubDate>{now}</pubDate></item>"
        for guid, title in items
    )
    feed = f'<rss version="2.0"><channel>{inner}</channel></rss>'
    return f'<?xml version="1.0"?>{declared}{feed}'.encode()


def heard_from(body: bytes, **headers: str) -> list:
    with web(lambda path, asked: (200, headers, body)) as address:
        stop = threading.Event()
        stream = follow_feed(a_source(f"{address}/feed"), stop)
        items = []
        for item, _ in stream:
            if item is None and items:
                break
            items.append(item)
            stop.set()
        return [item for item in items if item]


def test_feed_items_are_heard_as_one_voice_of_their_outlet():
    one, two = heard_from(rss(("1", "Flood &lt;b&gt;rises&lt;/b&gt;"), ("2", "Bridge closed")))
    assert {one.text, two.text} == {"Flood rises", "Bridge closed"}
    assert one.author == two.author
    assert one.url == "https://n.example/1"


def test_json_feed_is_heard():
    when = timezone.now().isoformat()
    feed = {
        "version": "https://jsonfeed.org/version/1.1",
        "items": [
            {
                "id": "1",
                "title": "Flood",
                "content_html": "<p>It rises</p>",
                "date_published": when,
                "url": "javascript:x",
            },
            {"id": "2", "title": ["no"]},
            {
                "id": "3",
                "title": "Old",
                "date_published": (timezone.now() - timedelta(days=9)).isoformat(),
            },
        ],
    }
    items = heard_from(json.dumps(feed).encode())
    assert [i.text for i in items if isinstance(i, Heard)] == ["Flood. It rises"]
    assert {i.why for i in items if isinstance(i, Skipped)} == {
        "a field of the wrong kind",
        "older than two days",
    }
    assert next(i for i in items if isinstance(i, Heard)).url == ""


XXE = '<!DOCTYPE rss [<!ENTITY secret SYSTEM "file:///etc/passwd">]>'
LAUGHS = (
    "<!DOCTYPE rss ["
    + "".join(f'<!ENTITY l{n} "' + f"&l{n - 1};" * 10 + '">' for n in range(1, 10))
    + "]>"
)


@pytest.mark.parametrize("declared", [XXE, LAUGHS])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_feed_that_declares_entities_is_refused(declared, encoding):
    body = rss(("1", "&secret;"), declared=declared).decode().encode(encoding)
    began = time.monotonic()
    with pytest.raises(Unreachable, match="entities"):
        heard_from(body)
    assert time.monotonic() - began < 5


@pytest.mark.parametrize("body", [b"", b"nonsense", b"<rss>", b"{", b'{"items": 3}', b"\0" * 1000])
def test_answer_that_is_no_feed_is_harmless(body):
    with suppress(Unreachable):
        assert heard_from(body) == []


def test_unchanged_feed_is_asked_for_only_if_it_changed():
    asked = []

    def answer(path: str, headers: dict[str, str]) -> tuple[int, dict[str, str], bytes]:
        asked.append(headers)
        if headers.get("if-none-match") == '"7"':
            return 304, {}, b""
        return 200, {"ETag": '"7"'}, rss(("1", "Flood"))

    with web(answer) as address:
        stop = threading.Event()
        source = a_source(f"{address}/feed")
        (_, _), (item, cursor) = first(follow_feed(source, stop), 2)
        assert item.text == "Flood"
        again = a_source(f"{address}/feed", cursor=cursor)
        assert first(follow_feed(again, stop), 1) == [(None, "")]


def status(number: int, text: str) -> dict:
    return {
        "id": str(number),
        "created_at": timezone.now().isoformat(),
        "content": f"<p>{text}</p>",
        "account": {"acct": "u", "url": "https://m.example/@u"},
        "language": "en",
    }


def test_timeline_is_caught_up_oldest_first_from_the_cursor():
    asked = []

    def answer(path: str, headers: dict[str, str]) -> tuple[int, dict[str, str], bytes]:
        asked.append(path)
        return 200, {}, json.dumps([status(10, "new"), status(9, "old")]).encode()

    with web(answer) as address:
        source = a_source(address, "mastodon", hashtags=["flood"], cursor='{"flood":"8"}')
        got = list(catch_up(source, places_of(source)))
    assert [item.text for item, _ in got] == ["old", "new"]
    assert json.loads(got[-1][1]) == {"flood": "10"}
    assert "/api/v1/timelines/tag/flood" in asked[0]
    assert "min_id=8" in asked[0]


def test_mastodon_stream_brings_statuses_and_deletions():
    said = json.dumps(status(5, "Flood"))
    events = f"event: update\ndata: {said}\n\n:thump\nevent: delete\ndata: 5\n\n"

    def answer(path: str, asked: dict[str, str]) -> tuple[int, dict[str, str], bytes]:
        return 200, {}, events.encode() if "streaming" in path else b"[]"

    with web(answer) as address:
        stream = by_events(a_source(address, "mastodon"), threading.Event())
        (post, _), (gone, _) = first(stream, 2)
    assert post.text == "Flood"
    assert (gone.deleted, gone.id) == (True, post.id)


@pytest.mark.django_db
def test_everything_heard_is_kept_with_its_cursor_and_deletions_are_obeyed():
    agency = given.an_agency()
    source = Source.objects.create(
        agency=agency, name="Town", kind="mastodon", address="https://m.example", hashtags=["town"]
    )
    following = Following(tell=lambda words: None)
    quiet = following.followers[source.pk] = type("Quiet", (), {"source": source})()
    following.ear_of(agency)
    now = time.time()
    following.take(Arrival(quiet, Heard("a", now, "Fire in the mill", author="x"), "7"))
    following.take(Arrival(quiet, Heard("b", now, "Fire in the mill too", author="y"), "8"))
    following.take(Arrival(quiet, Skipped("not JSON")))
    following.take(Arrival(quiet, Heard("a", now, deleted=True)))
    ear, _ = following.ears[agency.pk]
    ear.pass_on(now + 1)
    ear.rest()
    source.refresh_from_db()
    assert (source.cursor, source.items, source.skipped) == ("8", 2, {"not JSON": 1})
    assert source.last_item_at
    assert [o.upstream for o in Overheard.objects.all()] == [upstream_of("b")]


@pytest.mark.django_db
def test_of_a_whole_network_only_what_a_topic_asks_for_is_kept():
    author = given.a_member()
    topic = actions.propose_topic(
        author.agency,
        name="Drink",
        purpose="p",
        watch={"en": ["drunk driver"]},
        expires_on=timezone.now() + timedelta(days=9),
        by=author,
    )
    actions.approve_topic(topic, by=given.a_member(roles=["approver"], agency=author.agency))
    source = Source.objects.create(
        agency=author.agency, name="Sky", kind="jetstream", address="wss://j.example"
    )
    following = Following(tell=lambda words: None)
    quiet = following.followers[source.pk] = type("Quiet", (), {"source": source})()
    following.ear_of(author.agency)
    for key, text in (("1", "a drunk driver again"), ("2", "lunch")):
        following.take(Arrival(quiet, Heard(key, time.time(), text)))
    following.ears[author.agency.pk][0].rest()
    assert [o.text for o in Overheard.objects.all()] == ["a drunk driver again"]
    source.refresh_from_db()
    assert source.items == 2


@pytest.mark.django_db
def test_trouble_of_a_source_is_shown_and_goes_when_it_is_heard_again():
    source = Source.objects.create(
        agency=given.an_agency(), name="F", kind="feed", address="https://f.example"
    )
    following = Following(tell=lambda words: None)
    quiet = following.followers[source.pk] = type("Quiet", (), {"source": source})()
    following.ear_of(source.agency)
    following.take(Arrival(quiet, None, trouble="Nobody answers there."))
    source.refresh_from_db()
    assert source.trouble == "Nobody answers there."
    following.take(Arrival(quiet, Heard("1", time.time(), "Fire")))
    source.refresh_from_db()
    assert source.trouble == ""


@pytest.mark.django_db(transaction=True)  # it closes its connections, as a long-lived process must
@pytest.mark.usefixtures("a_record_that_can_be_emptied")
def test_listening_runs_reconnects_and_stops():
    """The whole of it: a stream that breaks after each post is heard to the end."""
    calls = []

    def frames(path: str) -> list[dict]:
        calls.append(path)
        return [first_version(str(len(calls)), f"Fire number {len(calls)} in the harbour")]

    author = given.a_member()
    topic = actions.propose_topic(
        author.agency,
        name="Fire",
        purpose="p",
        watch={"en": ["fire"]},
        expires_on=timezone.now() + timedelta(days=9),
        by=author,
    )
    actions.approve_topic(topic, by=given.a_member(roles=["approver"], agency=author.agency))
    with jetstream(frames) as address:
        source = Source.objects.create(
            agency=author.agency, name="Sky", kind="jetstream", address=address
        )
        following = Following(tell=lambda words: None)

        def stop_soon() -> None:
            """Once both posts are written down, however long a busy machine takes."""
            deadline = time.monotonic() + 60
            while Overheard.objects.count() < 2 and time.monotonic() < deadline:
                time.sleep(0.1)
            connection.close()
            following.stopped.set()

        threading.Thread(target=stop_soon, daemon=True).start()
        following.run()
        for follower in list(following.followers.values()):
            follower.join(10)
    assert Overheard.objects.count() >= 2
    source.refresh_from_db()
    assert source.cursor
    assert "cursor=" in calls[1]


def test_no_port_of_this_machine_is_reached_by_a_real_desk(settings):
    settings.ENV = settings.ENV.model_copy(update={"allow_private_addresses": False})
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        for stream in (
            follow_jetstream(a_source(f"ws://127.0.0.1:{port}/", "jetstream"), threading.Event()),
            follow_feed(a_source(f"http://127.0.0.1:{port}/"), threading.Event()),
        ):
            with pytest.raises(Unreachable):
                next(stream)
        server.settimeout(0.2)
        with pytest.raises(TimeoutError):
            server.accept()


def test_server_that_refuses_its_stream_is_asked_for_its_timeline():
    asked = []

    def answer(path: str, headers: dict[str, str]) -> tuple[int, dict[str, str], bytes]:
        asked.append(path.split("?")[0])
        if "streaming" in path or "instance" in path:
            return 401, {}, b""
        return 200, {}, json.dumps([status(10, "Fire")]).encode()

    with web(answer) as address:
        source = a_source(address, "mastodon", hashtags=["fire"])
        (post, _), (nothing_new, _) = first(follow_mastodon(source, threading.Event(), 0.01), 2)
    assert post.text == "Fire"
    assert nothing_new is None
    assert asked.count("/api/v1/streaming/hashtag") == 1


def test_server_that_is_busy_is_left_alone_as_long_as_it_asks():
    with (
        web(lambda path, headers: (429, {"Retry-After": "77"}, b"")) as address,
        pytest.raises(TurnedAway) as told,
    ):
        list(follow_mastodon(a_source(address, "mastodon"), threading.Event()))
    assert told.value.again_after == 77.0
    with (
        web(lambda path, headers: (503, {"Retry-After": "55"}, b"")) as address,
        pytest.raises(TurnedAway) as told,
    ):
        list(follow_feed(a_source(f"{address}/feed"), threading.Event()))
    assert told.value.again_after == 55.0


def test_place_the_server_no_longer_has_is_told_as_a_gap_and_begun_anew():
    complaint = {"$type": "error", "error": "CursorTooOld", "message": "m"}
    path = "/xrpc/network.bsky.jetstream.subscribeEvents"
    with jetstream(lambda asked: [complaint], path) as address:
        source = a_source(address, "jetstream", cursor="17")
        arrivals: queue.Queue[Arrival] = queue.Queue()
        follower = Follower(source, arrivals, follow_jetstream, Pauses())
        follower.once()
    assert arrivals.get_nowait().item == GAP
    assert source.cursor == ""


@pytest.mark.django_db
def test_source_at_a_new_address_begins_anew_and_its_token_is_in_no_record():
    admin = given.a_member(roles=["admin"])
    source = actions.add_source(
        admin.agency, name="M", kind="mastodon", address="https://m.example", by=admin,
        token="very secret",
    )  # fmt: skip
    source.cursor = '{"":"7"}'
    source.save()
    actions.change_source(source, by=admin, address="https://n.example", token="more secret")
    source.refresh_from_db()
    assert (source.cursor, source.token) == ("", "more secret")
    assert "secret" not in str([entry.detail for entry in Entry.objects.all()])
