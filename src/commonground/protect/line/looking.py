"""Looks at what proves whose an account is, as anybody on the internet could."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from http import HTTPStatus
from urllib.parse import quote, urlsplit

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext_noop as _

from commonground.agency.models import Agency
from commonground.channels.contract import Declined
from commonground.channels.line import base_of
from commonground.kit import troubles
from commonground.kit.outbound import Answer, Unreachable, fetch
from commonground.kit.sites import own_site
from commonground.protect.engine.register import NotGood, name_of, opened
from commonground.protect.engine.ties import (
    BELOW,
    OF_A_HANDLE,
    THERE,
    Kind,
    Look,
    Why,
    absent,
    accounts_named,
    did_in,
    is_ours,
    keys_named,
    leads_to_any,
    links_that_say_me,
    unseen,
)
from commonground.protect.line.names import Unanswered, texts_at
from commonground.record.engine.notes import Key, key_of
from commonground.record.queries.log import signing_key

SECONDS = 20.0
REGISTER, FILE = "/accounts/", "/.well-known/commonground-accounts.txt"
GONE = {HTTPStatus.NOT_FOUND, HTTPStatus.GONE}


def over_https(host: str) -> str:
    return f"https://{host}"


@dataclass(frozen=True, slots=True)
class Account:
    """What the public sees of an account of ours, and the server it is on."""

    url: str
    handle: str = ""
    server: str = ""


@dataclass(frozen=True, slots=True)
class Eyes:
    """Looks from outside. `site`: our own address in public; `domain`: whose DNS names accounts."""

    site: str
    domain: str
    key: Key  # that our register is signed with
    home: Callable[[str], str] = over_https  # where the web server of a name is

    def look(self, kind: Kind, account: Account) -> Look:
        looks = {
            Kind.LINK: self.page_of_theirs, Kind.HANDLE: self.handle, Kind.PAGE: self.our_page,
            Kind.FILE: self.our_file, Kind.NAME: self.our_names,
        }  # fmt: skip
        try:
            return looks[kind](account)
        except (Unreachable, Unanswered, Declined) as trouble:
            return unseen(str(trouble))

    def page_of_theirs(self, account: Account) -> Look:
        """Whether the account's own page says that our register is it, too."""
        answer = asked(account.url)
        if answer.status in GONE:
            return absent(Why.GONE)
        if host_of(answer.url) != host_of(account.url):
            return absent(Why.ELSEWHERE, host_of(answer.url))
        links = links_that_say_me(text_of(answer))
        ours = [self.site, self.site + REGISTER, self.site + "/newsroom/"]
        return THERE if leads_to_any(links, ours) else absent(Why.NO_LINK)

    def our_page(self, account: Account) -> Look:
        links = links_that_say_me(text_of(asked(self.site + REGISTER)))
        return THERE if leads_to_any(links, [account.url]) else absent(Why.NOT_NAMED)

    def our_file(self, account: Account) -> Look:
        """Whether our signed register, as others get it, is ours, is new, and names the account."""
        answer = asked(self.site + FILE)
        if answer.status in GONE:
            return absent(Why.NO_RECORD)
        try:
            register = opened(text_of(answer), self.key, timezone.now())
        except NotGood as why:
            return absent(Why.UNSIGNED, str(why))
        return THERE if account.url in register.urls else absent(Why.NOT_NAMED)

    def our_names(self, account: Account) -> Look:
        texts = texts_at(f"{BELOW}.{self.domain}")
        named, keys = accounts_named(texts), keys_named(texts)
        if keys and str(self.key) not in keys:
            return absent(Why.OTHER_KEY, keys[0])
        if not named:
            return absent(Why.NO_RECORD)
        return THERE if leads_to_any(named, [account.url]) else absent(Why.NOT_NAMED)

    def handle(self, account: Account) -> Look:
        """Whether the account's name is one of our domain, which leads to this very account."""
        name = account.handle.lstrip("@").casefold()
        if not is_ours(name, self.domain):
            return absent(Why.FOREIGN, name)
        account_id = self.who_has(name, account.server)
        if not account_id:
            return absent(Why.GONE)
        named = self.named_by(name)
        if not named:
            return absent(Why.NO_RECORD)
        return THERE if named == {account_id} else absent(Why.ANOTHER, sorted(named)[0])

    def who_has(self, name: str, server: str) -> str:
        """The lasting name of whoever bears this one, as their server says; "" for nobody."""
        at = f"{base_of(server)}/xrpc/com.atproto.repo.describeRepo?repo={quote(name)}"
        answer = fetch(at, seconds=SECONDS)
        if answer.status == HTTPStatus.BAD_REQUEST:  # so it says that it has no such account
            return ""
        return did_in(str(json_of(whole(answer)).get("did", "")))

    def named_by(self, name: str) -> set[str]:
        """The accounts to which our own name leads: by its record, or else by its file."""
        texts = texts_at(f"{OF_A_HANDLE}.{name}")
        if found := {did for text in texts if (did := did_in(text))}:
            return found
        answer = asked(self.home(name) + "/.well-known/atproto-did")
        did = did_in(text_of(answer)) if answer.status == HTTPStatus.OK else ""
        return {did} if did else set()


def our_eyes(agency: Agency) -> Eyes:
    return Eyes(agency.site, our_domain(agency), our_key(agency))


def our_key(agency: Agency | None = None) -> Key:
    """Whose signature our register bears: the record's key, under a name of its own, so that
    neither can pass for the other, nor one agency's register for another's. Without an agency:
    the register at the installation's own address."""
    site = agency.site if agency else own_site()
    return key_of(name_of(urlsplit(site).netloc), signing_key())


def our_domain(agency: Agency) -> str:
    """Whose DNS names our accounts. The setting is for who has no other address."""
    host = urlsplit(agency.site).hostname or ""
    return host if agency.site != own_site() else settings.ENV.domain or host


def asked(url: str) -> Answer:
    """A page, or that it is gone. Whatever else a server says is no answer to our question."""
    return whole(fetch(url, headers={"Accept": "text/html, */*;q=0.5"}, seconds=SECONDS))


def whole(answer: Answer) -> Answer:
    if answer.status != HTTPStatus.OK and answer.status not in GONE:
        raise Unreachable(troubles.ANSWERED % {"what": answer.status})
    return answer


def text_of(answer: Answer) -> str:
    return answer.body.decode("utf-8", "replace")


def json_of(answer: Answer) -> dict[str, object]:
    try:
        said = json.loads(answer.body)
    except (ValueError, RecursionError) as error:
        raise Unreachable(_("The answer is not what it should be.")) from error
    if not isinstance(said, dict):
        raise Unreachable(_("The answer is not what it should be."))
    return said


def host_of(url: str) -> str:
    return (urlsplit(url).hostname or "").removeprefix("www.")
