"""Reading the courses that come with the desk, and how far somebody is."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from django.db.models import QuerySet
from django.utils import timezone

from commonground.agency.models import Agency, Member
from commonground.train.engine.course import (
    STILL_FRESH,
    Course,
    CourseWrong,
    course_from,
    must_be_the_same,
)
from commonground.train.models import Reading, Sitting
from commonground.train.queries.scenarios import table

COURSES = Path(__file__).parents[1] / "courses"
FIRST = "en"  # the language every course has


def course_names() -> list[str]:
    return sorted(at.name for at in COURSES.iterdir() if (at / "course.toml").exists())


@cache
def languages_of(name: str) -> dict[str, Course]:
    """A course in each of its languages. Raises CourseWrong."""
    if name not in course_names():
        raise CourseWrong(f"there is no course called {name}; there is {', '.join(course_names())}")
    at = COURSES / name
    rules = table(at / "course.toml")
    found = {}
    for folder in sorted(path.parent for path in at.glob("*/course.toml")):
        lessons = [
            {"name": lesson, **table(folder / f"{lesson}.toml")} for lesson in rules["lessons"]
        ]
        found[folder.name] = course_from(
            {
                "name": name, "language": folder.name, "rules": rules, "lessons": lessons,
                **table(folder / "course.toml"),
            }
        )  # fmt: skip
    for course in found.values():
        must_be_the_same(found[FIRST], course)
    return found


def course_named(name: str, language: str) -> Course:
    """A course in this language, else in the one every course has. Raises CourseWrong."""
    spoken = languages_of(name)
    return spoken.get(language) or spoken.get(language.partition("-")[0]) or spoken[FIRST]


def courses(language: str) -> list[Course]:
    return [course_named(name, language) for name in course_names()]


def lessons_read(member: Member, course: Course) -> set[str]:
    """The names of the lessons this person has read, of those the course has now."""
    read = Reading.objects.filter(member=member, course=course.name)
    return set(read.values_list("lesson", flat=True)) & set(course.rules.lessons)


def to_certify(agency: Agency) -> QuerySet[Sitting]:
    """Who passed and waits for a trainer, the longest waiting first."""
    passed = Sitting.objects.of(agency).passed().filter(certificate=None)
    fresh = passed.filter(done_at__gt=timezone.now() - STILL_FRESH, member__is_active=True)
    return fresh.select_related("member").order_by("done_at")
