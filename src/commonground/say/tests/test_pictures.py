"""Only pixels survive."""

from io import BytesIO

import pytest
from PIL import Image

from commonground.kit.apart import TOO_MUCH, Unusable, apart
from commonground.say.actions.writing import MEMORY, PATIENCE
from commonground.say.engine.pictures import MOST_BYTES, WORK, NotAPicture, clean, picture_of


def picture(size=(80, 60), kind="JPEG", mode="RGB", **how):
    out = BytesIO()
    Image.effect_noise(size, 90).convert(mode).save(out, kind, **how)
    return out.getvalue()


def test_where_it_was_taken_is_gone():
    exif = Image.Exif()
    exif[0x8825] = {1: "N", 2: (43.0, 39.0, 12.0)}
    exif[0x010E] = "Corner of Mast Road, flat 4"
    upload = picture(exif=exif)
    assert b"Mast Road" in upload

    cleaned = clean(upload)

    assert b"Mast Road" not in cleaned.content
    assert not Image.open(BytesIO(cleaned.content)).getexif()


def test_an_archive_behind_the_picture_does_not_travel():
    assert b"PK\x03\x04" not in clean(picture() + b"PK\x03\x04secret.zip").content


def test_a_sideways_photograph_is_turned_upright():
    exif = Image.Exif()
    exif[0x0112] = 6

    cleaned = clean(picture(size=(80, 60), exif=exif))

    assert (cleaned.width, cleaned.height) == (60, 80)


def test_a_large_photograph_becomes_small_enough_for_every_network():
    assert len(clean(picture(size=(3000, 2400), quality=98)).content) <= MOST_BYTES


def test_noise_that_no_coarseness_makes_small_enough_is_made_smaller():
    cleaned = clean(picture(size=(2000, 2000), quality=98))
    assert len(cleaned.content) <= MOST_BYTES
    assert (cleaned.width, cleaned.height) == Image.open(BytesIO(cleaned.content)).size


def test_transparency_is_kept_where_it_fits():
    assert clean(picture(kind="PNG", mode="RGBA")).type == "image/png"


@pytest.mark.parametrize(("upload", "code"), [
    (b"", "kind"), (b"<svg/>", "kind"), (b"GIF89a", "kind"), (picture()[:300], "broken"),
])  # fmt: skip
def test_what_cannot_be_used_says_why(upload, code):
    with pytest.raises(NotAPicture) as refusal:
        clean(upload)
    assert refusal.value.code == code


def frames(kind, many, **how):
    """A file of many frames, small as it is."""
    out = BytesIO()
    first, *rest = [Image.new("L", (20, 10), n % 256) for n in range(many)]
    first.save(out, kind, save_all=True, append_images=rest, **how)
    return out.getvalue()


def test_of_many_frames_only_the_first_travels():
    cleaned = clean(frames("PNG", 500))
    assert (cleaned.type, cleaned.width, cleaned.height) == ("image/jpeg", 20, 10)
    assert b"acTL" not in cleaned.content


@pytest.mark.parametrize(
    "upload",
    [
        frames("GIF", 400),
        frames("TIFF", 60),
        b"push graphic-context\nviewbox 0 0 640 480\nfill 'url(https://evil.example/x)'",
        b"#EXTM3U\n#EXT-X-MEDIA-SEQUENCE:0\nfile:///etc/passwd",
        b"<?xml version='1.0'?><svg xmlns='http://www.w3.org/2000/svg' onload='x()'/>",
        b"%PDF-1.7\n<html><script>x()</script>",
        b"\x89PNG\r\n\x1a\nIHDR<script>",
    ],
    ids=["GIF", "TIFF", "MVG", "HLS", "SVG", "PDF", "half a PNG"],
)
def test_what_only_calls_itself_a_picture_is_refused(upload):
    with pytest.raises(NotAPicture):
        clean(upload)


def test_a_script_behind_the_pixels_does_not_travel():
    for kind in ("PNG", "WEBP", "JPEG"):
        assert b"<script" not in clean(picture(kind=kind) + b"<script>x()</script>").content


def test_a_bomb_is_refused_unread():
    out = BytesIO()
    Image.new("1", (20_000, 20_000)).save(out, "PNG")

    with pytest.raises(NotAPicture) as refusal:
        clean(out.getvalue())

    assert refusal.value.code == "size"


def test_a_broken_note_of_the_camera_spoils_no_picture():
    whole = picture(exif=b"Exif\0\0MM\0*\0\0\0\x08\0\0\0\0\0\0")
    broken = whole.replace(b"Exif\0\0MM\0*", b"Exif\0\0MM\0\xa4")
    assert broken != whole

    assert clean(broken).type == "image/jpeg"


def drawn(upload, memory=MEMORY):
    """As an upload is: in a process of its own."""
    return picture_of(apart(WORK, upload, seconds=PATIENCE * 12, memory=memory))


def test_in_a_process_apart_it_becomes_the_same_file():
    for upload in (picture(), picture(kind="PNG", mode="RGBA"), picture(kind="WEBP")):
        assert drawn(upload) == clean(upload)


@pytest.mark.parametrize(("upload", "code"), [
    (b"<svg/>", "kind"), (picture()[:300], "broken"),
])  # fmt: skip
def test_what_cannot_be_used_says_why_from_there_too(upload, code):
    with pytest.raises(Unusable) as refusal:
        drawn(upload)
    assert refusal.value.code == code


def flat(width, height):
    out = BytesIO()
    Image.new("RGB", (width, height), "navy").save(out, "PNG")
    return out.getvalue()


def test_the_largest_photograph_fits_and_more_does_not():
    assert max(drawn(flat(8000, 5000)).width, 0) == 2000
    with pytest.raises(Unusable) as refusal:
        drawn(flat(8001, 5000))
    assert refusal.value.code == "size"
    with pytest.raises(Unusable) as refusal:
        drawn(flat(8000, 5000), memory=150 * 1024**2)
    assert refusal.value.code == TOO_MUCH
