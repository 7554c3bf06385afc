"""Lines that are cut again and again: nothing is missed, and nothing is counted twice."""

import json
import threading
import time
from collections.abc import Callable
from datetime import timedelta
from functools import partial

import pytest
from django.db import connection
from django.utils import timezone
from tests import given

from commonground.hear import actions
from commonground.hear.engine.heard import upstream_of
from commonground.hear.listening.feeds import follow_feed
from commonground.hear.listening.follow import WAYS, Following, Pauses
from commonground.hear.listening.mastodon import follow_mastodon
from commonground.hear.models import Overheard, Source, SourceKind
from commonground.hear.tests.servers import (
    Recorder,
    breaking,
    first_version,
    log_of,
    second_version,
    web,
)

pytestmark = [
    pytest.mark.django_db(transaction=True),  # it closes its connections, as a long process must
    pytest.mark.usefixtures("a_record_that_can_be_emptied"),
]
AT_ONCE = Pauses(first=0.002, longest=0.004)
OFTEN = {
    **WAYS,
    SourceKind.FEED: partial(follow_feed, every=0.01),
    SourceKind.MASTODON: partial(follow_mastodon, every=0.05),
}
SECOND = "/xrpc/network.bsky.jetstream.subscribeEvents"


@pytest.fixture
def recorder(settings):
    settings.LISTENERS = ["commonground.hear.tests.servers.Recorder"]
    Recorder.told, Recorder.forgotten = [], set()
    return Recorder


def a_source_for_fires(address: str, kind: str, **but) -> Source:
    author = given.a_member()
    topic = actions.propose_topic(
        author.agency, name="Fire", purpose="p", watch={"en": ["fire"]},
        expires_on=timezone.now() + timedelta(days=9), by=author,
    )  # fmt: skip
    actions.approve_topic(topic, by=given.a_member(roles=["approver"], agency=author.agency))
    return Source.objects.create(agency=author.agency, name="S", kind=kind, address=address, **but)


def listen(source: Source, enough: Callable[[Following], bool], seconds: float = 60.0) -> None:
    """Have the listener run until that is so, and then end as an operator ends it."""
    following = Following(tell=lambda words: None, pauses=AT_ONCE, ways=OFTEN)

    def watch() -> None:
        deadline = time.monotonic() + seconds
        while not enough(following) and time.monotonic() < deadline:
            time.sleep(0.02)
        following.stopped.set()
        connection.close()  # this thread's own, if what it asked needed one

    watcher = threading.Thread(target=watch, daemon=True)
    watcher.start()
    following.run()
    watcher.join(5)
    for follower in list(following.followers.values()):
        follower.join(10)
    source.refresh_from_db()


def known(following: Following) -> int:
    return sum(len(f.known.marks) for f in list(following.followers.values()))


def heard_all(count: int) -> Callable[[Following], bool]:
    return lambda following: known(following) >= count and following.arrivals.empty()


def posts_and_deletions(count: int, make: Callable[..., dict]) -> list[dict]:
    """Every tenth post is taken back a little later."""
    frames = []
    for n in range(count):
        frames.append(make(f"k{n}", f"Fire number {n} in the harbour"))
        if n % 10 == 9:
            frames.append(make(f"k{n - 3}", operation="delete"))
    return frames


def assert_each_counted_once(source: Source, recorder, count: int) -> None:
    every = {upstream_of(f"at://did:plc:a/app.bsky.feed.post/k{n}") for n in range(count)}
    gone = {upstream_of(f"at://did:plc:a/app.bsky.feed.post/k{n - 3}") for n in range(9, count, 10)}
    assert source.items == count
    assert set(Overheard.objects.values_list("upstream", flat=True)) == every - gone
    assert len(recorder.told) == len(set(recorder.told))  # never counted twice
    assert every - gone <= set(recorder.told) <= every
    assert gone <= recorder.forgotten


def test_jetstream_cut_a_hundred_times_and_stopped_five_is_heard_once(recorder):
    count, began = 900, time.time() - 1000
    ticks = iter(range(10_000))
    frames = posts_and_deletions(
        count, lambda key, text="", **but: first_version(key, text, at=began + next(ticks), **but)
    )
    with (
        log_of(frames, lambda frame: frame["time_us"], "/subscribe") as server,
        breaking(server, cuts=110, least=10, most=4000) as (address, line),
    ):
        source = a_source_for_fires(address, "jetstream")
        for stop_at in (100, 200, 300, 400, 500):
            listen(source, lambda f, n=stop_at: known(f) >= n)
        listen(source, heard_all(count))
        time.sleep(0.2)
    assert line.cut >= 100
    assert_each_counted_once(source, recorder, count)


def test_second_jetstream_cut_a_hundred_times_is_heard_once(recorder):
    count = 600
    numbers = iter(range(1, 10_000))
    frames = posts_and_deletions(
        count, lambda key, text="", **but: second_version(next(numbers), key, text, **but)
    )
    with (
        log_of(frames, lambda frame: frame["payload"]["seq"], SECOND) as server,
        breaking(server, cuts=110, least=10, most=4000) as (address, line),
    ):
        source = a_source_for_fires(address, "jetstream")
        listen(source, lambda f: known(f) >= count // 2)
        listen(source, heard_all(count))
    assert line.cut >= 100
    assert_each_counted_once(source, recorder, count)


def an_rss(count: int) -> bytes:
    when = timezone.now().strftime("%a, %d %b %Y %H:%M:%S +0000")
    items = "".join(
        f"<item><guid>g{n}</guid><title>Fire number {n} in the harbour</title>"
        f"<pubDate>{when}</pubDate></item>"
        for n in range(count)
    )
    return f'<rss version="2.0"><channel>{items}</channel></rss>'.encode()


def test_feed_cut_in_the_middle_is_read_again_and_counted_once(recorder):
    grown = iter(range(40, 400, 20))

    def answer(path: str, asked: dict[str, str]):
        if asked.get("if-none-match") == '"400"':
            return 304, {}, b""
        count = next(grown, 400)
        return 200, {"ETag": f'"{count}"'}, an_rss(count)

    with (
        web(answer) as server,
        breaking(f"{server}/feed", cuts=20, least=10, most=40_000) as (address, line),
    ):
        source = a_source_for_fires(address, "feed")
        listen(source, lambda f: known(f) >= 200)
        listen(source, heard_all(400))
    assert line.cut >= 10
    assert source.items == 400
    assert len(recorder.told) == len(set(recorder.told)) == 400
    assert json.loads(source.cursor)["etag"]
