"""Publishing in two steps, as Threads and Instagram have it: make a container, then put it out.

A container is not public, and its id proves nothing: trouble with it leaves no doubt, and the
next attempt makes another. Putting it out is the act. It is asked once for each container and
never again: after a lost answer the container may be out, or may still come out, and a second
request - for the same one, or for a new one with the same words - could make a second post. So
both networks are settled by looking at what stands, like those that publish in one step.
"""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from commonground.channels.contract import Busy, Declined, Picture, Receipt, Unsure
from commonground.channels.contract.verdict import tidy
from commonground.channels.line import address_of, id_of, text_of, url_of
from commonground.channels.line.graph import Graph

READY_EVERY = 1.0  # seconds between two questions; a picture takes one to five


@dataclass(frozen=True, slots=True)
class Shelf:
    """Where one network keeps its containers, and what it calls things."""

    make: str  # the address that makes one
    put_out: str  # the address that publishes one
    status: str  # the field that says how far it is
    why: str  # the field that says what is wrong with it


def make(line: Graph, shelf: Shelf, said: Mapping[str, str]) -> str:
    """One container, and wait until Meta is done with it. Nothing of it is public."""
    with line.asking():
        name = id_of(line.act(shelf.make, said)["id"])
        while not is_ready(line, shelf, name):
            if line.errand.left <= READY_EVERY:
                raise Busy("Meta is still working on it.")
            time.sleep(READY_EVERY)
        return name


def make_items(line: Graph, shelf: Shelf, pictures: Sequence[Picture], **said: str) -> str:
    """The pictures of a post that has several, each a container of its own."""
    items = [
        make(line, shelf, {**said, "is_carousel_item": "true", **fetched(picture)})
        for picture in pictures
    ]
    return ",".join(items)


def fetched(picture: Picture) -> dict[str, str]:
    return {"image_url": address_of(picture), "alt_text": picture.alt}


def is_ready(line: Graph, shelf: Shelf, name: str) -> bool:
    told = line.look(f"/{name}", fields=f"{shelf.status},{shelf.why}")
    status = text_of(told[shelf.status])
    if status == "ERROR":
        raise Declined(tidy(f"Meta cannot use it: {told.get(shelf.why)}"))
    if status == "EXPIRED":
        raise Busy("Meta has forgotten what it was given.")
    return status == "FINISHED"


def put_out(line: Graph, shelf: Shelf, name: str) -> Receipt:
    """The act itself, and where the post is that came of it."""
    with line.asking(acting=True):
        post = id_of(line.act(shelf.put_out, {"creation_id": name})["id"])
    try:
        with line.asking():
            return receipt_for(line.look(f"/{post}", fields="id,permalink"))
    except (Declined, Busy) as trouble:
        # It is out. Whatever we hear now - even "not now", even "no" - cannot mean that it is not.
        raise Unsure(str(trouble)) from trouble


def receipt_for(post: Mapping[str, Any]) -> Receipt:
    return Receipt(id_of(post["id"]), url_of(post["permalink"]))
