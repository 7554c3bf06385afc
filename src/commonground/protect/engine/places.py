"""Whether a link leads to a post of ours. A post of a stranger may carry the very number of ours,
so the account in the address must be ours as well."""

from __future__ import annotations

import re
from urllib.parse import unquote, urlsplit

LINK = re.compile(r"(?:https?://|www\.)\S+|[\w-]+(?:\.[\w-]+)+/\S*")


def is_link(text: str) -> bool:
    """Whether somebody pasted an address and nothing else."""
    return bool(LINK.fullmatch(text.strip()))


def parts_of(link: str) -> tuple[str, tuple[str, ...]]:
    """The host, and the steps of the path; what follows ? and # is how somebody came there."""
    link = link.strip()
    try:
        parts = urlsplit(link if "://" in link else f"https://{link}")
        host = (parts.hostname or "").removeprefix("www.").removeprefix("m.").rstrip(".")
    except ValueError:
        return "", ()
    return host, tuple(step for step in unquote(parts.path).split("/") if step)


def leads_to(link: str, ours: str, handle: str = "") -> bool:
    """Whether both are one post: the same address, or the same number under our own name."""
    (host, steps), (our_host, our_steps) = parts_of(link), parts_of(ours)
    if not host or host != our_host or not steps or not our_steps:
        return False
    if steps == our_steps:
        return True
    names = {our_steps[0].lstrip("@"), *handle.lstrip("@").split("@")[:1], handle.lstrip("@")}
    names |= set(our_steps[:-1])
    named = {step.lstrip("@") for step in steps[:-1]} & (names - {"", "profile", "post", "users"})
    return steps[-1] == our_steps[-1] and bool(named)


def is_under(link: str, account: str) -> bool:
    """Whether the address lies under an account of ours."""
    (host, steps), (our_host, our_steps) = parts_of(link), parts_of(account)
    return bool(host) and host == our_host and steps[: len(our_steps)] == our_steps
