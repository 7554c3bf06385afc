"""Anybody can fetch the log, check it, and read what the public saw."""

import json

import pytest
from tests import given

from commonground.ask.tests.world import a_question
from commonground.record.actions import THE_DESK, publish, witness
from commonground.record.engine import notes, tiles, tree
from commonground.record.engine.leaves import facts_in
from commonground.record.engine.proofs import Proof
from commonground.record.models import Entry
from commonground.record.queries.log import log_key

pytestmark = pytest.mark.django_db


@pytest.fixture
def post():
    return given.a_post(text="Bridge Street is closed.")


def written(post, n=300):
    for _ in range(n):
        witness("add_picture", post, by=post.author)
    witness("finish", post, by=THE_DESK)
    return publish()


def test_the_log_can_be_rebuilt_from_what_anybody_can_fetch(client, post):
    written(post)
    key = notes.Key.read(client.get("/log/1/key").content.decode().strip())
    answer = client.get("/log/1/checkpoint")
    assert answer.headers["Content-Type"] == "text/plain; charset=utf-8"
    assert answer.headers["Cache-Control"] == "public, max-age=5"
    head = notes.opened(answer.content.decode(), key)
    assert head.size == 301
    bundles = [client.get(f"/log/1/tile/entries/{at}").content for at in ("000", "001.p/45")]
    leaves, raw = [], b"".join(bundles)
    while raw:
        length = int.from_bytes(raw[:2])
        leaves.append(tree.leaf_hash(raw[2 : 2 + length]))
        raw = raw[2 + length :]
    made = tiles.grown(0, {}, leaves)
    assert tree.root(301, tiles.nodes(lambda *place: made[place])) == head.root
    for (level, index), held in made.items():
        answer = client.get("/log/1/" + tiles.Place(level, index, len(held) // 32).path)
        assert answer.content == held
        assert "immutable" in answer.headers["Cache-Control"]
        assert answer.headers["Content-Type"] == "application/octet-stream"


@pytest.mark.parametrize("path", [
    "/log/1/tile/0/000.p/4", "/log/1/tile/0/000", "/log/2/tile/0/000.p/3", "/log/2/checkpoint",
    "/log/2/key", "/log/1/tile/0/../0/000.p/3", "/log/1/tile/9/x999/x999/x999/999",
    "/archive/1.json", "/archive/1.tlog-proof", "/archive/99.json", "/archive/4.json",
])  # fmt: skip
def test_what_was_not_published_is_not_there(client, post, path):
    written(post, n=2)
    witness("finish", post, by=THE_DESK)
    assert client.get("/log/1/tile/0/000.p/3").status_code == 200
    assert client.get(path).status_code == 404


def test_the_archive_shows_what_the_public_saw_and_nobody_by_name(client, post):
    written(post, n=2)
    page = client.get("/archive/").content.decode()
    assert "Bridge Street is closed." in page
    assert post.author.name not in page
    assert "add_picture" not in page
    assert "No outsider signs it" in page


def test_each_entry_of_the_archive_comes_with_its_proof(client, post):
    written(post, n=2)
    said = json.loads(client.get("/archive/3.json").content)
    assert said["facts"] == {"title": "Bridge Street is closed."}
    leaf = said["leaf"].encode()
    assert facts_in(leaf, said["shown"]) == said["facts"]
    proof = Proof.read(client.get("/archive/3.tlog-proof").content.decode())
    assert proof.proves(leaf, log_key(1))


def test_the_moderation_log_says_which_rule_and_not_whose_words(client):
    question = a_question()
    one = question.statements.first()
    witness("refuse", one, by=question.asked_by, agency=question.agency_id, reason="advert")
    witness("finish", given.a_post(by=question.asked_by), by=THE_DESK)
    publish()
    page = client.get("/archive/?only=moderation").content.decode()
    assert "kept from the vote" in page
    assert "advert" in page
    assert str(one) not in page
    assert question.asked_by.name not in page
    assert "Published" not in page


def test_reading_the_archive_costs_the_same_however_long_it_is(
    client, post, django_assert_max_num_queries
):
    for _ in range(60):
        witness("finish", post, by=THE_DESK)
    publish()
    with django_assert_max_num_queries(10):
        page = client.get("/archive/").content.decode()
    assert "before=" in page


def test_an_empty_archive_says_so(client):
    given.an_agency()
    assert "Nothing is here yet" in client.get("/archive/").content.decode()
    assert not Entry.objects.exists()
