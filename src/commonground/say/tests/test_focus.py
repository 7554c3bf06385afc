"""What must stay in sight stays in sight, on every network that crops."""

from io import BytesIO

import pytest
from django.urls import reverse
from hypothesis import given as examples, settings as how, strategies as st
from PIL import Image, ImageDraw
from tests import given

from commonground.say import actions
from commonground.say.engine.cropping import crop, frame_of, is_called, named, shape_for
from commonground.say.models import Delivery, Post
from commonground.say.queries.pictures import picture_for
from commonground.say.states import State
from commonground.say.tasks.carrying import message_of


def a_wide_street(size=(900, 300), at=800):
    """A red car far to the right."""
    image = Image.new("RGB", size, "gray")
    ImageDraw.Draw(image).rectangle((at - 20, 120, at + 20, 160), fill="red")
    out = BytesIO()
    image.save(out, "PNG")
    return out.getvalue()


def is_red(tone):
    return tone[0] > 200 and max(tone[1:]) < 60


def has_a_car(content):
    colours = Image.open(BytesIO(content)).convert("RGB").getcolors(1 << 20)
    return any(is_red(tone) for _, tone in colours)


@how(deadline=None)
@examples(
    st.integers(1, 2000), st.integers(1, 2000), st.sampled_from([0.8, 1.91, 0.1, 10.0]),
    st.integers(0, 1000), st.integers(0, 1000),
)  # fmt: skip
def test_every_crop_lies_inside_and_is_never_a_hair_too_wide_or_too_tall(w, h, shape, x, y):
    narrow, wide = 0.8, 1.91
    if shape in (narrow, wide) and (wanted := shape_for(w, h, (narrow, wide))):
        left, top, right, bottom = frame_of(Image.new("1", (w, h)), wanted, (x, y))
        assert 0 <= left < right <= w
        assert 0 <= top < bottom <= h
        if min(right - left, bottom - top) > 1:
            assert shape_for(right - left, bottom - top, (narrow, wide)) is None


def test_the_car_at_the_edge_is_lost_in_the_middle_and_kept_by_its_focus():
    street = a_wide_street()
    assert not has_a_car(crop(street, 1.0, (500, 500)).content)
    assert has_a_car(crop(street, 1.0, (890, 450)).content)


@pytest.mark.parametrize("odd", ["x", "a-b", "a--80", "a-99999", "a-", "a-8e1", "a-١"])
def test_an_odd_name_asks_for_no_odd_shape(odd):
    shape = is_called(odd)[1]
    assert shape is None or 0 <= shape < 100


def test_a_name_says_the_shape():
    assert is_called(named("abc", 1.91)) == ("abc", 1.91)
    assert is_called("abc") == ("abc", None)


def on_instagram(focus=(890, 450), **but):
    author = given.a_member(**but)
    channel = given.a_channel(agency=author.agency, network="instagram", authorised=[author])
    post = given.a_post(by=author, channels=[channel])
    picture = actions.add_picture(post, a_wide_street(), "A red car on Mast Road", by=author)
    actions.point_picture(picture, *focus, by=author)
    return post, picture


@pytest.mark.django_db
def test_a_network_of_fixed_shapes_gets_the_part_that_matters():
    post, _ = on_instagram()
    sent = message_of(Delivery(variant=post.variants.get()))
    assert has_a_car(sent.pictures[0].content)
    assert sent.pictures[0].width <= 1.91 * sent.pictures[0].height
    assert post.variants.get().channel.kind.limits.objections(sent) == []
    assert sent.pictures[0].focus is None  # it is cropped already
    actions.submit(post, by=post.author)  # and nobody is asked to crop it


@pytest.mark.django_db
def test_author_and_approver_see_what_that_network_will_show(client):
    post, picture = on_instagram()
    client.force_login(post.author)
    page = client.get(reverse("say:write", args=[post.pk])).content.decode()
    assert "cropped for this network" in page
    channel = post.variants.get().channel
    whole = reverse("say:picture", args=[post.pk, picture.pk])
    shown = client.get(f"{whole}?on={channel.pk}")
    assert shown.content == picture_for(channel, picture).content != client.get(whole).content
    assert client.get(f"{whole}?on=x").status_code == 200


@pytest.mark.django_db
def test_the_network_fetches_the_very_crop_and_no_other_shape(client):
    post, picture = on_instagram()
    Post.objects.filter(pk=post.pk).update(state=State.PUBLISHING, approved_digest="x")
    sent = message_of(Delivery(variant=post.variants.get())).pictures[0]
    assert client.get(f"/pictures/{sent.fetched_as}.jpg").content == sent.content
    for odd in ("137", "0", "99999", "x"):
        answer = client.get(f"/pictures/{picture.sha256}-{odd}.jpg")
        assert answer.status_code == 404 or answer.content != sent.content


@pytest.mark.django_db
def test_a_point_in_the_middle_says_nothing_and_elsewhere_it_is_said():
    post = given.a_post()
    picture = actions.add_picture(post, a_wide_street(), "A red car", by=post.author)
    assert message_of(Delivery(variant=post.variants.get())).pictures[0].focus is None
    before = message_of(Delivery(variant=post.variants.get())).fingerprint
    actions.point_picture(picture, 890, 450, by=post.author)
    assert message_of(Delivery(variant=post.variants.get())).pictures[0].focus == (0.89, 0.45)
    assert message_of(Delivery(variant=post.variants.get())).fingerprint != before


@pytest.mark.django_db
def test_our_newsroom_keeps_it_in_sight(client):
    author = given.a_member()
    newsroom = given.a_channel(agency=author.agency, network="site", authorised=[author])
    post = given.a_post(by=author, channels=[newsroom])
    picture = actions.add_picture(post, a_wide_street(), "A red car", by=author)
    actions.point_picture(picture, 890, 450, by=author)
    newsroom.adapter().publish(
        message_of(Delivery(variant=post.variants.get())), key="3mggplnbck225"
    )
    assert 'class="lead x-9 y-4"' in client.get("/newsroom/").content.decode()
