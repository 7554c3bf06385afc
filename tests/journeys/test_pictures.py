"""The pictures of the docs and the README: of the real desk, on the evening the journeys know.

COMMONGROUND_PICTURES=docs/pictures ./run test tests/journeys/test_pictures.py
"""

import io
import os
from pathlib import Path

import pytest
from PIL import Image

from tests.journeys.conftest import PHONE, ROOT

pytestmark = pytest.mark.xdist_group("pictures")  # taken first, and then looked at

TAKEN_TO = os.environ.get("COMMONGROUND_PICTURES")
KEPT = ROOT / "docs/pictures"
MOST_BYTES = 150 * 1024
NAMES = {
    "now-1440-light", "now-1440-dark", "now-390-light", "moment-1440-light", "moment-1440-dark",
    "compose-1440-light", "approve-390-light", "seen-1440-light", "newsroom-post-1440-light",
    "newsroom-post-390-light", "accounts-1440-light", "accounts-390-light", "record-1440-light",
}  # fmt: skip


def take(window, name, *, whole=False):
    """A PNG with few colours: our pages have few, and a README is read on slow lines."""
    window.page.evaluate("() => document.fonts.ready")
    if whole:  # a bar that sticks to the window's edge would else stand amid the picture
        height = window.page.evaluate("() => document.documentElement.scrollHeight")
        window.page.set_viewport_size({"width": PHONE[0], "height": height})
    shot = window.page.screenshot(caret="initial")  # to hide it takes a style our pages refuse
    with Image.open(io.BytesIO(shot)) as picture:
        few = picture.convert("RGB").quantize(256, kmeans=2, dither=Image.Dither.NONE)
        few.save(ROOT / TAKEN_TO / f"{name}.png", optimize=True)


WAYS = {
    "1440-light": {}, "1440-dark": {"color_scheme": "dark"}, "390-light": {"size": PHONE},
}  # fmt: skip


def see(visit, path, name, *ways, who=None, whole=False):
    """Open a page as somebody, and take it in each way of looking."""
    for way in ways:
        sharp = 2 if "size" in WAYS[way] and not whole else 1
        window = visit(who, device_scale_factor=sharp, **WAYS[way])
        window.open(path)
        take(window, f"{name}-{way}", whole=whole)


@pytest.mark.skipif(not TAKEN_TO, reason="pictures are taken when COMMONGROUND_PICTURES says where")
def test_take_the_pictures(visit, desk):
    (ROOT / TAKEN_TO).mkdir(parents=True, exist_ok=True)
    see(visit, "/", "now", *WAYS, who="dov")
    see(visit, desk.places["crash"], "moment", "1440-light", "1440-dark", who="dov")
    post = desk.wish("draft_the_crash")
    see(visit, f"{post}write", "compose", "1440-light", who="dov")
    desk.wish("send_for_approval")
    see(visit, f"{post}approve", "approve", "390-light", who="ines", whole=True)
    desk.wish("agree")
    desk.work()
    see(visit, post, "seen", "1440-light", who="dov")
    see(visit, desk.wish("newest_page"), "newsroom-post", "1440-light", "390-light")
    see(visit, "/accounts/", "accounts", "1440-light", "390-light")
    desk.wish("record_is_whole")
    see(visit, "/record/", "record", "1440-light", who="ruth")


def test_the_docs_have_every_picture_and_each_is_small():
    kept = {path.stem: path.stat().st_size for path in Path(KEPT).glob("*.png")}
    assert set(kept) == NAMES
    assert {name: size for name, size in kept.items() if size > MOST_BYTES} == {}
