"""The compiled path gives what the plain functions give, whatever is written."""

import random
import subprocess
import sys
from hashlib import sha256
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given as supposing, settings, strategies as st

from commonground.hear.engine import tokens
from commonground.hear.engine.coarse import HashedGrams, StaticWords
from commonground.hear.engine.compiled import COMPILED
from commonground.hear.engine.embedding import Pieces, WordVectors, best_embedder
from commonground.hear.engine.hashing import phrase_number, word_number
from commonground.hear.engine.matching import Matcher, Watch
from commonground.hear.engine.meaning import Meanings
from commonground.hear.engine.phrasebook import phrasebook
from commonground.hear.engine.words import words

ROOT = Path(__file__).parents[4]
# What a post is made of, and what is hard about it.
BITS = [
    "RT @bob: ", "rt ", "MT @", "mt:", "http://x.y/z", "https://", "www.", "www.a", "@a.b-c",
    "&amp;", "&a;", "&abcdefg;", "it's", "Boston's", "l'eau", "rock'n'roll", "東京都's", "東京",
    "ニュース速報",
    "ﬁre", "½", "İstanbul", "ΟΔΟΣ", "ß", "ㅋㅋ", "ㅠㅠ", "한국어", "e\u0301", "’", "'", "\u2009",
    "_", "foo_bar",
    "\0", "😀", "🇬🇧", "é", "Straße", "killing", "explosion", "exploding's", "x" * 50,
    "ไทยแลนด์", "\ufdfa", "\u00ad", "का", "கொ", "\U00020000", "9:30", "#tag",
    "hhttp://a", "\x1c", "\ud83d",
]  # fmt: skip
ANYTHING = st.one_of(
    st.lists(st.sampled_from([*BITS, " "])).map("".join), st.text(max_size=60),
    st.text(st.characters(max_codepoint=0x2FF), max_size=60),
)  # fmt: skip
BEGINNINGS = tokens.Beginnings({"explo": 1, "kil": 2, "l'e": 3, "boston'": 4, "foo": 0})


def as_read(text: str) -> list[str]:
    clean = text.replace("\0", " ").encode("utf-8", "replace").decode()
    return words(clean.strip()[:5000])


@settings(max_examples=300, deadline=None)
@supposing(st.lists(ANYTHING, max_size=8))
def test_the_tokens_of_many_posts_are_the_words_of_each(said):
    told = tokens.tokenise(tokens.texts(said), BEGINNINGS)
    assert len(told) == len(said)
    for n, text in enumerate(said):
        mine = slice(told.starts[n], told.starts[n + 1])
        there = zip(told.numbers[mine].tolist(), told.sizes[mine].tolist(), strict=True)
        want = as_read(text)
        signed = [(word_number(w), len(w) if w.isascii() else -len(w)) for w in want]
        assert list(there) == signed
        assert told.marks[mine].tolist() == [BEGINNINGS.of(w) for w in want]
        assert told.blank[n] == (not text.replace("\0", " ").strip())


def test_ten_thousand_shuffled_posts_agree_too():
    dice = random.Random(5)  # noqa: S311
    said = [
        "".join(dice.choice(BITS) + dice.choice(["", " "]) for _ in range(6)) for _ in range(10_000)
    ]
    told = tokens.tokenise(tokens.texts(said))
    want = [word_number(word) for text in said for word in as_read(text)]
    assert told.numbers.tolist() == want


def test_a_text_longer_than_we_keep_is_cut_as_everywhere():
    told = tokens.tokenise(tokens.texts(["ab " * 3000, "é" * 6000]))
    assert np.diff(told.starts).tolist() == [1667, 1]


def test_a_word_has_the_same_number_in_every_process():
    assert word_number("explosion") == 17505661595470840293
    assert phrase_number(["gas", "leak"]) == 3599098115656249645
    asked = "from commonground.hear.engine.hashing import word_number; print(word_number('évacué'))"
    told = {
        subprocess.run(
            [sys.executable, "-c", asked], capture_output=True, text=True, check=True,
            env={"PYTHONHASHSEED": seed, "PYTHONPATH": str(ROOT / "src")},
        ).stdout
        for seed in ("1", "2")
    }  # fmt: skip
    assert told == {f"{word_number('évacué')}\n"}


def test_a_beginning_of_two_signs_is_refused():
    with pytest.raises(ValueError, match="3 signs"):
        tokens.Beginnings({"ab": 1})


WORD = st.sampled_from(
    ["gas", "leak", "fire", "alarm", "test", "pain", "riverside", "l'eau", "東京"]
)
TERM = st.lists(WORD, min_size=1, max_size=3).map(" ".join) | st.just("!?")
TERMS = st.dictionaries(
    st.sampled_from(["en", "fr", "es", ""]), st.lists(TERM, max_size=3), max_size=3
)
WATCH = st.builds(
    Watch, st.text("abc", min_size=1, max_size=2), TERMS, TERMS, st.lists(TERM, max_size=2)
)


@settings(max_examples=200, deadline=None)
@supposing(
    st.lists(WATCH, max_size=4),
    st.lists(st.tuples(st.lists(WORD, max_size=8).map(" ".join),
                       st.sampled_from(["en", "fr", "", "de"])), max_size=6),
    st.booleans(),
)  # fmt: skip
def test_the_phrasebook_finds_the_topics_the_matcher_finds(watches, posts, near):
    matcher, book = Matcher(watches), phrasebook(watches)
    place = {lang: n for n, lang in enumerate(book.languages, 1)}
    lang = np.array([place.get(lang, 0) for _, lang in posts], np.int16)
    told = book.topics_of(tokens.tokenise(tokens.texts([t for t, _ in posts])), lang, near=near)
    found = [book.named(bits) for bits in told]
    assert found == [matcher.topics_of(text, lang, near=near) for text, lang in posts]


def test_more_topics_than_bits_in_a_word():
    watches = [Watch(f"t{n}", {"en": [f"word{n}"]}) for n in range(130)]
    book = phrasebook(watches)
    told = tokens.tokenise(tokens.texts(["word3 word70 word129", "nothing"]))
    bits = book.topics_of(told, np.zeros(2, np.int16))
    assert [book.named(b) for b in bits] == [("t3", "t70", "t129"), ()]


def coarse_ones():
    vectors = {
        w: np.eye(8, dtype=np.float32)[n] for n, w in enumerate(["explosion", "fire", "東京"])
    }
    return [HashedGrams(), StaticWords.of(vectors)]


@pytest.mark.parametrize("embedder", coarse_ones(), ids=lambda e: type(e).__name__)
@settings(max_examples=100, deadline=None)
@supposing(said=st.lists(ANYTHING, max_size=6))
def test_a_coarse_embedder_likens_many_posts_as_it_embeds_each(embedder, said):
    goals = embedder.embed(["explosion at the mill", "fire in 東京"])
    joined = tokens.texts(said)
    alike = embedder.likeness(joined, tokens.tokenise(joined), goals)
    one_by_one = [embedder.embed([text])[0] @ goals.T for text in said]
    assert np.allclose(alike, np.array(one_by_one).reshape(-1, 2), atol=1e-5)


def test_meaning_finds_what_no_word_of_the_topic_says():
    pytest.importorskip("wordllama", reason="NOT TESTED: the extra `semantic` is not installed")
    meanings = Meanings.of(WordVectors(), ["explosion bomb blast injured", ""], alike=0.25)
    joined = tokens.texts(["a bomber detonated near the crowd, wounded everywhere", "I love soup"])
    topics = np.zeros((2, 1), np.uint64)
    meanings.add_topics(joined, tokens.tokenise(joined), topics)
    assert topics.ravel().tolist() == [1, 0]


TROUBLE = ["a bomb went off at the station", "shots fired, a gunman in the school",
           "the river is flooding our street", "train crash, many injured"]  # fmt: skip
CHAT = ["soup and bread for supper", "my cat sleeps on the sofa", "new song by the band",
        "who watches the match tonight"]  # fmt: skip
ABOUT = "explosion bomb shooting gunman flood crash injured"


@pytest.mark.parametrize("embedder", [Pieces(), best_embedder()], ids=lambda e: e.name)
def test_an_embedder_and_its_coarse_one_find_the_same_posts_near(embedder):
    coarse = embedder.coarse([ABOUT])
    for one in (embedder, coarse):
        near = one.embed(TROUBLE + CHAT) @ one.embed([ABOUT])[0]
        assert near[: len(TROUBLE)].mean() > near[len(TROUBLE) :].mean() + 0.05


def test_the_numbers_behind_a_name_never_change():
    rows = Pieces().embed([*TROUBLE, *CHAT])
    assert Pieces().name == "pieces-1"
    assert (
        sha256(rows.tobytes()).hexdigest()
        == "168ef2bccb3ad4d8b0b6160045834f96529517a2c0f0d494d20443a311c46ec2"
    )


@pytest.mark.skipif(not COMPILED, reason="these are the plain tests")
def test_all_of_this_holds_without_a_compiler():
    engine = [
        "hear/tests/test_tokens.py", "hear/tests/test_columns.py", "spot/tests/test_sketches.py",
    ]  # fmt: skip
    engine = [f"src/commonground/{path}" for path in engine]
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-p", "no:randomly",
         *[path for path in engine if (ROOT / path).exists()]],
        cwd=ROOT, capture_output=True, text=True,
        env={"COMMONGROUND_PLAIN": "1", "PATH": "/usr/bin:/bin", "COMMONGROUND_SECRET_KEY": "x"},
    )  # fmt: skip
    assert done.returncode == 0, done.stdout[-3000:]
