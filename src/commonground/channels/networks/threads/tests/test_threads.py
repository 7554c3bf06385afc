"""What is particular to Threads."""

import pytest

from commonground.channels.contract import Declined, LinkCard, Message
from commonground.channels.line.stand_in import Fault, Reply
from commonground.channels.networks.threads.adapter import LIMITS
from commonground.channels.networks.threads.fake import fake
from commonground.channels.tests.containers_suite import Containers
from commonground.channels.tests.contract_suite import a_picture
from commonground.channels.tests.platform_suite import since


@pytest.fixture
def server():
    with fake() as server:
        yield server


@pytest.fixture
def posts(server):
    return server.open(server.login)


class TestContainers(Containers):
    act = "POST /v1.0/me/threads_publish"


@pytest.mark.parametrize(
    ("text", "long"),
    [
        ("Road closed.", 12),
        ("é", 1),
        ("道路", 2),
        ("😀", 4),
        ("👮🏽‍♀️", 17),
        ("🇨🇦", 8),
        ("e\u0301", 2),
    ],
)
def test_an_emoji_counts_as_its_bytes(text, long):
    assert LIMITS.length(text) == long


def test_more_than_five_links_are_declined_before_anything_is_asked(server, posts):
    five = " ".join(f"https://a.example/{n}" for n in range(5))
    posts.publish(Message(f"{five} https://a.example/0"), key="k")
    server.asked.clear()
    with pytest.raises(Declined, match="6 links, and 5 fit"):
        posts.publish(Message(f"{five} https://a.example/6"), key="k")

    assert not server.asked


def test_what_we_only_passed_on_is_not_ours(server, posts):
    server.posts["18000009"] = {**server.shown("18000009", "Theirs.", []),
                                "media_type": "REPOST_FACADE"}  # fmt: skip

    assert posts.standing(since=since()) == []


def test_a_link_of_a_resource_goes_with_words_alone(server, posts):
    card = LinkCard("https://riverside.example/a12", "The A12")
    posts.publish(Message("Closed.", card=card), key="k")
    posts.publish(Message("Closed!", card=card, pictures=(a_picture(),)), key="k")

    made = [a.says for a in server.asked if a.path.endswith("me/threads")]
    assert [said.get("link_attachment") for said in made] == [card.url, None]


def test_the_day_a_sign_in_ends_is_learnt(server, posts):
    server.ends_at = 1_800_000_000

    assert posts.prove().until.timestamp() == 1_800_000_000


def test_not_there_or_not_allowed_is_not_taken_for_gone(server, posts):
    receipt = posts.publish(Message("Closed."), key="k")
    absent = {"error": {"message": "Unsupported delete request.", "code": 100, "error_subcode": 33}}
    server.faults.append(Fault("DELETE", Reply(absent, 400)))
    with pytest.raises(Declined, match="still stands"):
        posts.withdraw(receipt)
