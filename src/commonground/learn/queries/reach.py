"""How far posts came, as networks say; and who was not spoken to."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Q, QuerySet

from commonground.agency.models import Agency
from commonground.kit.languages import name_of_language
from commonground.learn.engine.census import AREA, LANGUAGE
from commonground.learn.engine.reaching import Row, rows
from commonground.learn.models import Reached
from commonground.learn.queries.pulses import census_of
from commonground.say.models import Delivery
from commonground.say.states import DeliveryState

LOOKED_BACK = timedelta(days=90)
SHOWN = 100  # deliveries on the page
MOST = 20_000  # that are counted
ASKED_FOR = timedelta(days=30)  # what comes later is little, and asking costs others


def has_something_to_ask(now: datetime) -> Q:
    """Of which channels. Most of an agency's hundreds said nothing lately, and each that is asked
    takes a turn to write."""
    due = Reached.objects.filter(next_at__lte=now).values("delivery__variant__channel")
    return Q(pk__in=due) | Q(pk__in=never_asked(now).values("variant__channel"))


def never_asked(now: datetime) -> QuerySet[Delivery]:
    return Delivery.objects.filter(
        state=DeliveryState.SENT, reached=None, withdrawn_at=None, seen_at__gte=now - ASKED_FOR,
        variant__boosts=None,
    )  # fmt: skip


def deliveries_since(agency: Agency, since: datetime) -> QuerySet[Delivery]:
    """What stands, first parts alone: a thread is one post."""
    sent = Delivery.objects.filter(agency=agency, state=DeliveryState.SENT, seen_at__gte=since)
    return sent.filter(part=1, withdrawn_at=None, variant__channel__drill=False).order_by(
        "-seen_at"
    )


def newest_reach(agency: Agency, now: datetime) -> list[Delivery]:
    found = deliveries_since(agency, now - LOOKED_BACK)
    return list(found.select_related("variant__post", "variant__channel", "reached")[:SHOWN])


@dataclass(frozen=True)
class Channelled:
    """One channel: how many posts, of how many something is known, and what that adds up to. None
    where nothing is known of any."""

    name: str
    network: str
    posts: int
    known: int
    tells: bool  # whether the network tells anything to a program
    figures: dict[str, int | None]


def reach_by_channel(agency: Agency, now: datetime) -> list[Channelled]:
    found = deliveries_since(agency, now - LOOKED_BACK)
    by: dict[str, list[Delivery]] = {}
    for one in found.select_related("variant__channel", "reached")[:MOST]:
        by.setdefault(str(one.variant.channel_id), []).append(one)
    return sorted((channelled(ours) for ours in by.values()), key=lambda c: c.name)


def channelled(ours: Sequence[Delivery]) -> Channelled:
    channel = ours[0].variant.channel
    told = [one.reached for one in ours if hasattr(one, "reached") and one.reached.is_known]
    figures = {name: added(getattr(one, name) for one in told) for name in Reached.FIGURES}
    tells = channel.kind.reach is not None
    return Channelled(
        channel.name, str(channel.kind.label), len(ours), len(told), tells, figures
    )  # fmt: skip


def added(numbers: Iterable[int | None]) -> int | None:
    known = [n for n in numbers if n is not None]
    return sum(known) if known else None


# Who is not reached


@dataclass(frozen=True)
class NotReached:
    """By language and by area, who hears least first; and what is not known."""

    posts: int
    languages: list[Row]
    areas: list[Row]
    everywhere: int  # posts that speak to no area apart
    unknown_areas: list[str]  # the desk speaks for them, and the census does not know them


def not_reached(agency: Agency, now: datetime) -> NotReached | None:
    """None without a census: nobody knows who there is to be reached."""
    census = census_of(agency)
    if census is None:
        return None
    found = deliveries_since(agency, now - LOOKED_BACK).select_related(
        "variant__post", "variant__channel__voice_of__area"
    )[:MOST]
    languages, areas = spoken_in(found), spoken_for(found)
    posts = len({one.variant.post_id for one in found})
    known, language = census.trait(AREA), census.trait(LANGUAGE)
    return NotReached(
        posts, [named(row) for row in held(language, languages, posts)],
        held(known, areas, posts), areas[""],
        sorted(set(areas) - {""} - set(known["classes"] if known else [])),
    )  # fmt: skip


def held(trait: dict[str, list] | None, spoken: Counter[str], posts: int) -> list[Row]:  # type: ignore[type-arg]
    return rows(trait["classes"], trait["people"], spoken, posts) if trait else []


def named(row: Row) -> Row:
    return Row(name_of_language(row.name), row.people, row.share, row.posts, row.of)


def spoken_in(found: Iterable[Delivery]) -> Counter[str]:
    """Posts by language: one in two languages speaks to both."""
    said = set()
    for one in found:
        codes = [one.variant.language or one.variant.post.language]
        codes += [str(also.get("language", "")) for also in one.variant.also]
        said |= {(one.variant.post_id, code.partition("-")[0]) for code in codes}
    return Counter(code for _post, code in said)


def spoken_for(found: Iterable[Delivery]) -> Counter[str]:
    """Posts by area; "" for those that speak to no area apart."""
    said = set()
    for one in found:
        voice = getattr(one.variant.channel, "voice_of", None)
        area = one.variant.area or (voice.area.name if voice and not voice.area.everywhere else "")
        said.add((one.variant.post_id, area))
    return Counter(area for _post, area in said)
