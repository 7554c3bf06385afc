"""One account's own records, during one errand."""

from __future__ import annotations

import hashlib
import re
from contextlib import AbstractContextManager
from datetime import UTC, datetime
from functools import cached_property
from typing import Any
from urllib.parse import urlencode

from atproto import Client, models
from django.utils import timezone

from commonground.channels import engine
from commonground.channels.contract import (
    Account,
    Busy,
    Declined,
    Login,
    Message,
    Receipt,
    Sighting,
    SignInNeeded,
    Unsure,
)
from commonground.channels.line import base_of
from commonground.channels.networks.bluesky.line import Wire, asking, reason_in
from commonground.channels.networks.bluesky.record import Blob, Record, record_of
from commonground.kit.wire import Errand

POSTS, REPOSTS = "app.bsky.feed.post", "app.bsky.feed.repost"
DID = re.compile(r"did:[a-z]+:[A-Za-z0-9._:%-]{1,200}")
FOR_MENTIONS = 10.0  # seconds that must be left, or we publish without looking names up

# Servers allow few sign-ins a day and many requests a session, so each worker keeps its
# sessions: in memory only, under a digest of what opened them.
SESSIONS: dict[str, str] = {}


class Repo:
    def __init__(self, login: Login, patience: float) -> None:
        self.login, self.errand = login, Errand(patience)
        self.base = base_of(login.address)
        self.name = login.handle.strip().lstrip("@")
        self.password = login.secrets.get("app_password", "").strip()
        opened_by = "\n".join((self.base, self.name, self.password))
        self.ticket = hashlib.sha256(opened_by.encode(errors="replace")).hexdigest()

    @cached_property
    def client(self) -> Client:
        """Signed in: with the session we had, if it still opens the door."""
        try:
            return self.come_back(SESSIONS[self.ticket])
        except (KeyError, SignInNeeded):
            return self.sign_in()

    def line(self) -> Client:
        client = Client(self.base, request=Wire(self.errand))
        client.on_session_change(lambda _, session: self.keep(session.export()))
        return client

    def keep(self, session: str) -> None:
        SESSIONS[self.ticket] = session

    def come_back(self, session: str) -> Client:
        with asking(self.errand):
            client = self.resumed(session)
            client.com.atproto.server.get_session()
            return client

    def resumed(self, session: str) -> Client:
        """With a session that we had. Nobody is asked whether it still opens the door."""
        client = self.line()
        client.login(session_string=session, fetch_bsky_profile=False)
        return client

    def ask(self, method: str, **question: Any) -> Any:
        """What a question is answered, as it comes: what strangers wrote need not fit a model.

        It is asked every few seconds, so the session we had is believed until the server says no.
        """
        if "client" not in vars(self) and (session := SESSIONS.get(self.ticket)):
            try:
                with asking(self.errand):
                    self.client = self.resumed(session)
                return self.heard(method, question)
            except SignInNeeded:
                del self.client
        return self.heard(method, question)

    def heard(self, method: str, question: dict[str, Any]) -> Any:
        client = self.client
        with asking(self.errand):
            return client.invoke_query(f"{method}?{urlencode(question, doseq=True)}").content

    def reading(self) -> AbstractContextManager[None]:
        """For what is read of an answer: one that is none is asked for again."""
        return asking(self.errand)

    def sign_in(self) -> Client:
        SESSIONS.pop(self.ticket, None)
        if not self.name or not self.password:
            raise SignInNeeded("This channel has no name or no app password yet.")
        with asking(self.errand):
            client = self.line()
            client.login(self.name, self.password, fetch_bsky_profile=False)
            if not DID.fullmatch(did_of(client)):
                raise ValueError("an answer without an identity")
            return client

    def who(self) -> Account:
        """Always signs in anew: an old session outlives the password that opened it."""
        handle = did_of(self.sign_in(), "handle")
        return Account(handle, f"https://bsky.app/profile/{handle}")

    def end(self) -> bool:
        """End this session, and the password that opened it. False: the password lives on.

        Which of several app passwords is ours nobody tells us; of one it is plain.
        """
        client = self.client
        with asking(self.errand):
            known = client.com.atproto.server.list_app_passwords().passwords
        if ours := [one.name for one in known] if len(known) == 1 else []:
            with asking(self.errand, acting=True):
                client.com.atproto.server.revoke_app_password({"name": ours[0]})
        refresh = did_of(client, "refresh_jwt")
        with asking(self.errand, acting=True):
            client.com.atproto.server.delete_session(headers={"Authorization": f"Bearer {refresh}"})
        SESSIONS.pop(self.ticket, None)
        return bool(ours)

    @property
    def did(self) -> str:
        return did_of(self.client)

    def receipt(self, key: str) -> Receipt:
        # By the identity: a handle may change, and the link in the record must not die.
        url = f"https://bsky.app/profile/{self.did}/post/{key}"
        return Receipt(f"at://{self.did}/{POSTS}/{key}", url)

    def create(self, message: Message, key: str) -> Receipt:
        """Write the record under its name, once.

        Servers answer a second creation with 400, 409 or 500 alike, so after any such
        answer we look at what stands there, before we believe it.
        """
        client, receipt = self.client, self.receipt(key)
        record = self.record(client, message)
        try:
            self.write(client, POSTS, key, record, receipt)
        except (Declined, Unsure) as trouble:
            if isinstance(trouble, SignInNeeded) or not self.stands(message, key):
                raise
        return receipt

    def write(
        self, client: Client, collection: str, key: str, record: Record, receipt: Receipt
    ) -> None:
        """Create it, once. Whatever is answered, only looking tells what stands there."""
        with asking(self.errand, acting=True):
            made = client.com.atproto.repo.create_record(
                {"repo": self.did, "collection": collection, "rkey": key, "record": record}
            )
            if made.uri != receipt.network_id:
                raise ValueError("an answer about something else")

    def record(self, client: Client, message: Message) -> Record:
        """Nothing is public yet, so trouble here leaves nothing to be unsure about."""
        with asking(self.errand):
            created_at = timezone.now().isoformat(timespec="milliseconds")
            reply = self.place_of(message)
            return record_of(message, created_at, self.upload, self.resolve, reply)

    def place_of(self, message: Message) -> Record | None:
        """Beneath what it follows or corrects, or nowhere."""
        if message.follows is None:
            return self.reply_to(message.corrects) if message.corrects else None
        if reply := self.reply_to(message.follows):
            return reply
        raise Declined("The part before it is gone.")

    def reply_to(self, earlier: Receipt) -> Record | None:
        """Beneath a post of ours, or of somebody who wrote to us. Where that is gone, the words
        must stand by themselves."""
        whose, key = owner_and_key(earlier.network_id)
        query = models.ComAtprotoRepoGetRecord.Params(
            repo=whose or self.did, collection=POSTS, rkey=key
        )
        try:
            with asking(self.errand):
                found = self.client.com.atproto.repo.get_record(query)
        except Declined:
            if self.is_absent():
                return None
            raise
        parent = models.ComAtprotoRepoStrongRef.Main(uri=found.uri, cid=str(found.cid))
        of_parent = getattr(found.value, "reply", None)
        root = of_parent.root if of_parent else parent
        return models.AppBskyFeedPost.ReplyRef(parent=parent, root=root)

    def upload(self, content: bytes, kind: str) -> Blob:
        headers = {"Content-Type": kind}
        return self.client.com.atproto.repo.upload_blob(content, headers=headers).blob

    def resolve(self, handle: str) -> str | None:
        if self.errand.left < FOR_MENTIONS:
            return None
        try:
            with asking(self.errand):
                query = models.ComAtprotoIdentityResolveHandle.Params(handle=handle)
                return str(self.client.com.atproto.identity.resolve_handle(query).did)
        except (Declined, Busy, Unsure):
            return None

    def stands(self, message: Message, key: str) -> bool:
        try:
            value = self.value_under(key)
        except (Declined, Busy, Unsure):
            return False  # the first trouble is the better reason
        if value is not None and (text_of(value) != message.text or astray(value, message)):
            raise Declined("Something else was published under this name.")
        return value is not None

    def says(self, value: Any, message: Message) -> bool:
        """Whether a record is the one this message made: its words, in its place."""
        return engine.same_words(text_of(value), message.text) and not astray(value, message)

    def value_under(self, key: str) -> Any:
        value = self.found_under(POSTS, key)
        if value is not None:
            with asking(self.errand):
                text_of(value)  # else it is no post
        return value

    def found_under(self, collection: str, key: str) -> Any:
        """What anyone can read under this name now. None: nothing is there."""
        query = models.ComAtprotoRepoGetRecord.Params(
            repo=self.did, collection=collection, rkey=key
        )
        try:
            with asking(self.errand):
                return self.client.com.atproto.repo.get_record(query).value
        except Declined:
            if self.is_absent():
                return None
            raise

    def newest(self) -> list[Sighting]:
        """The newest hundred posts of this account, whoever wrote them."""
        query = models.ComAtprotoRepoListRecords.Params(repo=self.did, collection=POSTS, limit=100)
        with asking(self.errand):
            records = self.client.com.atproto.repo.list_records(query).records
            return [self.sighting(record) for record in records]

    def sighting(self, record: Any) -> Sighting:
        uri = str(record.uri)
        if not uri.startswith(f"at://{self.did}/{POSTS}/"):
            raise ValueError("an answer about somebody else")
        receipt = self.receipt(uri.rpartition("/")[2])
        return Sighting(receipt, text_of(record.value), time_of(record.value))

    def is_absent(self) -> bool:
        name, words = reason_in(self.errand)
        return name == "RecordNotFound" or words.startswith("Could not locate record")

    def delete(self, name: str) -> None:
        """Take it away, and look that it is gone: an empty yes proves nothing."""
        client, key = self.client, name.rpartition("/")[2]
        collection = REPOSTS if f"/{REPOSTS}/" in name else POSTS
        with asking(self.errand, acting=True):
            client.com.atproto.repo.delete_record(
                {"repo": self.did, "collection": collection, "rkey": key}
            )
        try:
            there = self.found_under(collection, key)
        except Busy as trouble:
            raise Unsure(str(trouble)) from trouble
        if there is not None:
            raise Unsure("The server says it is withdrawn, and still shows it.")


def did_of(client: Client, field: str = "did") -> str:
    session = client._session
    return str(getattr(session, field, ""))


def time_of(value: Any) -> datetime | None:
    """When its writer says it was written."""
    try:
        at = datetime.fromisoformat(str(value.created_at))
    except ValueError:
        return None
    return at if at.tzinfo else at.replace(tzinfo=UTC)


def astray(value: Any, message: Message) -> bool:
    """A part of a thread stands beneath the one before it, or it is not that part."""
    reply = getattr(value, "reply", None)
    beneath = str(getattr(getattr(reply, "parent", None), "uri", ""))
    return message.follows is not None and beneath != message.follows.network_id


def text_of(value: Any) -> str:
    text = value.text
    if not isinstance(text, str):
        raise TypeError("a post without words")
    return text


def owner_and_key(uri: str) -> tuple[str, str]:
    """Whose record an address names, and under which key; nobody, if it is no address of a post."""
    whose, _, key = uri.removeprefix("at://").rpartition(f"/{POSTS}/")
    return (whose, key) if DID.fullmatch(whose) else ("", uri.rpartition("/")[2])
