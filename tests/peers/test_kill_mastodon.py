"""A worker killed at any instant of a publication on a Mastodon server: exactly one post, seen."""

from collections import Counter

import pytest

from commonground.channels.networks.mastodon.words import words_of
from tests.peers.killed import check, kill_everywhere

pytestmark = pytest.mark.peer


def test_a_killed_worker_leaves_exactly_one_post_on_mastodon(tmp_path, mastodon_server):
    outcomes = kill_everywhere(
        tmp_path, network="mastodon", address=mastodon_server.url,
        handle=mastodon_server.username, secrets={"token": mastodon_server.token},
    )  # fmt: skip

    check(outcomes, Counter(texts_on(mastodon_server)))


def test_a_killed_worker_leaves_each_part_of_a_thread_once_on_mastodon(tmp_path, mastodon_server):
    outcomes = kill_everywhere(
        tmp_path, network="mastodon", address=mastodon_server.url, parts=2, every=5,
        handle=mastodon_server.username, secrets={"token": mastodon_server.token},
    )  # fmt: skip

    check(outcomes, Counter(texts_on(mastodon_server)), least=25)
    for first, second in (o["places"] for o in outcomes):
        status = mastodon_server.say("GET", f"/api/v1/statuses/{second}")
        assert status["in_reply_to_id"] == first


def texts_on(server):
    me = server.say("GET", "/api/v1/accounts/verify_credentials")["id"]
    older = ""
    while page := server.say("GET", f"/api/v1/accounts/{me}/statuses?limit=40{older}"):
        yield from (words_of(status["content"]) for status in page)
        older = f"&max_id={page[-1]['id']}"
