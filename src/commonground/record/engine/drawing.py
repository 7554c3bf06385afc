"""How the pages of a PDF are drawn, and with which of the fonts of this machine."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from fpdf import FPDF
from fpdf.enums import XPos, YPos
from fpdf.prefs import ViewerPreferences

from commonground.record.engine.joining import joined
from commonground.record.engine.paper import Item, Paper

# Which of them shows what: the first code point and the last. The plain one is for all the rest.
PLAIN = ("NotoSans-Regular.ttf", "DejaVuSans.ttf")
BOLD = ("NotoSans-Bold.ttf", "DejaVuSans-Bold.ttf")
OTHERS: Mapping[tuple[int, int], tuple[str, ...]] = {
    (0x0530, 0x058F): ("NotoSansArmenian-Regular.ttf",),
    (0x0590, 0x05FF): ("NotoSansHebrew-Regular.ttf", "DejaVuSans.ttf"),
    (0x0600, 0x06FF): ("NotoNaskhArabic-Regular.ttf", "DejaVuSans.ttf"),
    (0xFB50, 0xFEFC): ("NotoNaskhArabic-Regular.ttf", "DejaVuSans.ttf"),
    (0x0900, 0x097F): ("NotoSansDevanagari-Regular.ttf",),
    (0x0980, 0x09FF): ("NotoSansBengali-Regular.ttf",),
    (0x0A00, 0x0A7F): ("NotoSansGurmukhi-Regular.ttf",),
    (0x0B80, 0x0BFF): ("NotoSansTamil-Regular.ttf",),
    (0x0E00, 0x0E7F): ("NotoSansThai-Regular.ttf",),
    (0x10A0, 0x10FF): ("NotoSansGeorgian-Regular.ttf",),
    (0x1200, 0x137F): ("NotoSansEthiopic-Regular.ttf",),
    (0x1400, 0x167F): ("NotoSansCanadianAboriginal-Regular.ttf",),
    (0x1100, 0x11FF): ("NotoSansCJK-Regular.ttc",),
    (0x2190, 0x2BFF): ("NotoSansSymbols2-Regular.ttf", "DejaVuSans.ttf"),
    (0x3000, 0x9FFF): ("NotoSansCJK-Regular.ttc",),
    (0xAC00, 0xD7AF): ("NotoSansCJK-Regular.ttc",),
}
UNSEEN = "▯"
SMALL, NORMAL, LARGE = 9, 10.5, 16


class Page(FPDF):
    """With its number at the foot, and the fonts that the words need."""

    def footer(self) -> None:
        self.set_y(-12)
        self.set_font(self.plain, size=SMALL)
        self.cell(0, 6, f"{self.page_no()}", align="R")

    plain = "helvetica"
    bold = ("helvetica", "B")
    shows: frozenset[int] | None = None


def drawn(said: Paper) -> bytes:
    items = list(said.items)
    page = Page(format="A4")
    page.set_margin(18)
    page.set_auto_page_break(True, 18)
    take_fonts(page, said, items)
    page.set_title(said.title)
    page.set_lang(said.language)
    page.set_creation_date(said.made_at)
    page.viewer_preferences = ViewerPreferences(display_doc_title=True)
    page.add_page()
    page.start_section(said.title)
    write(page, said.title, said, size=LARGE, bold=True)
    for line in said.before:
        write(page, line, said)
    day = ""
    for item in items:
        if item.day != day:
            day = item.day
            page.ln(3)
            page.start_section(shown(page, day)[0], level=1)
            write(page, day, said, size=13, bold=True)
        page.ln(1.5)
        write(page, item.words, said)
        for line in item.lines:
            write(page, line, said, size=SMALL, indent=6)
    return bytes(page.output())


def write(
    page: Page,
    text: str,
    said: Paper,
    *,
    size: float = NORMAL,
    bold: bool = False,
    indent: float = 0,
) -> None:
    clean, lost = shown(page, text)
    page.set_font(*page.bold if bold else (page.plain, ""), size=size)
    page.set_x(page.l_margin + indent)
    page.multi_cell(0, size * 0.5, clean, new_x=XPos.LMARGIN, new_y=YPos.NEXT, align="L")
    if lost:
        page.set_font(page.plain, size=SMALL)
        page.set_x(page.l_margin + indent)
        told, _ = shown(page, f"({said.unseen})")
        page.multi_cell(0, SMALL * 0.5, told, new_x=XPos.LMARGIN, new_y=YPos.NEXT, align="L")


def shown(page: Page, text: str) -> tuple[str, bool]:
    """The text with joined letters, and a box for each sign that no font here has."""
    text = joined("".join(c if c >= " " or c == "\n" else " " for c in text))
    seen = [c if can_show(page, c) else UNSEEN for c in text]
    lost = UNSEEN in seen and UNSEEN not in text
    if not can_show(page, UNSEEN):
        seen = ["?" if c == UNSEEN else c for c in seen]
    return "".join(seen), lost


def can_show(page: Page, c: str) -> bool:
    if c == "\n":
        return True
    if page.shows is None:  # a font that every reader of PDF has, for western languages alone
        return c.encode("cp1252", "ignore") != b""
    return ord(c) in page.shows


def take_fonts(page: Page, said: Paper, items: Sequence[Item]) -> None:
    """Only those that the words need: each font costs time to read."""
    plain, bold = found(said.places, PLAIN), found(said.places, BOLD)
    if plain is None:
        page.core_fonts_encoding = "windows-1252"
        return
    page.add_font("plain", "", plain)
    page.add_font("plain", "B", bold or plain)
    words = joined(
        "".join([said.title, *said.before, *(w for i in items for w in (i.words, *i.lines))])
    )
    names, wanted = [], {file for c in set(words) if (file := other_for(ord(c), said.places))}
    for number, file in enumerate(sorted(wanted)):
        page.add_font(f"other{number}", "", file)
        names.append(f"other{number}")
    page.set_fallback_fonts(names, exact_match=False)
    page.plain, page.bold = "plain", ("plain", "B")
    page.shows = frozenset().union(*(getattr(font, "cmap", ()) for font in page.fonts.values()))


def other_for(code: int, places: Sequence[Path]) -> Path | None:
    for (first, last), names in OTHERS.items():
        if first <= code <= last:
            return found(places, names)
    return None


def found(places: Sequence[Path], names: Sequence[str]) -> Path | None:
    files = (place / name for name in names for place in places)
    return next((file for file in files if file.exists()), None)
