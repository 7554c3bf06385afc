"""The suite that ships: what it plays is the same everywhere, and the detector does well on it."""

import io
import json

import pytest
from django.core.management import CommandError, call_command

from commonground.hear.engine.grammar import check, phrase
from commonground.spot.engine.fitting import DEVELOP, cases
from commonground.spot.engine.resources import Library
from commonground.spot.engine.written import START, Spoken, suite, towns

KINDS = {help.key for help in Library.starter().helps}
# A village and a town whose stream hides authors and languages: small enough for every run.
QUICK = ["village", "hamlet", "machi"]


def played(*names):
    out = io.StringIO()
    chosen = [arg for name in names for arg in ("--town", name)]
    call_command(
        "spot", "backtest", "--suite", "written", *chosen, "--json",
        stdout=out, stderr=io.StringIO(),
    )  # fmt: skip
    return out.getvalue()


@pytest.fixture(scope="module")
def quick():
    return json.loads(played(*QUICK))


def test_events_of_villages_and_of_a_town_that_writes_no_spaces_are_found(quick):
    assert quick["bursts"]["recall"]["is"] == 1.0
    assert set(quick["towns"]) == set(QUICK)
    assert {o["language"] for o in quick["outcomes"]} == {"en", "fr", "ja"}


def test_ordinary_days_with_football_raise_hardly_anything(quick):
    assert quick["false_alarms_per_day"] <= 0.2
    assert quick["counted_on_days"] > 15


def test_found_moments_are_named_and_helped_by_what_they_are(quick):
    assert quick["bursts"]["label_match"]["is"] >= 0.9
    spoken = [quick["by_language"][code] for code in ("en", "fr")]  # no help is listed in Japanese
    assert all(told["resource_match"]["is"] >= 0.75 for told in spoken)


def test_the_same_suite_twice_gives_the_same_bytes():
    assert played("machi") == played("machi")


@pytest.mark.parametrize("name", towns())
def test_every_town_speaks_and_names_only_help_there_is(name):
    town = towns()[name]
    written = suite(name, town) if town.posts_an_hour < 1000 else None
    if written is None:
        return
    assert {e.name for e in written.truth.events} == set(town.events)
    assert all(set(e.resources) <= KINDS for e in written.truth.events)
    for event in written.truth.events:
        assert len(written.recordings[event.name].posts) >= 10
        assert written.recordings[event.name].posts[0].at >= START


@pytest.mark.parametrize("language", sorted({t.language for t in towns().values()}))
def test_every_phrase_of_a_language_can_be_said(language):
    town = next(t for t in towns().values() if t.language == language)
    spoken = Spoken.of(town, ("check", 1))
    tongue = spoken.tongue
    for said in [
        *(t for listed in tongue.chatter.values() for t in listed), *tongue.tails,
        *(t for h in tongue.happening for t in h.says), *(t for e in tongue.event for t in e.says),
    ]:  # fmt: skip
        check(phrase(said), spoken.words)


def test_another_seed_is_another_town_of_the_same_kind():
    one, other = (suite("village", towns()["village"], seed=seed) for seed in (1, 2))
    texts = [[p.text for p in s.recordings["village"].posts[:50]] for s in (one, other)]
    assert texts[0] != texts[1]
    assert one.truth == other.truth


def test_a_truth_or_a_suite_is_asked_for_in_words():
    with pytest.raises(CommandError, match="required"):
        call_command("spot", "backtest", stdout=io.StringIO(), stderr=io.StringIO())


def test_no_event_of_the_towns_stands_in_the_suite_help_was_developed_by():
    said = {post for case in cases(DEVELOP) for post in case.posts if len(post.split()) > 4}
    town = towns()["city"]
    assert said.isdisjoint(t for e in Spoken.of(town, ("x", 1)).tongue.event for t in e.says)
