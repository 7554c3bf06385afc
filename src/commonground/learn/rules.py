"""Who may say what the news carried, ask people how far they trust us, and try two ways."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext as _

from commonground.agency import rules as agency_rules
from commonground.agency.models import Member
from commonground.agency.states import Role
from commonground.kit.persons import must_be_another
from commonground.kit.refusals import MovedOn, NotYours, Refused
from commonground.learn.engine.pulse import BEST, LEAST, SCORES
from commonground.learn.models import Census, Coverage, Experiment, Kind, Mistake, Pulse
from commonground.learn.states import ExperimentState, PulseState
from commonground.say import rules as say
from commonground.spot.models import Moment
from commonground.spot.states import State

MOST_CODES = 1000  # printed at once


def may_follow(by: Member) -> None:
    if not can_follow(by):
        raise NotYours(_("Your role does not include following the news."))


def can_follow(by: Member) -> bool:
    return bool(by.roles & {Role.AUTHOR, Role.APPROVER, Role.ADMIN})


def may_change_outlets(by: Member) -> None:
    if not can_change_outlets(by):
        raise NotYours(_("Only an administrator may change whose news we read."))


def can_change_outlets(by: Member) -> bool:
    return Role.ADMIN in by.roles


def may_add_to(coverage: Coverage, by: Member) -> None:
    may_follow(by)
    must_be_ours(coverage.agency_id, by)


def may_work_on(mistake: Mistake, by: Member) -> None:
    may_follow(by)
    must_be_ours(mistake.agency_id, by)


def may_go_direct(by: Member) -> None:
    """A draft is an author's."""
    say.may_write(by)


def may_look_back(moment: Moment, by: Member) -> None:
    may_follow(by)
    must_be_ours(moment.agency_id, by)


def may_freeze(moment: Moment, by: Member) -> None:
    """Whoever answers for what goes out answers for how it went."""
    if not can_freeze(by):
        raise NotYours(_("Only an approver may put a report on the record."))
    must_be_ours(moment.agency_id, by)
    if moment.state == State.OPEN:
        raise Refused(_("The moment still runs. Its report can be frozen when it is over."))


def can_freeze(by: Member) -> bool:
    return Role.APPROVER in by.roles


def sees_names(by: Member) -> bool:
    """Who may read in a report which person did what; all others read which role did."""
    return bool(by.roles & {Role.APPROVER, Role.ADMIN, Role.RECORDS, Role.AUDITOR})


def must_be_ours(agency_id: UUID, by: Member) -> None:
    if by.agency_id != agency_id:
        raise NotYours(_("This belongs to another agency."))


# The pulse


def may_survey(by: Member) -> None:
    if not can_survey(by):
        raise NotYours(_("Your role does not include asking how far people trust us."))


def can_survey(by: Member) -> bool:
    return bool(by.roles & {Role.AUTHOR, Role.APPROVER, Role.ADMIN})


def deciding(by: Member) -> set[str]:
    """Roles, as the workflows name them: whoever may open a round or register a plan may also do
    with it what its author may."""
    return set(by.roles) | ({Role.AUTHOR} if can_survey(by) else set())


def may_draft_pulse(census: Census, by: Member, *, kinds: Sequence[str]) -> None:
    may_survey(by)
    must_be_ours(census.agency_id, by)
    if not kinds:
        raise Refused(_("Say who may answer."))


def may_decide_of(pulse: Pulse, by: Member) -> None:
    must_be_ours(pulse.agency_id, by)
    if Role.APPROVER not in by.roles:
        raise NotYours(_("Only approvers open and close a round."))


def may_put_away(pulse: Pulse, by: Member) -> None:
    """While nobody was asked, whoever may prepare a round may also do without it."""
    may_survey(by)
    must_be_ours(pulse.agency_id, by)


def may_open(pulse: Pulse, by: Member, *, read: str, digest: str) -> None:
    """A second person, trained, who read what will be asked."""
    may_decide_of(pulse, by)
    alone = _("You need another person: nobody opens their own round.")
    must_be_another(pulse.asked_by, by, alone)
    if not by.certified():
        raise NotYours(_("Your certificate is not in force, so you cannot open a round now."))
    agency_rules.must_have_drilled(by)
    if read != digest:
        raise MovedOn(_("The round has changed since you read it. Read it again."))
    if pulse.closes_at <= timezone.now():
        raise Refused(_("Its closing time has passed. Draft another one."))
    if pulse.agency.pulses.filter(state=PulseState.OPEN).exists():
        raise Refused(_("A round is open already. Close it first: two at once would be mixed up."))


def may_make_pulse_codes(pulse: Pulse, many: int, by: Member) -> None:
    may_decide_of(pulse, by)
    if pulse.state not in (PulseState.DRAFT, PulseState.OPEN):
        raise Refused(_("This round is closed."))
    if Kind.CODE not in pulse.kinds:
        raise Refused(_("This round is not asked with codes."))
    if not 1 <= many <= MOST_CODES:
        raise Refused(_("Between 1 and %(most)s codes at once.") % {"most": MOST_CODES})


def must_take(pulse: Pulse, kind: str, scores: Sequence[int | None], traits: Sequence[int]) -> None:
    if not pulse.running:
        raise Refused(_("This round is not open just now, so nothing was counted."))
    if kind not in pulse.kinds:
        raise Refused(_("This round is asked with a code. It stands on the letter we sent."))
    sizes = [len(trait["classes"]) for trait in pulse.census.traits]
    known = len(traits) == len(sizes) and all(
        -1 <= t < n for t, n in zip(traits, sizes, strict=True)
    )
    right = len(scores) == len(SCORES) and all(s is None or LEAST <= s <= BEST for s in scores)
    if not known or not right:
        raise Refused(_("This round does not ask that."))
    if all(s is None for s in scores):
        raise Refused(_("Nothing was answered, so nothing was counted."))


# Experiments


def may_register(experiment: Experiment, by: Member, *, read: str, digest: str) -> None:
    """A second person, before the first day: nobody has seen anything yet."""
    must_be_ours(experiment.agency_id, by)
    if Role.APPROVER not in by.roles:
        raise NotYours(_("Only approvers put a plan on the record."))
    alone = _("You need another person: nobody registers their own plan.")
    must_be_another(experiment.planned_by, by, alone)
    if read != digest:
        raise MovedOn(_("The plan has changed since you read it. Read it again."))
    if experiment.begins_on <= timezone.localdate():
        raise Refused(_("It should have begun already. A plan is registered before its first day."))


def may_put_plan_away(experiment: Experiment, by: Member) -> None:
    """While nothing is on the record, nobody waits to hear what came of it."""
    may_survey(by)
    must_be_ours(experiment.agency_id, by)


def may_run(experiment: Experiment, by: Member) -> None:
    may_survey(by)
    must_be_ours(experiment.agency_id, by)
    if experiment.state != ExperimentState.RUNNING:
        raise MovedOn(_("This experiment is not running."))


def may_conclude(
    experiment: Experiment, by: Member, *, outcomes: Sequence[float | None]
) -> None:  # fmt: skip
    may_run(experiment, by)
    if timezone.localdate() <= experiment.ends_on:
        raise Refused(
            _("It is not over yet. Whoever looks early finds what they would like to find.")
        )
    if len(outcomes) != len(experiment.units):
        raise Refused(_("One outcome for each unit, or nothing for one that was not measured."))


def may_call_off(experiment: Experiment, by: Member) -> None:
    may_run(experiment, by)
