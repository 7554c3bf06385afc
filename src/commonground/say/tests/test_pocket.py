"""What was written without a network arrives once, as a draft, from whoever wrote it."""

from uuid import uuid4

import pytest
from django.urls import reverse
from tests import given

from commonground.record.models import Entry
from commonground.say.models import Post

pytestmark = pytest.mark.django_db


@pytest.fixture
def author():
    member = given.a_member()
    given.a_channel(agency=member.agency, authorised=[member])
    return member


def sent(client, **but):
    typed = {"key": str(uuid4()), "title": "Fog", "text": "Fog on the bridge.", **but}
    return client.post(reverse("say:pocket_begin"), typed), typed


def test_what_arrives_twice_is_one_draft(client, author):
    client.force_login(author)
    answer, typed = sent(client)
    again, _ = sent(client, **typed)
    post = Post.objects.get()
    assert answer.headers["Location"] == again.headers["Location"] == f"/say/{post.pk}/write"
    assert (post.state, post.text, post.variants.count()) == ("draft", "Fog on the bridge.", 1)
    assert Entry.objects.about(post).count() == 1


def test_a_key_that_is_somebody_elses_opens_nothing(client, author):
    theirs = given.a_post(text="Secret.")
    client.force_login(author)
    answer, _ = sent(client, key=str(theirs.pk))
    assert answer.status_code == 404
    theirs.refresh_from_db()
    assert theirs.text == "Secret."


def test_only_authors_and_only_with_words(client, author):
    client.force_login(given.a_member(agency=author.agency, roles=["approver"]))
    assert sent(client)[0].status_code == 403
    client.force_login(author)
    assert sent(client, text=" ")[0].status_code == 422
    assert sent(client, key="x")[0].status_code == 422
    assert not Post.objects.exists()


def test_the_page_that_is_kept_says_nothing_of_anybody(client, author):
    client.force_login(author)
    page = client.get(reverse("say:pocket")).content.decode()
    assert author.name not in page
    assert author.agency.name not in page
    assert "csrf" not in page
    worker = client.get(reverse("say:pocket_worker"))
    assert worker.headers["Content-Type"].startswith("text/javascript")
    assert reverse("say:pocket") in worker.content.decode()


def test_who_is_signed_in_is_told_under_a_name_that_says_nothing(client, author):
    client.force_login(author)
    me = client.get(reverse("say:pocket_token"))
    assert "no-store" in me.headers["Cache-Control"]
    assert str(author.pk) not in me.content.decode()
    client.force_login(given.a_member())
    assert client.get(reverse("say:pocket_token")).json()["owner"] != me.json()["owner"]
