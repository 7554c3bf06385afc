"""A worker killed at any instant of a publication on a real PDS: exactly one post, seen."""

from collections import Counter

import pytest

from commonground.channels.networks.bluesky.tests.world import Person
from tests.peers.killed import check, kill_everywhere

pytestmark = pytest.mark.peer


def test_a_killed_worker_leaves_exactly_one_post_on_bluesky(tmp_path, bluesky_server):
    account = bluesky_server.account()
    outcomes = kill_everywhere(
        tmp_path, network="bluesky", address=bluesky_server.url, handle=account.handle,
        reads=False, secrets={"app_password": account.password},
    )  # fmt: skip

    check(outcomes, Counter(texts_of(bluesky_server, account.did)))


def test_a_killed_worker_leaves_each_part_of_a_thread_once_on_bluesky(tmp_path, bluesky_server):
    account = bluesky_server.account()
    outcomes = kill_everywhere(
        tmp_path, network="bluesky", address=bluesky_server.url, handle=account.handle, parts=2,
        every=6, secrets={"app_password": account.password},
    )  # fmt: skip

    check(outcomes, Counter(texts_of(bluesky_server, account.did)), least=25)
    for first, second in (o["places"] for o in outcomes):
        record = bluesky_server.call(
            "com.atproto.repo.getRecord", repo=account.did, collection="app.bsky.feed.post",
            rkey=second.rpartition("/")[2],
        )  # fmt: skip
        reply = record["value"]["reply"]
        assert reply["parent"]["uri"] == reply["root"]["uri"] == first


def test_a_killed_worker_leaves_each_answer_once_and_beneath_what_it_answers(
    tmp_path, bluesky_server
):
    account, ana = bluesky_server.account(), Person(bluesky_server)
    theirs = ana.writes("When does the bridge open?")
    outcomes = kill_everywhere(
        tmp_path, network="bluesky", address=bluesky_server.url, handle=account.handle, every=2,
        reads=False, secrets={"app_password": account.password},
        beneath={"id": theirs["uri"], "url": "", "handle": ana.account.handle, "text": "When?"},
    )  # fmt: skip

    check(outcomes, Counter(texts_of(bluesky_server, account.did)), least=20)
    replies = [post["value"]["reply"] for post in bluesky_server.posts(account.did)]
    assert replies
    for reply in replies:
        assert reply["parent"]["uri"] == reply["root"]["uri"] == theirs["uri"]


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
