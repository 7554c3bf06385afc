"""What the log says aloud can never be unsaid: so each word of it is written down, and read."""

import re
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest

from commonground.record.engine.acts import MODERATION, OPEN, in_clear, public_time

PAGE = Path(__file__).parents[4] / "docs/reference/public-acts.md"
ROW = re.compile(r"^\| `([a-z_.]+)` \| (.+) \| (yes|-) \|$", re.MULTILINE)


def test_what_anybody_may_read_for_ever_is_what_the_page_says():
    """Another fact in the open is a decision, seen in the difference of that page."""
    told = {
        act: re.findall(r"`([a-z0-9_.]+)`", facts)
        for act, facts, _ in ROW.findall(PAGE.read_text())
    }
    assert told == {act: list(facts) for act, facts in OPEN.items()}
    assert all(in_clear(*act.split(".")) for act in told)


def test_decisions_about_what_residents_wrote_are_in_the_log_of_moderation_and_in_clear():
    told = {act for act, _, moderation in ROW.findall(PAGE.read_text()) if moderation == "yes"}
    assert set(MODERATION) == told
    assert len(MODERATION) == len(told)
    assert all(in_clear(*act.split(".")) for act in MODERATION)


@pytest.mark.parametrize("act", ["post.submit", "post.send_back", "member.invite", "delivery.start",
                                 "statement.write", "post.", ".finish", "postfinish"])  # fmt: skip
def test_what_nobody_outside_saw_is_nobodys_business(act):
    kind, _, verb = act.partition(".")
    assert not in_clear(kind, verb)


def test_nobody_on_the_desk_is_named_by_any_of_it():
    told = {fact for facts in OPEN.values() for fact in facts}
    assert told.isdisjoint(
        {"who", "agency", "subject", "detail.by", "detail.second", "detail.name"}
    )


IN_QUEBEC = timezone(timedelta(hours=-4))


@pytest.mark.parametrize(
    ("minute", "inner"), [(0, "00"), (4, "00"), (5, "05"), (9, "05"), (57, "55"), (59, "55")]
)
def test_an_inner_act_has_no_finer_time_than_checkpoints_tell(minute, inner):
    at = datetime(2026, 5, 1, 22, minute, 59, 999_999, tzinfo=IN_QUEBEC)
    assert public_time(at, is_open=False) == f"2026-05-02T02:{inner}Z"
    assert public_time(at, is_open=True) == f"2026-05-02T02:{minute:02}:59Z"
    assert public_time(at.astimezone(UTC), is_open=False) == public_time(at, is_open=False)
