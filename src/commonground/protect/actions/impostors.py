"""Finds accounts whose names could pass for ours, and takes each from there to its end."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from commonground.agency.models import Agency, Member
from commonground.channels.contract import Declined
from commonground.channels.contract.profile import Profile
from commonground.channels.models import Channel
from commonground.channels.networks import networks
from commonground.kit.apart import Unusable, apart
from commonground.kit.outbound import Unreachable, fetch
from commonground.kit.refusals import Refused
from commonground.protect import rules
from commonground.protect.engine.impostors import Likeness, Match, Own, Us, likeness, searched_for
from commonground.protect.engine.portraits import MEMORY, SECONDS, are_alike
from commonground.protect.line.looking import our_domain
from commonground.protect.models import Impostor, PlaceSearched
from commonground.protect.models.impostors import REMINDED_EVERY, SEARCHED_EVERY, known_as
from commonground.record.actions import THE_DESK, Person, advance, witness

PORTRAIT_BYTES = 2 << 20
GONE = (404, 410)
HASHED_BY = "commonground.protect.engine.portraits:hash_of"


def us_of(agency: Agency) -> Us:
    """Everything of ours that a name is held against."""
    ours = Channel.objects.filter(agency=agency, drill=False).exclude(handle="")
    accounts = [Own(c.handle, c.url, c.state == "closed") for c in ours]
    return Us.of(agency.name, accounts, our_domain(agency))


@transaction.atomic
def notice(
    agency: Agency, seen: Profile, network: str, match: Match, *, found_by: str,
    by: Person = THE_DESK,
) -> Impostor | None:  # fmt: skip
    """A new case; None where this account is one already."""
    case, new = Impostor.objects.get_or_create(
        agency=agency, known_as=known_as(agency.pk, seen.url, seen.handle),
        defaults={
            "network": network, "handle": seen.handle[:300], "url": seen.url[:400],
            "called": seen.called[:200], "likeness": match.likeness.value, "of": match.of[:300],
            "found_by": found_by,
        },
    )  # fmt: skip
    if not new:
        return None
    witness(
        "find_impostor", case, by=by, handle=case.handle, url=case.url, called=case.called,
        likeness=case.likeness, found_by=found_by,
    )  # fmt: skip
    return case


# Searching


def know_places() -> None:
    """Where we search: the servers our own accounts are on, and networks searched as a whole."""
    for network, kind in networks().items():
        if kind.search is None:
            continue
        ours = Channel.objects.listed().filter(network=network).exclude(handle="")
        for agency, address in set(ours.values_list("agency", "address")):
            PlaceSearched.objects.get_or_create(
                agency_id=agency, network=network, address=kind.searched_at or address
            )


def search_next(now: datetime) -> PlaceSearched | None:
    """Search the place nobody has searched for longest, if one is due."""
    due = PlaceSearched.objects.exclude(searched_at__gt=now - SEARCHED_EVERY)
    place = due.order_by("searched_at").select_related("agency").first()
    if place is None:
        return None
    as_we_saw_it = PlaceSearched.objects.filter(pk=place.pk, searched_at=place.searched_at)
    if not as_we_saw_it.update(searched_at=now):
        return None  # another worker is at it
    try:
        search(place)
        trouble = ""
    except (Unreachable, Declined) as why:
        trouble = str(why)
    PlaceSearched.objects.filter(pk=place.pk).update(trouble=trouble[:300])
    return place


def search(place: PlaceSearched) -> list[Impostor]:
    """Every account there whose name could pass for ours, and no other. Raises Unreachable."""
    us, seen = us_of(place.agency), dict[str, Profile]()
    find = networks()[place.network].search
    for words in searched_for(us) if find else []:
        seen |= {one.url: one for one in find(place.address, words)}  # type: ignore[misc]
    found = []
    for profile in seen.values():
        match = likeness(us, profile.handle, profile.called, profile.url)
        if match and (
            case := notice(place.agency, profile, place.network, match, found_by="search")
        ):
            found.append((case, profile))
    if found:
        compare_pictures(us, list(seen.values()), found)
    return [case for case, _profile in found]


def compare_pictures(
    us: Us, seen: Sequence[Profile], found: Sequence[tuple[Impostor, Profile]]
) -> None:
    """Whether those bear the picture of ours, where the same search showed us ours."""
    handles = {own.handle.lstrip("@").casefold() for own in us.accounts if not own.closed}
    ours = [hashed(p.portrait) for p in seen if p.handle.lstrip("@").casefold() in handles]
    for case, profile in found:
        theirs = hashed(profile.portrait) if any(ours) else ""
        if theirs and any(one and are_alike(one, theirs) for one in ours):
            Impostor.objects.filter(pk=case.pk).update(same_picture=True)


def hashed(address: str) -> str:
    """What a portrait looks like, in 32 digits; "" where it cannot be had. It is not kept."""
    if not address:
        return ""
    try:
        content = fetch(address, most=PORTRAIT_BYTES).body
        return apart(HASHED_BY, content, seconds=SECONDS, memory=MEMORY).decode()
    except (Unreachable, Unusable):
        return ""


# Hearing


class NamesHeard:
    """The names that pass by while an agency listens. All are let go but those that resemble us."""

    MOST = 20_000  # names judged already; then from the start, for memory is not to grow

    def __init__(self, agency: Agency) -> None:
        self.agency, self.us = agency, us_of(agency)
        self.judged: set[str] = set()
        self.found: list[tuple[Profile, Match]] = []

    def hear(self, author: str) -> None:
        """An account as the streams of a server give it: https://social.example/@name."""
        if not author.startswith("https://") or author in self.judged:
            return
        if len(self.judged) >= self.MOST:
            self.judged.clear()
        self.judged.add(author)
        host, _slash, path = author.removeprefix("https://").partition("/")
        profile = Profile(f"@{path.rstrip('/').rpartition('/')[2].lstrip('@')}@{host}", author)
        if match := likeness(self.us, profile.handle, url=author):
            self.found.append((profile, match))

    def rest(self) -> None:
        """Write down what resembles us."""
        while self.found:
            profile, match = self.found[0]
            notice(self.agency, profile, "mastodon", match, found_by="hearing")
            self.found.pop(0)


# What a person does


def add_impostor(
    agency: Agency, *, handle: str, url: str, network: str, called: str = "", by: Member
) -> Impostor:
    """An account a member came across, or that somebody told us of."""
    rules.may_add_impostor(agency, by)
    match = likeness(us_of(agency), handle, called, url) or Match(Likeness.TOLD)
    if any(own.url and own.url == url for own in us_of(agency).accounts if not own.closed):
        raise Refused(_("This one is ours."))
    seen = Profile(handle, url, called)
    case = notice(agency, seen, network, match, found_by="person", by=by)
    if case is None:
        raise Refused(_("This account is on the list already."))
    return case


@transaction.atomic
def look_into(case: Impostor, *, by: Member) -> Impostor:
    """I look at it: others see that somebody does."""
    rules.may_decide(case, "look_into", by)
    return decided(case, "look_into", by)


@transaction.atomic
def find_harmless(case: Impostor, *, reason: str, by: Member) -> Impostor:
    """Not ours, and it pretends nothing. Its name is forgotten after 30 days."""
    rules.may_decide(case, "find_harmless", by)
    return decided(case, "find_harmless", by, note=needed(reason))


@transaction.atomic
def report(case: Impostor, *, number: str = "", by: Member) -> Impostor:
    """It pretends to be us, and its network was asked to take it down. The public is warned."""
    rules.may_decide(case, "report", by)
    now = timezone.now()
    return decided(
        case,
        "report",
        by,
        reported_at=now,
        number=number.strip()[:80],
        tell_at=now + REMINDED_EVERY,
    )


@transaction.atomic
def note_gone(case: Impostor, *, by: Member) -> Impostor:
    """It is no longer there."""
    rules.may_decide(case, "note_gone", by)
    return decided(case, "note_gone", by, gone_at=timezone.now())


@transaction.atomic
def note_refusal(case: Impostor, *, reason: str, by: Member) -> Impostor:
    """The network lets it stand. The public stays warned."""
    rules.may_decide(case, "note_refusal", by)
    return decided(case, "note_refusal", by, note=needed(reason))


@transaction.atomic
def take_up_again(case: Impostor, *, by: Member) -> Impostor:
    """It was a mistake, or it came back."""
    rules.may_decide(case, "take_up_again", by)
    return decided(case, "take_up_again", by, gone_at=None, missing_since=None)


def decided(case: Impostor, step: str, by: Member, **changes: Any) -> Impostor:
    told = {"handle": case.handle, "url": case.url} | {
        name: str(changes[name]) for name in ("note", "number") if changes.get(name)
    }
    now = timezone.now()
    changes = {"tell_at": now + REMINDED_EVERY, **changes}
    return advance(case, step, by=by, told=told, decided_by_id=by.pk, decided_at=now, **changes)


def needed(reason: str) -> str:
    if not reason.strip():
        raise Refused(_("Say why in a few words: the record needs it."))
    return reason.strip()[:300]


# What the clock does


def look_at_reported(now: datetime) -> Impostor | None:
    """Whether one that was reported still stands there. A person says that it is gone."""
    case = Impostor.objects.to_look_at(now).first()
    as_we_saw_it = Impostor.objects.filter(pk=case.pk, looked_at=case.looked_at) if case else None
    if case is None or as_we_saw_it is None or not as_we_saw_it.update(looked_at=now):
        return None
    with suppress(Unreachable):
        status = fetch(case.url).status
        if status in GONE or status < 400:  # a server in trouble says nothing of the account
            since = (case.missing_since or now) if status in GONE else None
            Impostor.objects.filter(pk=case.pk).update(missing_since=since)
    return case


def note_told_of_impostor(case: Impostor, names: Sequence[str]) -> None:
    """People were told of it, and will be reminded."""
    now = timezone.now()
    with transaction.atomic():
        as_we_saw_it = Impostor.objects.open().filter(pk=case.pk, told_at=case.told_at)
        if as_we_saw_it.update(told_at=now, tell_at=now + REMINDED_EVERY):
            witness("tell_of_impostor", case, by=THE_DESK, names=list(names))


@transaction.atomic
def forget_harmless(now: datetime) -> int:
    """Names of accounts that pretended nothing. That they were judged is known by a digest."""
    blank = {"handle": "", "url": "", "called": "", "note": "", "of": "", "forgotten": True}
    return Impostor.objects.to_forget(now).update(**blank)
