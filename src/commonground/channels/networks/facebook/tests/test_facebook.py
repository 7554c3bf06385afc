"""What is particular to Facebook, and to the Graph API that it shares with others."""

import json
from datetime import timedelta

import pytest
from django.utils import timezone

from commonground.channels.contract import (
    Busy,
    Declined,
    LinkCard,
    Message,
    SignInNeeded,
    Unsure,
)
from commonground.channels.line.stand_in import Fault, Reply
from commonground.channels.networks.facebook.fake import fake
from commonground.channels.tests.platform_suite import Platform

POST = "POST /v26.0/me/feed"
CLOSED = Message("Road closed.")


@pytest.fixture
def server():
    with fake() as server:
        yield server


@pytest.fixture
def page(server):
    return server.open(server.login)


def said_no(code, status=400, subcode=None, headers=None, **more):
    error = {"message": "Why.", "type": "OAuthException", "code": code, **more}
    if subcode:
        error["error_subcode"] = subcode
    return Fault(POST, Reply({"error": error}, status, headers or {}))


class TestPlatform(Platform):
    act = POST

    def looks(self, server):
        return [a for a in server.asked if a.path.endswith("/published_posts")]

    def fill(self, server, adapter):
        for n in range(230):
            server.posts[f"1_{n}"] = {"message": f"Post {n}", "created_time": server.stamp()}
        return 3


@pytest.mark.parametrize(
    ("code", "status", "means"),
    [
        (190, 400, SignInNeeded),  # the token ended
        (102, 400, SignInNeeded),
        (10, 400, SignInNeeded),  # a permission is missing
        (200, 403, SignInNeeded),
        (299, 400, SignInNeeded),
        (4, 400, Busy),  # too many requests of the app,
        (17, 400, Busy),  # of the person,
        (32, 400, Busy),  # of the Page,
        (613, 400, Busy),  # of this kind,
        (80001, 400, Busy),  # of this business
        (341, 400, Busy),
        (368, 400, Declined),  # held for misuse
        (506, 500, Declined),  # the same words again
        (100, 400, Declined),
        (1, 400, Unsure),  # it went wrong in there, and nobody knows how far it came
        (2, 400, Unsure),
        (2, 500, Unsure),
        (None, 400, Declined),
        ("190", 400, Declined),
        ([], 400, Declined),
    ],
)
def test_a_code_means_more_than_its_status(server, page, code, status, means):
    server.faults.append(said_no(code, status))
    with pytest.raises((Declined, Busy, Unsure)) as told:
        page.publish(CLOSED, key="k")

    assert type(told.value) is means
    assert "Why." in str(told.value)


def test_an_error_that_passes_leaves_us_unsure(server, page):
    server.faults.append(said_no(99, is_transient=True))
    with pytest.raises(Unsure):
        page.publish(CLOSED, key="k")


@pytest.mark.parametrize(
    ("usage", "minutes"),
    [
        ({"1": [{"type": "pages", "estimated_time_to_regain_access": 19}]}, 19),
        (
            {"1": [{"estimated_time_to_regain_access": 3}, {"estimated_time_to_regain_access": 0}]},
            3,
        ),
        ({"1": [{"estimated_time_to_regain_access": 0}]}, None),
        ({"1": [{}]}, None),
        ([1, 2], None),
        ("soon", None),
    ],
)
def test_a_limit_says_until_when(server, page, usage, minutes):
    server.faults.append(said_no(32, headers={"X-Business-Use-Case-Usage": json.dumps(usage)}))
    with pytest.raises(Busy) as told:
        page.publish(CLOSED, key="k")

    if minutes is None:
        assert told.value.again_at is None
    else:
        wait = told.value.again_at - timezone.now()
        assert timedelta(minutes=minutes - 1) < wait <= timedelta(minutes=minutes)


def test_the_token_of_a_person_does_not_pass_for_a_page(server, page):
    server.of_a_person = True
    with pytest.raises(SignInNeeded, match="not of a Page"):
        page.prove()


@pytest.mark.parametrize(("ends_at", "known"), [(1_800_000_000, True), (0, False), (None, False)])
def test_a_sign_in_ends_when_meta_says_so_and_else_nobody_knows(server, page, ends_at, known):
    server.ends_at = ends_at

    until = page.prove().until

    assert (until.timestamp() if until else None) == (ends_at if known else None)


def test_not_there_or_not_allowed_is_not_taken_for_gone(server, page):
    receipt = page.publish(CLOSED, key="k")
    absent = {"error": {"message": "Unsupported delete request.", "code": 100, "error_subcode": 33}}
    server.faults.append(Fault("DELETE", Reply(absent, 400)))
    with pytest.raises(Declined, match="still stands"):
        page.withdraw(receipt)


def test_a_link_of_a_resource_is_shown_as_facebook_sees_it(server, page):
    card = LinkCard("https://riverside.example/a12", "The A12")
    page.publish(Message("Closed.", card=card), key="k")

    assert server.asked[-1].says["link"] == card.url


def test_pictures_stay_unseen_until_the_post(server, page):
    server.faults.append(Fault(POST))
    with pytest.raises(Unsure):
        page.publish(TestPlatform.message, key="k")

    assert server.asked[0].says["published"] == "false"
