"""A worker killed at any instant of a publication, then a fresh one: exactly one post, seen.

The servers are real: mastodon-mock over HTTP, and a Bluesky PDS with its directory.
"""

import json
import subprocess
import sys
import tempfile
from collections import Counter
from pathlib import Path

import pytest

from commonground.channels.networks.mastodon.words import words_of

ROOT = Path(__file__).parents[2]


def kill_everywhere(tmp_path, **login):
    """What became of one post for each boundary a worker was killed at."""
    # In memory where there is such a place: a killed process loses nothing a power cut would.
    shared_memory = Path("/dev/shm")  # noqa: S108
    memory = shared_memory if shared_memory.is_dir() else tmp_path
    with tempfile.TemporaryDirectory(dir=memory) as folder:
        done = subprocess.run(
            [sys.executable, "-m", "tests.peers.killing", json.dumps(login), folder],
            cwd=ROOT, capture_output=True, text=True, timeout=1200,
        )  # fmt: skip
    assert done.returncode == 0, done.stderr[-3000:]
    return [json.loads(line) for line in done.stdout.splitlines()]


def check(outcomes, there):
    """Each text stands on the server exactly once, and the desk knows it."""
    assert len(outcomes) > 40, "too few boundaries: the harness no longer sees what a worker does"
    survivors = [o for o in outcomes if o["killed"] != 9]
    assert len(survivors) <= len(outcomes) // 20
    wrong = [(there[part], o) for o in outcomes for part in o["parts"] if there[part] != 1]
    assert wrong == []
    unproven = [o for o in outcomes if (o["delivery"], o["post"]) != ("sent", "published")]
    assert unproven == []
    assert {o["record"] for o in outcomes} == {"whole"}


@pytest.mark.peer
@pytest.mark.xdist_group("kill mastodon")
def test_a_killed_worker_leaves_exactly_one_post_on_mastodon(tmp_path, mastodon_server):
    outcomes = kill_everywhere(
        tmp_path, network="mastodon", address=mastodon_server.url,
        handle=mastodon_server.username, secrets={"token": mastodon_server.token},
    )  # fmt: skip

    check(outcomes, Counter(texts_on(mastodon_server)))


@pytest.mark.peer
@pytest.mark.xdist_group("kill bluesky")
def test_a_killed_worker_leaves_exactly_one_post_on_bluesky(tmp_path, bluesky_server):
    account = bluesky_server.account()
    outcomes = kill_everywhere(
        tmp_path, network="bluesky", address=bluesky_server.url, handle=account.handle,
        secrets={"app_password": account.password},
    )  # fmt: skip

    check(outcomes, Counter(texts_of(bluesky_server, account.did)))


@pytest.mark.peer
@pytest.mark.xdist_group("kill mastodon")
def test_a_killed_worker_leaves_each_part_of_a_thread_once_on_mastodon(tmp_path, mastodon_server):
    outcomes = kill_everywhere(
        tmp_path, network="mastodon", address=mastodon_server.url, parts=2, every=5,
        handle=mastodon_server.username, secrets={"token": mastodon_server.token},
    )  # fmt: skip

    check(outcomes, Counter(texts_on(mastodon_server)))
    for first, second in (o["places"] for o in outcomes):
        status = mastodon_server.say("GET", f"/api/v1/statuses/{second}")
        assert status["in_reply_to_id"] == first


@pytest.mark.peer
@pytest.mark.xdist_group("kill bluesky")
def test_a_killed_worker_leaves_each_part_of_a_thread_once_on_bluesky(tmp_path, bluesky_server):
    account = bluesky_server.account()
    outcomes = kill_everywhere(
        tmp_path, network="bluesky", address=bluesky_server.url, handle=account.handle, parts=2,
        every=6, secrets={"app_password": account.password},
    )  # fmt: skip

    check(outcomes, Counter(texts_of(bluesky_server, account.did)))
    for first, second in (o["places"] for o in outcomes):
        record = bluesky_server.call(
            "com.atproto.repo.getRecord", repo=account.did, collection="app.bsky.feed.post",
            rkey=second.rpartition("/")[2],
        )  # fmt: skip
        reply = record["value"]["reply"]
        assert reply["parent"]["uri"] == reply["root"]["uri"] == first


@pytest.mark.xdist_group("kill mastodon")
def test_a_killed_worker_leaves_exactly_one_page_in_the_newsroom(tmp_path):
    """The newsroom is in our own database, so the desk's own proof is the count."""
    outcomes = kill_everywhere(tmp_path, network="site")

    check(outcomes, Counter(o["text"] for o in outcomes))


def texts_on(server):
    me = server.say("GET", "/api/v1/accounts/verify_credentials")["id"]
    older = ""
    while page := server.say("GET", f"/api/v1/accounts/{me}/statuses?limit=40{older}"):
        yield from (words_of(status["content"]) for status in page)
        older = f"&max_id={page[-1]['id']}"


def texts_of(server, did):
    cursor = {}
    while True:
        page = server.call(
            "com.atproto.repo.listRecords", repo=did, collection="app.bsky.feed.post",
            limit="100", **cursor,
        )  # fmt: skip
        yield from (record["value"]["text"] for record in page["records"])
        if not page["records"] or "cursor" not in page:
            return
        cursor = {"cursor": page["cursor"]}
