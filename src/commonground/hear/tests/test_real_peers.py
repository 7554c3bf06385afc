"""Listening to real servers on this machine, over lines that break."""

import json
import threading
import time
from datetime import timedelta

import pytest
from django.utils import timezone

from commonground.hear.engine.heard import mark_of, upstream_of
from commonground.hear.listening.mastodon import by_events, by_socket
from commonground.hear.listening.timelines import polled
from commonground.hear.models import Overheard, Source
from commonground.hear.tests.servers import breaking
from commonground.hear.tests.test_broken_lines import a_source_for_fires, known, listen, recorder

__all__ = ["recorder"]
pytestmark = [
    pytest.mark.peer,
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("a_record_that_can_be_emptied"),
]


class Author:
    """Someone who posts on the real Bluesky server."""

    def __init__(self, server) -> None:
        self.server, account = server, server.account()
        self.did = account.did
        login = {"identifier": account.handle, "password": account.main_password}
        self.token = server.call("com.atproto.server.createSession", login)["accessJwt"]
        self.password = account.main_password

    def write(self, text: str) -> str:
        record = {
            "$type": "app.bsky.feed.post", "text": text, "langs": ["en"],
            "createdAt": timezone.now().isoformat(),
        }  # fmt: skip
        body = {"repo": self.did, "collection": "app.bsky.feed.post", "record": record}
        return self.server.call("com.atproto.repo.createRecord", body, self.token)["uri"]

    def take_back(self, uri: str) -> None:
        body = {
            "repo": self.did, "collection": "app.bsky.feed.post", "rkey": uri.rsplit("/", 1)[1],
        }  # fmt: skip
        self.server.call("com.atproto.repo.deleteRecord", body, self.token)

    def leave(self) -> None:
        self.server.call("com.atproto.server.deactivateAccount", {}, self.token)


def stream_of(server) -> str:
    return server.url.replace("http://", "ws://")


def test_stream_of_the_real_server_cut_thirty_times_is_heard_once(bluesky_server, recorder):
    author = Author(bluesky_server)
    posts = [author.write(f"Fire number {n} in the harbour") for n in range(40)]
    for uri in posts[:5]:
        author.take_back(uri)
    with breaking(stream_of(bluesky_server), cuts=30, least=100, most=9000) as (address, line):
        source = a_source_for_fires(address, "firehose", cursor="0")
        listen(source, lambda f: known(f) >= 20)
        posts += [author.write(f"Fire again, number {n}") for n in range(10)]

        def all_of_it(following) -> bool:
            marks = {m for f in list(following.followers.values()) for m in list(f.known.marks)}
            caught_up = set(map(mark_of, posts)) <= marks and following.arrivals.empty()
            # A line is cut in the middle of something: who has heard it all is told something new.
            if caught_up and line.cut < 30:
                posts.append(author.write(f"Fire once more, number {len(posts)}"))
            return caught_up and line.cut >= 30

        listen(source, all_of_it)
    # The server has others' posts from other tests: they are heard too, and counted once too.
    ours = set(map(upstream_of, posts))
    kept = set(Overheard.objects.values_list("upstream", flat=True))
    marks = [source.tail[at : at + 8] for at in range(0, len(source.tail), 8)]
    assert line.cut >= 30
    assert kept & ours == {upstream_of(uri) for uri in posts[5:]}
    assert source.items == len(marks) == len(set(marks)) >= 50
    assert len(recorder.told) == len(set(recorder.told))
    assert int(source.cursor) > 50


@pytest.mark.parametrize("way", [by_socket, by_events])
def test_mastodon_streams_bring_what_was_said_before_and_after_they_open(mastodon_server, way):
    """The stream is open before the timeline is read, and what is said then comes by it."""
    tag = f"fire{time.time_ns()}"
    early = mastodon_server.say("POST", "/api/v1/statuses", {"status": f"Early #{tag}"})
    stop = threading.Event()
    source = Source(
        address=mastodon_server.url, kind="mastodon", hashtags=[tag],
        secrets={"token": mastodon_server.token},
    )  # fmt: skip
    got = way(source, stop)
    first, cursor = next(got)
    assert first.id.endswith(f"/{early['id']}")
    assert json.loads(cursor) == {tag: early["id"]}
    late = mastodon_server.say("POST", "/api/v1/statuses", {"status": f"Late #{tag}"})
    then, _ = next(got)
    mastodon_server.say("DELETE", f"/api/v1/statuses/{late['id']}")
    gone, _ = next(got)
    stop.set()
    got.close()
    assert "Late" in then.text
    assert (gone.deleted, gone.id) == (True, then.id)


def test_mastodon_line_cut_fifteen_times_is_heard_once(mastodon_server, recorder):
    tag = f"fire{time.time_ns()}"
    count = 60
    with breaking(mastodon_server.url, cuts=15, least=200, most=9000) as (address, line):
        source = a_source_for_fires(
            address, "mastodon", hashtags=[tag], secrets={"token": mastodon_server.token}
        )
        said = []

        def going_on(following) -> bool:
            if len(said) < count:
                said.append(len(said))
                words = f"Fire number {len(said)} in the harbour #{tag}"
                mastodon_server.say("POST", "/api/v1/statuses", {"status": words})
            return known(following) >= count and line.cut >= 15 and following.arrivals.empty()

        def half_of_it(following) -> bool:
            if len(said) < count // 2:
                going_on(following)
            # Who has heard nothing yet begins at the newest page, as every new source does.
            return len(said) >= count // 2 and known(following) > 0

        listen(source, half_of_it)
        listen(source, going_on)
    assert line.cut >= 15
    assert source.items == count
    assert len(recorder.told) == len(set(recorder.told)) == count


def test_deletion_is_noticed_where_there_is_no_stream(mastodon_server):
    tag = f"fire{time.time_ns()}"
    said = [
        mastodon_server.say("POST", "/api/v1/statuses", {"status": f"Fire {n} #{tag}"})
        for n in range(45)
    ]
    source = Source(address=mastodon_server.url, kind="mastodon", hashtags=[tag])
    got = polled(source, threading.Event(), 0.01, until=time.monotonic() + 30)
    first = [next(got)[0] for _ in range(40)]
    mastodon_server.say("DELETE", f"/api/v1/statuses/{said[20]['id']}")
    gone = next(item for item, _ in got if item and item.deleted)
    got.close()
    assert gone.id in {post.id for post in first}
    assert gone.id.endswith(said[20]["id"])


def test_source_that_goes_on_after_a_day_keeps_its_place(mastodon_server, recorder):
    """More was said than one page holds: every page is read before the stream goes on."""
    tag = f"fire{time.time_ns()}"
    first = mastodon_server.say("POST", "/api/v1/statuses", {"status": f"Fire 0 #{tag}"})
    source = a_source_for_fires(
        mastodon_server.url, "mastodon", hashtags=[tag], cursor=json.dumps({tag: first["id"]}),
        secrets={"token": mastodon_server.token},
    )  # fmt: skip
    for n in range(95):
        mastodon_server.say("POST", "/api/v1/statuses", {"status": f"Fire {n + 1} #{tag}"})
    listen(source, lambda f: known(f) >= 95 and f.arrivals.empty(), 30)
    assert source.items == 95
    assert source.last_item_at > timezone.now() - timedelta(minutes=1)
