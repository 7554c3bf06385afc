"""What is particular to LinkedIn."""

from dataclasses import replace

import pytest
from hypothesis import given, strategies as st

from commonground.channels.contract import Busy, Declined, LinkCard, Message, SignInNeeded, Unsure
from commonground.channels.line.stand_in import Fault, Reply
from commonground.channels.networks.linkedin.adapter import is_theirs
from commonground.channels.networks.linkedin.fake import fake
from commonground.channels.networks.linkedin.words import read, written
from commonground.channels.tests.contract_suite import a_picture
from commonground.channels.tests.hostile import Hostile, answer
from commonground.channels.tests.platform_suite import Platform

POST = "POST /rest/posts"
CLOSED = Message("Road closed.")


@pytest.fixture
def server():
    with fake() as server:
        yield server


@pytest.fixture
def page(server):
    return server.open(server.login)


class TestPlatform(Platform):
    act = POST

    def looks(self, server):
        return [a for a in server.asked if (a.method, a.path) == ("GET", "/rest/posts")]

    def fill(self, server, adapter):
        for n in range(230):
            server.hold(f"Post {n}", [])
        return 3


@pytest.mark.parametrize(
    ("text", "little"),
    [
        ("Road closed.", "Road closed."),
        ("a_b (c) <d> [e] {f} g|h i*j k~l m@n \\o", None),
        ("#A12 and #HarbourBridge", r"{hashtag|\#|A12} and {hashtag|\#|HarbourBridge}"),
        ("#Straßensperre", r"{hashtag|\#|Straßensperre}"),
        ("#12 is a number", r"\#12 is a number"),
        ("https://a.example/b_c#now", r"https://a.example/b\_c\#now"),
    ],
)
def test_words_are_written_so_that_they_show_as_they_are(text, little):
    assert read(written(text)) == text
    assert little is None or written(text) == little


@given(st.text() | st.from_regex(r"[\\|{}@\[\]()<>#*_~a1 ]{0,30}", fullmatch=True))
def test_whatever_is_written_is_read_again(text):
    assert read(written(text)) == text


def test_a_mention_that_somebody_made_by_hand_is_read_as_a_name():
    assert read(r"Thanks @[Fire \(Service\)](urn:li:organization:1)!") == "Thanks Fire (Service)!"


def test_words_that_stand_already_are_declined_and_lose_no_sign_in(page):
    page.publish(CLOSED, key="k")
    with pytest.raises(Declined, match="duplicate") as told:
        page.publish(CLOSED, key="k")

    assert not isinstance(told.value, SignInNeeded)


@pytest.mark.parametrize(
    ("headers", "status"), [({}, 201), ({"x-restli-id": "urn:li:person:1"}, 201), ({}, 200)]
)
def test_a_yes_without_an_id_leaves_us_unsure(server, page, headers, status):
    server.faults.append(Fault(POST, Reply(None, status, headers)))
    with pytest.raises(Unsure):
        page.publish(CLOSED, key="k")


def test_a_version_that_linkedin_has_given_up_is_told_in_its_words(server, page):
    server.versions = ("203001",)
    with pytest.raises(Declined, match="not active"):
        page.publish(CLOSED, key="k")


def test_a_page_where_we_have_no_role_is_not_ours(server, page):
    server.roles = ("urn:li:organization:1",)
    with pytest.raises(SignInNeeded, match="no role"):
        page.prove()


@pytest.mark.parametrize("start", ["", " ", "https://www.linkedin.com/company/"])
def test_a_page_may_be_named_by_its_address(server, start):
    named = server.open(replace(server.login, handle=f"{start}riverside-police/"))

    assert named.prove().url == "https://www.linkedin.com/company/riverside-police"


def test_a_page_that_nobody_knows_needs_a_person(server):
    with pytest.raises(SignInNeeded, match="no page of that name"):
        server.open(replace(server.login, handle="other")).publish(CLOSED, key="k")


def test_the_token_goes_nowhere_but_to_linkedin(server, page):
    with Hostile(answer({})) as elsewhere:
        told = {"value": {"uploadUrl": f"{elsewhere.url}/up", "image": "urn:li:image:1"}}
        server.faults.append(Fault("POST /rest/images", Reply(told)))
        with pytest.raises(Busy):
            page.publish(Message("See:", pictures=(a_picture(),)), key="k")

    assert elsewhere.asked == []
    assert not server.posts


@pytest.mark.parametrize(
    ("place", "theirs"),
    [
        ("https://www.linkedin.com/dms-uploads/1", True),
        ("https://api.linkedin.com/up", True),
        ("http://www.linkedin.com/up", False),
        ("https://linkedin.com.evil.example/up", False),
        ("https://evillinkedin.com/up", False),
        ("https://www.linkedin.com@evil.example/up", False),
        ("file:///etc/passwd", False),
        ("", False),
    ],
)
def test_what_is_linkedin_s_own(place, theirs):
    assert is_theirs(place, "https://api.linkedin.com") is theirs


def test_a_resource_is_shown_as_an_article(server, page):
    card = LinkCard("https://riverside.example/a12", "The A12", "Closed until noon")
    page.publish(Message("Closed.", card=card), key="k")

    assert server.asked[-1].json["content"]["article"] == {
        "source": card.url, "title": card.title, "description": card.description,
    }  # fmt: skip


def test_the_picture_of_a_card_is_handed_over_first(server, page):
    card = LinkCard("https://riverside.example/a12", "The A12", picture=a_picture(alt=""))
    page.publish(Message("Closed.", card=card), key="k")

    put = next(a for a in server.asked if a.method == "PUT")
    article = server.asked[-1].json["content"]["article"]
    assert put.body == card.picture.content
    assert article["thumbnail"].startswith("urn:li:image:")
