"""Is this picture ours? The very bytes, a copy, an altered one, another: told apart, not kept."""

import io
import random

import pytest
from django.apps import apps
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image, ImageDraw
from tests import given

from commonground.protect.models import Arrival
from commonground.say import actions, tasks
from commonground.say.engine.pictures import clean
from commonground.say.models import Attachment, Look, Post
from commonground.say.states import State

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def no_time_to_undo(settings):
    settings.ENV = settings.ENV.model_copy(update={"undo_seconds": 0})


def drawn(seed):
    """A street, more or less: shapes at random, always the same for a seed."""
    chance = random.Random(seed)  # noqa: S311
    paper = Image.new("RGB", (900, 600), "lightblue")
    brush = ImageDraw.Draw(paper)
    for _ in range(40):
        x, y, w, h = (chance.randrange(10, most) for most in (900, 600, 300, 200))
        colour = tuple(chance.randrange(256) for _ in "rgb")
        brush.rectangle([x, y, x + w, y + h], fill=colour)
    return paper


def encoded(image, kind="JPEG", **how):
    out = io.BytesIO()
    image.save(out, kind, **how)
    return out.getvalue()


def published(image, agency=None, text="The bridge is closed, see the picture."):
    author = given.a_member(agency=agency or given.an_agency(name="Harbour Police"))
    channel = given.a_channel(agency=author.agency, network="site", authorised=[author])
    post = given.a_post(by=author, channels=[channel], text=text)
    picture = clean(encoded(image, "PNG"))
    Attachment.objects.create(
        post=post, content=picture.content, sha256=picture.sha256, type=picture.type,
        width=picture.width, height=picture.height, alt="A closed bridge",
    )  # fmt: skip
    actions.submit(post, by=author)
    actions.approve(post, read=post.digest, by=given.an_approver(post))
    tasks.go_out()
    assert Post.objects.get(pk=post.pk).state == State.PUBLISHED
    while actions.learn_looks():
        pass
    return Attachment.objects.get(post=post)


def asked(client, content, status=200, name="x.jpg"):
    given_file = SimpleUploadedFile(name, content)
    reply = client.post("/really/", {"picture": given_file}, REMOTE_ADDR="203.0.113.9")
    assert reply.status_code == status
    return " ".join(reply.content.decode().split())


def test_the_very_bytes_of_our_picture_are_a_yes_with_proof(client):
    ours = published(drawn(1))
    page = asked(client, bytes(ours.content))
    assert "bit for bit" in page
    assert f"/pictures/{ours.sha256}.jpg" in page
    assert "For the exact" in page


def test_a_copy_made_smaller_or_coarser_looks_like_ours(client):
    published(drawn(1))
    published(drawn(9), agency=Attachment.objects.get().post.agency, text="Another street.")
    for copy in (
        encoded(drawn(1), quality=35), encoded(drawn(1).resize((450, 300)), quality=70),
        encoded(drawn(1), "WEBP", quality=50), encoded(drawn(1).resize((300, 200)), "PNG"),
    ):  # fmt: skip
        assert "It looks like a picture of ours" in asked(client, copy)


def test_a_picture_with_a_part_painted_over_is_a_no(client):
    published(drawn(1))
    false = drawn(1)
    ImageDraw.Draw(false).rectangle([420, 260, 520, 330], fill="red")
    assert "One of our pictures was changed" in asked(client, encoded(false, quality=85))


def test_another_picture_and_another_agencys_are_not_known(client):
    published(drawn(1))
    for seed in range(2, 6):
        assert "Not known." in asked(client, encoded(drawn(seed)))
    theirs = published(drawn(7), agency=given.an_agency(name="Zebra Police"), text="Theirs.")
    assert "Not known." in asked(client, bytes(theirs.content))
    assert "Not known." in asked(client, encoded(drawn(7)))


def test_a_picture_of_a_draft_or_of_a_post_taken_back_gives_nothing_away(client):
    ours = published(drawn(1))
    draft = given.a_post(agency=ours.post.agency, text="Not yet.")
    picture = clean(encoded(drawn(3), "PNG"))
    Attachment.objects.create(
        post=draft, content=picture.content, sha256=picture.sha256, type=picture.type,
        width=9, height=6, alt="Secret",
    )  # fmt: skip
    actions.learn_looks()
    assert "Not known." in asked(client, picture.content)
    assert not Look.objects.filter(sha256=picture.sha256).exists()
    actions.withdraw(ours.post, by=given.an_approver(ours.post), reason="Wrong bridge.")
    page = asked(client, bytes(ours.content))
    assert "took it back" in page
    assert "Wrong bridge." in page
    assert "/pictures/" not in page


def test_nothing_of_the_picture_is_kept_and_looks_are_made_once(client):
    published(drawn(1))
    before = {m: m.objects.count() for m in apps.get_models() if m is not Arrival}
    asked(client, encoded(drawn(4)))
    after = {m: m.objects.count() for m in apps.get_models() if m is not Arrival}
    assert {m.__name__ for m in after if after[m] != before[m]} <= {"DayKey"}
    assert actions.learn_looks() == 0


HOSTILE = {
    "nothing": b"",
    "text": b"Just words",
    "a drawing with a script": b"<svg xmlns='http://www.w3.org/2000/svg'><script/></svg>",
    "a playlist": b"#EXTM3U\nfile:///etc/passwd",
    "a file that breaks off": encoded(drawn(1))[:3000],
    "a bomb": encoded(Image.new("1", (7_000, 7_000)), "PNG"),
    "an animation": b"GIF89a" + b"\x00" * 60,
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_picture_is_refused_in_words_and_the_desk_goes_on(client, name):
    published(drawn(1))
    page = asked(client, HOSTILE[name], 422, name="../../x.php")
    assert "There is a problem" in page
    assert "../../x.php" not in page


def test_a_file_that_is_too_large_is_not_even_read(client):
    published(drawn(1))
    assert "too large" in asked(client, b"\xff" * ((10 << 20) + 1), 422)
