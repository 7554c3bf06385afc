"""Passes on a post of the agency's with Mastodon's own button (a reblog).

A server boosts a status for an account once, however often it is asked, and tells the account
whether it did: nothing here can happen twice.
"""

from __future__ import annotations

from typing import Any

from commonground.channels.contract import Boosted, Busy, Declined, Receipt, Sighting, Unsure
from commonground.channels.line import base_of
from commonground.channels.networks.mastodon.line import Line, id_of, our_id, url_of
from commonground.channels.networks.mastodon.words import words_of

MARK = "boost:"  # before the id of what was passed on: by that it is undone, not by its own
GONE = 404


def boost(line: Line, boosted: Boosted) -> Receipt:
    name = id_here(line, boosted)
    with line.asking(acting=True) as server:
        said = server.status_reblog(name, visibility="public")
        if said.reblog is None or id_of(said.reblog) != name:
            raise ValueError("an answer about something else")
        return receipt_of(said.reblog)


def seen(line: Line, boosted: Boosted) -> Sighting | None:
    """Whether this account passes it on now, as its server says. What is gone is not passed on."""
    try:
        status = status_called(line, id_here(line, boosted))
    except Declined:
        if is_gone(line):
            return None
        raise
    if not status.reblogged:
        return None
    return Sighting(receipt_of(status), words_of(status.content))


def undo(line: Line, receipt: Receipt) -> None:
    """Pass it on no more. Where the post itself is gone, so is what passed it on."""
    name = our_id(Receipt(receipt.network_id.removeprefix(MARK), receipt.url))
    try:
        with line.asking(acting=True) as server:
            if id_of(server.status_unreblog(name)) != name:
                raise ValueError("an answer about something else")
        still = status_called(line, name).reblogged
    except Declined:
        if is_gone(line):
            return
        raise
    except Busy as trouble:
        raise Unsure(str(trouble)) from trouble
    if still:
        raise Unsure("The server says it is undone, and still passes it on.")


def id_here(line: Line, boosted: Boosted) -> str:
    """What this account's own server calls the post, which may stand on another one."""
    if base_of(boosted.address) == base_of(line.login.address):
        return our_id(boosted.receipt)
    with line.asking() as server:
        found = server.search_v2(boosted.receipt.url, resolve=True, result_type="statuses")
        for status in found.statuses:
            if url_of(status) == boosted.receipt.url:
                return id_of(status)
    raise Busy("This server does not know the post yet.")


def status_called(line: Line, name: str) -> Any:
    with line.asking() as server:
        status = server.status(name)
        if id_of(status) != name:
            raise ValueError("an answer about something else")
        return status


def is_boost(receipt: Receipt) -> bool:
    return receipt.network_id.startswith(MARK)


def is_gone(line: Line) -> bool:
    return line.errand.answer is not None and line.errand.answer.status_code == GONE


def receipt_of(status: Any) -> Receipt:
    return Receipt(f"{MARK}{id_of(status)}", url_of(status))
