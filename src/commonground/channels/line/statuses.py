"""What the numbers of RFC 3463 say about a box, however they reach us."""

from __future__ import annotations

import re

STATUS = re.compile(r"\b([245])\.([0-9]{1,3})\.([0-9]{1,3})\b")
# There is no such box, host or name, it moved away, or its host takes no mail at all.
NO_SUCH_BOX = {"0", "1", "2", "3", "4", "6", "10"}


def status_in(words: str) -> str:
    found = STATUS.search(words)
    return found.group() if found else ""


def nobody_there(status: str) -> bool:
    """Whether it is for good. A full box, a letter that is too large, a server that does not
    like us today: all these may be otherwise tomorrow. 5.0.0 may mean any of them."""
    kind, subject, detail = [*status.split("."), "", "", ""][:3]
    if kind != "5":
        return False
    return (subject == "1" and detail in NO_SUCH_BOX) or (subject, detail) == ("2", "1")


def about_us(status: str) -> bool:
    """Whether it is we who are refused, by policy or as spam: no fault of whoever reads us."""
    return status[:1] in ("4", "5") and status[1:4] == ".7."
