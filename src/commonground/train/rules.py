"""Who may sit the questions of a course, and who is certified after it."""

from __future__ import annotations

from collections.abc import Collection

from django.utils import timezone
from django.utils.translation import gettext as _

from commonground.agency import rules as agency_rules
from commonground.agency.models import Member
from commonground.kit.refusals import MovedOn, NotYours, Refused
from commonground.train.engine.course import STILL_FRESH, Course
from commonground.train.models import Sitting


def may_sit(course: Course, read: Collection[str]) -> None:
    if left := len(set(course.rules.lessons) - set(read)):
        raise Refused(_("Read every lesson first. Still unread: %(lessons)d.") % {"lessons": left})


def may_hand_in(sitting: Sitting, course: Course, by: Member) -> None:
    if sitting.member_id != by.pk:
        raise NotYours(_("Everybody answers for themselves."))
    if sitting.done_at:
        raise MovedOn(_("You have handed this in already."))
    if sitting.version != course.digest:
        raise MovedOn(_("The course was changed meanwhile. Begin its questions again."))


def may_look_at(sitting: Sitting, by: Member) -> bool:
    """Whoever answered, and those who certify."""
    return sitting.member_id == by.pk or agency_rules.certifies(by)


def may_certify(sitting: Sitting, by: Member) -> None:
    agency_rules.may_award(sitting.member, by)
    if not sitting.passed:
        raise Refused(_("Only who passed can be certified by it."))
    if sitting.certificate_id:
        raise MovedOn(_("They were certified for this already."))
    if sitting.done_at is None or sitting.done_at < timezone.now() - STILL_FRESH:
        raise Refused(_("That was too long ago. They answer the questions again first."))
