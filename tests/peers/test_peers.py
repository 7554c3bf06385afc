"""The starters themselves: what they start answers, and ends when they end."""

import psycopg
import pytest

from tests.peers import peers, starting

pytestmark = pytest.mark.peer


def test_postgresql_answers_and_is_gone_afterwards():
    try:
        with peers.postgresql() as server:
            with psycopg.connect(server.url()) as line:
                assert line.execute("SELECT 1").fetchone() == (1,)
            assert starting.answers_on(server.port)
    except peers.Unavailable as why:
        pytest.skip(f"NOT TESTED against a real server: {why}")

    assert not starting.answers_on(server.port)


def test_a_program_that_ends_at_once_is_told_with_its_own_words(tmp_path):
    with (
        pytest.raises(peers.Unavailable, match="no such thing"),
        starting.running(
            "sh", "-c", "echo no such thing >&2; exit 3", ready=lambda: False, log=tmp_path / "log"
        ),
    ):
        pass


def test_the_bluesky_server_shows_what_its_accounts_wrote(bluesky_server):
    account = bluesky_server.account()

    assert account.did.startswith("did:plc:")
    assert bluesky_server.posts(account.did) == []


def test_the_mastodon_server_fails_when_it_is_told_to(mastodon_server):
    mastodon_server.break_next("/api/v1/instance", method="GET", type="status", status=503)
    with pytest.raises(OSError, match="503"):
        mastodon_server.say("GET", "/api/v1/instance")

    assert mastodon_server.say("GET", "/api/v1/instance")


def test_the_fediverse_server_has_somebody_on_it(fedify_server):
    found = fedify_server.do("finger", who=fedify_server.ana)

    assert fedify_server.ana in [link["href"] for link in found["links"]]
    assert fedify_server.do("heard") == []
