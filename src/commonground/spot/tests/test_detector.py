import json
import random
import subprocess
import sys
from collections.abc import Iterable

import pytest
from hypothesis import given as supposing, strategies as st

from commonground.hear.engine.embedding import best_embedder
from commonground.hear.engine.heard import Told
from commonground.spot.engine.detector import Detector, Settings
from commonground.spot.engine.surges import Surge
from commonground.spot.engine.surprise import surprise
from commonground.spot.engine.terms import terms_of

best_embedder()  # read from disk once, not within a test that is timed

HOUR = 3600.0
START = 1_714_521_600.0
THINGS = [
    "soup",
    "ferry",
    "dog",
    "garden",
    "music",
    "school",
    "bread",
    "rain",
    "football",
    "coffee",
    "bus",
    "shop",
    "film",
]
DOINGS = [
    "late",
    "lovely",
    "broken",
    "early",
    "wonderful",
    "expensive",
    "cold",
    "quiet",
    "loud",
    "strange",
    "empty",
    "full",
]


def chatter(hours: float, start: float = START, an_hour: int = 120, seed: int = 1) -> list[Told]:
    """People talking about nothing much, some of them in words of harm, as people do."""
    dice = random.Random(seed)  # noqa: S311
    posts = []
    for n in range(int(hours * an_hour)):
        words = [
            dice.choice(THINGS),
            dice.choice(DOINGS),
            str(dice.randrange(10**6)),
            dice.choice(THINGS),
        ]
        if dice.random() < 0.1:
            words.append(
                dice.choice(
                    ["police", "fire", "killed", "shot", "crash", "attack", "hospital", "storm"]
                )
            )
        dice.shuffle(words)
        posts.append(
            Told(
                f"c{seed}.{n}",
                start + n * 3600 / an_hour,
                " ".join(words),
                "en",
                "",
                f"v{seed}.{n}",
            )
        )
    return posts


SAID = [
    "explosion at the {a} mill",
    "heard a huge explosion {a}",
    "mill {a} is burning, smoke everywhere",
    "what exploded at the mill? {a}",
    "injured people outside the mill {a}",
    "{a} mill, blast broke our windows",
]


def event(at: float, count: int = 40, apart: float = 30.0, seed: int = 2) -> list[Told]:
    dice = random.Random(seed)  # noqa: S311
    return [
        Told(
            f"e{seed}.{n}",
            at + n * apart,
            SAID[n % len(SAID)].format(
                a=f"{dice.choice(DOINGS)} {dice.choice(THINGS)} {dice.randrange(10**6)}"
            ),
            "en",
            "",
            f"w{seed}.{n}",
        )
        for n in range(count)
    ]


def raised(posts: Iterable[Told], **settings) -> list[Surge]:
    detector = Detector(Settings(**settings))
    return [m for until, held in sliced(posts) for m in detector.slice(held, until).opened]


def sliced(posts: Iterable[Told]) -> list[tuple[float, list[Told]]]:
    by_end: dict[float, list[Told]] = {}
    for post in sorted(posts, key=lambda p: p.at):
        by_end.setdefault((post.at // 60 + 1) * 60, []).append(post)
    return sorted(by_end.items())


def test_chatter_raises_nothing():
    assert raised(chatter(48)) == []


def test_event_is_raised_within_minutes_and_says_why():
    at = START + 20 * HOUR
    [moment] = raised([*chatter(24), *event(at)])
    assert at < moment.opened_at < at + 15 * 60
    assert {"mill", "explosion"} & set(moment.named)
    assert moment.why.count > 3 * moment.why.usual
    assert moment.first_post_at >= at
    assert len(moment.exemplars) == 5


def test_one_author_shouting_ten_thousand_times_raises_nothing():
    at = START + 12 * HOUR
    shouting = [
        Told(p.upstream, at + n, p.text, "en", "", "the same voice")
        for n, p in enumerate(event(at, 10_000, 0.5))
    ]
    assert raised([*chatter(16), *shouting]) == []


def test_five_hundred_authors_with_one_template_raise_nothing():
    at = START + 12 * HOUR
    spam = [
        Told(
            f"s{n}",
            at + n * 3,
            f"BREAKING explosion at the old mill, many killed, see more http://x.example/{n}",
            "en",
            "",
            f"s{n}",
        )
        for n in range(500)
    ]
    assert raised([*chatter(16), *spam]) == []


def test_old_words_replayed_raise_nothing():
    first = event(START + 12 * HOUR)
    again = [
        Told(f"again{n}", p.at + 20 * HOUR, p.text, "en", "", f"z{n}") for n, p in enumerate(first)
    ]
    assert len(raised([*chatter(40), *first, *again])) == 1


def test_feed_that_stops_and_catches_up_raises_nothing():
    posts = chatter(24)
    gap_from, gap_to = START + 12 * HOUR, START + 12.5 * HOUR
    detector = Detector()
    moments = []
    for until, held in sliced(p for p in posts if not gap_from <= p.at < gap_to):
        late = [p for p in posts if gap_from <= p.at < gap_to] if until == gap_to + 60 else []
        moments += detector.slice([*held, *late], until).opened
    assert moments == []


def test_second_thing_is_a_moment_of_its_own():
    other = [
        Told(
            f"o{n}",
            START + 21 * HOUR + n * 30,
            f"{DOINGS[n % 12]} crash on harbour road {n * 17}, drunk, 3 killed {THINGS[n % 13]}",
            "en",
            "",
            f"o{n}",
        )
        for n in range(40)
    ]
    moments = raised([*chatter(24), *event(START + 20 * HOUR, 100), *other])
    assert len(moments) == 2
    assert "mill" in moments[0].label.lower()
    assert "mill" not in moments[1].label.lower()


def test_bombing_splits_from_the_marathon_it_happens_at():
    """The larger, new thing carried by a running moment's words becomes its own."""
    race = [
        Told(p.upstream, p.at, f"{p.text.split()[0]} police {p.text} marathon", "en", "", p.voice)
        for p in chatter(5, START + 14 * HOUR, an_hour=15, seed=5)
    ]
    bombing = [
        Told(p.upstream, p.at, f"{p.text} marathon", "en", "", p.voice)
        for p in event(START + 17 * HOUR, 120, 12.0)
    ]
    moments = raised([*chatter(20), *race, *bombing])
    assert len(moments) >= 2
    assert moments[0].opened_at < START + 17 * HOUR
    second = moments[1]
    assert START + 17 * HOUR < second.opened_at < START + 17.25 * HOUR
    assert second.why.term not in moments[0].terms


def test_topic_the_agency_named_is_heard_where_nothing_else_would_be():
    """A slow burn: a voice every quarter of an hour, in other words each time."""
    slow = [
        Told(
            f"t{n}",
            START + 30 * HOUR + n * 900,
            f"{THINGS[n % 13]} {DOINGS[n % 12]} {n * 7919}",
            "en",
            "",
            f"t{n}",
            ("Violence at home",),
        )
        for n in range(24)
    ]
    before = [
        Told(
            f"u{n}",
            START + n * 5 * HOUR,
            f"{THINGS[n]} {n * 104729}",
            "en",
            "",
            f"u{n}",
            ("Violence at home",),
        )
        for n in range(6)
    ]
    unnamed = [Told(p.upstream, p.at, p.text, p.lang, p.url, p.voice) for p in [*before, *slow]]
    assert raised([*chatter(36), *unnamed]) == []
    [moment] = raised([*chatter(36), *before, *slow], topics=("Violence at home",))
    assert moment.topic == "Violence at home"
    assert moment.label.startswith("Violence at home")


def test_posts_passed_by_unread_keep_the_shares_true():
    """Of a whole network only what a topic asks for is read; the rest is still counted."""
    posts = [
        Told(
            f"t{n}", START + n * 1200, f"{THINGS[n % 13]} {n * 7919}", "en", "", f"t{n}", ("Home",)
        )
        for n in range(120)
    ]
    detector = Detector(Settings(topics=("Home",)))
    moments = [
        m for until, held in sliced(posts) for m in detector.slice(held, until, beside=200).opened
    ]
    assert moments == []


def test_deleted_words_leave_the_memory():
    detector = Detector()
    posts = [*chatter(20), *event(START + 20 * HOUR)]
    for until, held in sliced(posts):
        detector.slice(held, until)
    [moment] = detector.running
    gone = moment.exemplars[0].upstream
    detector.take_back({gone})
    assert gone not in {p.upstream for p in moment.exemplars}
    assert gone not in {p.upstream for p in detector.memory.posts.values()}


def test_words_that_are_forgotten_take_no_memory():
    detector = Detector()
    for until, held in sliced(chatter(30)):
        detector.slice(held, until)
    before = len(detector.memory.said)
    end = START + 30 * HOUR
    for hour in range(1, 200):
        detector.slice([], end + hour * HOUR)
    assert len(detector.memory.said) < before / 5
    assert not detector.memory.posts


def test_smaller_budget_raises_less():
    posts = [*chatter(24), *event(START + 20 * HOUR, count=8, apart=120)]
    assert len(raised(posts, alarms_per_day=0.0001)) <= len(raised(posts, alarms_per_day=5.0))


def test_same_posts_give_the_same_moments_in_another_process():
    """Python shuffles its own hashes from run to run; nothing here may depend on them."""
    code = (
        "import json,sys; sys.path[:0]=['src','.'];"
        "from commonground.spot.tests.test_detector import *;"
        "print(json.dumps([(m.label,m.opened_at,m.named,[p.upstream for p in m.exemplars])"
        " for m in raised([*chatter(22),*event(START+20*HOUR)])]))"
    )
    outcomes = {
        subprocess.run(
            [sys.executable, "-c", code],
            env={"PYTHONHASHSEED": seed},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for seed in ("1", "2")
    }
    assert len(outcomes) == 1
    assert json.loads(outcomes.pop())


@supposing(st.lists(st.text(max_size=60), max_size=20))
def test_no_text_whatever_raises(texts):
    posts = [Told(str(n), START + n, text, voice=str(n)) for n, text in enumerate(texts)]
    assert Detector().slice(posts, START + 60).opened == []


@pytest.mark.parametrize("count", [4, 8, 16, 64])
def test_more_voices_are_more_surprising(count):
    assert surprise(count, 3, 5000, 100) > surprise(count - 1, 3, 5000, 100)


def test_little_heard_means_little_known():
    assert surprise(5, 0, 100, 50) < surprise(5, 0, 100_000, 50)


@supposing(st.integers(0, 5000), st.floats(0, 1e6), st.floats(0, 1e7), st.integers(0, 10**6))
def test_surprise_is_always_a_number_and_never_below_zero(count, before, posts_before, posts_now):
    value = surprise(count, before, posts_before, posts_now)
    assert value >= 0
    assert value < 1e7


def test_pairs_stand_over_words_that_tell_nothing():
    assert "bombing station" in terms_of(["bombing", "of", "the", "station"])
