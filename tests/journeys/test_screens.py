"""Every screen: by everybody, on anything, in any light."""

from urllib.parse import urlsplit

import pytest

from tests.journeys.conftest import DESKTOP, PHONE, SMALLEST
from tests.journeys.looking import (
    COLOURS,
    RULES,
    axe,
    from_the_left,
    letters,
    overlaps,
    sideways,
    small_targets,
    write_from_the_right,
)
from tests.journeys.pseudo import COOKIE
from tests.journeys.screens import REFUSALS, SCREENS, address

# Sends a form that was made by hand, as an old page in another tab would.
SEND = """to => {
  const form = document.createElement("form");
  const token = document.querySelector("[name=csrfmiddlewaretoken]");
  form.method = "post";
  form.action = to;
  if (token) form.append(token.cloneNode());
  for (const [name, value] of Object.entries({have_read: "on", read: "old", reason: "Late."})) {
    const field = document.createElement("input");
    Object.assign(field, {type: "hidden", name, value});
    form.append(field);
  }
  document.body.append(form);
  form.submit();
}"""
LIGHTS = {"light": RULES, "dark": COLOURS}  # what the light changes is colours


def look_from_everywhere(page):
    """All that is wrong with the page that is open, by where and how one looks at it."""
    found = {}
    for size in (DESKTOP, PHONE):
        page.set_viewport_size({"width": size[0], "height": size[1]})
        for light, rules in LIGHTS.items():
            page.emulate_media(color_scheme=light)
            found[f"axe, {light}, {size[0]} px"] = axe(page, rules)
        found[f"targets under 24 px at {size[0]} px"] = small_targets(page)
    page.emulate_media(color_scheme="light")
    return found | layouts(page)


# Letters twice as large at 640 px are what 320 px is, so the smallest is seen at 100 % only.
SIZES_BY_LETTERS = {100: (DESKTOP, PHONE, SMALLEST), 200: (DESKTOP, PHONE)}


def layouts(page):
    """Narrow, right to left, and with letters twice as large."""
    found = {}
    for percent, sizes in SIZES_BY_LETTERS.items():
        letters(page, percent)
        for width, height in sizes:
            page.set_viewport_size({"width": width, "height": height})
            for rtl in (False, True):
                write_from_the_right(page, rtl)
                way = f"{width} px, letters at {percent} %{', right to left' if rtl else ''}"
                found[f"sideways at {way}"] = sideways(page)
                found[f"overlaps at {way}"] = overlaps(page)
    return found


# A question and a round are asked in languages of their own, and speak no other; where nothing is,
# nobody chose one.
OWN_LANGUAGES = ("/ask/harbour/", "/pulse/", "/nowhere/")


def from_the_right(window, path, *, opened):
    """The same page in a language that is written from the right and longer: see pseudo.py."""
    window.context.add_cookies([{"name": COOKIE, "value": "1", "url": window.desk.address}])
    page, found = window.open(path), {}
    letters(page, 100)
    if opened:
        unfold(page)
    for width, height in (DESKTOP, PHONE):
        page.set_viewport_size({"width": width, "height": height})
        way = f"in a language from the right, {width} px"
        own = urlsplit(page.url).path.startswith(OWN_LANGUAGES)
        found[f"from the left {way}"] = [] if own else from_the_left(page)
        found[f"sideways {way}"] = sideways(page)
        found[f"overlaps {way}"] = overlaps(page)
    return found


def told(found):
    """One line for each complaint, and nothing when there is none."""
    return "\n".join(f"{how}: {what}" for how, complaints in found.items() for what in complaints)


def unfold(page):
    for summary in page.locator("main summary").all():
        summary.evaluate("it => { it.parentElement.open = true }")


@pytest.mark.parametrize("screen", SCREENS, ids=str)
def test_everybody_can_use_every_screen(visit, desk, screen):
    places = dict(desk.places)
    if screen.wish:
        places["trouble"] = desk.wish(screen.wish) or ""
    window = visit(screen.who)
    page = window.open(address(screen, places))
    assert window.status == screen.status
    assert page.locator("h1").count() == 1
    if screen.opened:
        unfold(page)
    found = look_from_everywhere(page)
    assert told(found | from_the_right(window, address(screen, places), opened=screen.opened)) == ""


FAULTY = """
<style>.faint { color: #ccc; background: #fff } .broad { width: 2000px }
  .drowned { color: #123; background: #123 }
  .over { position: absolute; top: 300px; left: 0 } .low { display: block; height: 10px }</style>
<h1 class="faint">Faint words</h1><p class="over">Words on words</p><p class="over">And more</p>
<img src="data:,"><div class="broad">Broad</div><a class="low" href="/">Low</a>
<a class="drowned" href="/">Drowned</a>"""


def test_these_eyes_do_see_what_is_wrong(visit):
    """A test that cannot fail proves nothing, so here is a page with each fault on it."""
    page = visit().page
    page.set_content(FAULTY)
    assert "color-contrast" in " ".join(axe(page, COLOURS))
    found = " ".join(axe(page))
    assert "color-contrast" in found
    assert "image-alt" in found
    assert "nobody can see" in found
    assert sideways(page)
    assert overlaps(page)
    assert small_targets(page)
    assert from_the_left(page)
    write_from_the_right(page, True)
    assert from_the_left(page) == []
    page.add_style_tag(content="h1 { text-align: left }")
    assert from_the_left(page)


@pytest.mark.parametrize("screen", REFUSALS, ids=str)
def test_everybody_can_read_why_something_was_not_done(visit, desk, screen):
    """The refusal itself, as the answer to a form that was sent by somebody who may not."""
    window = visit(screen.who)
    page = window.open(screen.opener)
    with page.expect_navigation() as answered:
        page.evaluate(SEND, address(screen, desk.places))
    assert answered.value.status == screen.status
    assert page.locator("h1").count() == 1
    assert told(look_from_everywhere(page)) == ""
