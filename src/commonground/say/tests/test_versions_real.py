"""Two languages on real servers: each a post of its own, in its own language's name."""

import pytest
from tests import given

from commonground.channels.networks.mastodon.words import words_of
from commonground.say import actions, tasks
from commonground.say.models import Delivery
from commonground.say.tests.test_versions import ENGLISH, FRENCH
from commonground.say.tests.test_watching_real import signed_in

pytestmark = [pytest.mark.django_db, pytest.mark.peer]


def sent(request, network, language):
    author, channel = signed_in(request, network)
    channel.language = language
    channel.save(update_fields=["language"])
    post = given.a_post(by=author, channels=[channel], text=ENGLISH, title="Closed")
    version = actions.add_version(post, language="fr", area=None, by=author)
    actions.change_version(version, {"title": "Fermée", "text": FRENCH}, by=author)
    actions.submit(post, by=author)
    actions.approve(post, read=post.digest, by=given.an_approver(post))
    for _ in range(3):
        tasks.go_out()
    assert set(Delivery.objects.values_list("state", flat=True)) == {"sent"}
    return list(Delivery.objects.order_by("part"))


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("mul", [("en", ENGLISH), ("fr", FRENCH)]),
        ("fr", [("fr", FRENCH)]),
    ],
)
def test_mastodon_shows_each_language_as_what_it_is(request, mastodon_server, language, said):
    deliveries = sent(request, "mastodon", language)

    found = [mastodon_server.say("GET", f"/api/v1/statuses/{d.network_id}") for d in deliveries]

    assert [s["language"] for s in found] == [code for code, _ in said]
    assert [words_of(s["content"]) for s in found] == [words for _, words in said]
    above = [None, *[d.network_id for d in deliveries[:-1]]]
    assert [s["in_reply_to_id"] for s in found] == above


@pytest.mark.parametrize(
    ("language", "said"), [("mul", [("en", ENGLISH), ("fr", FRENCH)]), ("fr", [("fr", FRENCH)])]
)
def test_bluesky_shows_each_language_as_what_it_is(request, bluesky_server, language, said):
    deliveries = sent(request, "bluesky", language)

    did = deliveries[0].network_id.split("/")[2]
    records = {r["uri"]: r["value"] for r in bluesky_server.posts(did)}
    found = [records[d.network_id] for d in deliveries]

    assert [(r["langs"], r["text"]) for r in found] == [([code], words) for code, words in said]
    above = [r.get("reply", {}).get("parent", {}).get("uri") for r in found]
    assert above == [None, *[d.network_id for d in deliveries[:-1]]]
