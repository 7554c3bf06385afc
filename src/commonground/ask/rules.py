"""Who may ask, open, moderate and vote."""

from __future__ import annotations

from collections.abc import Sequence

from django.conf import settings
from django.utils.translation import gettext as _

from commonground.agency import rules as agency_rules
from commonground.agency.models import Member
from commonground.agency.states import Role
from commonground.ask.models import Ballot, Question, Statement, Tier, Translation
from commonground.ask.states import State, StatementState
from commonground.kit.persons import must_be_another
from commonground.kit.refusals import MovedOn, NotYours, Refused

FEWEST_SEEDS = 3  # with fewer there is nothing to go on to after the first
MOST_STATEMENTS = 500  # accepted ones; a person answers thirty
MOST_CODES = 1000  # printed at once
MOST_VOTES = 2000  # presses on one ballot: every statement four times over


def may(question: Question, by: Member, *roles: Role) -> None:
    if question.agency_id != by.agency_id:
        raise NotYours(_("This belongs to another agency."))
    if not by.roles & set(roles):
        raise NotYours(_("Your role does not include this."))


def may_ask(by: Member) -> None:
    if Role.AUTHOR not in by.roles:
        raise NotYours(_("Only authors may prepare a question."))


def may_change(question: Question, by: Member) -> None:
    may(question, by, Role.AUTHOR)
    if question.state != State.DRAFT:
        raise Refused(_("This question is open. What people vote on does not change any more."))


def may_open(question: Question, by: Member, *, read: str, digest: str, seeds: int) -> None:
    """A second person, trained, who read exactly these words."""
    may(question, by, Role.APPROVER)
    alone = _("You need another person: nobody opens their own question.")
    must_be_another(question.asked_by, by, alone)
    if not by.certified():
        raise NotYours(_("Your certificate is not in force, so you cannot open a question now."))
    agency_rules.must_have_drilled(by)
    if read != digest:
        raise MovedOn(_("The words have changed since you read them. Read them again."))
    if seeds < FEWEST_SEEDS:
        raise Refused(_("Write at least three statements to begin with."))
    must_be_reachable(question)


def must_be_reachable(question: Question) -> None:
    if not question.tiers:
        raise Refused(_("Say who may vote."))
    if Tier.CONFIRMED in question.tiers and not settings.ENV.mail_url:
        raise Refused(_("This desk sends no e-mail, so nobody can confirm an address."))


def may_decide(question: Question, by: Member) -> None:
    """Pausing, and all that takes no second person."""
    may(question, by, Role.AUTHOR, Role.APPROVER)


def may_resume(question: Question, by: Member) -> None:
    may(question, by, Role.APPROVER)
    if not by.certified():
        raise NotYours(_("Your certificate is not in force, so you cannot open a question now."))
    agency_rules.must_have_drilled(by)


def may_publish(question: Question, by: Member, *, decided: str, why: str) -> None:
    may(question, by, Role.APPROVER)
    if not decided.strip() or not why.strip():
        raise Refused(_("Say what was decided, and why. People gave you their time."))


def may_make_codes(question: Question, many: int, by: Member) -> None:
    may(question, by, Role.APPROVER, Role.ADMIN)
    if question.state in (State.CLOSED, State.PUBLISHED):
        raise Refused(_("This question is closed."))
    if Tier.RESIDENT not in question.tiers:
        raise Refused(_("This question is not asked with codes."))
    if not 1 <= many <= MOST_CODES:
        raise Refused(_("Between 1 and %(most)s codes at once.") % {"most": MOST_CODES})


# Statements


def may_moderate(statement: Statement, by: Member) -> None:
    may(statement.question, by, Role.AUTHOR, Role.APPROVER)
    if statement.question.state in (State.CLOSED, State.PUBLISHED):
        raise Refused(_("This question is closed."))


def may_accept(statement: Statement, by: Member, accepted: int) -> None:
    may_moderate(statement, by)
    if statement.written_by is not None:
        alone = _("You need another person: nobody accepts their own statement.")
        must_be_another(statement.written_by, by, alone)
    if accepted >= MOST_STATEMENTS:
        raise Refused(_("There are too many statements for anybody to answer. Merge some first."))


def may_merge(statement: Statement, into: Statement, by: Member) -> None:
    may_moderate(statement, by)
    if into.question_id != statement.question_id or into.pk == statement.pk:
        raise Refused(_("Choose another statement of the same question."))
    if into.state != StatementState.ACCEPTED:
        raise Refused(_("The other statement is not put to the vote."))


def may_translate(statement: Statement, language: str, by: Member) -> None:
    may(statement.question, by, Role.AUTHOR, Role.APPROVER)
    if language == statement.language or language not in statement.question.languages:
        raise Refused(_("This question is not asked in that language."))


def may_vouch(translation: Translation, by: Member) -> None:
    may(translation.statement.question, by, Role.AUTHOR, Role.APPROVER)
    if not translation.by_machine:
        alone = _("You need another person: nobody checks their own translation.")
        must_be_another(translation.written_by, by, alone)


# The public


def must_run(question: Question) -> None:
    if not question.running:
        raise Refused(_("This question is not open just now, so nothing was counted."))


def must_take(question: Question, tier: str) -> None:
    must_run(question)
    if tier not in question.tiers:
        raise Refused(_("This question is not asked in that way."))


def may_vote(ballot: Ballot, statement: Statement, members: Sequence[object] = ()) -> None:
    """members: whoever of the desk is signed in where this vote comes from."""
    must_run(statement.question)
    if ballot.question_id != statement.question_id:
        raise NotYours(_("This is not a statement of this question."))
    if statement.state != StatementState.ACCEPTED:
        raise MovedOn(_("This statement is no longer put to the vote."))
    if statement.written_by_id is not None and statement.written_by_id in members:
        raise NotYours(_("You wrote this statement for the desk, so you do not vote on it."))
    if ballot.cast >= MOST_VOTES:
        raise Refused(_("There are more votes on this ballot than one person casts."))


def may_tell(ballot: Ballot, question: Question, traits: Sequence[int]) -> None:
    """traits: one class a margin, -1 where somebody would rather not say."""
    if ballot.question_id != question.pk:
        raise NotYours(_("This is not a ballot of this question."))
    if all(t == -1 for t in traits):
        return  # taking back is never too late
    must_run(question)
    if not question.weighs(ballot.tier):
        raise Refused(_("Only votes with a code or a confirmed address are weighed."))
    sizes = [len(margin["classes"]) for margin in question.margins]
    known = len(traits) == len(sizes) and all(
        -1 <= t < n for t, n in zip(traits, sizes, strict=True)
    )
    if not sizes or not known:
        raise Refused(_("This question does not ask that."))


def may_send(ballot: Ballot, question: Question) -> None:
    must_run(question)
    if not question.welcome:
        raise Refused(_("No statements are added to this question."))
    if ballot.question_id != question.pk:
        raise NotYours(_("This is not a ballot of this question."))
