"""What an account on a Mastodon server does about others, tried on a server."""

import pytest

from commonground.channels.contract import Busy, Declined, SignInNeeded, Unsure
from commonground.channels.contract.moderating import Act, Aim
from commonground.channels.networks.mastodon.hearing import hears
from commonground.channels.networks.mastodon.moderating import MODERATES, impose, tell, undo
from commonground.channels.networks.mastodon.tests.people import writes

pytestmark = pytest.mark.peer


@pytest.fixture
def aim(server, login, ana):
    """Somebody answered us, as the desk heard it."""
    ours = writes(server, "The bridge is closed.")
    writes(ana, f"@{server.username} I know where you live.", ours["id"])
    (said,) = hears(login, "").said
    return Aim(said.author, said.id, said.beneath)


def as_the_server_sees(server, aim):
    (found,) = server.say("GET", f"/api/v1/accounts/relationships?id[]={aim.author}")
    return found


@pytest.mark.parametrize(("act", "word"), [(Act.MUTE, "muting"), (Act.BLOCK, "blocking")])
def test_it_is_done_once_and_undone(server, login, aim, act, word):
    assert not as_the_server_sees(server, aim)[word]
    for _ in range(2):
        impose(login, act, aim)
        assert as_the_server_sees(server, aim)[word]
    for _ in range(2):
        undo(login, act, aim)
        assert not as_the_server_sees(server, aim)[word]


def test_hiding_one_reply_is_nothing_a_server_knows(login, aim):
    assert Act.HIDE not in MODERATES.means
    with pytest.raises(Declined):
        impose(login, Act.HIDE, aim)


def test_the_notice_goes_to_them_alone_and_once(server, login, ana, aim):
    words = "@ana We block you on this account until 2026-12-24. Why: https://desk.example/x"
    first = tell(login, aim, words, "one-key")
    assert tell(login, aim, words, "one-key") == first
    said = server.say("GET", f"/api/v1/statuses/{first.network_id}")
    assert (said["visibility"], said["in_reply_to_id"]) == ("direct", aim.message)
    heard = [
        n["status"]["id"] for n in ana.say("GET", "/api/v1/notifications") if n["type"] == "mention"
    ]
    assert heard.count(first.network_id) == 1
    everybody = server.say("GET", "/api/v1/timelines/public")
    assert first.network_id not in [one["id"] for one in everybody]


@pytest.mark.parametrize(
    ("status", "raised"), [(503, Unsure), (422, Declined), (429, Busy), (401, SignInNeeded)]
)
def test_trouble_is_told_for_what_it_is(server, login, aim, status, raised):
    server.break_next(f"/api/v1/accounts/{aim.author}/mute", type="status", status=status)
    with pytest.raises(raised):
        impose(login, Act.MUTE, aim)


def test_an_id_that_cannot_be_one_never_leaves(server, login):
    with pytest.raises(Declined):
        impose(login, Act.BLOCK, Aim("../../statuses", "1"))
