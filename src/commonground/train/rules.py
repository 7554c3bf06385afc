"""Who may sit the questions of a course, who is certified after it, and who leads a drill."""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping, Sequence

from django.utils import timezone
from django.utils.translation import gettext as _

from commonground.agency import rules as agency_rules
from commonground.agency.models import Agency, Member
from commonground.kit.refusals import MovedOn, NotYours, Refused
from commonground.train.engine.course import STILL_FRESH, Course
from commonground.train.models import Drill, FirstRun, Recording, Seat, Sitting
from commonground.train.models.drills import could_be


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


FASTEST = 1440.0  # a day of the drill in a minute: faster, nobody can read


def may_begin_drill(agency: Agency, by: Member) -> None:
    if not agency_rules.certifies(by) or by.agency_id != agency.pk:
        raise NotYours(_("Only a trainer begins a drill and leads it."))
    must_be_a_free_desk_for_drills(agency)


def must_be_a_free_desk_for_drills(agency: Agency) -> None:
    if not agency.drill:
        raise Refused(
            _("A drill is held on a desk of its own, which cannot reach the public. Whoever runs"
              " the server founds one; sign in there.")
        )  # fmt: skip
    if agency.drills.going().exists():
        raise MovedOn(_("A drill is under way here. End it before you begin another."))


def may_bring_recordings(by: Member, recording: Recording | None = None) -> None:
    """Where drills are held, by whoever leads them."""
    if not agency_rules.certifies(by) or (recording and recording.agency_id != by.agency_id):
        raise NotYours(_("Only a trainer brings recordings for drills."))
    if not by.agency.drill:
        raise Refused(_("Recordings are played on the desk for drills. Sign in there to add one."))


def must_be_filled(agency: Agency, seats: Mapping[str, Sequence[Member]]) -> None:
    """Somebody in each role, who may be it; and a second person who reads what goes out."""
    if missing := [role.label for role in Seat.ROLES if not seats.get(role)]:
        named = ", ".join(str(label) for label in missing)
        raise Refused(_("Still missing in this drill: %(who)s.") % {"who": named})
    for role, people in seats.items():
        able = set(could_be(agency, role))
        for member in people:
            if member not in able or not member.certified():
                raise Refused(
                    _("%(name)s cannot be this here: the role or a certificate is missing.")
                    % {"name": member.name}
                )
    authors, approvers = seats[Seat.ROLES.AUTHOR], seats[Seat.ROLES.APPROVER]
    if all(one.is_also(other) for one in authors for other in approvers):
        raise Refused(_("Author and approver are one person. Nobody approves their own words."))


def must_be_a_speed(speed: float) -> float:
    if not math.isfinite(speed) or not 0 < speed <= FASTEST:
        raise Refused(_("A drill runs at most %(most)d times as fast as the clock.")
                      % {"most": FASTEST})  # fmt: skip
    return speed


def may_lead(drill: Drill, by: Member) -> None:
    if not leads(drill, by):
        raise NotYours(_("Only a trainer begins a drill and leads it."))


def leads(drill: Drill, by: Member) -> bool:
    """A trainer; and whoever is alone in their first drill, of that one."""
    return directs(drill, by) or FirstRun.objects.filter(twin=by, desk=drill.agency_id).exists()


def directs(drill: Drill, by: Member) -> bool:
    """Whoever may see what is still to come, and let it happen now."""
    return by.agency_id == drill.agency_id and agency_rules.certifies(by)


def may_direct(drill: Drill, by: Member) -> None:
    if not directs(drill, by):
        raise NotYours(_("Only a trainer begins a drill and leads it."))


def may_begin_first_drill(by: Member) -> None:
    if not by.owes_first_drill:
        raise NotYours(_("No first drill is asked of you. A trainer begins all others."))


def may_finish_first_drill(run: FirstRun) -> None:
    """It was gone through to its end, and they said something in it."""
    if not run.is_over:
        raise Refused(_("Your drill is not over yet. Go back to it; it takes ten minutes."))
    if not run.has_spoken:
        raise Refused(_("Nothing of yours went out in it. Take it once more."))


def must_be_going(drill: Drill) -> None:
    if drill.is_over:
        raise MovedOn(_("This drill is over."))


def may_inject(drill: Drill, name: str) -> None:
    must_be_going(drill)
    if name not in {one.name for one in drill.plan.injects}:
        raise Refused(_("Nothing of this name is written in this drill."))
    if drill.happenings.filter(name=name).exists():
        raise MovedOn(_("This has happened already."))
