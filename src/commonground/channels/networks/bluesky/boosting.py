"""Passes on a post of the agency's with Bluesky's own button: a record under a name of our own."""

from __future__ import annotations

from typing import Any

from atproto import Client, models
from django.utils import timezone

from commonground.channels.contract import (
    Boosted,
    Declined,
    Message,
    Receipt,
    Sighting,
    SignInNeeded,
    Unsure,
)
from commonground.channels.line import base_of
from commonground.channels.networks.bluesky.line import Wire, asking
from commonground.channels.networks.bluesky.repo import REPOSTS, Repo


def boost(repo: Repo, boosted: Boosted, key: str) -> Receipt:
    """Write the record under its name, once. After a no we look, as with posts."""
    client, receipt = repo.client, receipt_of(repo, boosted, key)
    with asking(repo.errand):
        record = models.AppBskyFeedRepost.Record(
            created_at=timezone.now().isoformat(timespec="milliseconds"),
            subject=subject_of(repo, boosted),
        )
    try:
        repo.write(client, REPOSTS, key, record, receipt)
    except (Declined, Unsure) as trouble:
        if isinstance(trouble, SignInNeeded) or not passes_on(repo, boosted, key):
            raise
    return receipt


def seen(repo: Repo, message: Message, key: str) -> Sighting | None:
    boosted = message.boosts
    if boosted is None or not passes_on(repo, boosted, key):
        return None
    return Sighting(receipt_of(repo, boosted, key), message.text)


def passes_on(repo: Repo, boosted: Boosted, key: str) -> bool:
    """What anyone can read under this name: that this very post is passed on, or nothing."""
    there = repo.found_under(REPOSTS, key)
    if there is None:
        return False
    if str(getattr(there.subject, "uri", "")) != boosted.receipt.network_id:
        raise Declined("Something else was published under this name.")
    return True


def subject_of(repo: Repo, boosted: Boosted) -> Any:
    """The post in its exact words, as the server it stands on gives it out. It is asked without
    our sign-in: that is for our own server only."""
    did, collection, key = boosted.receipt.network_id.removeprefix("at://").split("/")
    query = models.ComAtprotoRepoGetRecord.Params(repo=did, collection=collection, rkey=key)
    asked = Client(base_of(boosted.address), request=Wire(repo.errand))
    found = asked.com.atproto.repo.get_record(query)
    if found.uri != boosted.receipt.network_id:
        raise ValueError("an answer about something else")
    return models.ComAtprotoRepoStrongRef.Main(uri=found.uri, cid=str(found.cid))


def receipt_of(repo: Repo, boosted: Boosted, key: str) -> Receipt:
    return Receipt(f"at://{repo.did}/{REPOSTS}/{key}", boosted.receipt.url)
