"""Cards of links on the pages of a draft: read, changed, left out and shown."""

import pytest
from django.urls import reverse
from tests import given

from commonground.say import actions, queries
from commonground.say.actions import Wording
from commonground.say.tests.linked import page
from commonground.say.tests.test_cards import linking, nobody_hurries, road, there, typed

__all__ = ["nobody_hurries", "there"]
pytestmark = pytest.mark.django_db


def test_reading_a_page_keeps_what_was_typed(client, there):
    post = linking(road(there))
    client.force_login(post.author)
    words = f"Closed, and long: {there.url}/a12"

    answer = client.post(
        reverse("say:read_card", args=[post.pk]),
        typed(post, text=words, link=there.url + "/a12"), follow=True,
    )  # fmt: skip

    post.refresh_from_db()
    assert post.text == words
    assert "The A12" in answer.content.decode()


def test_words_that_cannot_be_kept_stay_on_the_page(client, there):
    post = linking(road(there))
    client.force_login(post.author)

    answer = client.post(
        reverse("say:read_card", args=[post.pk]), typed(post, title="", link=there.url + "/a12")
    )

    assert answer.status_code == 422
    assert there.asked == []


def test_a_card_is_changed_and_left_out_where_it_is_written(client, there):
    post = linking(road(there))
    card = actions.read_card(post, there.url + "/a12", by=post.author)
    client.force_login(post.author)
    said = {f"card{card.pk}-title": "Closed!", f"card{card.pk}-about": ""}

    client.post(reverse("say:write_card", args=[post.pk, card.pk]), typed(post, **said))
    card.refresh_from_db()
    assert (card.title, card.about, card.pictured) == ("Closed!", "", False)

    client.post(reverse("say:leave_out_card", args=[post.pk, card.pk]), typed(post))
    card.refresh_from_db()
    assert card.left_out


def test_a_card_without_a_title_is_not_kept(client, there):
    post = linking(road(there))
    card = actions.read_card(post, there.url + "/a12", by=post.author)
    client.force_login(post.author)

    address = reverse("say:write_card", args=[post.pk, card.pk])
    answer = client.post(address, typed(post, **{f"card{card.pk}-title": " "}))

    assert answer.status_code == 422
    card.refresh_from_db()
    assert card.title == "The A12"


def test_the_picture_of_a_card_is_seen_by_the_desk_only(client, there):
    post = linking(road(there))
    card = actions.read_card(post, there.url + "/a12", by=post.author)
    address = reverse("say:card_picture", args=[post.pk, card.pk])
    client.force_login(post.author)
    assert client.get(address).content == bytes(card.content)

    client.force_login(given.a_member())
    assert client.get(address).status_code == 404


def test_the_preview_says_who_makes_the_card(client, there):
    author = given.a_member()
    names = ("bluesky", "mastodon", "site")
    channels = [
        given.a_channel(agency=author.agency, network=n, name=n, authorised=[author]) for n in names
    ]
    post = linking(road(there), by=author, channels=channels)
    client.force_login(author)
    card = actions.read_card(post, there.url + "/a12", by=author)
    actions.write_card(card, Wording("Closed!", "Until noon"), by=author)

    seen = {p.channel.name: p.parts[0].card for p in queries.previews_of(post)}
    shown = client.get(reverse("say:approve", args=[post.pk])).content.decode()

    assert {name: c.title for name, c in seen.items()} == dict.fromkeys(names, "Closed!")
    assert shown.count("Closed!") == 2
    assert shown.count('<strong dir="auto">The A12</strong>') == 1
    assert "Mastodon reads the page by itself" in shown
    # The newsroom shows no picture of it, the two others do.
    assert shown.count(reverse("say:card_picture", args=[post.pk, card.pk])) == 2


def test_a_page_full_of_script_is_shown_as_plain_words(client, there):
    url = there.put("/evil", page(
        "&lt;script&gt;alert(1)&lt;/script&gt;Road", "&lt;iframe src='x'&gt;", "javascript:alert(1)"
    ))  # fmt: skip
    post = linking(url)
    card = actions.read_card(post, url, by=post.author)
    client.force_login(post.author)

    shown = client.get(reverse("say:write", args=[post.pk])).content.decode()

    assert (card.title, card.about, card.sha256) == ("alert(1) Road", "", "")
    assert "<script>alert" not in shown
    assert "javascript:" not in shown
