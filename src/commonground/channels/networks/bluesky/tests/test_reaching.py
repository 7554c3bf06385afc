"""What Bluesky says came of our posts."""

import pytest
from django.utils import timezone

from commonground.channels.networks.bluesky.reaching import reach, reach_of
from commonground.channels.networks.bluesky.tests.world import Person, until


@pytest.mark.peer
def test_likes_and_replies_are_told_and_how_often_it_was_seen_is_not_known(bluesky_network):
    desk, ana = Person(bluesky_network), Person(bluesky_network)
    ours = desk.says("The bridge is closed.")
    like = {"$type": "app.bsky.feed.like", "createdAt": timezone.now().isoformat(),
            "subject": {"uri": ours["uri"], "cid": ours["cid"]}}  # fmt: skip
    asked = {"repo": ana.did, "collection": "app.bsky.feed.like", "record": like}
    bluesky_network.call("com.atproto.repo.createRecord", asked, ana.token)
    ana.writes("Thanks.", ours)
    found = until(
        lambda: reach(desk.login, [ours["uri"]])[ours["uri"]], lambda r: r.liked and r.answered
    )
    assert (found.liked, found.answered, found.passed_on, found.shown) == (1, 1, 0, None)
    assert reach(desk.login, ["at://did:plc:x/app.bsky.feed.repost/1"]) == {}


def test_what_is_not_told_is_not_known():
    found = reach_of({"likeCount": 2, "repostCount": 1})
    assert (found.liked, found.passed_on, found.answered) == (2, None, None)
    assert reach_of({"repostCount": 1, "quoteCount": 2}).passed_on == 3
