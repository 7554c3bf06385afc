"""The parts the evidence is made of: budget, screen, likeness, copies, names."""

import pytest
from hypothesis import given as supposing, settings, strategies as st

from commonground.hear.engine.embedding import Pieces, WordVectors, best_embedder
from commonground.hear.engine.heard import Told
from commonground.spot.engine.budget import DAY, Background
from commonground.spot.engine.counting import Said
from commonground.spot.engine.likeness import Likeness
from commonground.spot.engine.naming import label, named, phrase, shown
from commonground.spot.engine.screen import Screen
from commonground.spot.engine.surges import Hot

NOW = 1_714_521_600.0
EMBEDDERS = [Pieces(), best_embedder()]
SLOW_TO_DRAW = settings(deadline=None)
heights = st.lists(st.floats(0, 60), max_size=60)


def background(stirred, days=5.0):
    one = Background(2.0, 1.8)
    one.pass_by(NOW - days * DAY)
    one.pass_by(NOW)
    for n, height in enumerate(stirred):
        one.note(NOW - n, height)
    return one


@supposing(heights, st.floats(0.01, 10), st.floats(0.01, 10))
def test_a_smaller_budget_never_means_a_lower_threshold(stirred, a, b):
    one = background(stirred)
    assert one.threshold(min(a, b)) >= one.threshold(max(a, b)) >= one.floor


def test_a_livelier_background_means_a_higher_threshold():
    calm = [2.1, 2.2, 2.4, 2.6] * 6
    assert background([h + 2 for h in calm]).threshold(0.2) > background(calm).threshold(0.2)


def test_one_riot_does_not_teach_that_riots_are_normal():
    calm = [2.1, 2.3, 2.6, 3.0] * 10
    with_riot = background([*calm, 90.0]).threshold(0.2)
    assert with_riot < background(calm).threshold(0.2) + 0.5


def test_background_of_known_fall_is_passed_as_often_as_the_budget_says():
    """Heights that fall off exponentially, four a day: their own law gives the threshold."""
    stirred = [2.0 + 0.7 * x for x in (n / 20 for n in range(1, 80))]
    passed = [h for h in stirred if h >= background(stirred, 20).threshold(0.2)]
    assert len(passed) / 20 <= 0.4


@pytest.mark.parametrize("embedder", EMBEDDERS, ids=lambda e: e.name)
@SLOW_TO_DRAW
@supposing(texts=st.lists(st.text(max_size=60), max_size=5))
def test_every_text_becomes_one_row_of_length_one_or_nothing_and_always_the_same(embedder, texts):
    rows = embedder.embed(texts)
    assert rows.shape == (len(texts), embedder.size)
    assert all(abs(float(row @ row) - 1) < 1e-3 or not row.any() for row in rows)
    assert rows.tobytes() == embedder.embed(texts).tobytes()


def test_pieces_are_alike_across_endings_and_near_languages():
    a, b, c = Pieces().embed(["explosión en la fábrica", "explosion à la fabrique", "ein Hund"])
    assert a @ b > 0.3 > a @ c


def test_word_vectors_come_from_the_package_itself():
    pytest.importorskip("wordllama", reason="NOT TESTED: the extra `semantic` is not installed")
    fire, blaze, tax = WordVectors().embed(["house fire", "a blaze in a home", "income tax"])
    assert fire @ blaze > fire @ tax


def screened(texts, embedder):
    screen = Screen.starter(embedder)
    for n in range(40):
        chat = [f"soup {n} and bread {k}" for k in range(10)]
        screen.near(embedder.embed(chat), ["en"] * 10)
    return screen.near(embedder.embed(texts), ["en"] * len(texts))


@pytest.mark.parametrize("embedder", EMBEDDERS, ids=lambda e: e.name)
def test_the_screen_tells_trouble_from_the_chatter_it_has_heard(embedder):
    trouble, soup = screened(["shots fired, a gunman inside", "soup 3 and bread 2"], embedder)
    assert trouble.alarming
    assert not soup.alarming


def test_the_screen_lets_nothing_through_before_it_knows_what_is_usual():
    embedder = Pieces()
    [near] = Screen.starter(embedder).near(embedder.embed(["a gunman, shots fired"]), ["en"])
    assert not near.alarming


def test_posts_of_one_event_are_more_alike_than_chance_gives():
    embedder = Pieces()
    likeness = Likeness(embedder)
    things = ["soup", "bread", "ferry", "garden", "school", "dog", "music", "coffee"]
    things += ["train", "library"]
    chat = [f"{a} {n} {b}" for n, a in enumerate(things) for b in things]
    for start in range(0, 100, 10):
        likeness.learn(embedder.embed(chat[start : start + 10]), ["en"] * 10, [True] * 10)
    one = ["fire at the old mill", "the old mill is on fire", "mill fire, smoke over town"]
    many = ["fire the coach", "my phone is on fire", "campfire songs tonight"]
    alike = lambda said: likeness.of(likeness.rows(in_english(said)))  # noqa: E731
    assert alike(one) > alike(many)
    assert alike([]) == alike(["alone"]) == 1.0


def in_english(texts):
    return [Told(str(n), NOW + n, text, "en", voice=str(n)) for n, text in enumerate(texts)]


def said(own, copies):
    term = Said()
    for n in range(own):
        term.by(f"own{n}", NOW + n, n + 1)
    for n in range(copies):
        term.by(f"copy{n}", NOW + n, 0)
    return term


@supposing(st.integers(0, 60), st.integers(0, 600))
def test_copies_never_count_for_more_than_half_of_what_is_said_in_own_words(own, copies):
    believed = said(own, copies).believed_since(NOW)
    assert own <= believed <= 1.5 * own
    assert said(own, copies).heard_since(NOW) == own + copies


def test_one_text_from_five_hundred_authors_is_one_voice():
    assert said(1, 499).believed_since(NOW) == 1


def hot(term, surprise, count=3):
    return Hot(term, surprise, count, 0.0, 300, frozenset())


def posts(*texts):
    return [Told(str(n), NOW + n, text) for n, text in enumerate(texts)]


def test_a_name_is_a_phrase_as_people_put_it():
    shared = [hot("tern", 9), hot("avenue", 8), hot("crash", 7), hot("near", 1)]
    heard = posts("Crash on Tern Avenue, my cousin saw it", "tern avenue again")
    assert phrase(heard, shared) == "Crash on Tern Avenue"


def test_a_name_holds_no_word_that_only_one_voice_said():
    shared = [hot("crash", 7), hot("avenue", 8), hot("cousin", 9, count=1)]
    assert "cousin" not in phrase(posts("my cousin: crash, avenue"), shared).lower()


@pytest.mark.parametrize(("term", "read"), [
    ("clear talk of: crash", "talk of crash"), ("talk of: fire", "talk of fire"),
    ("topic: floods", "floods"), ("mill", "mill"),
])  # fmt: skip
def test_a_term_is_shown_without_its_mark(term, read):
    assert shown(term) == read


def test_a_name_says_what_kind_of_thing_it_is_unless_its_words_do():
    lead = hot("clear talk of: crash", 9)
    shared = [hot("tern", 9), hot("avenue", 8)]
    heard = posts("on Tern Avenue now")
    assert label(lead, shared, heard, lambda word: "") == "Crash: Tern Avenue"
    assert label(lead, shared, heard, {"avenue": "crash"}.get) == "Tern Avenue"


@supposing(st.lists(st.text(max_size=80), max_size=5), st.lists(st.text(max_size=8), max_size=5))
def test_any_posts_and_terms_give_a_name_that_fits(texts, terms):
    shared = [hot(term, 5.0) for term in terms]
    assert len(label(hot("mill", 9), shared, posts(*texts), lambda word: "")) <= 120


def test_a_pair_stands_for_its_words_only_when_they_are_mostly_said_in_it():
    assert named([hot("mill", 9, 17), hot("mill late", 8, 3)]) == ["mill", "mill late"]
    assert named([hot("mill", 9, 17), hot("mill fire", 8, 12)]) == ["mill fire"]


def test_what_was_learnt_goes_on_after_a_pause_that_counts_for_nothing():
    learnt = Background(2.0)
    for day in range(10):
        learnt.pass_by(NOW + day * DAY)
        learnt.note(NOW + day * DAY, 3.0 + day % 3)
    after = Background(2.0)
    after.go_on(learnt.listened, learnt.now, learnt.stirred, learnt.now + 5 * DAY)
    assert after.days == learnt.days
    assert after.threshold(0.2) == learnt.threshold(0.2)
    assert Background(2.0).threshold(0.2) != learnt.threshold(0.2)
    after.go_on(learnt.listened, learnt.now, learnt.stirred, learnt.now + 100 * DAY)
    assert after.stirred == []
    assert after.days == 0
    assert after.threshold(0.2) == Background(2.0).threshold(0.2)
