"""What is particular to Bluesky, tried on a real server."""

import pytest
from django.utils import timezone

from commonground.channels.contract import (
    Boosted,
    Declined,
    LinkCard,
    Login,
    Message,
    SignInNeeded,
    Unsure,
)
from commonground.channels.networks.bluesky import repo
from commonground.channels.networks.bluesky.adapter import Posts, revoke
from commonground.channels.networks.bluesky.tests.test_hostilities import SESSION
from commonground.channels.tests.contract_suite import a_film, a_picture
from commonground.channels.tests.hostile import Hostile, refusal

pytestmark = pytest.mark.peer


@pytest.fixture(scope="module")
def account(bluesky_server):
    return bluesky_server.account()


@pytest.fixture
def posts(bluesky_server, account):
    login = Login("one", bluesky_server.url, account.handle, {"app_password": account.password})
    return Posts(login)


@pytest.fixture
def published(posts, bluesky_server, account):
    """Publishes, and gives back the record as the server holds it."""

    def publish(message):
        receipt = posts.publish(message, key=posts.new_key(timezone.now()))
        records = bluesky_server.posts(account.did)
        return next(r["value"] for r in records if r["uri"] == receipt.network_id)

    return publish


def features(record):
    """What each facet is, with the very words it covers, cut from the UTF-8 bytes."""
    raw = record["text"].encode()
    for facet in record.get("facets", []):
        start, end = facet["index"]["byteStart"], facet["index"]["byteEnd"]
        feature = facet["features"][0]
        yield raw[start:end].decode(), {k: v for k, v in feature.items() if k != "$type"}


def test_links_and_tags_can_be_pressed_after_any_letters(published):
    record = published(
        Message("الطريق 👮🏽‍♀️ https://riverside.example/a?b=1 مغلق #A12 costs $5 $CASH")
    )

    assert list(features(record)) == [
        ("https://riverside.example/a?b=1", {"uri": "https://riverside.example/a?b=1"}),
        ("#A12", {"tag": "A12"}),
    ]


def test_only_accounts_that_exist_are_mentioned(published, bluesky_server):
    other = bluesky_server.account()
    record = published(Message(f"Thanks @{other.handle} and @nobody-at-all.test"))

    assert list(features(record)) == [(f"@{other.handle}", {"did": other.did})]


def test_a_card_shows_what_the_link_leads_to(published):
    card = LinkCard("https://riverside.example/a12", "The A12", "Closed until noon")
    record = published(Message("Closed.", card=card, language="fr"))

    shown = record["embed"]["external"]
    assert LinkCard(shown["uri"], shown["title"], shown["description"]) == card
    assert record["langs"] == ["fr"]


def test_a_card_carries_the_picture_of_its_page(published, bluesky_server, account):
    picture = a_picture(width=80, height=20, alt="")
    card = LinkCard("https://riverside.example/a12", "The A12", "Closed until noon", picture)
    record = published(Message("Closed: https://riverside.example/a12", card=card))

    thumb = record["embed"]["external"]["thumb"]
    assert (thumb["mimeType"], thumb["size"]) == (picture.type, len(picture.content))
    assert bluesky_server.blob(account.did, thumb["ref"]["$link"]) == picture.content


def test_pictures_keep_their_shape(published):
    record = published(Message("See:", pictures=(a_picture(width=80, height=20),)))

    image = record["embed"]["images"][0]
    assert (image["aspectRatio"]["width"], image["aspectRatio"]["height"]) == (80, 20)
    assert image["image"]["mimeType"] == "image/png"


def test_the_link_we_keep_outlives_a_change_of_handle(posts, account):
    key = posts.new_key(timezone.now())
    receipt = posts.publish(Message("Hello."), key=key)

    assert receipt.url == f"https://bsky.app/profile/{account.did}/post/{key}"


def test_a_name_bluesky_would_not_show_is_declined(posts):
    with pytest.raises(Declined):
        posts.publish(Message("Hello."), key="my-own-name")


def test_one_sign_in_serves_many_errands(posts):
    repo.SESSIONS.clear()
    key, message = posts.new_key(timezone.now()), Message("Hello.")
    posts.publish(message, key=key)
    (session,) = repo.SESSIONS.values()
    posts.find(message, key=key, since=timezone.now())
    posts.withdraw(posts.publish(message, key=key))

    assert list(repo.SESSIONS.values()) == [session]


def test_a_session_that_no_longer_opens_is_replaced(posts):
    posts.prove()
    (ticket,) = repo.SESSIONS
    handle, did, token, refresh, base = repo.SESSIONS[ticket].split(":::")
    head, _, _ = token.split(".")
    broken = ".".join([head, SESSION["accessJwt"].split(".")[1], "bm8"])
    repo.SESSIONS[ticket] = ":::".join([handle, did, broken, refresh, base])

    posts.publish(Message("Still here."), key=posts.new_key(timezone.now()))

    assert broken not in repo.SESSIONS[ticket]


def test_a_revoked_password_is_noticed_at_the_next_proof(bluesky_server):
    account = bluesky_server.account()
    login = Login("one", bluesky_server.url, account.handle, {"app_password": account.password})
    Posts(login).prove()
    token = bluesky_server.call(
        "com.atproto.server.createSession",
        {"identifier": account.handle, "password": account.main_password},
    )["accessJwt"]
    bluesky_server.call("com.atproto.server.revokeAppPassword", {"name": "desk"}, token)

    with pytest.raises(SignInNeeded):
        Posts(login).prove()


def test_a_crash_while_creating_is_settled_by_looking():
    key = "3222222222222"
    there = {
        "uri": f"at://did:plc:desk/app.bsky.feed.post/{key}",
        "cid": "bafyreie5cvv4h45feadgeuwhbcutmh6t2ceseocckahdoe6uat64zmz454",
        "value": {"$type": "app.bsky.feed.post", "text": "Road closed.",
                  "createdAt": "2026-01-01T00:00:00Z"},
    }  # fmt: skip
    login = Login("one", "", "desk.test", {"app_password": "secret"})

    def publish(url, text):
        return Posts(Login("one", url, login.handle, login.secrets), 5).publish(
            Message(text), key=key
        )

    polite = {"createSession": SESSION, "getSession": SESSION, "getRecord": there}
    with Hostile(refusal(500), polite) as server:
        assert publish(server.url, "Road closed.").network_id == there["uri"]
        with pytest.raises(Declined, match="Something else"):
            publish(server.url, "Road open.")
    absent = {"createSession": SESSION, "getSession": SESSION}
    with Hostile(refusal(500), absent) as server, pytest.raises(Unsure):
        publish(server.url, "Road closed.")


def test_a_password_never_travels_in_the_open(settings):
    settings.ENV = settings.ENV.model_copy(update={"allow_private_addresses": False})
    with pytest.raises(Declined, match="https"):
        Posts(Login("one", "http://pds.example", "desk", {"app_password": "x"})).prove()


def test_a_video_arrives_with_its_captions(published, bluesky_server, account):
    film = a_film()
    embed = published(Message("Watch.", film=film))["embed"]

    assert embed["$type"] == "app.bsky.embed.video"
    assert (embed["alt"], embed["video"]["mimeType"]) == (film.alt, "video/mp4")
    assert embed["video"]["size"] == len(film.content)
    [said] = embed["captions"]
    assert (said["lang"], said["file"]["mimeType"]) == ("en", "text/vtt")
    assert said["file"]["size"] == len(film.captions.encode())


def test_a_sign_in_that_is_revoked_opens_nothing_any_more(bluesky_server):
    account = bluesky_server.account()
    login = Login("one", bluesky_server.url, account.handle, {"app_password": account.password})
    Posts(login).prove()

    assert revoke(login) is True

    assert not repo.SESSIONS.get(repo.Repo(login, 5.0).ticket)
    with pytest.raises(SignInNeeded):
        Posts(login).prove()


def test_of_two_app_passwords_a_person_must_end_ours(bluesky_server):
    account = bluesky_server.account()
    login = Login("one", bluesky_server.url, account.handle, {"app_password": account.password})
    session = bluesky_server.call(
        "com.atproto.server.createSession",
        {"identifier": account.handle, "password": account.main_password},
    )
    token = session["accessJwt"]
    bluesky_server.call("com.atproto.server.createAppPassword", {"name": "phone"}, token)

    assert revoke(login) is False
    assert Posts(login).prove().handle == account.handle


# The network's own button


@pytest.fixture
def another(bluesky_server):
    """Another account of the agency's on the same server, and a line to it."""
    found = bluesky_server.account()
    login = Login("two", bluesky_server.url, found.handle, {"app_password": found.password})
    return found, Posts(login)


def reposts(bluesky_server, account):
    listing = bluesky_server.call(
        "com.atproto.repo.listRecords", repo=account.did, collection="app.bsky.feed.repost"
    )
    return listing["records"]


def test_a_post_of_ours_is_passed_on_once_seen_and_undone(posts, another, bluesky_server):
    original = posts.publish(Message("Bridge open."), key=posts.new_key(timezone.now()))
    account, other = another
    message = Message("Bridge open.", boosts=Boosted(original, bluesky_server.url))
    key = other.new_key(timezone.now())
    assert other.find(message, key=key, since=timezone.now()) is None

    receipt = other.publish(message, key=key)
    again = other.publish(message, key=key)

    (record,) = reposts(bluesky_server, account)
    assert receipt == again
    assert record["uri"] == receipt.network_id
    assert record["value"]["subject"]["uri"] == original.network_id
    assert other.find(message, key=key, since=timezone.now()).receipt == receipt
    assert other.standing(since=timezone.now()) == []

    other.withdraw(receipt)
    other.withdraw(receipt)
    assert reposts(bluesky_server, account) == []
    assert other.find(message, key=key, since=timezone.now()) is None
    assert bluesky_server.posts(posts.repo().did)


def test_what_is_gone_is_not_passed_on(posts, another, bluesky_server):
    original = posts.publish(Message("Bridge open."), key=posts.new_key(timezone.now()))
    posts.withdraw(original)
    account, other = another
    message = Message("Bridge open.", boosts=Boosted(original, bluesky_server.url))
    with pytest.raises(Declined):
        other.publish(message, key=other.new_key(timezone.now()))
    assert reposts(bluesky_server, account) == []


def test_another_post_under_its_name_is_not_taken_for_it(posts, another, bluesky_server):
    one, two = (
        posts.publish(Message(words), key=posts.new_key(timezone.now())) for words in ("One", "Two")
    )
    _, other = another
    key = other.new_key(timezone.now())
    other.publish(Message("One", boosts=Boosted(one, bluesky_server.url)), key=key)

    message = Message("Two", boosts=Boosted(two, bluesky_server.url))
    with pytest.raises(Declined):
        other.find(message, key=key, since=timezone.now())
    with pytest.raises(Declined):
        other.publish(message, key=key)
