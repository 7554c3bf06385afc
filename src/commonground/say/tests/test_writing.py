"""What an author typed is never lost, nor overwritten unseen."""

import pytest
from django.urls import reverse
from tests import given

from commonground.say.tests.test_views import sign_in, typed

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}


def opened(client, post):
    """What a page that is open carries besides the words."""
    form = client.get(reverse("say:write", args=[post.pk])).context["form"]
    return {name: form[name].value() for name in ("page", "before")}


def test_two_windows_on_one_draft_lose_no_words(client):
    post = given.a_post()
    sign_in(client, post.author)
    path = reverse("say:write", args=[post.pk])
    first, second = opened(client, post), opened(client, post)
    client.post(path, typed(post, text="The long good text.", **second))

    reply = client.post(path, typed(post, text="An old window.", **first))

    post.refresh_from_db()
    page = reply.content.decode()
    assert reply.status_code == 409
    assert post.text == "The long good text."
    assert "The long good text." in page
    assert "An old window." in page


def test_a_window_that_keeps_what_is_typed_does_not_overwrite_another(client):
    post = given.a_post()
    sign_in(client, post.author)
    path = reverse("say:write", args=[post.pk])
    first, second = opened(client, post), opened(client, post)
    client.post(path, typed(post, text="The long good text.", **second), headers=HTMX)

    reply = client.post(path, typed(post, text="An old window.", **first), headers=HTMX)

    post.refresh_from_db()
    assert post.text == "The long good text."
    assert "another window" in reply.content.decode()


def test_one_window_saves_as_often_as_it_likes(client):
    post = given.a_post()
    sign_in(client, post.author)
    path = reverse("say:write", args=[post.pk])
    only = opened(client, post)

    for text in ("One.", "One two.", "One two three."):
        assert client.post(path, typed(post, text=text, **only), headers=HTMX).status_code == 200

    post.refresh_from_db()
    assert post.text == "One two three."


def test_a_saving_that_was_overtaken_on_its_way_undoes_nothing(client):
    """The page keeps what is typed while its author presses Send: the older words come second."""
    post = given.a_post()
    sign_in(client, post.author)
    path = reverse("say:write", args=[post.pk])
    only = opened(client, post)
    client.post(path, typed(post, text="All of it.", **only, turn=8))

    client.post(path, typed(post, text="Half", **only, turn=7), headers=HTMX)

    post.refresh_from_db()
    assert post.text == "All of it."


def test_who_has_seen_the_other_windows_words_may_replace_them(client):
    post = given.a_post()
    sign_in(client, post.author)
    path = reverse("say:write", args=[post.pk])
    first, second = opened(client, post), opened(client, post)
    client.post(path, typed(post, text="The long good text.", **second))
    form = client.post(path, typed(post, text="Mine.", **first)).context["form"]

    known = {name: form[name].value() for name in ("page", "before")}
    client.post(path, typed(post, text="Mine.", **known))

    post.refresh_from_db()
    assert post.text == "Mine."


@pytest.mark.parametrize("time", ["9999-12-31T23:59", "0001-01-01T00:00"])
def test_a_slip_of_the_year_is_told(client, time):
    post = given.a_post()
    sign_in(client, post.author)

    reply = client.post(reverse("say:write", args=[post.pk]), typed(post, go_out_at=time))

    assert reply.status_code == 422
    assert "Check the year." in reply.content.decode()
