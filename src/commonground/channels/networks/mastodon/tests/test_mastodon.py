"""What is particular to Mastodon."""

from dataclasses import replace
from datetime import timedelta
from types import SimpleNamespace

import pytest
from django.utils import timezone

from commonground.channels.contract import (
    Boosted,
    Busy,
    Declined,
    Login,
    Message,
    Receipt,
    SignInNeeded,
    TooFarBack,
    Unsure,
)
from commonground.channels.networks.mastodon.adapter import Statuses, own_posts, revoke
from commonground.channels.networks.mastodon.words import words_of
from commonground.channels.tests.contract_suite import a_film, a_picture
from commonground.channels.tests.hostile import Hostile, answer, refusal

ME = {"id": "7", "username": "desk", "acct": "desk", "url": "https://social.example/@desk"}
POSTED = {
    "id": "110",
    "content": "<p>Road closed.</p>",
    "url": "https://social.example/@desk/110",
    "visibility": "public",
    "created_at": "2199-01-01T00:00:00.000Z",
}


def statuses_at(url, token="secret", patience=2.0):
    return Statuses(Login("one", url, secrets={"token": token}), patience)


@pytest.mark.parametrize(
    ("html", "words"),
    [
        ("<p>One</p><p>Two<br />Three</p>", "One\n\nTwo\nThree"),
        ("<p>5 &lt; 6 &amp; &quot;7&quot;</p>", '5 < 6 & "7"'),
        (
            '<p>See <a href="https://a.example/b"><span class="invisible">https://</span>'
            '<span class="ellipsis">a.exam</span><span class="invisible">ple/b</span></a></p>',
            "See https://a.example/b",
        ),
        (
            '<p><a href="x" class="mention hashtag" rel="tag">#<span>A12</span></a> closed</p>',
            "#A12 closed",
        ),
        ("", ""),
        ("<p>unclosed <b>and <i>wrong</b>", "unclosed and wrong"),
    ],
)
def test_a_status_is_read_as_a_person_reads_it(html, words):
    assert words_of(html) == words


def test_other_words_in_the_answer_leave_us_unsure():
    with (
        Hostile(answer({**POSTED, "content": "<p>Road open.</p>"})) as server,
        pytest.raises(Unsure, match="other words"),
    ):
        statuses_at(server.url).publish(Message("Road closed."), key="k")


def test_a_post_that_went_out_is_not_lost_to_odd_headers():
    odd = {"X_RateLimit_Remaining": "many", "X_RateLimit_Reset": "soon", "Deprecation": "yes"}
    with Hostile(answer(POSTED, **odd)) as server:
        receipt = statuses_at(server.url).publish(Message("Road closed."), key="k")

    assert receipt == Receipt("110", POSTED["url"])


def test_only_public_posts_count_as_seen():
    hidden = [{**POSTED, "visibility": "private"}]
    with (
        Hostile(answer(hidden), {"verify_credentials": ME}) as server,
        pytest.raises(TooFarBack),  # it is told the same page for ever
    ):
        statuses_at(server.url).find(Message("Road closed."), key="k", since=timezone.now())


def test_what_lies_further_back_than_we_look_is_not_called_absent():
    """Found by a storm of thousands: of a busy account the desk saw five pages, took what was not
    on them for absent, and said it twice."""
    page = [{**POSTED, "content": "<p>Other.</p>", "id": str(n)} for n in range(1, 41)]
    ago = timezone.now() - timedelta(days=9999)
    with Hostile(answer(page), {"verify_credentials": ME}) as server:
        with pytest.raises(TooFarBack):
            statuses_at(server.url).find(Message("Road closed."), key="k", since=ago)

        assert len(server.asked) == 1 + 5
        assert len(statuses_at(server.url).standing(since=ago)) > 100


def test_a_short_page_is_not_yet_the_end():
    """A server may leave out of a page what it does not show."""
    pages = [[{**POSTED, "content": "<p>Other.</p>", "id": "9"}], [{**POSTED, "id": "8"}]]
    ago = timezone.now() - timedelta(days=9999)

    class Server:
        def account_verify_credentials(self):
            return SimpleNamespace(id="1")

        def account_statuses(self, *_, max_id, **__):
            shown = pages[0] if max_id is None else pages[1] if max_id == "9" else []
            return [
                SimpleNamespace(id=p["id"], created_at=timezone.now(), visibility="public")
                for p in shown
            ]

    assert [s.id for s in own_posts(Server(), ago)] == ["9", "8"]


def test_a_picture_that_is_never_ready_leaves_nothing_behind():
    working = {"id": "5", "type": "image", "url": None}
    message = Message("See:", pictures=(a_picture(),))
    with (
        Hostile(answer(POSTED), {"/media": working}) as server,
        pytest.raises(Busy, match="picture"),
    ):
        statuses_at(server.url, patience=1.2).publish(message, key="k")

    assert not any("/statuses" in asked for asked in server.asked)


def test_a_server_may_allow_more_than_usual():
    long = "x" * 900
    rules = {"statuses": {"max_characters": 1000, "characters_reserved_per_url": 23,
                          "max_media_attachments": 4}}  # fmt: skip
    polite = {"/instance": {"domain": "x", "configuration": rules}}
    with Hostile(answer({**POSTED, "content": f"<p>{long}</p>"}), polite) as server:
        statuses_at(server.url).publish(Message(long), key="k")
        with pytest.raises(Declined):
            statuses_at(server.url).publish(Message("x" * 1001), key="k")


def test_a_token_that_names_a_file_is_not_read_from_it(tmp_path):
    secret = tmp_path / "file"
    secret.write_text("what the file holds")
    with Hostile(answer(ME)) as server:
        statuses_at(server.url, token=str(secret)).prove()

    assert f"Bearer {secret}" in server.heard[0]


@pytest.mark.parametrize("token", ["", "  ", "two\nlines", "ünicode"])
def test_a_token_that_cannot_be_one_needs_a_person(token):
    with pytest.raises(SignInNeeded):
        statuses_at("http://127.0.0.1:1", token=token).prove()


@pytest.mark.parametrize("odd", ["", "../1", "1/reblog", "a b", "x" * 200])
def test_an_id_that_mastodon_never_gave_is_declined(odd):
    with pytest.raises(Declined):
        statuses_at("http://127.0.0.1:1").withdraw(Receipt(odd, ""))


@pytest.mark.peer
def test_language_and_visibility_arrive(mastodon_server):
    adapter = statuses_at(mastodon_server.url, token=mastodon_server.token, patience=20)
    receipt = adapter.publish(Message("Route fermée.", language="fr-CA"), key="language")

    status = mastodon_server.say("GET", f"/api/v1/statuses/{receipt.network_id}")
    assert (status["language"], status["visibility"]) == ("fr", "public")


@pytest.mark.peer
def test_after_a_lost_answer_the_same_key_still_makes_one_post(mastodon_server):
    adapter = statuses_at(mastodon_server.url, token=mastodon_server.token, patience=20)
    message = Message("Said exactly once.")
    mastodon_server.break_next("/api/v1/statuses", type="status", status=503)
    with pytest.raises(Unsure):
        adapter.publish(message, key="once")

    receipts = {adapter.publish(message, key="once") for _ in range(2)}

    assert len(receipts) == 1


@pytest.mark.peer
def test_a_real_rate_limit_is_waited_for(mastodon_server):
    adapter = statuses_at(mastodon_server.url, token=mastodon_server.token, patience=20)
    mastodon_server.break_next("/api/v1/statuses", type="ratelimit", status=429)

    with pytest.raises(Busy):
        adapter.publish(Message("Too soon."), key="soon")


@pytest.mark.peer
def test_what_must_stay_in_sight_arrives_as_mastodon_counts_it(mastodon_server):
    adapter = statuses_at(mastodon_server.url, token=mastodon_server.token, patience=20)
    picture = replace(a_picture(), focus=(0.25, 0.1))
    receipt = adapter.publish(Message("Look left and up.", pictures=(picture,)), key="focus")

    status = mastodon_server.say("GET", f"/api/v1/statuses/{receipt.network_id}")
    assert status["media_attachments"][0]["meta"]["focus"] == {"x": -0.5, "y": 0.8}


@pytest.mark.peer
def test_a_video_arrives_with_all_that_is_said_in_it(mastodon_server):
    adapter = statuses_at(mastodon_server.url, token=mastodon_server.token, patience=20)
    receipt = adapter.publish(Message("Watch.", film=a_film()), key="film")

    status = mastodon_server.say("GET", f"/api/v1/statuses/{receipt.network_id}")
    [media] = status["media_attachments"]
    assert media["type"] == "video"
    assert media["description"] == "Cars turn round\n\nMast Road & Quay are closed."


APP = {"token": "secret", "client_key": "app", "client_secret": "hush"}


def test_a_revoked_token_is_tried_before_it_is_believed():
    with Hostile(refusal(401), {"/oauth/revoke": {}}) as server:
        assert revoke(Login("one", server.url, secrets=APP)) is True
        assert [asked.split()[:2] for asked in server.asked] == [
            ["POST", "/oauth/revoke"], ["GET", "/api/v1/accounts/verify_credentials"],
        ]  # fmt: skip

    with Hostile(answer(ME), {"/oauth/revoke": {}}) as server, pytest.raises(Unsure):
        revoke(Login("one", server.url, secrets=APP))


def test_without_the_keys_of_its_app_a_token_cannot_be_revoked():
    with pytest.raises(Declined, match="client key"):
        revoke(Login("one", "https://social.example", secrets={"token": "secret"}))


def test_what_a_server_says_of_a_revocation_repeats_no_secret():
    no = answer({"error": "no app with hush"}, "403 Forbidden")
    with Hostile(no) as server, pytest.raises(SignInNeeded) as told:
        revoke(Login("one", server.url, secrets=APP))
    assert "hush" not in str(told.value)


# The network's own button


def of_ours(server, network_id="110", address=None):
    receipt = Receipt(network_id, "https://social.example/@desk/110")
    return Message("Road closed.", boosts=Boosted(receipt, address or server.url))


@pytest.mark.peer
def test_a_post_of_ours_is_passed_on_once_seen_and_undone(mastodon_server):
    adapter = statuses_at(mastodon_server.url, token=mastodon_server.token, patience=20)
    original = adapter.publish(Message("Bridge open again."), key="to pass on")
    message = Message("Bridge open again.", boosts=Boosted(original, mastodon_server.url))
    now = timezone.now()
    assert adapter.find(message, key="k", since=now) is None

    receipts = {adapter.publish(message, key="k") for _ in range(2)}

    status = mastodon_server.say("GET", f"/api/v1/statuses/{original.network_id}")
    assert status["reblogs_count"] == 1
    assert receipts == {Receipt(f"boost:{original.network_id}", original.url)}
    seen = adapter.find(message, key="k", since=now)
    assert (seen.receipt, seen.text) == (receipts.pop(), "Bridge open again.")

    adapter.withdraw(seen.receipt)
    adapter.withdraw(seen.receipt)
    assert adapter.find(message, key="k", since=now) is None
    assert mastodon_server.say("GET", f"/api/v1/statuses/{original.network_id}")["id"]


@pytest.mark.peer
def test_what_is_gone_is_not_passed_on_and_not_missed(mastodon_server):
    adapter = statuses_at(mastodon_server.url, token=mastodon_server.token, patience=20)
    original = adapter.publish(Message("Said in error."), key="error")
    message = Message("Said in error.", boosts=Boosted(original, mastodon_server.url))
    receipt = adapter.publish(message, key="k")
    adapter.withdraw(original)

    with pytest.raises(Declined):
        adapter.publish(message, key="k2")
    assert adapter.find(message, key="k", since=timezone.now()) is None
    adapter.withdraw(receipt)


def test_an_answer_about_another_post_leaves_us_unsure():
    other = {**POSTED, "id": "9", "reblog": {**POSTED, "id": "111"}}
    with Hostile(answer(other)) as server, pytest.raises(Unsure):
        statuses_at(server.url).publish(of_ours(server), key="k")


def test_a_server_that_says_undone_and_still_passes_it_on_is_not_believed():
    with (
        Hostile(answer({**POSTED, "reblogged": True})) as server,
        pytest.raises(Unsure, match="still passes it on"),
    ):
        statuses_at(server.url).withdraw(Receipt("boost:110", ""))


def test_a_post_on_another_server_is_looked_up_by_its_address():
    here = {**POSTED, "id": "77", "reblogged": False}
    found = {"accounts": [], "hashtags": [], "statuses": [
        {**here, "id": "66", "url": "https://social.example/@other/1"}, here,
    ]}  # fmt: skip
    with Hostile(answer({**POSTED, "id": "9", "reblog": here}), {"/search": found}) as server:
        message = of_ours(server, address="https://social.example")
        assert statuses_at(server.url).publish(message, key="k").network_id == "boost:77"

    assert "q=https%3A%2F%2Fsocial.example%2F%40desk%2F110" in server.asked[0]
    assert "POST /api/v1/statuses/77/reblog" in server.asked[1]


def test_a_post_that_another_server_does_not_know_yet_waits():
    nothing = {"accounts": [], "hashtags": [], "statuses": []}
    with Hostile(answer(POSTED), {"/search": nothing}) as server, pytest.raises(Busy):
        statuses_at(server.url).publish(of_ours(server, address="https://far.example"), key="k")
    assert len(server.asked) == 1


@pytest.mark.parametrize("odd", ["boost:", "boost:../1", "boost:1/reblog", "boost:boost:1 "])
def test_an_odd_id_of_a_boost_is_declined(odd):
    with pytest.raises(Declined):
        statuses_at("http://127.0.0.1:1").withdraw(Receipt(odd, ""))
