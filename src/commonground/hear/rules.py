"""Who may change where and what we listen for, and what nobody may listen for."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from itertools import pairwise

from django.utils.translation import gettext as _

from commonground.agency.models import Member
from commonground.agency.states import Role
from commonground.hear.engine.words import fold
from commonground.hear.models import Source, SourceKind, Topic
from commonground.kit.refusals import NotYours, Refused

WORD = re.compile(r"[^\W\d_][\w'’.]*(?:-[^\W\d_][\w'’.]*)*")


def may_change_sources(by: Member) -> None:
    if Role.ADMIN not in by.roles:
        raise NotYours(_("Only an administrator may change where we listen."))


def may_propose(by: Member) -> None:
    if not by.roles & {Role.AUTHOR, Role.APPROVER, Role.ADMIN}:
        raise NotYours(_("Your role does not include proposing topics."))


def may_approve(topic: Topic, by: Member) -> None:
    ours(topic, by)
    if Role.APPROVER not in by.roles:
        raise NotYours(_("Only an approver may let a topic be listened for."))
    if topic.proposed_by_id == by.pk:
        raise NotYours(_("You proposed this topic. A second person has to approve it."))


def may_end(topic: Topic, by: Member) -> None:
    ours(topic, by)
    if Role.ADMIN not in by.roles:
        raise NotYours(_("Only an administrator may end a topic."))


def ours(thing: Source | Topic, by: Member) -> None:
    if thing.agency_id != by.agency_id:
        raise NotYours(_("This belongs to another agency."))


def topics_never_people(
    name: str, watch: Mapping[str, Iterable[str]], places: Iterable[str]
) -> None:
    """Refuse a topic that is a person: an account name, or words written like a name.

    A first line, not a proof: the approver, the public list and the expiry are the others.
    """
    known = {fold(place) for place in places}
    terms = [term for listed in watch.values() for term in listed]
    if not terms:
        raise Refused(_("A topic needs at least one word or phrase to listen for."))
    for term in [name, *terms]:
        if "@" in term:
            raise Refused(
                _('"%(term)s" is an account. We listen for topics, never for people.')
                % {"term": term}
            )
    for person in (name for term in terms for name in names_in(term)):
        if fold(person) not in known:
            raise Refused(
                _(
                    '"%(term)s" is written like the name of a person, and we never listen for '
                    "people. If it is a place, add it to the places; if it is something else, "
                    "write it in small letters."
                )
                % {"term": person}
            )


def names_in(term: str) -> list[str]:
    """Two capitalised words beside each other: how the names of people are written."""
    found = list(WORD.finditer(term))
    return [
        f"{first.group()} {last.group()}"
        for first, last in pairwise(found)
        if capitalised(first.group())
        and capitalised(last.group())
        and not term[first.end() : last.start()].strip()
    ]


def capitalised(word: str) -> bool:
    """Jane, Jean-Luc, O'Neill; not DUI, which is no name."""
    return word[0].isupper() and not (len(word) > 1 and word.isupper())


def can_be_followed(kind: str, address: str) -> None:
    """A live source needs an address; what kind it must be depends on what speaks there."""
    schemes = {
        SourceKind.JETSTREAM: ("wss://", "ws://"),
        SourceKind.FIREHOSE: ("wss://", "ws://"),
        SourceKind.MASTODON: ("https://", "http://"),
        SourceKind.FEED: ("https://", "http://"),
    }
    wanted = schemes.get(SourceKind(kind))
    if wanted and not address.startswith(wanted):
        raise Refused(
            _("The address of this source has to begin with %(scheme)s.") % {"scheme": wanted[0]}
        )
