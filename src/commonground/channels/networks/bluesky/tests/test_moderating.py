"""What an account on Bluesky does about others, tried on a real server."""

from dataclasses import replace

import pytest
from django.utils import timezone

from commonground.channels.contract import Declined, Login, Message, Receipt
from commonground.channels.contract.moderating import Act, Aim
from commonground.channels.networks.bluesky.adapter import MODERATES, Posts, impose, undo

pytestmark = pytest.mark.peer
GATES, BLOCKS = "app.bsky.feed.threadgate", "app.bsky.graph.block"


def login_of(server, account):
    return Login("one", server.url, account.handle, {"app_password": account.password})


@pytest.fixture(scope="module")
def ours(bluesky_server):
    return bluesky_server.account()


@pytest.fixture(scope="module")
def ana(bluesky_server):
    return bluesky_server.account()


@pytest.fixture
def login(bluesky_server, ours):
    return login_of(bluesky_server, ours)


def said(server, account, text, beneath=None):
    posts = Posts(login_of(server, account))
    message = Message(text, follows=beneath)
    return posts.publish(message, key=posts.new_key(timezone.now()))


@pytest.fixture
def aim(bluesky_server, ours, ana):
    """Somebody answered us."""
    post = said(bluesky_server, ours, "The bridge is closed.")
    reply = said(bluesky_server, ana, "I know where you live.", post)
    return Aim(ana.did, reply.network_id, post.network_id)


def records(server, account, collection):
    found = server.call("com.atproto.repo.listRecords", repo=account.did, collection=collection)
    return found["records"]


def hidden_beneath(server, account, post):
    """As anybody may read it: a gate stands under the name of its post."""
    for record in records(server, account, GATES):
        if record["uri"].rpartition("/")[2] == post.rpartition("/")[2]:
            assert record["value"]["post"] == post
            return record["value"].get("hiddenReplies", [])
    return []


def test_one_reply_is_hidden_once_and_shown_again(bluesky_server, ours, login, aim):
    for _ in range(2):
        impose(login, Act.HIDE, aim)
        assert hidden_beneath(bluesky_server, ours, aim.beneath) == [aim.message]
    for _ in range(2):
        undo(login, Act.HIDE, aim)
        assert hidden_beneath(bluesky_server, ours, aim.beneath) == []


def test_what_else_the_gate_says_stays(bluesky_server, ours, ana, login, aim):
    other = said(bluesky_server, ana, "Another.", Receipt(aim.beneath, ""))
    impose(login, Act.HIDE, replace(aim, message=other.network_id))
    key = aim.beneath.rpartition("/")[2]
    session = bluesky_server.call(
        "com.atproto.server.createSession",
        {"identifier": ours.handle, "password": ours.main_password},
    )
    gate = next(r["value"] for r in records(bluesky_server, ours, GATES) if key in r["uri"])
    gate["allow"] = [{"$type": f"{GATES}#mentionRule"}]
    put = {"repo": ours.did, "collection": GATES, "rkey": key, "record": gate}
    bluesky_server.call("com.atproto.repo.putRecord", put, session["accessJwt"])
    impose(login, Act.HIDE, aim)
    undo(login, Act.HIDE, replace(aim, message=other.network_id))
    now = next(r["value"] for r in records(bluesky_server, ours, GATES) if key in r["uri"])
    assert now["hiddenReplies"] == [aim.message]
    assert now["allow"] == gate["allow"]
    assert now["createdAt"] == gate["createdAt"]


def test_beneath_our_answer_in_our_own_thread_the_gate_of_its_beginning_hides(
    bluesky_server, ours, ana, login, aim
):
    answer = said(bluesky_server, ours, "Please stop.", Receipt(aim.message, ""))
    again = said(bluesky_server, ana, "I will not.", answer)
    impose(login, Act.HIDE, Aim(ana.did, again.network_id, answer.network_id))
    assert hidden_beneath(bluesky_server, ours, aim.beneath) == [again.network_id]


def test_beneath_what_others_began_nobody_but_they_may_hide(bluesky_server, ours, ana, login):
    theirs = said(bluesky_server, ana, "Is the bridge open?")
    answer = said(bluesky_server, ours, "At six.", theirs)
    reply = said(bluesky_server, ana, "I know where you live.", answer)
    for beneath in (answer.network_id, theirs.network_id, ""):
        with pytest.raises(Declined):
            impose(login, Act.HIDE, Aim(ana.did, reply.network_id, beneath))
    assert not hidden_beneath(bluesky_server, ana, theirs.network_id)


def test_a_block_is_one_record_and_goes_whoever_made_it(bluesky_server, ours, ana, login, aim):
    for _ in range(2):
        impose(login, Act.BLOCK, aim)
    (block,) = records(bluesky_server, ours, BLOCKS)
    assert block["value"]["subject"] == ana.did
    for _ in range(2):
        undo(login, Act.BLOCK, aim)
    assert records(bluesky_server, ours, BLOCKS) == []


def test_muting_is_out_of_a_programs_reach(login, aim):
    assert Act.MUTE not in MODERATES.means
    with pytest.raises(Declined):
        impose(login, Act.MUTE, aim)


def test_somebody_who_cannot_be_anybody_never_leaves(login, aim):
    with pytest.raises(Declined):
        impose(login, Act.BLOCK, replace(aim, author="ana"))
