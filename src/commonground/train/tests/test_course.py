"""Courses are whole in every language, and are marked as their rules say."""

import msgspec
import pytest

from commonground.train.engine.course import (
    CourseWrong,
    course_from,
    laid_out,
    marked,
    must_be_the_same,
)
from commonground.train.queries.courses import course_named, course_names, languages_of
from commonground.train.templatetags.course import lesson_text


@pytest.fixture
def speaking():
    return course_named("speaking", "en")


def all_right(course):
    return {name: question.right for name, question in course.questions.items()}


def test_every_course_that_ships_is_whole_in_english_and_french():
    assert course_names() == ["speaking"]
    for name in course_names():
        assert {"en", "fr"} <= languages_of(name).keys()


def test_a_course_is_given_in_ones_own_language_or_in_english():
    assert course_named("speaking", "fr-ca").language == "fr"
    assert course_named("speaking", "es").language == "en"


def test_the_right_choice_does_not_stand_at_the_same_place_in_every_sitting(speaking):
    for question in speaking.questions.values():
        places = set()
        for seed in range(60):
            order = {q.name: o for q, o in laid_out(speaking, seed)}[question.name]
            places.add(order.index(question.right))
        assert places == set(range(len(question.choices)))


def test_a_sitting_is_the_same_each_time_it_is_shown(speaking):
    names = [q.name for q, _ in laid_out(speaking, 7)]
    assert names == [q.name for q, _ in laid_out(speaking, 7)]
    assert names != [q.name for q, _ in laid_out(speaking, 8)]
    assert sorted(names) == sorted(speaking.questions)


def test_all_right_passes_and_nothing_answered_does_not(speaking):
    assert marked(speaking, all_right(speaking)).passed
    none = marked(speaking, {})
    assert (none.right, none.of, none.passed) == (0, 20, False)


def test_a_fifth_may_be_missed_but_never_one_that_could_harm_somebody(speaking):
    may_miss = [name for name, q in speaking.questions.items() if not q.must]
    must = next(name for name, q in speaking.questions.items() if q.must)

    def missing(*names):
        answers = all_right(speaking)
        for name in names:
            answers[name] = (answers[name] + 1) % len(speaking.questions[name].choices)
        return marked(speaking, answers)

    assert missing(*may_miss[:4]).passed
    assert not missing(*may_miss[:5]).passed
    assert not missing(must).passed
    assert missing(must).missed == [must]


def changed(course, change):
    tables = msgspec.to_builtins(course)
    change(tables)
    return tables


@pytest.mark.parametrize(
    ("change", "why"),
    [
        (lambda t: t["lessons"].pop(), "its lessons are"),
        (lambda t: t["rules"].update(pass_share=80), "a share between"),
        (lambda t: t["lessons"][0]["questions"][0]["choices"][0].update(right=True), "exactly one"),
        (lambda t: t["lessons"][0]["questions"].append(t["lessons"][1]["questions"][0]), "twice"),
        (lambda t: t["lessons"][0]["questions"][0].update(choices=[]), "exactly one choice"),
        (lambda t: t["lessons"][0].update(texts="x"), "unknown field"),
    ],
)
def test_a_course_that_cannot_be_taken_is_refused_with_the_place(speaking, change, why):
    with pytest.raises(CourseWrong, match=why):
        course_from(changed(speaking, change))


def test_a_language_in_which_something_else_is_right_is_refused(speaking):
    def swap(tables):
        choices = tables["lessons"][0]["questions"][0]["choices"]
        choices.append(choices.pop(0))

    def soften(tables):
        tables["lessons"][1]["questions"][0]["must"] = False

    def add(tables):
        more = tables["lessons"][0]["questions"][0]
        tables["lessons"][0]["questions"].append({**more, "name": "more"})

    for change in (swap, soften, add):
        with pytest.raises(CourseWrong):
            must_be_the_same(speaking, course_from(changed(speaking, change)))


def test_a_lesson_is_shown_as_paragraphs_lists_and_headings_and_never_as_markup():
    shown = lesson_text("One <b>two</b>\nthree.\n\n## More\n- first\n- second\n\n> Hello.")
    assert shown == (
        "<p>One &lt;b&gt;two&lt;/b&gt; three.</p>\n<h2>More</h2>\n"
        "<ul><li>first</li><li>second</li></ul>\n<blockquote>Hello.</blockquote>"
    )
