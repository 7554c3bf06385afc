"""A video of a post: never without captions, told before approval where it cannot go."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from django.urls import reverse
from tests import given

from commonground.kit.refusals import MovedOn, Refused
from commonground.say import actions
from commonground.say.models import Delivery, Video
from commonground.say.tasks.carrying import message_of
from commonground.say.tests.filmed import CAPTIONS, a_film

pytest.importorskip("av", reason="NOT TESTED: videos need the extra `video`")
pytestmark = pytest.mark.django_db


def a_draft(network="site"):
    author = given.a_member()
    channel = given.a_channel(agency=author.agency, network=network, authorised=[author])
    return given.a_post(by=author, channels=[channel])


def filmed(post, captions=CAPTIONS, alt="Cars turn round on Mast Road", **but):
    return actions.add_video(
        post, but.pop("upload", None) or a_film(), captions, alt=alt, language="en", by=post.author
    )


def test_it_goes_out_with_captions_and_words():
    post = a_draft()
    filmed(post)
    film = message_of(Delivery(variant=post.variants.get())).film
    assert film.spoken == "Mast Road is closed.\nGo round by Pilot Street."
    assert film.alt == "Cars turn round on Mast Road"
    assert message_of(Delivery(variant=post.variants.get())).card is None
    actions.submit(post, by=post.author)


@pytest.mark.parametrize(("captions", "alt", "said"), [
    (b"", "Cars", "not captions"), (CAPTIONS, "  ", "Describe the video"),
    (b"WEBVTT\n\n", "Cars", "no caption"),
])  # fmt: skip
def test_without_captions_or_words_there_is_no_video(captions, alt, said):
    post = a_draft()
    with pytest.raises(Refused, match=said):
        filmed(post, captions, alt)
    assert not Video.objects.exists()


def test_nor_behind_the_desk():
    video = filmed(a_draft())
    for field in ("captions", "alt"):
        with pytest.raises(IntegrityError), transaction.atomic():
            Video.objects.filter(pk=video.pk).update(**{field: ""})


@pytest.mark.parametrize("network", ["x", "threads", "fediverse", "mail"])
def test_where_no_video_goes_yet_the_author_is_told_before_anybody_approves(client, network):
    post = a_draft(network)
    filmed(post)
    with pytest.raises(Refused, match="Videos are not yet sent to"):
        actions.submit(post, by=post.author)
    client.force_login(post.author)
    page = client.get(reverse("say:write", args=[post.pk])).content.decode()
    assert "Videos are not yet sent to this network" in page


def test_a_video_longer_than_the_network_shows_is_told_too():
    post = a_draft("bluesky")
    video = filmed(post)
    Video.objects.filter(pk=video.pk).update(seconds=181)
    with pytest.raises(Refused, match="180 seconds"):
        actions.submit(post, by=post.author)


@pytest.mark.parametrize("change", [
    {"captions": "WEBVTT\n\n00:00:00.000 --> 00:00:01.000\nOpen.\n"}, {"alt": "Else"},
    {"sha256": "0" * 64}, {"language": "fr"},
])  # fmt: skip
def test_whatever_of_it_changed_since_it_was_read_voids_the_yes(change):
    post = a_draft()
    filmed(post)
    actions.submit(post, by=post.author)
    read = post.digest
    Video.objects.update(**change)
    with pytest.raises(MovedOn):
        actions.approve(post, read=read, by=given.an_approver(post))


def test_pictures_and_a_video_exclude_each_other(a_picture):
    post = a_draft()
    filmed(post)
    with pytest.raises(Refused, match="pictures or one video"):
        actions.add_picture(post, a_picture, "A square", by=post.author)
    with pytest.raises(Refused, match="pictures or one video"):
        filmed(post)
    actions.remove_video(post, by=post.author)
    actions.add_picture(post, a_picture, "A square", by=post.author)
    with pytest.raises(Refused, match="pictures or one video"):
        filmed(post)


def test_in_review_nothing_is_added_or_removed():
    post = a_draft()
    filmed(post)
    actions.submit(post, by=post.author)
    with pytest.raises(MovedOn):
        actions.remove_video(post, by=post.author)
    with pytest.raises(MovedOn):
        filmed(post)


# --- The pages


def typed(post, **files):
    on = {f"on_{v.channel_id}": "on" for v in post.variants.all()}
    words = {"title": "Road", "text": "It is closed.", "language": "en", **on}
    return {**words, "film_alt": "Cars turn round", "film_language": "en", **files}


def test_a_video_is_added_watched_read_and_removed(client):
    post = a_draft()
    client.force_login(post.author)
    files = {
        "film": SimpleUploadedFile("../../x\u202e.mp4", a_film()),
        "captions": SimpleUploadedFile("c.vtt", CAPTIONS),
    }
    reply = client.post(reverse("say:add_video", args=[post.pk]), typed(post, **files))
    assert reply.status_code == 302
    post.refresh_from_db()
    assert post.text == "It is closed."
    page = client.get(reverse("say:write", args=[post.pk])).content.decode()
    assert 'kind="captions"' in page
    assert "Go round by Pilot Street." in page
    said = client.get(reverse("say:captions", args=[post.pk]))
    assert said["Content-Type"].startswith("text/vtt")
    part = client.get(reverse("say:video", args=[post.pk]), headers={"range": "bytes=4-7"})
    assert (part.status_code, part.content) == (206, b"ftyp")
    client.post(reverse("say:remove_video", args=[post.pk]), typed(post))
    assert not Video.objects.exists()


def test_without_captions_the_page_says_so(client):
    post = a_draft()
    client.force_login(post.author)
    film = SimpleUploadedFile("a.mp4", a_film())
    reply = client.post(reverse("say:add_video", args=[post.pk]), typed(post, film=film))
    assert reply.status_code == 422
    assert not Video.objects.exists()


def test_the_approver_reads_all_that_is_said(client):
    post = a_draft("mastodon")
    filmed(post)
    actions.submit(post, by=post.author)
    client.force_login(given.an_approver(post))
    page = client.get(reverse("say:approve", args=[post.pk])).content.decode()
    assert "Go round by Pilot Street." in page
    assert "This network shows no captions" in page


def test_the_public_watches_it_in_our_newsroom_with_captions(client):
    post = a_draft()
    filmed(post)
    newsroom = post.variants.get().channel.adapter()
    newsroom.publish(message_of(Delivery(variant=post.variants.get())), key="3mggplnbck225")
    page = client.get("/newsroom/3mggplnbck225")
    assert 'src="/newsroom/3mggplnbck225/captions.vtt"' in page.content.decode()
    assert "Go round by Pilot Street." in page.content.decode()
    assert "media-src 'self'" in page["Content-Security-Policy"]
    film = "/newsroom/3mggplnbck225/film.mp4"
    assert client.get(film).content == bytes(Video.objects.get().content)
    assert client.get(film, headers={"range": "bytes=-4"}).status_code == 206
    assert b"-->" in client.get("/newsroom/3mggplnbck225/captions.vtt").content
    message = message_of(Delivery(variant=post.variants.get()))
    there = newsroom.find(message, key="3mggplnbck225", since=post.made_at)
    newsroom.withdraw(there.receipt)
    assert client.get(film).status_code == 404
