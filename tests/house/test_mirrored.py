"""Whoever reads from the right sees the same page, mirrored: no style of ours knows left
and right."""

import re
from pathlib import Path

import pytest

SRC = Path(__file__).parents[2] / "src/commonground"
STYLES = sorted(SRC.rglob("static/**/*.css"))
DRAWN = sorted([*SRC.rglob("templates/**/*.html"), *SRC.rglob("static/**/*.js")])
SIDES = r"left|right"
PHYSICAL = re.compile(
    rf"(?<![\w-])(?:(?:margin|padding|border|scroll-margin|scroll-padding|inset)-(?:{SIDES})"
    rf"|border-(?:top|bottom)-(?:{SIDES})-radius|{SIDES})(?:-[a-z]+)?\s*:[^;}}]*"
    rf"|(?:text-align|float|clear|justify-content|justify-self)\s*:\s*(?:{SIDES})\b"
    rf"|to (?:{SIDES})\b|translateX\([^)]*\)|safe-area-inset-(?:{SIDES})"
)
FOUR = re.compile(r"(?<![\w-])(margin|padding|inset|border-width)\s*:\s*([^;}]+)")
CORNERS = re.compile(r"(?<![\w-])border-radius\s*:\s*([^;}/]+)")
SHADOW = re.compile(r"(?<![\w-])box-shadow\s*:\s*(?:inset\s+)?(-?[\d.]+)(?:px|rem|em)?\s")

# Each was looked at, with why it stays where it is. It may only get shorter.
STAYS = {
    "kit/static/kit/desk.css: safe-area-inset-left": "the edge of a phone is a place, not a side",
    "kit/static/kit/desk.css: box-shadow 4": "drawn the other way for [dir=rtl] beside it",
    "kit/static/kit/desk.css: box-shadow -4": "the other way",
    "say/static/say/cover.css: right: -13px": "on a picture, which is not mirrored",
}


def physical(text):
    text = re.sub(r"/\*.*?\*/", "", text, flags=re.DOTALL)
    found = {" ".join(one.split()) for one in PHYSICAL.findall(text)}
    for name, value in FOUR.findall(text):
        sides = parts(value)
        if len(sides) == 4 and sides[1] != sides[3]:
            found.add(f"{name}: {value.strip()}")
    for value in CORNERS.findall(text):
        corners = parts(value)
        if len(corners) == 4 and (corners[0], corners[3]) != (corners[1], corners[2]):
            found.add(f"border-radius: {value.strip()}")
    return found | {f"box-shadow {by}" for by in SHADOW.findall(text) if float(by)}


def parts(value):
    """The parts of a value, those within brackets as one."""
    return re.findall(r"(?:[^\s(]|\((?:[^()]|\([^()]*\))*\))+", value.replace("!important", ""))


def test_no_style_of_ours_knows_left_and_right():
    found = {f"{f.relative_to(SRC)}: {one}" for f in STYLES for one in physical(f.read_text())}
    assert found == set(STAYS)


# Where on a picture: a picture is not mirrored.
PLACES = {"say/static/say/cover.js: left"}


def test_no_page_and_no_script_of_ours_does_either():
    said = re.compile(rf'style="([^"]*)"|\.style\.({SIDES})\b|[{{,] ({SIDES}):')
    found = {
        f"{file.relative_to(SRC)}: {whole}"
        for file in DRAWN
        for match in said.finditer(file.read_text())
        if (whole := next(filter(None, match.groups()), "")) in ("left", "right") or physical(whole)
    }
    assert found == PLACES


@pytest.mark.parametrize(
    "style",
    [
        "margin-left: 1px", "border-right-color: red", "left: 0", "text-align: right",
        "padding: 1px 2px 3px 4px", "border-radius: 8px 0 0 8px", "box-shadow: 4px 0 0 red",
        "background: linear-gradient(to right, red, blue)", "transform: translateX(4px)",
    ],
)  # fmt: skip
def test_it_would_be_seen(style):
    assert physical(f"a {{ {style}; }}")


@pytest.mark.parametrize(
    "style",
    [
        "margin-inline-start: 1px", "inset: auto 0 0 0", "border-radius: 0 0 8px 8px",
        "text-align: start", "padding: 1px max(2px, 3px) 4px max(2px, 3px)",
        "box-shadow: 0 4px 0 red", "border-radius: 8px",
    ],
)  # fmt: skip
def test_what_is_the_same_from_both_sides_is_not_complained_of(style):
    assert physical(f"a {{ {style}; }}") == set()
