"""How much a country asks of one installation. What is assumed is named as such, to be argued with.

Rates are per second, in the busiest hour of an ordinary day, but for what is steady all day.
"""

from __future__ import annotations

from dataclasses import dataclass

HOUR, DAY = 3600.0, 86_400.0


@dataclass(frozen=True, slots=True)
class Assumed:
    value: float
    why: str


AGENCIES = 18_000
ASSUMED = {
    "posts_a_day": Assumed(3, "assumed: a busy city desk; a village says less"),
    "accounts": Assumed(
        3, "assumed: Mastodon, Bluesky and one company's network; and the newsroom"
    ),
    "written_a_day": Assumed(20, "assumed: people who write to an agency"),
    "officers": Assumed(2, "assumed: with the desk open, in the busiest hour"),
    "pages_an_hour": Assumed(60, "assumed: one a minute for each of them"),
    "public_a_day": Assumed(2_000, "assumed: looks at an agency's public pages"),
    "busiest_hour": Assumed(0.15, "assumed: of the day falls into it; an even day has 0.042"),
    "storm_agencies": Assumed(0.1, "assumed: of all, in the same storm"),
    "storm_posts": Assumed(6, "assumed: urgent posts of each of them within one hour"),
    "storm_public": Assumed(10, "assumed: times as many looks at their public pages"),
    "latency": Assumed(0.1, "assumed: seconds a foreign network takes to answer one question"),
}
# What there is to hear.
HEARD = {
    "bluesky": Assumed(
        130_000 / HOUR, "130,000 posts an hour at the peak, 2.2 million a day: a consumer of the "
        "firehose, [March 2026](https://dev.to/arielle_houlier_21f42996e/"
        "building-real-time-bluesky-analytics-ingesting-22m-postsday-from-the-firehose-ccm)",
    ),
    "mastodon": Assumed(
        130_000 / HOUR, "assumed as many as Bluesky: nobody can count it, for each server sees "
        "[its own part](https://docs.joinmastodon.org/methods/streaming/)",
    ),
    "feeds": Assumed(10_000, "news feeds, each asked every two minutes"),
    "feeds_changed": Assumed(0.05, "assumed: of the times a feed is asked it has something new"),
    "record minute": Assumed(143_199, "posts a second: what `./run bench hear` has to bear"),
}  # fmt: skip


def of(name: str) -> float:
    return ASSUMED[name].value


@dataclass(frozen=True, slots=True)
class Demand:
    """Of so many agencies, per second."""

    posts: float
    deliveries: float
    written: float
    desk_pages: float
    public_pages: float
    open_pages: float  # at once
    accounts: float  # foreign ones

    @property
    def news(self) -> float:
        """Times an open page is told something: of its own agency's posts and letters."""
        return (self.posts + self.written) * of("officers")


def ordinary(agencies: float) -> Demand:
    hourly = of("busiest_hour") / HOUR * agencies
    posts = of("posts_a_day") * hourly
    return Demand(
        posts=posts, deliveries=posts * (of("accounts") + 1), written=of("written_a_day") * hourly,
        desk_pages=agencies * of("officers") * of("pages_an_hour") / HOUR,
        public_pages=of("public_a_day") * hourly, open_pages=agencies * of("officers"),
        accounts=agencies * of("accounts"),
    )  # fmt: skip


def storm(agencies: float) -> Demand:
    """An ordinary busiest hour, and the storm on top of it."""
    usual, struck = ordinary(agencies), agencies * of("storm_agencies")
    posts = usual.posts + struck * of("storm_posts") / HOUR
    public = usual.public_pages * (1 + of("storm_agencies") * (of("storm_public") - 1))
    return Demand(
        posts=posts, deliveries=posts * (of("accounts") + 1), written=usual.written,
        desk_pages=usual.desk_pages, public_pages=public, open_pages=usual.open_pages,
        accounts=usual.accounts,
    )  # fmt: skip


def heard_posts() -> float:
    return HEARD["bluesky"].value + HEARD["mastodon"].value
