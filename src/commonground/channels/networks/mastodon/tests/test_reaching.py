"""What a Mastodon server says came of our posts."""

import pytest

from commonground.channels.contract import Busy
from commonground.channels.contract.reach import Reach
from commonground.channels.networks.mastodon.reaching import reach
from commonground.channels.networks.mastodon.tests.people import writes

pytestmark = pytest.mark.peer


def test_likes_boosts_and_replies_are_told_and_how_often_it_was_seen_is_not_known(
    server, login, ana
):
    ours = writes(server, "The bridge is closed.")
    assert reach(login, [ours["id"]]) == {ours["id"]: Reach(liked=0, passed_on=0, answered=0)}
    ana.say("POST", f"/api/v1/statuses/{ours['id']}/favourite")
    ana.say("POST", f"/api/v1/statuses/{ours['id']}/reblog")
    writes(ana, f"@{server.username} Thanks.", ours["id"])
    assert reach(login, [ours["id"]])[ours["id"]] == Reach(liked=1, passed_on=1, answered=1)


def test_what_is_gone_is_not_told(server, login):
    ours = writes(server, "The bridge is closed.")
    server.say("DELETE", f"/api/v1/statuses/{ours['id']}")
    assert reach(login, [ours["id"], "boost of something"]) == {}


def test_a_server_that_is_busy_is_asked_again_later(server, login):
    ours = writes(server, "The bridge is closed.")
    server.break_next(f"/api/v1/statuses/{ours['id']}", "GET", type="status", status=503)
    with pytest.raises(Busy):
        reach(login, [ours["id"]])
