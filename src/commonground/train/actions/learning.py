"""Reading lessons, answering their questions, and the certificate that follows."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from datetime import timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from commonground.agency import actions as agency
from commonground.agency.models import Certificate, Member
from commonground.kit.refusals import MovedOn
from commonground.record.actions import witness
from commonground.train import rules
from commonground.train.engine.course import Course, marked
from commonground.train.models import Reading, Sitting
from commonground.train.queries import lessons_read


def read(course: Course, lesson: str, *, by: Member) -> None:
    """They read it to its end, as far as anybody can tell."""
    course.lesson(lesson)
    Reading.objects.get_or_create(member=by, course=course.name, lesson=lesson)


@transaction.atomic
def begin(course: Course, *, by: Member) -> Sitting:
    """The questions, in an order of their own; those that were begun and never handed in are gone
    on with, unless the course was changed since."""
    rules.may_sit(course, lessons_read(by, course))
    Sitting.objects.open().filter(member=by, course=course.name).exclude(
        version=course.digest
    ).delete()
    seed = secrets.randbelow(1 << 31)
    asked = {"language": course.language, "version": course.digest, "seed": seed}
    sitting, _new = Sitting.objects.open().get_or_create(
        member=by, course=course.name, done_at=None, defaults=asked
    )
    return sitting


@transaction.atomic
def hand_in(sitting: Sitting, course: Course, answers: Mapping[str, int], *, by: Member) -> Sitting:
    """Mark it. Lessons whose questions were missed are to be read again before the next try."""
    rules.may_hand_in(sitting, course, by)
    mark = marked(course, answers)
    row = Sitting.objects.open().filter(pk=sitting.pk)
    if not row.update(
        answers=dict(answers), right=mark.right, asked=mark.of, passed=mark.passed,
        done_at=timezone.now(),
    ):  # fmt: skip
        raise MovedOn(_("You have handed this in already."))
    sitting.refresh_from_db()
    if not mark.passed:
        again = {course.lesson_of(name).name for name in mark.missed}
        Reading.objects.filter(member=by, course=course.name, lesson__in=again).delete()
    verb = "pass_course" if mark.passed else "fail_course"
    witness(
        verb, sitting, by=by, agency=by.agency_id, right=mark.right, of=mark.of,
        version=course.digest,
    )  # fmt: skip
    return sitting


@transaction.atomic
def certify(sitting: Sitting, course: Course, *, by: Member) -> Certificate:
    """A trainer says that who passed may speak for the service, for as long as the course holds."""
    sitting = Sitting.objects.select_for_update(of=("self",)).get(pk=sitting.pk)
    rules.may_certify(sitting, by)
    until = timezone.now() + timedelta(days=course.rules.good_for_days)
    held = agency.award(sitting.member, course=course.title[:80], expires_at=until, by=by)
    Sitting.objects.filter(pk=sitting.pk).update(certificate=held)
    return held
