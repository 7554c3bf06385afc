"""Where one of ours ends: how many agencies it serves before the next one is needed, or before
more of the same no longer helps. Paces and hands are read from the product's own code."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import django

django.setup()

import commonground.protect.tasks  # noqa: F401
from commonground.answer.actions.arriving import ASK_AT_LEAST
from commonground.answer.tasks import EARS
from commonground.channels.networks import networks
from commonground.hear.listening.feeds import POLL_SECONDS
from commonground.kit.clock import CHORES, THREADS, Lane
from commonground.kit.environment import Env
from commonground.kit.serving import THREADS as ANSWERING
from commonground.protect.engine.ties import LOOKED_EVERY
from commonground.protect.models import LOOK_EVERY
from commonground.protect.models.impostors import SEARCHED_EVERY
from commonground.say.tasks import watching
from tools.plan.demand import of, ordinary
from tools.plan.queues import FULL
from tools.plan.units import Unit

FEEDS_EVERY = POLL_SECONDS
POSTGRESQL = 100  # connections, as it comes
HANDS = int(Env.model_fields["hands"].default)
# What others let one address ask them, in requests a second.
BLUESKY = 3_000 / 300
BLUESKY_SAYS = (
    "[3,000 requests in five minutes](https://docs.bsky.app/docs/advanced-guides/rate-limits)"
)
MASTODON_SAYS = "[300 in five minutes](https://docs.joinmastodon.org/api/rate-limits/)"


@dataclass(frozen=True, slots=True)
class Limit:
    what: str
    agencies: float
    why: str
    then: str
    more_helps: bool  # whether a second one of ours moves it


def every(name: str) -> float:
    """How often, in seconds, the worker does this chore."""
    (found,) = [chore.seconds for chore in CHORES if chore.name == name]
    return found


def asks(accounts: float) -> float:
    """Questions a second that so many foreign accounts cost at the least: what people wrote, and
    what the public sees."""
    return accounts * (1 / ASK_AT_LEAST.total_seconds() + 1 / LOOK_EVERY.total_seconds())


def searched_networks() -> int:
    return sum(kind.search is not None for kind in networks().values())


def limits(cost: Mapping[str, Unit]) -> list[Limit]:
    """In the order in which they are met."""
    value = {name: unit.value for name, unit in cost.items()}
    accounts, one = of("accounts"), ordinary(1)
    latency = of("latency")
    asked_s, looked_s = ASK_AT_LEAST.total_seconds(), LOOK_EVERY.total_seconds()
    ears = EARS.most
    entries = one.posts * value["entries_a_post"] + one.written
    core = (one.deliveries * value["delivery_worker_s"]
            + asks(accounts) * (value["ask_s"] + value["look_s"]) / 2)  # fmt: skip
    found = [
        Limit(
            "one address asking Bluesky", BLUESKY / asks(1),
            f"it may ask {BLUESKY:g} times a second ({BLUESKY_SAYS}); each account is asked at "
            f"least every {asked_s:g} s what people wrote, and looked at every {looked_s:g} s",
            "more addresses to ask from; or one stream of the whole network (Jetstream) in place "
            "of a question for each account: that is not built", more_helps=False,
        ),
        Limit(
            "the ears of one worker", ears / (latency + value["ask_s"]) * asked_s / accounts,
            f"{ears} at once, {latency:g} s each", "more workers", more_helps=True,
        ),
        Limit(
            "the watch of one worker over accounts",
            watching.AT_ONCE / (latency + value["look_s"]) * looked_s / accounts,
            f"{watching.AT_ONCE} at once, each account every {looked_s:g} s", "more workers",
            more_helps=True,
        ),
        Limit(
            "one worker's search for impostors",
            SEARCHED_EVERY.total_seconds() / every("protect.tasks.search_for_impostors")
            / searched_networks(),
            f"one place each {every('protect.tasks.search_for_impostors'):g} s, and "
            f"{searched_networks()} networks to search for each agency, each every "
            f"{SEARCHED_EVERY.total_seconds() / 3600:g} hours",
            "more workers", more_helps=True,
        ),
        Limit(
            "one worker's look at proofs",
            LOOKED_EVERY.total_seconds() / every("protect.tasks.look_at_proofs") / accounts,
            f"one each {every('protect.tasks.look_at_proofs'):g} s, each once a day",
            "more workers", more_helps=True,
        ),
        Limit(
            "one core of a worker", FULL / core,
            "carrying, asking and looking, in an ordinary busiest hour", "more workers",
            more_helps=True,
        ),
        Limit(
            "the head of the record", FULL / (entries * value["entry_head_s"]),
            f"one row, held {1000 * value['entry_head_s']:.1f} ms for an entry, and nobody else "
            "writes meanwhile", "a second installation: each has a record of its own",
            more_helps=False,
        ),
    ]  # fmt: skip
    return sorted(found, key=lambda limit: limit.agencies)


def connections(web: int, workers: int) -> int:
    """To the database, at most, of so many processes."""
    alone = sum(chore.lane == Lane.ALONE for chore in CHORES)
    a_worker = sum(THREADS.values()) + alone + EARS.most + HANDS + watching.AT_ONCE
    return web * (ANSWERING_THREADS + 1) + workers * a_worker


# Of a machine with four cores and more; the one we measure on has two.
ANSWERING_THREADS = max(5, ANSWERING._max_workers)
