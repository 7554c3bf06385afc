"""The pages of a post in several versions: writing and reading each; what is known of areas."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from tests import given

from commonground.say import actions
from commonground.say.models import Area, Post, Version
from commonground.say.tests.test_versions import (
    ENGLISH,
    FRENCH,
    a_draft,
    a_picture_of,
    an_area,
    in_french,
    on,
)
from commonground.say.tests.test_views import sign_in, typed

pytestmark = pytest.mark.django_db


def text_of(reply):
    return " ".join(reply.content.decode().split())


def write_page(post):
    return reverse("say:write", args=[post.pk])


def test_a_language_is_added_from_the_page_of_the_draft_and_what_was_typed_is_kept(client):
    post = a_draft(("site", "en"))
    sign_in(client, post.author)
    said = typed(post, text="Typed just now.", then="add_version", version="fr")

    reply = client.post(write_page(post), said)

    version = Version.objects.get()
    assert reply.headers["Location"] == version.get_absolute_url()
    assert Post.objects.get(pk=post.pk).text == "Typed just now."
    page = text_of(client.get(version.get_absolute_url()))
    assert "Typed just now." in page
    assert 'lang="fr"' in page


@pytest.mark.parametrize("version", ["", "xx", "en 99999", "en x", "fr fr", "<b>", "zz 1"])
def test_what_is_no_language_and_no_area_begins_nothing(client, version):
    post = a_draft(("site", "en"))
    sign_in(client, post.author)

    reply = client.post(write_page(post), typed(post, then="add_version", version=version))

    assert reply.status_code == 302
    assert not Version.objects.exists()


def test_another_agency_s_area_begins_nothing(client):
    post = a_draft(("site", "en"))
    theirs = an_area(given.an_agency())
    sign_in(client, post.author)

    client.post(write_page(post), typed(post, then="add_version", version=f"en {theirs.pk}"))

    assert not Version.objects.exists()


def test_a_version_is_written_and_its_channels_show_it_with_a_true_counter(client):
    post = a_draft(("site", "en"), ("mastodon", "fr"))
    version = actions.add_version(post, language="fr", area=None, by=post.author)
    sign_in(client, post.author)
    kept = {"title": "Fermée", "text": FRENCH, "before": version.changed_at.isoformat()}

    reply = client.post(version.get_absolute_url(), {**kept, "then": "stay"})

    assert reply.headers["Location"] == version.get_absolute_url()
    page = text_of(client.get(version.get_absolute_url()))
    assert f"{len(FRENCH)} of 500 characters" in page
    assert ENGLISH in page  # to write from
    assert on(post, "mastodon").text == FRENCH


def test_two_windows_on_one_version_lose_nothing(client):
    post = a_draft(("site", "en"))
    version = in_french(post)
    sign_in(client, post.author)
    stale = {"title": "Deux", "text": "De l'autre fenêtre.", "before": "2026-01-01"}

    reply = client.post(version.get_absolute_url(), stale)

    assert reply.status_code == 409
    page = text_of(reply)
    assert "De l&#x27;autre fenêtre." in page
    assert "est fermée" in page
    version.refresh_from_db()
    assert version.text == FRENCH


def test_each_picture_is_described_in_each_language(client):
    post = a_draft(("site", "en"))
    picture = a_picture_of(post)
    version = in_french(post)
    sign_in(client, post.author)
    kept = {"title": "F", "text": FRENCH, "before": version.changed_at.isoformat()}

    client.post(version.get_absolute_url(), {**kept, f"alt_{picture.pk}": " Un pont fermé "})

    version.refresh_from_db()
    assert version.alts == {str(picture.pk): "Un pont fermé"}
    assert 'alt="Un pont fermé"' in text_of(client.get(write_page(post)))


def test_a_language_is_chosen_for_one_channel(client):
    post = a_draft(("mastodon", "en"), ("site", "en"))
    in_french(post)
    channel = on(post, "mastodon").channel
    sign_in(client, post.author)
    page = text_of(client.get(write_page(post)))
    assert f'name="speaks_{channel.pk}"' in page
    assert f'name="speaks_{on(post, "site").channel.pk}"' not in page

    client.post(write_page(post), typed(post, text=ENGLISH, **{f"speaks_{channel.pk}": "each"}))

    assert on(post, "mastodon").parts == [ENGLISH, FRENCH]
    assert 'value="each" selected' in text_of(client.get(write_page(post)))


def test_nothing_is_asked_about_languages_where_there_is_one(client):
    post = a_draft(("mastodon", "en"))
    sign_in(client, post.author)

    assert "speaks_" not in text_of(client.get(write_page(post)))


def test_what_may_be_out_of_date_is_flagged_until_somebody_confirms_it(client):
    post = a_draft(("site", "en"))
    version = in_french(post)
    sign_in(client, post.author)
    client.post(write_page(post), typed(post, text="Bridge Road is open."))
    assert "may be out of date" in text_of(client.get(write_page(post)))
    page = text_of(client.get(version.get_absolute_url()))
    assert "<del>closed " in page
    assert "<ins>open.</ins>" in page

    client.post(reverse("say:confirm_version", args=[post.pk, version.pk]))

    assert "may be out of date" not in text_of(client.get(write_page(post)))


# Whoever approves


def test_each_version_is_shown_exactly_and_ticked_by_itself(client):
    post = a_draft(("site", "en"), ("mastodon", "fr"))
    picture = a_picture_of(post)
    version = in_french(post, alts={str(picture.pk): "Un pont fermé"})
    actions.submit(post, by=post.author)
    sign_in(client, given.an_approver(post))
    address = reverse("say:approve", args=[post.pk])
    page = text_of(client.get(address))
    assert page.count(FRENCH.replace("'", "&#x27;")) == 2
    assert 'alt="Un pont fermé"' in page
    assert "I have read: English, on each channel" in page
    assert "I have read: French" in page

    half = client.post(address, {"read": post.digest, "have_read": "on"})
    assert half.status_code == 422
    post.refresh_from_db()
    assert post.state == "in_review"

    both = {"read": post.digest, "have_read": "on", f"have_read_{version.pk}": "on"}
    client.post(address, both)
    post.refresh_from_db()
    assert post.state == "approved"


def test_the_coach_reads_each_language_for_whoever_approves(client):
    post = a_draft(("site", "en"))
    in_french(post)
    actions.submit(post, by=post.author)
    sign_in(client, given.an_approver(post))

    assert "The coach: French" in text_of(client.get(reverse("say:approve", args=[post.pk])))


# Areas


def test_an_administrator_says_what_is_known_of_an_area(client):
    admin = given.a_member(roles=["admin"])
    channel = given.a_channel(agency=admin.agency)
    sign_in(client, admin)
    said = {
        "name": " North  Division ", "channels": [str(channel.pk)],
        "blank_0": "[[phone]]", "in_0": "", "words_0": "555 0101",
        "blank_1": "place", "in_1": "fr", "words_1": "le quai",
    }  # fmt: skip

    reply = client.post(reverse("say:new_area"), said)

    area = Area.objects.get(everywhere=False)
    assert reply.headers["Location"] == area.get_absolute_url()
    assert area.name == "North Division"
    assert area.facts == [["phone", "", "555 0101"], ["place", "fr", "le quai"]]
    assert [v.channel for v in area.voices.all()] == [channel]
    assert 'value="555 0101"' in text_of(client.get(area.get_absolute_url()))


@pytest.mark.parametrize(
    "said",
    [
        {"name": ""},
        {"name": "North", "blank_0": "phone", "words_0": ""},
        {"name": "North", "blank_0": "", "words_0": "555"},
        {"name": "North", "blank_0": "a", "words_0": "1", "blank_1": "A", "words_1": "2"},
        {"name": "north"},
    ],
)
def test_what_cannot_be_kept_of_an_area_is_said_beside_it(client, said):
    admin = given.a_member(roles=["admin"])
    actions.add_area(name="North", facts=[], by=admin) if said["name"] == "north" else None
    sign_in(client, admin)
    before = Area.objects.count()

    reply = client.post(reverse("say:new_area"), said)

    assert reply.status_code == 422
    assert "There is a problem" in text_of(reply)
    assert Area.objects.count() == before


def test_a_channel_speaks_for_one_area(client):
    admin = given.a_member(roles=["admin"])
    channel = given.a_channel(agency=admin.agency)
    actions.add_area(name="North", facts=[], channels=[channel], by=admin)
    sign_in(client, admin)

    reply = client.post(reverse("say:new_area"), {"name": "South", "channels": [str(channel.pk)]})

    assert reply.status_code == 422


def test_authors_see_what_is_known_and_cannot_change_it(client):
    author = given.a_member()
    an_area(author.agency, station_phone="555 0101")
    sign_in(client, author)

    page = text_of(client.get(reverse("say:areas")))
    assert "555 0101" in page
    assert "Everywhere else" in page
    assert client.get(reverse("say:new_area")).status_code == 403


def test_pages_of_several_versions_ask_the_database_no_more_for_more_of_them(
    client, django_assert_max_num_queries
):
    post = a_draft(("site", "en"), ("mastodon", "mul"))
    in_french(post)
    sign_in(client, post.author)
    client.get(write_page(post))  # whatever is asked once
    with CaptureQueriesContext(connection) as few:
        client.get(write_page(post))
    for code in ("es", "de", "ar"):
        version = actions.add_version(post, language=code, area=None, by=post.author)
        actions.change_version(version, {"title": "x", "text": code}, by=post.author)

    with django_assert_max_num_queries(len(few)):
        client.get(write_page(post))
