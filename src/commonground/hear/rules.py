"""Who may change where and what we listen for, and what nobody may listen for."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from django.utils.translation import gettext as _, gettext_lazy

from commonground.agency.models import Member
from commonground.agency.states import Role
from commonground.hear.engine.people import Found, Sign, person_in, split_person
from commonground.hear.engine.words import fold
from commonground.hear.models import Source, SourceKind, Topic
from commonground.kit.persons import must_be_another
from commonground.kit.refusals import NotYours, Refused

LEAST_REASON = 3  # characters: "no" explains nothing to the one who asks next month


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
    alone = _("You proposed this topic. A second person has to approve it.")
    must_be_another(topic.proposed_by, by, alone)


def may_turn_down(topic: Topic, by: Member, reason: str) -> None:
    ours(topic, by)
    if Role.APPROVER not in by.roles:
        raise NotYours(_("Only an approver may turn a topic down."))
    if len(reason.strip()) < LEAST_REASON:
        raise Refused(_("Say in a few words why we do not listen for this."))


def may_end(topic: Topic, by: Member) -> None:
    ours(topic, by)
    if Role.ADMIN not in by.roles:
        raise NotYours(_("Only an administrator may end a topic."))


def ours(thing: Source | Topic, by: Member) -> None:
    if thing.agency_id != by.agency_id:
        raise NotYours(_("This belongs to another agency."))


def topics_never_people(
    name: str, watch: Mapping[str, Iterable[str]], places: Mapping[str, Iterable[str]]
) -> None:
    """Refuse a topic that is a person, whole or in halves, in its words, its name or its places.

    A first line, not a proof: the approver, the public list and the expiry are the others.
    """
    terms = [term for listed in watch.values() for term in listed]
    if not terms:
        raise Refused(_("A topic needs at least one word or phrase to listen for."))
    called = [one for place, others in places.items() for one in (place, *others)]
    known = {fold(place) for place in called}
    for place in called:
        no_person(person_in(place, place=True))
    no_person(person_in(name, place=True))
    for term in terms:
        no_person(person_in(term, place=fold(term) in known))
    no_person(split_person(terms, [name, *called]))


def no_person(found: Found | None) -> None:
    if found:
        raise Refused(f"{WHY_A_PERSON[found.sign] % {'words': found.words}} {WAY_OUT[found.sign]}")


# What is wrong, and what a person who meant no person can do.
WHY_A_PERSON = {
    Sign.ACCOUNT: gettext_lazy(
        "“%(words)s” is an account or an address. We listen for topics, never for people."
    ),
    Sign.TELEPHONE: gettext_lazy(
        "“%(words)s” is a number that belongs to somebody. We listen for topics, never for people."
    ),
    Sign.PLATE: gettext_lazy(
        "“%(words)s” is written like a number plate. We listen for topics, never for people."
    ),
    Sign.ADDRESS: gettext_lazy(
        "“%(words)s” is where somebody lives. We listen for topics, never for people."
    ),
    Sign.HIDDEN: gettext_lazy(
        "“%(words)s” hides a word behind other letters. We listen for topics, never for people."
    ),
    Sign.NAME: gettext_lazy(
        "“%(words)s” is the name of a person. We listen for topics, never for people."
    ),
    Sign.LIKE_A_NAME: gettext_lazy(
        "“%(words)s” is written like the name of a person. We listen for topics, never for people."
    ),
}
PLACE = gettext_lazy("If it is a place, add it to the places as well.")
WAY_OUT = {
    Sign.ACCOUNT: "",
    Sign.TELEPHONE: gettext_lazy("To listen for what is said about it, use its name."),
    Sign.PLATE: gettext_lazy("If it is a road or a flight, write the word for it too."),
    Sign.ADDRESS: gettext_lazy("Name the street or the place, without a number or a person."),
    Sign.HIDDEN: gettext_lazy("Write the word as it is."),
    Sign.NAME: PLACE,
    Sign.LIKE_A_NAME: PLACE,
}


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
