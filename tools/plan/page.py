"""docs/explanation/plan.md: what it needs, where it breaks, and whether dice agree."""

from __future__ import annotations

import textwrap
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from tools.plan import demand, limits as ends
from tools.plan.demand import AGENCIES, ASSUMED, HEARD, Demand
from tools.plan.queues import FULL, Station, Wave, needed, tried, tried_wave
from tools.plan.units import Unit, units

DOCS = Path(__file__).parents[2] / "docs/explanation/plan.md"
SEEDS = (1, 2, 3)
THINGS = 60_000  # each time
AGREE = 0.1  # of each other: what is worked out, and what the dice say
CORES = 8  # of a machine one would rent
WAVE_LASTS = 600.0  # seconds: the worst of the storm
type Value = dict[str, float]


@dataclass(frozen=True, slots=True)
class Need:
    what: str
    rate: float
    service: float
    ordinary: int
    storm: int


def needs(value: Value, agencies: float = AGENCIES) -> list[Need]:
    """Cores for each kind of work, in the busiest hour and in a storm."""
    day, storm = demand.ordinary(agencies), demand.storm(agencies)
    feeds = HEARD["feeds"].value / ends.FEEDS_EVERY * a_feed(value)
    questions = ends.asks(day.accounts)
    a_question = (value["ask_s"] + value["look_s"]) / 2
    rows = [
        ("pages of the desk", day.desk_pages, storm.desk_pages, value["desk_page_s"]),
        ("public pages", day.public_pages, storm.public_pages, value["public_page_s"]),
        ("news for open pages", day.news, storm.news, value["news_s_a_line"]),
        ("deliveries", day.deliveries, storm.deliveries, value["delivery_worker_s"]),
        ("questions to networks", questions, questions, a_question),
        ("PostgreSQL", 1.0, database(storm, value) / database(day, value), database(day, value)),
        ("hearing Bluesky and Mastodon", demand.heard_posts(), demand.heard_posts(),
         value["heard_post_s"]),
        ("asking 10,000 news feeds", 1.0, 1.0, feeds),
    ]  # fmt: skip
    return [Need(what, day_, each, needed(day_, each), needed(storm_, each))
            for what, day_, storm_, each in rows]  # fmt: skip


def a_feed(value: Value) -> float:
    """Processor seconds for asking one news feed, on average."""
    return value["feed_same_s"] + HEARD["feeds_changed"].value * value["feed_new_s"]


def database(asked: Demand, value: Value) -> float:
    """Processor seconds of PostgreSQL in a second."""
    return (
        asked.desk_pages * value["desk_page_database_s"]
        + asked.public_pages * value["public_page_database_s"]
        + asked.deliveries * value["delivery_database_s"]
        + asked.written * value["entry_database_s"]
    )


def stations(value: Value) -> list[Station]:
    """What is tried with dice: lines as long as the plan makes them."""
    day = demand.ordinary(AGENCIES)
    entries = day.posts * value["entries_a_post"] + day.written
    pages = needed(day.desk_pages, value["desk_page_s"])
    carried = value["delivery_worker_s"]
    return [
        Station("the head of the record, 18,000 agencies", entries, value["entry_head_s"], 1),
        Station("the same, as full as it may be", FULL / value["entry_head_s"],
                value["entry_head_s"], 1),
        Station("pages of the desk, one core", FULL / value["desk_page_s"],
                value["desk_page_s"], 1),
        Station(f"pages of the desk, {pages} cores, pages unlike each other", day.desk_pages,
                value["desk_page_s"], pages, even=False),
        Station("deliveries", day.deliveries, carried, needed(day.deliveries, carried), even=False),
    ]  # fmt: skip


def waves(value: Value) -> dict[str, Wave]:
    day, storm = demand.ordinary(AGENCIES), demand.storm(AGENCIES)
    each = value["delivery_worker_s"]
    # What six posts an hour are together, said within the first ten minutes.
    during = day.deliveries + (storm.deliveries - day.deliveries) * demand.HOUR / WAVE_LASTS
    rates = {"an ordinary hour": day.deliveries, "the storm's hour": storm.deliveries}
    return {
        f"a wave, cores for {name}":
            Wave(day.deliveries, during, WAVE_LASTS, each, needed(rate, each))
        for name, rate in rates.items()
    }  # fmt: skip


@dataclass(frozen=True, slots=True)
class Compared:
    what: str
    figure: str
    worked_out: float
    by_dice: float

    @property
    def apart(self) -> float:
        return abs(self.by_dice - self.worked_out) / self.worked_out if self.worked_out else 0.0


def compared(value: Value, seeds: Sequence[int] = SEEDS, things: int = THINGS) -> list[Compared]:
    """Arithmetic beside dice: the mean of some runs, each with its own seed."""
    found = []
    for one in stations(value):
        runs = [tried(one, things=things, seed=seed) for seed in seeds]
        found.append(Compared(one.name, "busy", one.busy, mean([r.busy for r in runs])))
        if one.waits() > one.service / 1000:  # less than that nobody notices, nor can dice tell
            waits = mean([r.waits for r in runs])
            found.append(Compared(one.name, "seconds in line", one.waits(), waits))
    for name, wave in waves(value).items():
        longest, over = zip(*(tried_wave(wave, seed=seed) for seed in seeds), strict=True)
        found.append(Compared(name, "longest wait, s", wave.longest_wait(), mean(longest)))
        found.append(Compared(name, "over after, s", wave.over_after(), mean(over)))
    return [one for one in found if one.worked_out]


def mean(values: Sequence[float]) -> float:
    return sum(values) / len(values)


def text() -> str:
    cost = units()
    value = {name: unit.value for name, unit in cost.items()}
    assumed = [[n.replace("_", " "), f"{one.value:,g}", one.why] for n, one in ASSUMED.items()]
    parts = [
        TITLE, HEAD, "## What is assumed of an agency", table(["what", "value", "from"], assumed),
        *needed_part(value), *breaks_part(cost, value), *hearing_part(value), *dice_part(value),
        *units_part(cost),
    ]  # fmt: skip
    return "\n\n".join(wrapped(part).rstrip() for part in parts) + "\n"


TITLE = "# Past our machines: a country on one installation"
CENSUS = (
    "https://ojp.gov/library/publications/"
    "census-state-and-local-law-enforcement-agencies-2018-statistical-tables"
)
HEAD = (
    "Written by `./run plan --docs` from what the benches measured (`tools/plan/units.json`) and "
    "from the assumptions below; paces and limits are read from the code. Nobody has run this at "
    "such a size: it is arithmetic, tried with dice, on costs measured on a small machine. There "
    f"are [17,541 state and local agencies]({CENSUS}) with police in the United States; this plans "
    f"for {AGENCIES:,}."
)


def needed_part(value: Value) -> list[str]:
    day, storm = demand.ordinary(AGENCIES), demand.storm(AGENCIES)
    rows = [[one.what, f"{one.rate:,.3g}" if one.rate != 1 else "", f"{1000 * one.service:,.3g}",
             str(one.ordinary), str(one.storm)] for one in needs(value)]  # fmt: skip
    for_each = [sum(getattr(one, when) for one in needs(value)) for when in ("ordinary", "storm")]
    machines = [f"**{n}** ({-(-n // CORES)} machines of {CORES})" for n in for_each]
    web = sum(one.ordinary for one in needs(value) if "pages" in one.what)
    lines, memory = day.open_pages * value["line_mb"] / 1024, web * value["web_mb"] / 1024
    return [
        f"## What {AGENCIES:,} agencies need",
        f"Cores, each at most {FULL:.0%} busy, in the busiest hour of an ordinary day and in the "
        "hour of a storm in which every tenth agency speaks "
        f"{demand.of('storm_posts'):g} times:",
        table(["work", "a second", "ms each", "busiest hour", "storm"],
              [*rows, ["**together**", "", "", *machines]]),
        f"An ordinary busiest hour has {day.posts:.2f} posts a second, {day.deliveries:.1f} "
        f"deliveries, {day.desk_pages:,.0f} pages of the desk, {day.public_pages:,.0f} public "
        f"ones, and {day.open_pages:,.0f} pages that stay open ({lines:.1f} GB for their lines). "
        f"The storm has {storm.deliveries:.1f} deliveries, {storm.public_pages:,.0f} public pages. "
        f"A web process takes {value['web_mb']:.0f} MB and a worker {value['worker_mb']:.0f} MB: "
        f"{memory:.0f} GB for {web} web processes of one core each.",
        "PostgreSQL's part is what a page waited for it, so an upper bound; whatever was measured "
        "at a high load (see the end of this page) is too much rather than too little.",
        "Public pages are the same for everybody for some seconds; any cache in front of the desk "
        "takes most of them away. That is not counted here.",
    ]  # fmt: skip


def breaks_part(cost: Mapping[str, Unit], value: Value) -> list[str]:
    found = ends.limits(cost)
    rows = [[one.what, f"{one.agencies:,.0f}", one.why, one.then if not one.more_helps else
             f"{one.then}: {times(one)} for {AGENCIES:,}"] for one in found]  # fmt: skip
    asked = max(times(one) for one in found if one.more_helps)
    web = sum(n.ordinary for n in needs(value) if "pages" in n.what)
    share = ends.asks(1) / (300 / 300)
    return [
        "## Where it breaks first",
        "For how many agencies one of each is enough, the scarcest first:",
        table(["what", "agencies", "why", "what then"], rows),
        f"The scarcest is **{found[0].what}**. With {web} web processes and {asked} workers the "
        f"database would be asked for up to {ends.connections(web, asked):,} connections, and "
        f"PostgreSQL comes with {ends.POSTGRESQL}: before that, a pool of connections must stand "
        f"in front of it. For one account, Mastodon allows {ends.MASTODON_SAYS}: our questions are "
        f"{share:.0%} of that.",
    ]


def times(limit: ends.Limit) -> int:
    return -(-AGENCIES // max(1, int(limit.agencies)))


def hearing_part(value: Value) -> list[str]:
    heard, record = demand.heard_posts(), HEARD["record minute"].value
    rows = [[name, f"{one.value:,.3g}", one.why] for name, one in HEARD.items()]
    per_s = HEARD["feeds"].value / ends.FEEDS_EVERY
    each = a_feed(value)
    return [
        "## Hearing everything",
        table(["what", "value", "from"], rows),
        f"Both networks are {heard:,.0f} posts a second at their peak, which takes "
        f"{heard * value['heard_post_s']:.2%} of one core; the record minute is "
        f"{record / heard:,.0f} times as much. That does not break. 10,000 feeds are {per_s:.0f} "
        f"questions a second and {per_s * each:.2f} of a core; but the listener keeps **a thread "
        "for each source** in one process, and its threads share one core: about "
        f"{FULL / each * ends.FEEDS_EVERY:,.0f} feeds are what it can ask every "
        f"{ends.FEEDS_EVERY:g} seconds, if ten thousand threads are no trouble, which nobody has "
        "tried. More would need readers in several processes, as Jetstream has (`--workers`).",
    ]


def dice_part(value: Value) -> list[str]:
    rows = [[o.what, o.figure, f"{o.worked_out:.4g}", f"{o.by_dice:.4g}", f"{o.apart:.1%}"]
            for o in compared(value)]  # fmt: skip
    return [
        "## Tried with dice",
        f"The same lines as a small simulation: {THINGS:,} arrivals, each whenever it likes, seeds "
        f"{', '.join(map(str, SEEDS))}. A wave is the storm's posts, all said in its first "
        f"{WAVE_LASTS / 60:g} minutes. A test holds both within {AGREE:.0%} of each other.",
        table(["line", "figure", "worked out", "by dice", "apart"], rows),
    ]


def units_part(cost: Mapping[str, Unit]) -> list[str]:
    rows = [[one.what, f"{one.value:.4g}", f"`{one.by}`", one.on] for one in cost.values()]
    return ["## What was measured", table(["what", "value", "by", "on"], rows)]


def wrapped(part: str) -> str:
    """Prose in lines as long as others of the docs; tables as they are."""
    if part.startswith(("|", "#")):
        return part
    return textwrap.fill(part, 110, break_long_words=False, break_on_hyphens=False)


def table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)
