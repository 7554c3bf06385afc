"""What a Mastodon server says came of posts of ours. How often they were seen it does not count."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from commonground.channels.contract import Declined, Login
from commonground.channels.contract.reach import Reach, count
from commonground.channels.networks.mastodon.hearing import GONE, PATIENCE
from commonground.channels.networks.mastodon.line import Line


def reach(login: Login, names: Sequence[str]) -> Mapping[str, Reach]:
    line = Line(login, PATIENCE)
    found = {name: reach_of(line, name) for name in names if name.isdecimal()}
    return {name: one for name, one in found.items() if one}


def reach_of(line: Line, name: str) -> Reach | None:
    try:
        with line.asking() as server:
            status = server.status(name)
            return Reach(
                liked=count(status.favourites_count), passed_on=count(status.reblogs_count),
                answered=count(status.replies_count),
            )  # fmt: skip
    except Declined:
        if line.errand.answer is None or line.errand.answer.status_code not in GONE:
            raise
        return None
