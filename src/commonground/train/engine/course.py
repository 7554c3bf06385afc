"""What a course is made of, reading one from the tables of its files, and marking answers.

Lessons are read in any order; then every question of every lesson is asked, in an order and with
choices placed by the seed of the sitting, so that nobody learns that it is always the third. Some
questions must be right whatever the share: who gets them wrong could harm somebody.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from functools import cached_property
from hashlib import sha256

import msgspec

from commonground.train.engine.scenario import Part

CHOICES = range(2, 6)
STILL_FRESH = timedelta(days=90)  # for so long what was passed can be certified


class CourseWrong(ValueError):
    """A course that cannot be taken, with the place in it that is wrong."""


class Choice(Part, frozen=True):
    """One possible answer, and why it is or is not the right one."""

    says: str
    because: str
    right: bool = False


class Question(Part, frozen=True):
    name: str
    asks: str
    choices: list[Choice]
    must: bool = False  # right, or not passed

    @cached_property
    def right(self) -> int:
        return next(n for n, choice in enumerate(self.choices) if choice.right)


class Lesson(Part, frozen=True):
    """`text`: paragraphs between empty lines; lines that begin with "- " are a list, with "> "
    what somebody might say, and with "## " a heading."""

    name: str
    title: str
    minutes: int
    text: str
    questions: list[Question]
    sources: list[str] = []


class Rules(Part, frozen=True):
    """What holds in every language."""

    pass_share: float
    good_for_days: int
    lessons: list[str]


class Course(Part, frozen=True):
    """A course in one language."""

    name: str
    language: str
    title: str
    about: str
    rules: Rules
    lessons: list[Lesson]

    @cached_property
    def minutes(self) -> int:
        return sum(lesson.minutes for lesson in self.lessons)

    @cached_property
    def questions(self) -> dict[str, Question]:
        return {question.name: question for lesson in self.lessons for question in lesson.questions}

    @cached_property
    def digest(self) -> str:
        """64 hex digits of what it says: which version somebody was asked about."""
        return sha256(msgspec.json.encode(self, order="deterministic")).hexdigest()

    def lesson(self, name: str) -> Lesson:
        return next(lesson for lesson in self.lessons if lesson.name == name)

    def lesson_of(self, question: str) -> Lesson:
        return next(n for n in self.lessons if any(q.name == question for q in n.questions))


def course_from(tables: Mapping[str, object]) -> Course:
    """Read a course in one language. Raises CourseWrong, with the place that is wrong."""
    try:
        course = msgspec.convert(tables, Course)
    except msgspec.ValidationError as error:
        raise CourseWrong(f"{tables.get('name')} ({tables.get('language')}): {error}") from error
    for trouble in troubles(course):
        raise CourseWrong(f"{course.name} ({course.language}): {trouble}")
    return course


def troubles(course: Course) -> list[str]:
    names = [lesson.name for lesson in course.lessons]
    found = [] if names == course.rules.lessons else [f"its lessons are {names}"]
    if not 0 < course.rules.pass_share <= 1:
        found.append("pass_share is a share between 0 and 1")
    asked = Counter(q.name for lesson in course.lessons for q in lesson.questions)
    found += [f"the question {name} is asked twice" for name, n in asked.items() if n > 1]
    for question in course.questions.values():
        if sum(choice.right for choice in question.choices) != 1:
            found.append(f"{question.name}: exactly one choice is right")
        if len(question.choices) not in CHOICES:
            found.append(f"{question.name}: two to five choices")
    return found


def must_be_the_same(one: Course, other: Course) -> None:
    """In every language the same is asked, and the same is right. Raises CourseWrong."""
    for question in one.questions.values():
        twin = other.questions.get(question.name)
        if twin is None or [c.right for c in twin.choices] != [c.right for c in question.choices]:
            raise CourseWrong(
                f"{one.name}: {question.name} differs between {one.language} and {other.language}"
            )
        if twin.must != question.must:
            raise CourseWrong(f"{one.name}: {question.name} must be right in one language only")
    if one.questions.keys() != other.questions.keys():
        raise CourseWrong(f"{one.name}: {other.language} asks what {one.language} does not")


def laid_out(course: Course, seed: int) -> list[tuple[Question, list[int]]]:
    """Every question, in an order of this sitting's own, with the order of its choices."""
    asked = shuffled(list(course.questions.values()), lambda question: f"{seed} {question.name}")
    return [(question, places(question, seed)) for question in asked]


def places(question: Question, seed: int) -> list[int]:
    return shuffled(list(range(len(question.choices))), lambda n: f"{seed} {question.name} {n}")


def shuffled[T](things: Sequence[T], called: Callable[[T], str]) -> list[T]:
    """In an order that follows from what each is called, and looks like chance."""
    return sorted(things, key=lambda thing: sha256(called(thing).encode()).digest())


@dataclass(frozen=True)
class Mark:
    """What a sitting came to. `missed`: names of questions, in the order of the course."""

    right: int
    of: int
    missed: Sequence[str]
    passed: bool


def marked(course: Course, answers: Mapping[str, int]) -> Mark:
    """Mark the choices made, by the name of the question; one that is absent was not answered."""
    missed = [n for n, q in course.questions.items() if answers.get(n) != q.right]
    right, of = len(course.questions) - len(missed), len(course.questions)
    fatal = any(course.questions[name].must for name in missed)
    return Mark(right, of, missed, passed=not fatal and right >= course.rules.pass_share * of)
