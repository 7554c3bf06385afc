"""What is particular to X."""

from datetime import timedelta

import pytest
from django.utils import timezone

from commonground.channels.contract import Busy, Declined, Message, SignInNeeded
from commonground.channels.line import moment_of
from commonground.channels.line.stand_in import Fault, Reply
from commonground.channels.networks.x.adapter import words_of
from commonground.channels.networks.x.fake import fake
from commonground.channels.tests.contract_suite import with_secrets
from commonground.channels.tests.platform_suite import Platform, since

POST = "POST /2/tweets"
CLOSED = Message("Road closed: https://riverside.example/a12")


@pytest.fixture
def server():
    with fake() as server:
        yield server


@pytest.fixture
def posts(server):
    return server.open(server.login)


def refusal(status, detail="", **headers):
    named = {k.replace("_", "-"): v for k, v in headers.items()}
    return Fault(POST, Reply({"detail": detail, "status": status}, status, named))


class TestPlatform(Platform):
    act = POST

    def looks(self, server):
        return [a for a in server.asked if a.path.endswith("/42/tweets")]

    def fill(self, server, adapter):
        for n in range(230):
            server.posts[str(n)] = server.shown(str(n), f"Post {n}", [])
        return 3


def test_words_that_x_has_just_shown_are_declined_and_lose_no_sign_in(posts):
    posts.publish(CLOSED, key="k")
    with pytest.raises(Declined, match="duplicate") as told:
        posts.publish(CLOSED, key="k")

    assert not isinstance(told.value, SignInNeeded)


def test_an_app_that_may_only_read_needs_a_person(server, posts):
    server.faults.append(refusal(403, "Your client app is not configured with the appropriate"))
    with pytest.raises(SignInNeeded, match="client app"):
        posts.publish(CLOSED, key="k")


def test_without_credit_it_waits(server, posts):
    server.faults.append(refusal(402, "Your enrolled account does not have any credits."))
    with pytest.raises(Busy, match="credits"):
        posts.publish(CLOSED, key="k")


@pytest.mark.parametrize("left_today", ["0", "5"])
def test_a_limit_says_until_when(server, posts, left_today):
    now = timezone.now().timestamp()
    server.faults.append(
        refusal(
            429, "Too Many Requests", x_rate_limit_reset=str(int(now + 300)),
            x_user_limit_24hour_remaining=left_today,
            x_user_limit_24hour_reset=str(int(now + 1500)),
        )
    )  # fmt: skip
    with pytest.raises(Busy) as told:
        posts.publish(CLOSED, key="k")

    wait = 1500 if left_today == "0" else 300
    assert abs((told.value.again_at - timezone.now()).total_seconds() - wait) < 30


def test_a_post_longer_than_ours_is_read_whole():
    entities = {"urls": [{"url": "https://t.co/a", "expanded_url": "https://a.example/?x&amp;y"}]}

    assert words_of("5 &lt; 6 https://t.co/a", entities) == "5 < 6 https://a.example/?x&amp;y"


@pytest.mark.parametrize("link", ["police.ca/a12", "http://police.ca", "https://police.ca"])
def test_a_link_is_found_again_whether_it_was_typed_with_its_http_or_not(posts, link):
    message = Message(f"See {link} now.")
    receipt = posts.publish(message, key="k")

    assert posts.find(message, key="k", since=since()).receipt == receipt


def test_no_older_posts_are_paid_for_than_we_look_for(server, posts):
    server.posts["1"] = {**server.shown("1", "Old.", []), "created_at": "2020-01-01T00:00:00.000Z"}
    posts.publish(CLOSED, key="k")

    assert [s.text for s in posts.standing(since=since())] == [CLOSED.text]
    asked = server.asked[-1].query["start_time"]
    assert abs(moment_of(asked) - since()) < timedelta(minutes=5)


def test_the_number_of_the_account_stands_in_its_token(server):
    other = server.open(with_secrets(server.login, access_token="no-number"))
    with pytest.raises(SignInNeeded):
        other.find(CLOSED, key="k", since=since())


@pytest.mark.parametrize("words", ["duplicate content", "This Tweet is too long"])
def test_a_correction_is_said_apart_only_where_what_it_corrects_is_gone(server, posts, words):
    """An earlier attempt may stand beneath it: said again by itself, it would stand twice."""
    first = posts.publish(CLOSED, key="a")
    server.faults.append(refusal(403, f"You are not allowed to create a Tweet: {words}."))
    with pytest.raises(Declined):
        posts.publish(Message("Road open.", corrects=first), key="b")

    assert list(server.posts) == [first.network_id]
