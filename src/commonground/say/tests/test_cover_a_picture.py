"""What is covered is gone from what is public; its author alone may undo it, for a while."""

import base64
from datetime import timedelta
from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from PIL import Image, ImageDraw, ImageFont
from tests import given

from commonground.kit.refusals import MovedOn, NotYours, Refused
from commonground.record.models import Entry
from commonground.say import actions, tasks
from commonground.say.engine.covering import Box
from commonground.say.models import Delivery, Post, Uncovered
from commonground.say.states import State
from commonground.say.tasks.carrying import message_of
from commonground.say.tasks.sweeping import sweep

pytestmark = pytest.mark.django_db
PLATE = Box(300, 300, 300, 200)


def a_street(words="HFX 204"):
    image = Image.new("RGB", (400, 300), "slategray")
    draw = ImageDraw.Draw(image)
    draw.rectangle((130, 100, 230, 140), fill="white")
    draw.text((134, 104), words, fill="black", font=ImageFont.load_default(24))
    out = BytesIO()
    image.save(out, "PNG")
    return out.getvalue()


def pictured(words="HFX 204", **said):
    post = given.a_post(**said)
    return actions.add_picture(post, a_street(words), "A car on Mast Road", by=post.author)


def covered(picture, *boxes):
    return actions.cover_picture(picture, list(boxes), by=picture.post.author)


def test_what_goes_out_is_the_covered_picture_and_tells_nothing_of_the_plate():
    one, other = covered(pictured("HFX 204"), PLATE), covered(pictured("GRN 881"), PLATE)
    sent = {
        message_of(Delivery(variant=p.post.variants.first())).pictures[0].content
        for p in (one, other)
    }
    assert len(sent) == 1


def test_a_box_moved_voids_what_an_approver_read():
    picture = covered(pictured(), PLATE)
    post = picture.post
    actions.submit(post, by=post.author)
    read, reader = post.digest, given.an_approver(post)
    actions.recall(post, by=post.author)
    covered(picture, Box(200, 300, 300, 200))
    actions.submit(post, by=post.author)
    with pytest.raises(MovedOn):
        actions.approve(post, read=read, by=reader)
    actions.approve(post, read=post.digest, by=reader)
    assert Post.objects.get(pk=post.pk).state == State.APPROVED


def test_a_point_moved_voids_what_an_approver_read():
    picture = pictured()
    before = picture.post.digest
    actions.point_picture(picture, 200, 900, by=picture.post.author)
    assert picture.post.digest != before


def test_boxes_taken_away_bring_the_picture_back_and_leave_nothing_apart():
    picture = pictured()
    before = bytes(picture.content)
    covered(picture, PLATE, Box(10, 10, 100, 100))
    assert bytes(picture.content) != before
    covered(picture)
    assert bytes(picture.content) == before
    assert not Uncovered.objects.exists()


def test_boxes_are_drawn_on_the_whole_picture_and_not_on_each_other():
    picture = covered(pictured(), Box(0, 0, 200, 200))
    covered(picture, PLATE)
    assert bytes(picture.content) == bytes(covered(pictured(), PLATE).content)


def test_what_is_under_a_box_lies_sealed():
    picture = pictured()
    before = bytes(picture.content)
    covered(picture, PLATE)
    with connection.cursor() as rows:
        rows.execute("SELECT sealed FROM commonground_say_uncovered")
        lies = rows.fetchone()[0]
    assert before not in base64.b64decode(lies)
    assert Uncovered.objects.get().content == before


def test_nothing_is_covered_or_uncovered_once_it_was_sent_for_approval():
    picture = covered(pictured(), PLATE)
    actions.submit(picture.post, by=picture.post.author)
    for change in (
        lambda: covered(picture),
        lambda: actions.point_picture(picture, 1, 1, by=picture.post.author),
    ):
        with pytest.raises(MovedOn):
            change()


def test_nobody_else_draws_on_a_draft():
    picture = pictured()
    colleague = given.a_member(agency=picture.post.agency, roles=["author", "approver"])
    with pytest.raises(NotYours):
        actions.cover_picture(picture, [PLATE], by=colleague)


@pytest.mark.parametrize("boxes", [[Box(900, 0, 200, 100)], [PLATE] * 21])
def test_boxes_out_of_the_picture_or_without_end_are_refused(boxes):
    picture = pictured()
    with pytest.raises(Refused):
        covered(picture, *boxes)


def test_once_the_post_is_out_what_was_covered_is_destroyed(place):
    picture = covered(pictured(), PLATE)
    post = picture.post
    actions.submit(post, by=post.author)
    actions.approve(post, read=post.digest, by=given.an_approver(post))
    sweep()
    assert Uncovered.objects.exists()
    tasks.go_out()
    post.refresh_from_db()
    assert post.state == State.PUBLISHED
    sweep()
    assert not Uncovered.objects.exists()
    assert Entry.objects.filter(verb="forget_uncovered").count() == 1


def test_a_draft_put_away_or_left_lying_keeps_no_faces():
    dropped, lying, fresh = (covered(pictured(), PLATE) for _ in range(3))
    actions.drop(dropped.post, by=dropped.post.author)
    month = timezone.now() - timedelta(days=31)
    Post.objects.filter(pk=lying.post.pk).update(changed_at=month)
    actions.forget_uncovered()
    assert [u.picture_id for u in Uncovered.objects.all()] == [fresh.pk]
    # What was destroyed stays covered, and more can be.
    assert covered(lying, PLATE, Box(700, 700, 100, 100)).boxes[1] == [700, 700, 100, 100]


# --- The pages


def typed(*boxes, focus=("50", "50"), **more):
    rows = {"box-TOTAL_FORMS": str(len(boxes)), "box-INITIAL_FORMS": "0", **more}
    for n, numbers in enumerate(boxes):
        names = ("left", "top", "width", "height")
        rows |= {f"box-{n}-{name}": v for name, v in zip(names, numbers, strict=True)}
    return rows | {"focus_x": focus[0], "focus_y": focus[1]}


def page_of(picture, name="cover_picture"):
    return reverse(f"say:{name}", args=[picture.post.pk, picture.pk])


def test_numbers_alone_cover_a_picture_and_set_its_point(client):
    picture = pictured()
    client.force_login(picture.post.author)
    numbers = typed(("30", "30.5", "20", "10"), ("", "", "", ""), focus=("25", "75.5"))
    assert client.post(page_of(picture), numbers).status_code == 302
    picture.refresh_from_db()
    assert picture.boxes == [[300, 305, 200, 100]]
    assert (picture.focus_x, picture.focus_y) == (250, 755)
    assert 'value="30.5"' in client.get(page_of(picture)).content.decode()


@pytest.mark.parametrize(("box", "said"), [
    (("30", "", "20", "10"), "Give all four numbers"),
    (("90", "10", "20", "10"), "reaches out of the picture"),
    (("NaN", "10", "20", "10"), "Enter a number"), (("1e400", "10", "20", "10"), "less than"),
    (("-1", "10", "20", "10"), "greater than"), (("30", "30", "0.1", "10"), "greater than"),
])  # fmt: skip
def test_numbers_that_are_no_box_say_why_and_change_nothing(client, box, said):
    picture = pictured()
    client.force_login(picture.post.author)
    reply = client.post(page_of(picture), typed(box))
    assert reply.status_code == 422
    assert said in reply.content.decode()
    picture.refresh_from_db()
    assert picture.boxes == []


@pytest.mark.parametrize("many", ["1000000", "-1", "x", ""])
def test_rows_without_end_do_not_hang_the_desk(client, many):
    picture = pictured()
    client.force_login(picture.post.author)
    forged = typed(("30", "30", "20", "10")) | {"box-TOTAL_FORMS": many}
    assert client.post(page_of(picture), forged).status_code in (302, 422)


def test_only_its_author_sees_under_the_boxes_and_only_in_a_draft(client):
    picture = pictured()
    before = bytes(picture.content)
    covered(picture, PLATE)
    post, colleague = picture.post, Client()
    colleague.force_login(given.a_member(agency=post.agency, roles=["author", "approver"]))
    client.force_login(post.author)
    seen = client.get(page_of(picture, "uncovered"))
    assert seen.content == before
    assert seen["Cache-Control"] == "no-store"
    assert colleague.get(page_of(picture, "uncovered")).status_code == 403
    actions.submit(post, by=post.author)
    assert client.get(page_of(picture, "uncovered")).status_code == 409


def test_no_browser_keeps_a_picture_from_before_it_was_covered(client):
    picture = pictured()
    client.force_login(picture.post.author)
    shown = client.get(page_of(picture, "picture"))
    assert "no-cache" in shown["Cache-Control"]
    covered(picture, PLATE)
    assert client.get(page_of(picture, "picture"))["ETag"] != shown["ETag"]


def test_the_way_to_the_boxes_keeps_the_words(client):
    picture = pictured()
    post = picture.post
    client.force_login(post.author)
    on = {f"on_{v.channel_id}": "on" for v in post.variants.all()}
    words = {"title": "Bridge", "text": "It is closed.", "language": "en", **on}
    reply = client.post(
        reverse("say:write", args=[post.pk]), {**words, "then": f"cover-{picture.pk}"}
    )
    assert reply["Location"] == page_of(picture)
    post.refresh_from_db()
    assert post.text == "It is closed."


def test_the_approver_is_told_how_much_is_covered(client):
    picture = covered(pictured(), PLATE, Box(10, 10, 100, 100))
    actions.submit(picture.post, by=picture.post.author)
    client.force_login(given.an_approver(picture.post))
    page = client.get(reverse("say:approve", args=[picture.post.pk])).content.decode()
    assert "2 parts covered" in page


def test_an_upload_is_covered_like_any(client):
    post = given.a_post()
    client.force_login(post.author)
    upload = {"upload": SimpleUploadedFile("a.png", a_street()), "alt": "A car"}
    client.post(reverse("say:add_picture", args=[post.pk]), upload)
    picture = post.pictures.get()
    client.post(page_of(picture), typed(("30", "30", "30", "20")))
    assert len(post.pictures.get().boxes) == 1
