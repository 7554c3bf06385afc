"""What a pair of critical eyes would notice on a page: each function gives a list of complaints."""

from __future__ import annotations

from typing import Any

from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Page

RULES = {
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    "resultTypes": ["violations"],
    "preload": False,  # it would fetch our style sheets once more for a rule about turned phones
    # Off in axe by default, because it is new; we promise it.
    "rules": {"target-size": {"enabled": True}},
}
COLOURS = {**RULES, "runOnly": ["color-contrast"]}

SIDEWAYS = """() => {
  const width = document.documentElement.clientWidth, found = [];
  if (document.documentElement.scrollWidth <= width) return found;
  for (const it of document.body.querySelectorAll("*")) {
    const box = it.getBoundingClientRect();
    const beyond = box.width && (box.right > width + 1 || box.left < -1);
    if (beyond && !it.closest(".wide, .unseen, .skip"))
      found.push(`${it.tagName}.${it.className} ${Math.round(box.left)}..${Math.round(box.right)}`);
  }
  return [`${document.documentElement.scrollWidth} > ${width}`, ...found.slice(-3)];
}"""

# Words on words: two pieces of text, neither inside the other, whose lines cross.
OVERLAPS = """() => {
  const lines = [];
  // A bar that floats above the page covers words by design; scrolling brings them out.
  const fixed = it => getComputedStyle(it).position === "fixed";
  const floats = it => it && (fixed(it) || floats(it.parentElement));
  const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let node; (node = walk.nextNode()); ) {
    const of = node.parentElement;
    if (!node.data.trim() || of.closest("script, noscript, .unseen, .skip")) continue;
    if (!of.checkVisibility({visibilityProperty: true}) || floats(of)) continue;
    const range = document.createRange();
    range.selectNodeContents(node);
    for (const box of range.getClientRects())
      if (box.width > 2 && box.height > 2)
        lines.push({of, box, text: node.data.trim().slice(0, 40)});
  }
  const found = [];
  lines.sort((a, b) => a.box.top - b.box.top);
  for (let i = 0; i < lines.length; i++)
    for (let j = i + 1; j < lines.length && lines[j].box.top < lines[i].box.bottom; j++) {
      const a = lines[i], b = lines[j];
      if (a.of.contains(b.of) || b.of.contains(a.of)) continue;
      const wide = Math.min(a.box.right, b.box.right) - Math.max(a.box.left, b.box.left);
      const high = Math.min(a.box.bottom, b.box.bottom) - Math.max(a.box.top, b.box.top);
      // Lines set close together may share a few pixels of their boxes, never of their letters.
      if (wide > 4 && high > Math.min(a.box.height, b.box.height) * 0.4)
        found.push(`"${a.text}" on "${b.text}"`);
    }
  return found.slice(0, 4);
}"""

# Lines that begin on the left though the page is read from the right, and a rail on its left.
FROM_THE_LEFT = """() => {
  const found = document.documentElement.dir === "rtl" ? [] : ["the page is written from the left"];
  for (const it of document.querySelectorAll("h1, main h2, main p, main li, main label")) {
    const style = getComputedStyle(it);
    if (it.checkVisibility() && style.direction === "rtl" && style.textAlign === "left")
      found.push(`begins on the left: ${it.outerHTML.slice(0, 80)}`);
  }
  const h1 = document.querySelector("h1"), range = document.createRange();
  range.selectNodeContents(h1);
  // A name within it that is read from the left is a box of its own, and may come first.
  const boxes = [...range.getClientRects()], top = Math.min(...boxes.map(it => it.top));
  const begins = Math.max(...boxes.filter(it => it.top < top + 4).map(it => it.right));
  const style = getComputedStyle(h1), away = h1.getBoundingClientRect().right - begins;
  // What somebody wrote in their own language keeps its own direction.
  if (style.direction === "rtl" && style.textAlign === "start" && away > 4)
    found.push(`the heading begins ${Math.round(away)} px from the right`);
  const rail = document.querySelector(".rail"), stage = document.querySelector(".stage");
  const startsAt = it => it.getBoundingClientRect().left;
  if (rail && innerWidth > 1000 && startsAt(rail) < startsAt(stage))
    found.push("the rail stands on the left");
  return found.slice(0, 4);
}"""

# Everything one can press, but for links inside a sentence, which may be as low as their line.
SMALL = """(least) => {
  const found = [];
  for (const it of document.querySelectorAll("a[href], button, input, select, textarea, summary")) {
    if (it.type === "hidden" || !it.checkVisibility() || it.closest(".unseen, .skip")) continue;
    const inSentence = it.tagName === "A" && getComputedStyle(it).display === "inline";
    const of = it.closest("label") ?? it;
    const box = of.getBoundingClientRect();
    if (!inSentence && (box.width < least || box.height < least))
      found.push(`${it.outerHTML.slice(0, 80)} ${Math.round(box.width)}x${Math.round(box.height)}`);
  }
  return found;
}"""

# Words in the very colour of what lies under them. Axe takes those for hidden on purpose.
DROWNED = """() => {
  const found = [];
  for (const it of document.querySelectorAll("a, button, summary, label, .tag")) {
    const style = getComputedStyle(it);
    const seen = it.checkVisibility() && it.textContent.trim() && style.backgroundImage === "none";
    if (seen && style.color === style.backgroundColor) found.push(it.outerHTML.slice(0, 120));
  }
  return found;
}"""


def axe(page: Page, rules: dict[str, Any] = RULES) -> list[str]:
    """What axe finds wrong, one line for each rule and element; and what it takes for wanted."""
    if not page.evaluate("() => Boolean(window.axe)"):
        page.evaluate(AXE_SCRIPT)
    violations: list[Any] = page.evaluate(
        "rules => axe.run(document, rules).then(found => found.violations)", rules
    )
    drowned = [f"words nobody can see: {it}" for it in page.evaluate(DROWNED)]
    return drowned + [
        f"{broken['id']} ({broken['impact']}): {node['target']} {node['failureSummary'][:200]}"
        for broken in violations
        for node in broken["nodes"][:4]
    ]


def sideways(page: Page) -> list[str]:
    return list(page.evaluate(SIDEWAYS))


def overlaps(page: Page) -> list[str]:
    return list(page.evaluate(OVERLAPS))


def from_the_left(page: Page) -> list[str]:
    return list(page.evaluate(FROM_THE_LEFT))


def small_targets(page: Page, least: int = 24) -> list[str]:
    return list(page.evaluate(SMALL, least))


def write_from_the_right(page: Page, on: bool) -> None:
    page.evaluate("on => { document.documentElement.dir = on ? 'rtl' : 'ltr' }", on)


def letters(page: Page, percent: int) -> None:
    """What a reader does who sets a larger text size in the browser."""
    session = page.context.new_cdp_session(page)
    size = 16 * percent // 100
    session.send("Page.setFontSizes", {"fontSizes": {"standard": size, "fixed": size}})
    session.detach()
