"""The people of the headless demo. They use the desk as anyone does: over HTTP, page by page."""

from __future__ import annotations

import re
import sys
import time
from html import unescape
from html.parser import HTMLParser
from typing import Any

import httpx2

PATIENCE = 90.0  # seconds for a post to be seen everywhere


class Form(HTMLParser):
    """The fields of the forms on a page, as a browser would send them, and their labels."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.fields: dict[str, str] = {}
        self.labels: dict[str, str] = {}
        self.textarea = self.label = ""
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        a = {k: v or "" for k, v in attrs}
        if tag == "label":
            self.label = a.get("for", "")
        elif tag == "textarea":
            self.textarea = a.get("name", "")
            self.fields[self.textarea] = ""
        elif tag == "input" and "name" in a and a.get("type") not in ("checkbox", "submit", "file"):
            self.fields.setdefault(a["name"], a.get("value", ""))

    def handle_endtag(self, tag: str) -> None:
        if tag in ("textarea", "label"):
            self.textarea = self.label = ""

    def handle_data(self, data: str) -> None:
        if self.textarea:
            self.fields[self.textarea] += data
        elif self.label:
            self.labels[self.label] = (self.labels.get(self.label, "") + data).strip()


class Person:
    """Someone at the desk, with a browser of their own."""

    def __init__(self, base: str, email: str, password: str) -> None:
        self.browser = httpx2.Client(base_url=base, follow_redirects=True, timeout=30)
        self.press("/account/login/", login=email, password=password)

    def read(self, path: str) -> str:
        answer = self.browser.get(path)
        answer.raise_for_status()
        return answer.text

    def press(self, path: str, to: str = "", **typed: str) -> httpx2.Response:
        """Fill in the form of a page and send it, to the page itself unless `to` says where."""
        hidden = Form(self.read(path)).fields
        sent = {"csrfmiddlewaretoken": hidden["csrfmiddlewaretoken"], **typed}
        if "read" in hidden:
            sent["read"] = hidden["read"]
        answer = self.browser.post(to or path, data=sent, headers={"Referer": self.address(path)})
        if answer.is_error:
            sys.exit(f"{path} said {answer.status_code}: {words_of(answer.text)}")
        return answer

    def address(self, path: str) -> str:
        return str(self.browser.base_url.join(path))


def words_of(page: str) -> str:
    main = page[page.find("<main") :]
    return " ".join(re.sub(r"<[^>]+>", " ", main).split())[:500]


def draft(author: Person, moment: str, words: dict[str, str]) -> str:
    """Start from the moment, keep the resources that stand in the draft, write around them."""
    page = author.press(f"/say/new?moment={moment}", to="/say/new", moment=moment)
    path = page.url.path
    form = Form(page.text)
    if "text" not in form.fields:
        sys.exit(f"{path} is no draft: {words_of(page.text)}")
    helps = unescape(form.fields["text"]).strip()
    typed: dict[str, Any] = {
        "title": words["title"],
        "text": f"{words['text']}\n\n{helps}",
        "language": "en",
        "then": "submit",
    }
    for name in re.findall(r'name="(on_[0-9a-f-]{36})"', page.text):
        channel = name.removeprefix("on_")
        typed[name] = "on"
        if "newsroom" not in form.labels.get(f"id_{name}", ""):
            first = helps.splitlines()[0] if helps else ""
            typed |= {
                f"own_{channel}": "on",
                f"text_{channel}": f"{words['short']}\n{first}".strip(),
            }
    author.press(path, **typed)
    return path.removesuffix("write")


def approve(approver: Person, post: str) -> None:
    """Read every version, then say yes to exactly these words."""
    approver.press(f"{post}approve", have_read="on")


def wait_until_seen(person: Person, post: str) -> bool:
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until:
        if "Published and seen" in person.read(post):
            return True
        time.sleep(0.5)
    return False
