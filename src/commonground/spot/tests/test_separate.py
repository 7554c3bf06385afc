"""What is one moment and what are two; and what is no moment at all."""

import random
from dataclasses import replace

from commonground.hear.engine.heard import Told
from commonground.spot.engine.detector import FEWEST_PUBLIC, Detector
from commonground.spot.tests.test_detector import (
    HOUR,
    START,
    THINGS,
    chatter,
    event,
    raised,
    sliced,
)

AT = START + 14 * HOUR
CHOSES = [
    "soupe", "bac", "chien", "jardin", "musique", "école", "pain", "pluie", "ballon", "café",
    "bus", "film",
]  # fmt: skip
FAIRES = [
    "tard", "joli", "cassé", "tôt", "superbe", "cher", "froid", "calme", "bruyant", "étrange",
    "vide", "plein",
]  # fmt: skip


def bavardage(hours: float, an_hour: int = 60) -> list[Told]:
    """The same town's French half."""
    dice = random.Random(7)  # noqa: S311
    return [
        Told(
            f"b{n}",
            START + n * 3600 / an_hour,
            f"{dice.choice(CHOSES)} {dice.choice(FAIRES)} {dice.randrange(10**6)}"
            + (" police" if dice.random() < 0.1 else ""),
            "fr",
            "",
            f"b{n}",
        )
        for n in range(int(hours * an_hour))
    ]


def en_francais(said: list[str], at: float, count: int = 24) -> list[Told]:
    return [
        Told(
            f"f{n}",
            at + n * 40,
            said[n % len(said)].format(a=f"{CHOSES[n % 12]} {FAIRES[n % 11]} {n * 7919}"),
            "fr",
            "",
            f"f{n}",
        )
        for n in range(count)
    ]


MOULIN = [
    "explosion au mill {a}",
    "énorme explosion {a} mill",
    "le mill brûle, explosion {a}",
    "des blessés devant le mill {a}",
]
COLLISION = [
    "collision route du port, trois morts {a}",
    "{a} collision, le conducteur était ivre",
    "accident mortel route du port {a}",
]


def test_same_event_in_a_second_language_joins_the_moment():
    posts = [*chatter(17), *bavardage(17), *event(AT), *en_francais(MOULIN, AT + 1500)]
    [moment] = raised(posts)
    assert moment.languages.keys() >= {"en", "fr"}


def test_another_event_in_a_second_language_is_a_moment_of_its_own():
    posts = [*chatter(17), *bavardage(17), *event(AT), *en_francais(COLLISION, AT + 1500)]
    first, second = raised(posts)
    assert "mill" in first.label.lower()
    assert "mill" not in second.label.lower()


def test_three_friends_are_no_public():
    said = event(AT, FEWEST_PUBLIC - 1)
    assert raised([*chatter(17), *said]) == []
    [moment] = raised([*chatter(17), *event(AT, 2 * FEWEST_PUBLIC)])
    assert len(moment.voices) >= FEWEST_PUBLIC


def test_what_people_feel_about_it_later_is_no_further_moment():
    wake = [
        Told(
            f"p{n}",
            AT + 4000 + n * 60,
            f"praying for the injured people of the mill explosion {THINGS[n % 13]} {n * 7919}",
            "en",
            "",
            f"p{n}",
        )
        for n in range(20)
    ]
    assert len(raised([*chatter(18), *event(AT, 80), *wake])) == 1


def test_a_storm_of_copies_does_not_make_trouble_look_ordinary():
    """What a thousand mouths repeat teaches neither what is usual nor how alike people sound."""
    copied = "RT @star: killed on stage, the fire, the crash, watch the hospital finale"
    storm = [
        Told(f"rt{n}", START + 10 * HOUR + n * 2, copied, "en", "", f"rt{n}") for n in range(1500)
    ]
    quiet = raised([*chatter(17), *event(AT)])
    stormy = raised([*chatter(17), *storm, *event(AT)])
    assert [m.opened_at for m in stormy] == [m.opened_at for m in quiet]


def test_posts_taken_back_raise_nothing():
    """Every second post is deleted a minute after it was said."""
    detector = Detector()
    moments = []
    gone: set[str] = set()
    for until, held in sliced(chatter(16)):
        detector.take_back(gone)
        gone = {post.upstream for post in held[::2]}
        moments += detector.slice(held, until).opened
    assert moments == []


def test_event_is_found_where_neither_author_nor_language_is_told():
    posts = [replace(p, lang="", voice=f"post {p.upstream}") for p in [*chatter(17), *event(AT)]]
    [moment] = raised(posts)
    assert moment.opened_at < AT + 15 * 60


def test_event_is_found_in_a_village_where_five_people_post_in_an_hour():
    posts = [*chatter(24 * 8, an_hour=5), *event(START + 24 * 7 * HOUR, 12, 200.0)]
    found = raised(posts)
    others = [m for m in found if "mill" not in m.label.lower()]
    assert len(others) < len(found)
    assert len(others) / 8 <= 0.5  # a day, as the budget says


PILE_UP = [
    "fire brigade at the pile up on the harbour bridge {a}",
    "six cars crashed on the harbour bridge {a}",
    "{a} harbour bridge closed, cars crashed and one on fire",
    "crash on the harbour bridge, people trapped in cars {a}",
]


def in_english(said: list[str], at: float, count: int = 24) -> list[Told]:
    return [
        replace(post, upstream=f"e{n}", lang="en", voice=f"e{n}",
                text=said[n % len(said)].format(a=f"{THINGS[n % 12]} {n * 7919}"))
        for n, post in enumerate(en_francais(said, at, count))
    ]  # fmt: skip


def test_two_events_at_once_that_share_a_word_are_two_moments():
    posts = [*chatter(17), *event(AT), *in_english(PILE_UP, AT + 20)]
    assert sum("fire" in post.text for post in posts[-24:]) >= 12
    labels = [moment.label.lower() for moment in raised(posts)]
    assert any("mill" in label for label in labels)
    assert any("bridge" in label for label in labels)
