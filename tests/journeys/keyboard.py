"""Hands that have only a keyboard, and eyes that must see where they are."""

from __future__ import annotations

from playwright.sync_api import Locator, Page

FURTHEST = 120  # stops of the Tab key until something counts as out of reach

# Where the focus is, and whether a person can see that it is there: a ring round the element,
# or round the label of it, and nothing lying on top of the element.
LOOK = """target => {
  const it = document.activeElement, there = it === target, lost = !target.isConnected;
  if (!it || it === document.body) return {what: "nothing", ringed: true, inside: true, lost};
  const style = getComputedStyle(it), box = it.getBoundingClientRect();
  const ringed = (style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2)
    || style.boxShadow !== "none";
  const x = box.left + Math.min(box.width / 2, 20), y = box.top + Math.min(box.height / 2, 20);
  const top = document.elementFromPoint(x, y);
  const inside = top && (it.contains(top) || top.contains(it)
    || top.closest("label") === it.closest("label"));
  return {what: it.outerHTML.slice(0, 120), ringed, inside: Boolean(inside), there, lost};
}"""


class Keyboard:
    """Presses keys on one page; every stop on the way must be seen."""

    def __init__(self, page: Page) -> None:
        self.page = page

    def reach(self, target: Locator) -> Locator:
        """Go to something with Tab alone, checking at each stop that the focus is visible."""
        goal = target.element_handle()
        for _ in range(FURTHEST):
            self.page.keyboard.press("Tab")
            where = self.page.evaluate(LOOK, goal)
            assert where["ringed"], f"no ring round the focus: {where['what']}"
            assert where["inside"], f"the focus is hidden under something: {where['what']}"
            if where.get("there"):
                return target
            if where["lost"]:  # its part of the page was drawn anew
                goal = target.element_handle()
        raise AssertionError(f"Tab never reached {target}")

    def press(self, target: Locator, key: str = "Enter") -> None:
        self.reach(target)
        self.page.keyboard.press(key)

    def follow(self, target: Locator) -> None:
        """Press something that leads to another page, and wait for that page."""
        self.reach(target)
        with self.page.expect_navigation():
            self.page.keyboard.press("Enter")

    def type(self, target: Locator, text: str) -> None:
        """Put words into a field in place of what stands there."""
        self.reach(target)
        self.page.keyboard.press("ControlOrMeta+a")
        self.page.keyboard.insert_text(text)

    def write_above(self, target: Locator, text: str) -> None:
        """Put words before what stands in a field."""
        self.reach(target)
        self.page.keyboard.press("ControlOrMeta+Home")
        self.page.keyboard.insert_text(text)
