"""What can be wished for of courses."""

from __future__ import annotations

from commonground.agency.models import Member
from commonground.train import actions, queries
from commonground.train.models import Sitting
from tests.journeys import scene

COURSE = "speaking"


def course_read(by: Member | None = None) -> str:
    """Every lesson is read, and the questions are open."""
    by = by or scene.person("dov")
    course = queries.course_named(COURSE, "en")
    for lesson in course.rules.lessons:
        actions.read(course, lesson, by=by)
    return actions.begin(course, by=by).get_absolute_url()


def answered(by: Member, *, missed: int) -> Sitting:
    course_read(by)
    course = queries.course_named(COURSE, "en")
    answers = {name: question.right for name, question in course.questions.items()}
    for name in list(answers)[:missed]:
        answers[name] = (answers[name] + 1) % len(course.questions[name].choices)
    sitting = Sitting.objects.open().get(member=by)
    return actions.hand_in(sitting, course, answers, by=by)


def course_missed() -> str:
    return answered(scene.person("dov"), missed=6).get_absolute_url()


def course_passed() -> str:
    """Two wait for a trainer: one whose certificate lapsed, and one who renews."""
    answered(scene.person("tomas"), missed=1)
    return answered(scene.person("dov"), missed=0).get_absolute_url()
