"""A scenario is refused in words before it can fail in the middle of a drill."""

import copy

import pytest
from hypothesis import given, strategies as some

from commonground.hear.engine.dice import Dice, Weighted
from commonground.hear.engine.grammar import PhraseWrong, check, phrase, say, tidy
from commonground.train.engine.scenario import ScenarioWrong, Wave, scenario_from
from commonground.train.engine.stream import posts
from commonground.train.queries import folder_of, scenario_in

VILLAGE = {
    "name": "village", "title": "A village", "about": "", "seed": 1, "hours": 12, "clock": 0,
    "start": "2026-01-01T00:00:00Z", "posts_an_hour": 60, "rhythm": [1] * 24, "curves": {},
    "topics": [{"name": "sheep", "weight": 1}],
    "personas": [{"name": "all", "size": 9, "weight": 1, "languages": {"en": 1}}],
    "languages": [
        {"code": "en", "words": {"sheep": ["Dolly", "Molly"]}, "chatter": {"sheep": ["{sheep}!"]}}
    ],
    "events": [
        {
            "name": "fire", "title": "Fire", "kind": "moment", "start": 2, "languages": {"en": 1},
            "waves": [{"peak": 100, "onset": 5, "half_life": 30}],
            "facets": [{"name": "all", "says": {"en": ["Fire at {farm}"]}}],
            "words": {"en": {"farm": ["the mill"]}},
        }
    ],
}  # fmt: skip


def village(**but):
    return {**copy.deepcopy(VILLAGE), **but}


def test_a_small_scenario_plays():
    scenario = scenario_from(village())
    said = {p.text for p in posts(scenario, seed=1, start=scenario.start, hours=12)}

    assert {"Dolly!", "Molly!", "Fire at the mill"} <= said


@pytest.mark.parametrize(
    ("but", "told"),
    [
        ({"rhythm": [1] * 23}, "rhythm needs 24 numbers"),
        ({"seed": "seven"}, r"Expected `int`, got `str` - at `\$.seed`"),
        ({"colour": "red"}, "unknown field `colour`"),
        ({"topics": [{"name": "sheep", "weight": 1, "curve": "odd"}]}, "no curve odd"),
        ({"topics": [{"name": "cows", "weight": 1}]}, "nothing to say about cows in en"),
    ],
)
def test_a_wrong_scenario_is_refused_with_its_place(but, told):
    with pytest.raises(ScenarioWrong, match=told):
        scenario_from(village(**but))


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("see {nobody}", "no words are listed under {nobody}"),
        ("[a|b", "never closed"),
        ("a|b]", "too many"),
        ("{round}", "circle"),
    ],
)
def test_a_phrase_that_cannot_be_said_is_refused(text, told):
    tables = village()
    tables["languages"][0]["words"]["round"] = ["{round}"]
    tables["languages"][0]["chatter"]["sheep"] = [text]

    with pytest.raises(ScenarioWrong, match=told):
        scenario_from(tables)


def test_a_name_is_never_a_path():
    with pytest.raises(ScenarioWrong, match="no scenario called"):
        folder_of("../harbour")


def test_a_missing_file_is_told_by_name(tmp_path):
    with pytest.raises(ScenarioWrong, match=r"names\.toml"):
        scenario_in(tmp_path)


def test_a_broken_file_is_told_by_name(tmp_path):
    (tmp_path / "names.toml").write_text("[words")

    with pytest.raises(ScenarioWrong, match=r"names\.toml"):
        scenario_in(tmp_path)


@given(some.integers(), some.text())
def test_dice_fall_the_same_way_for_the_same_labels(seed, label):
    one, two = Dice(seed, label), Dice(seed, label)

    assert [one.bits() for _ in range(9)] == [two.bits() for _ in range(9)]


@given(some.integers(), some.integers(1, 1000))
def test_dice_stay_within_their_bounds(seed, count):
    dice = Dice(seed)

    for _ in range(20):
        assert 0 <= dice.below(count) < count
        assert 0 <= dice.fraction() < 1
        assert dice.gap(count) >= 0


def test_weights_are_kept_in_the_long_run():
    dice, coin = Dice("coin"), Weighted([("heads", 3.0), ("tails", 1.0), ("edge", 0.0)])
    drawn = [coin.draw(dice) for _ in range(4000)]

    assert 0.72 < drawn.count("heads") / 4000 < 0.78
    assert "edge" not in drawn


@given(some.integers(), some.integers(0, 99), some.integers(0, 99))
def test_a_number_stays_between_its_ends(seed, low, more):
    number = int(say(phrase(f"{{{low}..{low + more}}}"), {}, Dice(seed)))

    assert low <= number <= low + more


@given(some.text())
def test_reading_any_phrase_ends_in_a_phrase_or_a_refusal(text):
    try:
        check(phrase(text), {})
    except PhraseWrong:
        return
    assert say(phrase(text), {}, Dice(1)) is not None


def test_sentences_are_tidied():
    assert tidy("really?. yes. ok. de le port", {"de le ": "du "}) == "really? Yes. Ok. Du port"


def test_only_whole_words_are_joined():
    assert tidy("revisa el mapa, va a el mar", {"a el ": "al "}) == "revisa el mapa, va al mar"


def test_a_wave_rises_peaks_and_halves():
    wave = Wave(peak=100, onset=10, half_life=60, after=5)

    assert wave.rate(4) == 0
    assert 0 < wave.rate(6) < wave.rate(14) < 100
    assert wave.rate(15) == 100
    assert wave.rate(75) == pytest.approx(50)
