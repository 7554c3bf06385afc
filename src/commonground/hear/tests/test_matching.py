import pytest
from hypothesis import given as supposing, strategies as st

from commonground.hear.engine.matching import Matcher, Watch
from commonground.hear.engine.reducing import voice
from commonground.hear.engine.words import fold, words

HOME = Watch(
    "Violence at home",
    {
        "en": ["hit his wife", "domestic violence"],
        "fr": ["violences conjugales"],
        "es": ["maltrató"],
    },
    {"en": ["boxing"]},
    places=["Port Sable"],
)
MATCHER = Matcher([HOME])


@pytest.mark.parametrize(
    ("text", "lang"),
    [
        ("He HIT his   wife!", "en"),
        ("#domestic violence, again", ""),
        ("les VIOLENCES conjugales", "fr"),
        ("la maltrato", "es"),
        ("hit his wife", "de"),  # no terms in German: any language's will do
    ],
)
def test_watch_term_is_heard_whatever_its_case_and_accents(text, lang):
    assert MATCHER.topics_of(text, lang) == ("Violence at home",)


@pytest.mark.parametrize(
    ("text", "lang"),
    [
        ("hit his wifey", "en"),  # whole words only
        ("hit the wife", "en"),
        ("domestic violence in boxing", "en"),  # excluded
        ("violences conjugales", "en"),  # another language's term
        ("", ""),
    ],
)
def test_what_is_not_meant_is_not_heard(text, lang):
    assert MATCHER.topics_of(text, lang) == ()


def test_from_a_whole_network_a_post_must_name_the_place():
    assert MATCHER.topics_of("he hit his wife", "en", near=False) == ()
    assert MATCHER.topics_of("he hit his wife in Port Sable", "en", near=False)


def test_languages_without_spaces_are_matched_too():
    assert Matcher([Watch("Quake", {"ja": ["地震"]})]).topics_of("今朝の地震は大きかった", "ja")


@supposing(st.text())
def test_folding_twice_changes_nothing_more(text):
    assert fold(fold(text)) == fold(text)


@supposing(st.text())
def test_words_of_anything_can_be_taken(text):
    assert all(word == fold(word) or "'" in word for word in words(text))


def test_links_and_mentions_are_not_words():
    assert words("RT @someone: fire https://x.example/fire @a.b see") == ["fire", "see"]


def test_voice_tells_people_apart_only_under_its_salt():
    a, b = voice("a", "1", b"x" * 32), voice("b", "2", b"x" * 32)
    assert a == voice("a", "9", b"x" * 32)
    assert a != b
    assert a != voice("a", "1", b"y" * 32)


def test_posts_without_author_are_voices_of_their_own():
    assert voice("", "1", b"x") != voice("", "2", b"x")
