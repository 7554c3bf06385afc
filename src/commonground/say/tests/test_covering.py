"""What was under a box is not in the file: not as a mosaic, not as a blur, not as a sum."""

from io import BytesIO

import pytest
from hypothesis import given as examples, settings, strategies as st
from PIL import Image, ImageDraw, ImageFont

from commonground.say.engine.covering import MOST_BOXES, Box, area_of, cover
from commonground.say.engine.pictures import MOST_BYTES, clean


def a_street(plate, size=(640, 480), at=(250, 300, 390, 340), kind="PNG"):
    """A picture with something to read on it, at a place in pixels."""
    image = Image.linear_gradient("L").resize(size).convert("RGB")
    draw = ImageDraw.Draw(image)
    draw.rectangle((0, 0, size[0] // 3, size[1] // 4), fill="firebrick")
    draw.rectangle(at, fill="white")
    draw.text((at[0] + 4, at[1] + 2), plate, fill="black", font=ImageFont.load_default(28),
              stroke_width=1)  # fmt: skip
    layer = Image.new("RGB", size)
    layer.paste(image)
    # What stands beside the plate is the same in every street.
    rest = Image.linear_gradient("L").resize(size).convert("RGB")
    ImageDraw.Draw(rest).rectangle((0, 0, size[0] // 3, size[1] // 4), fill="firebrick")
    rest.paste(layer.crop((*at[:2], at[2] + 1, at[3] + 1)), at[:2])
    out = BytesIO()
    rest.save(out, kind)
    return out.getvalue()


def box_of(at, size):
    """The smallest box, in thousandths, round a place in pixels."""
    left, top = at[0] * 1000 // size[0], at[1] * 1000 // size[1]
    right, bottom = -(-(at[2] + 1) * 1000 // size[0]), -(-(at[3] + 1) * 1000 // size[1])
    return Box(left, top, right - left, bottom - top)


@pytest.mark.parametrize("size", [(640, 480), (1999, 1501), (2600, 1900), (333, 777)])
def test_two_plates_under_a_box_become_the_same_file(size):
    at = (size[0] // 3, size[1] // 2, size[0] // 3 + 140, size[1] // 2 + 40)
    box = box_of(at, size)
    files = {
        cover(clean(a_street(plate, size, at)).content, [box]).content
        for plate in ("HFX 204", "GRN 881", "       ", "WWWWWWW")
    }
    assert len(files) == 1


@settings(max_examples=40, deadline=None)
@examples(
    st.tuples(st.integers(0, 480), st.integers(0, 300), st.integers(12, 150), st.integers(8, 150))
)
def test_wherever_the_box_is_nothing_of_what_it_hides_is_left(place):
    left, top, width, height = place
    at = (left, top, left + width, top + height)
    one, other = (clean(a_street(plate, at=at)).content for plate in ("HFX 204", "811 NRG"))
    box = [box_of(at, (640, 480))]
    assert cover(one, box).content == cover(other, box).content


def test_a_box_beside_another_does_not_paint_with_what_that_one_hides():
    at, size = (250, 300, 390, 340), (640, 480)
    plate = box_of(at, size)
    beside = Box(plate.left + plate.width + 20, plate.top, 60, plate.height)
    above = Box(plate.left, plate.top - 120, plate.width, 60)
    files = {
        cover(clean(a_street(words, size, at)).content, [above, beside, plate]).content
        for words in ("HFX 204", "GRN 881")
    }
    assert len(files) == 1


def test_without_its_box_the_plate_can_be_told_apart():
    """The tests above could not fail otherwise."""
    elsewhere = [Box(10, 10, 50, 50)]
    files = {cover(clean(a_street(p)).content, elsewhere).content for p in ("HFX 204", "GRN 881")}
    assert len(files) == 2


def test_a_reader_sees_that_something_is_covered():
    plain = BytesIO()
    Image.new("RGB", (640, 480), "teal").save(plain, "PNG")
    covered = Image.open(BytesIO(cover(plain.getvalue(), [Box(300, 300, 300, 300)]).content))
    tones = {tone for _, tone in covered.crop((230, 180, 380, 280)).getcolors(1 << 16)}
    assert len(tones) >= 2


def test_what_is_not_covered_stays_as_it_was():
    street = clean(a_street("HFX 204")).content
    before = Image.open(BytesIO(street)).convert("RGB").crop((0, 0, 200, 120))
    after = Image.open(BytesIO(cover(street, [Box(400, 600, 200, 200)]).content)).convert("RGB")
    pairs = zip(before.tobytes(), after.crop((0, 0, 200, 120)).tobytes(), strict=True)
    assert max(abs(a - b) for a, b in pairs) < 12


def test_a_picture_covered_from_edge_to_edge_is_grey():
    whole = cover(clean(a_street("HFX 204")).content, [Box(0, 0, 1000, 1000)])
    colours = Image.open(BytesIO(whole.content)).convert("RGB").getcolors(1 << 20)
    assert all(max(c) - min(c) <= 4 for _, c in colours)


def test_a_drawing_stays_a_drawing_and_nothing_under_its_box_is_transparent():
    paper = BytesIO()
    Image.new("RGBA", (200, 100), (0, 90, 160, 40)).save(paper, "PNG")
    covered = cover(clean(paper.getvalue()).content, [Box(100, 100, 300, 300)])
    assert covered.type == "image/png"
    assert Image.open(BytesIO(covered.content)).mode == "RGB"


def test_many_boxes_on_a_large_picture_still_fit_every_network():
    noise = BytesIO()
    Image.effect_noise((2000, 2000), 90).convert("RGB").save(noise, "PNG")
    boxes = [Box(n * 45, n * 45, 60, 60) for n in range(MOST_BOXES)]
    assert len(cover(clean(noise.getvalue()).content, boxes).content) <= MOST_BYTES


@pytest.mark.parametrize("box", [
    Box(-1, 0, 100, 100), Box(0, 0, 4, 100), Box(950, 0, 51, 100), Box(0, 999, 10, 10),
])  # fmt: skip
def test_no_box_reaches_out_of_its_picture(box):
    assert not box.is_inside


def test_a_cover_is_larger_than_its_box():
    area = area_of(Box(500, 500, 100, 100), 640, 480)
    assert area.left <= 320 - 12
    assert area.right >= 384 + 12
    assert area.top <= 240 - 12
    assert area.bottom >= 288 + 12
