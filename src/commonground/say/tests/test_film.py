"""Of a video only what is seen and heard survives, and nothing it says is believed."""

import io

import pytest

from commonground.kit.apart import Unusable, apart
from commonground.say.engine.captions import NotCaptions, clean_captions
from commonground.say.engine.film import LONGER_SIDE, WORK, clean_film, film_of
from commonground.say.tests.filmed import CAPTIONS, a_film

av = pytest.importorskip("av", reason="NOT TESTED: videos need the extra `video`")
MEMORY = 3 * 1024**3


@pytest.mark.parametrize("kind", ["mp4", "webm"])
def test_place_device_and_title_are_gone(kind):
    upload = a_film(kind=kind, title="Flat 4", comment="+43.6532-079.3832/ Pixel")
    assert b"Flat 4" in upload
    film = clean_film(upload)
    assert b"Flat 4" not in film.content
    assert b"43.65" not in film.content
    with av.open(io.BytesIO(film.content)) as seen:
        assert set(seen.metadata) == {"major_brand", "minor_version", "compatible_brands"}
        kinds = [(s.type, s.codec_context.name) for s in seen.streams]
    assert kinds == [("video", "h264"), ("audio", "aac")]
    assert film.seconds == pytest.approx(2, abs=0.1)


def test_an_archive_behind_it_does_not_travel():
    assert b"PK\x03\x04" not in clean_film(a_film() + b"PK\x03\x04secret.zip").content


def test_a_silent_film_stays_silent():
    with av.open(io.BytesIO(clean_film(a_film(sound=False)).content)) as seen:
        assert [s.type for s in seen.streams] == ["video"]


def test_a_large_film_becomes_small_and_even():
    film = clean_film(a_film(0.5, size=(1926, 1082)))
    assert max(film.width, film.height) <= LONGER_SIDE
    assert film.width % 2 == film.height % 2 == 0


def test_a_film_held_upright_stays_upright():
    film = clean_film(on_its_side(a_film(0.5)))
    assert (film.width, film.height) == (240, 320)


def on_its_side(film):
    """The matrix of its track, as a phone held upright writes it."""
    track = film.index(b"tkhd")
    straight = b"\0\1\0\0" + b"\0" * 12 + b"\0\1\0\0" + b"\0" * 12 + b"\x40\0\0\0"
    turned = b"\0" * 4 + b"\0\1\0\0" + b"\0" * 4 + b"\xff\xff\0\0" + b"\0" * 16 + b"\x40\0\0\0"
    at = film.index(straight, track)
    return film[:at] + turned + film[at + len(straight) :]


def test_its_tables_come_first_so_that_it_plays_while_it_comes():
    content = clean_film(a_film()).content
    assert content.index(b"moov") < content.index(b"mdat")


PLAYLIST = b"#EXTM3U\n#EXT-X-MEDIA-SEQUENCE:0\n#EXTINF:1,\nfile:///etc/passwd\n#EXT-X-ENDLIST\n"
CONCAT = b"ffconcat version 1.0\nfile '/etc/passwd'\n"
ENEMIES = {
    "playlist": PLAYLIST,
    "list of files": CONCAT,
    "playlist that looks like MP4": b"\0\0\0\x18ftypmp42" + PLAYLIST,
    "list that looks like MP4": b"\0\0\0\x18ftypmp42\n" + CONCAT,
    "playlist that looks like WebM": b"\x1a\x45\xdf\xa3webm" + PLAYLIST,
    "AVI": b"RIFF\x00\x00\x00\x00AVI LIST",
    "SVG": b"<svg xmlns='http://www.w3.org/2000/svg' onload='x()'/>",
    "nothing": b"",
    "noise": bytes(range(256)) * 40,
}


@pytest.mark.parametrize("upload", ENEMIES.values(), ids=ENEMIES)
def test_what_only_calls_itself_a_video_is_refused(upload):
    with pytest.raises(Unusable) as why:
        apart(WORK, upload, seconds=60, memory=MEMORY)
    assert why.value.code in ("kind", "broken")


@pytest.mark.parametrize("part", [0.2, 0.5, 0.9])
def test_half_a_film_is_refused_and_nobody_hangs(part):
    whole = a_film()
    with pytest.raises(Unusable):
        clean_film(whole[: int(len(whole) * part)])


def test_a_film_with_a_playlist_inside_is_refused():
    """Matroska and MP4 can both name what is in them as anything they like."""
    named = a_film().replace(b"avc1", b"hls ")
    with pytest.raises(Unusable):
        clean_film(named)


def test_a_film_that_is_too_long_is_refused_though_its_header_says_otherwise():
    long = a_film(95, size=(64, 48), sound=False)
    with pytest.raises(Unusable) as why:
        clean_film(long)
    assert why.value.code == "long"
    at = long.index(b"mvhd") + 4
    lying = bytearray(long)
    lying[at + 16 : at + 20] = (1000).to_bytes(4, "big")
    with pytest.raises(Unusable) as why:
        clean_film(bytes(lying))
    assert why.value.code == "long"


def test_random_damage_is_refused_or_made_a_film_and_never_a_crash_of_the_desk():
    whole = a_film(0.5)
    for n in range(12):
        hurt = bytearray(whole)
        for at in range(n * 37, len(hurt), 211):
            hurt[at] ^= 0x5A
        try:
            film = film_of(apart(WORK, bytes(hurt), seconds=30, memory=MEMORY))
        except Unusable:
            continue
        assert film.content[4:8] == b"ftyp"


# --- Captions


def test_captions_are_written_anew_from_times_and_words():
    odd = (
        "\ufeffWEBVTT - by somebody\r\n\r\nSTYLE\r\n::cue { background: url(https://evil) }\r\n\r\n"
        "NOTE my address\r\n\r\nfirst\r\n00:00.000 --> 00:01.500 line:0 align:start\r\n"
        "<v Ann><b>Stay</b> &amp; wait</v> <script>x()</script>\r\n"
    )  # fmt: skip
    said = clean_captions(odd.encode(), 2.0)
    assert said == "WEBVTT\n\n00:00:00.000 --> 00:00:01.500\nStay &amp; wait x()\n"
    assert clean_captions(said.encode(), 2.0) == said


@pytest.mark.parametrize(("upload", "code"), [
    (b"", "kind"), (b"1\n00:00:01,000 --> 00:00:02,000\nSRT", "kind"), (b"WEBVTT\xff", "kind"),
    (b"WEBVTT\n\n00:00.000 --> 00:01.000\n\n", "empty"), (b"WEBVTT", "empty"),
    (b"WEBVTT\n\nNOTE only\n", "empty"), (b"WEBVTT\n\nsoon --> later\nHello", "time"),
    (b"WEBVTT\n\n00:00.000 -->\nHello", "time"),
    (b"WEBVTT\n\n00:01.000 --> 00:00.500\nHello", "order"),
    (b"WEBVTT\n\n00:01.000 --> 00:02.000\nB\n\n00:00.000 --> 00:01.000\nA", "order"),
    (b"WEBVTT\n\n00:00.000 --> 59:59.000\nHello", "long"), (b"WEBVTT\n\n" + b"x" * 30_000, "large"),
    (b"WEBVTT\n\n00:00.000 --> 00:01.000\n<b></b>", "empty"),
    (b"WEBVTT\n\n00:00.000 --> 00:01.000\nA\0", "kind"),
])  # fmt: skip
def test_what_is_no_captions_of_this_film_says_why(upload, code):
    with pytest.raises(NotCaptions) as why:
        clean_captions(upload, 2.0)
    assert why.value.code == code


def test_good_captions_stay_as_they_are():
    assert "Go round by Pilot Street." in clean_captions(CAPTIONS, 2.0)
