"""What other servers read of us: ActivityStreams documents, made from rows."""

from __future__ import annotations

import hashlib
import json
from typing import Any

import regex
from django.utils.html import escape

from commonground.channels import engine
from commonground.channels.networks.fediverse.models import Actor, Boost, Note, NotePicture

type Document = dict[str, Any]

STREAMS = "https://www.w3.org/ns/activitystreams"
SECURITY = "https://w3id.org/security/v1"
PUBLIC = f"{STREAMS}#Public"
TYPE = "application/activity+json"
TAG = regex.compile(r"(?<![\w/#&])#([\p{L}\p{M}\p{N}_]*[\p{L}_][\p{L}\p{M}\p{N}_]*)")
HASHTAG = {"Hashtag": f"{STREAMS}#Hashtag", "sensitive": f"{STREAMS}#sensitive"}
CONTEXT: list[Any] = [STREAMS, SECURITY, HASHTAG]


def actor_document(actor: Actor) -> Document:
    """Who we are: what a server reads before it lets its people follow us."""
    channel = actor.channel
    return {
        "@context": [
            STREAMS, SECURITY,
            {"toot": "http://joinmastodon.org/ns#", "discoverable": "toot:discoverable",
             "manuallyApprovesFollowers": f"{STREAMS}#manuallyApprovesFollowers"},
        ],
        "id": actor.id_url,
        "type": "Organization",
        "preferredUsername": actor.name,
        "name": channel.agency.name,
        "summary": as_html(channel.purpose) if channel.purpose else "",
        "url": actor.id_url,
        "inbox": actor.inbox,
        "outbox": actor.outbox,
        "followers": actor.followers_url,
        "endpoints": {"sharedInbox": actor.shared_inbox},
        "manuallyApprovesFollowers": False,
        "discoverable": True,
        "published": actor.made_at.isoformat(timespec="seconds"),
        "publicKey": {
            "id": actor.key_id, "owner": actor.id_url, "publicKeyPem": actor.public_key,
        },
    }  # fmt: skip


def print_of(document: Document) -> str:
    return hashlib.sha256(json.dumps(document, sort_keys=True).encode()).hexdigest()


def note_document(note: Note) -> Document:
    """One thing we said; once withdrawn, the stone that stands in its place."""
    if note.withdrawn_at:
        return {"@context": CONTEXT, **tombstone(note)}
    return {"@context": CONTEXT, **said(note)}


def said(note: Note) -> Document:
    words = as_html(note.text)
    return {
        "id": note.id_url,
        "type": "Note",
        "attributedTo": note.actor.id_url,
        "content": words,
        "contentMap": {note.language: words},
        "published": note.published_at.isoformat(timespec="seconds"),
        "url": note.id_url,
        "to": [PUBLIC],
        "cc": [note.actor.followers_url, *filter(None, [note.answers.get("author")])],
        "inReplyTo": beneath(note),
        "sensitive": False,
        "attachment": [as_attachment(picture) for picture in note.pictures.all()],
        "tag": [
            *mentioned(note),
            *(
                {"type": "Hashtag", "name": f"#{name}", "href": f"{note.actor.base}/newsroom/"}
                for name in dict.fromkeys(TAG.findall(note.text))
            ),
        ],
    }


def beneath(note: Note) -> str | None:
    if note.answers:
        return str(note.answers["id"])
    return note.corrects.id_url if note.corrects else None


def mentioned(note: Note) -> list[Document]:
    """Whom it answers: their server tells them only of what names them."""
    if not note.answers:
        return []
    who = note.answers
    return [{"type": "Mention", "href": who["author"], "name": who["handle"]}]


def as_attachment(picture: NotePicture) -> Document:
    return {
        "type": "Image", "mediaType": picture.type, "url": picture.url, "name": picture.alt,
        "width": picture.width, "height": picture.height,
    }  # fmt: skip


def tombstone(note: Note) -> Document:
    gone = note.withdrawn_at
    return {
        "id": note.id_url, "type": "Tombstone", "formerType": "Note",
        **({"deleted": gone.isoformat(timespec="seconds")} if gone else {}),
    }  # fmt: skip


def as_html(text: str) -> str:
    """Our words as a paragraph each, with their links; nothing in them is markup."""
    linked, end = "", 0
    for start, stop, address in engine.links(text):
        linked += escape(text[end:start])
        linked += f'<a href="{escape(address)}" rel="nofollow noopener">{escape(address)}</a>'
        end = stop
    linked += escape(text[end:])
    paragraphs = [p.replace("\n", "<br>") for p in regex.split(r"\n{2,}", linked.strip())]
    return "".join(f"<p>{paragraph}</p>" for paragraph in paragraphs)


def created(note: Note) -> Document:
    """The activity that tells followers of a note."""
    inner = said(note)
    return {
        "@context": CONTEXT, "id": f"{note.id_url}#create", "type": "Create",
        "actor": note.actor.id_url, "published": inner["published"], "to": inner["to"],
        "cc": inner["cc"], "object": inner,
    }  # fmt: skip


def deleted(note: Note) -> Document:
    return {
        "@context": CONTEXT, "id": f"{note.id_url}#delete", "type": "Delete",
        "actor": note.actor.id_url, "to": [PUBLIC],
        "cc": [note.actor.followers_url, *filter(None, [note.answers.get("author")])],
        "object": tombstone(note),
    }  # fmt: skip


def announced(boost: Boost) -> Document:
    """The activity that passes a note on: only its address, for everybody reads it there."""
    actor = boost.actor
    return {
        "@context": STREAMS, "id": boost.id_url, "type": "Announce", "actor": actor.id_url,
        "published": boost.at.isoformat(timespec="seconds"), "to": [PUBLIC],
        "cc": [actor.followers_url, boost.note.actor.id_url], "object": boost.note.id_url,
    }  # fmt: skip


def undone(boost: Boost) -> Document:
    inner = {k: v for k, v in announced(boost).items() if k != "@context"}
    return {
        "@context": STREAMS, "id": f"{boost.id_url}-undone", "type": "Undo",
        "actor": boost.actor.id_url, "to": inner["to"], "cc": inner["cc"], "object": inner,
    }  # fmt: skip


def updated(actor: Actor) -> Document:
    """Tells followers that something about us changed: our name, or what we are for."""
    inner = actor_document(actor)
    return {
        "@context": inner["@context"], "id": f"{actor.id_url}#update-{print_of(inner)[:16]}",
        "type": "Update", "actor": actor.id_url, "to": [PUBLIC], "object": inner,
    }  # fmt: skip


def farewell(actor: Actor) -> Document:
    """Tells every server that this account is closed for good."""
    return {
        "@context": STREAMS, "id": f"{actor.id_url}#delete", "type": "Delete",
        "actor": actor.id_url, "to": [PUBLIC], "object": actor.id_url,
    }  # fmt: skip


def accepted(actor: Actor, follow_id: str, who: str) -> Document:
    """Our yes to somebody who asked to follow; it repeats the question, in our own words."""
    nonce = hashlib.sha256(f"{who} {follow_id}".encode()).hexdigest()[:24]
    return {
        "@context": STREAMS, "id": f"{actor.id_url}#accept-{nonce}", "type": "Accept",
        "actor": actor.id_url, "to": [who],
        "object": {"id": follow_id, "type": "Follow", "actor": who, "object": actor.id_url},
    }  # fmt: skip


def webfinger(actor: Actor) -> Document:
    return {
        "subject": f"acct:{actor.address}",
        "aliases": [actor.id_url],
        "links": [
            {"rel": "self", "type": TYPE, "href": actor.id_url},
            {"rel": "http://webfinger.net/rel/profile-page", "type": "text/html",
             "href": actor.id_url},
        ],
    }  # fmt: skip


def outbox(actor: Actor, total: int) -> Document:
    return {
        "@context": CONTEXT, "id": actor.outbox, "type": "OrderedCollection",
        "totalItems": total, "first": f"{actor.outbox}?page=1",
    }  # fmt: skip


def outbox_page(actor: Actor, notes: list[Note], asked: str, older: str) -> Document:
    page: Document = {
        "@context": CONTEXT, "id": f"{actor.outbox}?{asked}", "type": "OrderedCollectionPage",
        "partOf": actor.outbox,
        "orderedItems": [{k: v for k, v in created(n).items() if k != "@context"} for n in notes],
    }  # fmt: skip
    return {**page, "next": f"{actor.outbox}?{older}"} if older else page


def followers(actor: Actor, count: int) -> Document:
    """How many, and never who."""
    return {
        "@context": STREAMS, "id": actor.followers_url, "type": "OrderedCollection",
        "totalItems": count,
    }  # fmt: skip


def nodeinfo(version: str, posts: int, accounts: int) -> Document:
    return {
        "version": "2.0",
        "software": {"name": "commonground", "version": version},
        "protocols": ["activitypub"],
        "services": {"inbound": [], "outbound": []},
        "openRegistrations": False,
        "usage": {"users": {"total": accounts}, "localPosts": posts},
        "metadata": {},
    }
