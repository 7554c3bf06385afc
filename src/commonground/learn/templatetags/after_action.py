"""The words of an after-action report: a line, a length, a number and a gap, each as a sentence."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta

from django import template
from django.utils.translation import gettext, gettext_lazy as _

from commonground.kit.words_for_time import lasting
from commonground.learn.engine.after_action import Line
from commonground.learn.states import MistakeState
from commonground.spot.states import RumourState, State

register = template.Library()

LINES = {
    "heard": _("People begin to talk about it, as far as we heard."),
    "spotted": _(
        "The desk spots it: “%(term)s” in %(posts)s posts within %(minutes)s minutes, from"
        " %(voices)s distinct voices. Usual is %(usual)s."
    ),
    "closed": _("The moment is closed: %(state)s."),
    "drafted": _("First words are written: “%(title)s”."),
    "approved": _("These exact words are approved: “%(title)s”."),
    "seen": _("Seen in public on %(channel)s: “%(title)s”."),
    "not_sent": _("Did not go out on %(channel)s: “%(title)s”. %(why)s"),
    "taken_back": _("Taken back on %(channel)s: “%(title)s”."),
    "correction_drafted": _("A correction is written: “%(title)s”."),
    "correction_seen": _("The correction is seen in public on %(channel)s: “%(title)s”."),
    "first_reply": _("The first reply to it arrives, on %(channel)s."),
    "first_answer": _("The public sees our first answer, on %(channel)s."),
    "measure": _("A measure against what somebody wrote is agreed to: %(reference)s, on"
                 " %(channel)s."),
    "appeal": _("Somebody objects to the measure %(reference)s."),
    "rumour": _("A rumour is written down: “%(claim)s”. As of now: %(state)s."),
    "rumour_answered": _("We tell the public about the rumour “%(claim)s”."),
    "followed": _("The news of it is followed; key messages: %(messages)s."),
    "article": _("%(outlet)s: “%(headline)s”. Messages carried: %(carried)s of %(messages)s."),
    "mistake": _("%(outlet)s is wrong: “%(wrong)s” Right is: %(right)s"),
    "mistake_asked": _("%(asked_of)s is asked to put it right: “%(wrong)s”"),
    "mistake_corrected": _("%(outlet)s puts it right: %(right)s"),
}  # fmt: skip
MOMENTS = {
    State.OPEN.value: _("still open"), State.ACTED.value: _("we answered"),
    State.JOINED.value: _("another service answered"),
    State.PASSED.value: _("passed, with a reason"),
    State.MERGED.value: _("the same as another"), State.MISSED.value: _("missed"),
}  # fmt: skip
RUMOURS = {
    RumourState.HEARD.value: _("nobody has looked yet"),
    RumourState.CHECKING.value: _("being checked"), RumourState.TRUE.value: _("it is so"),
    RumourState.FALSE.value: _("it is not so"), RumourState.UNKNOWN.value: _("it cannot be known"),
}  # fmt: skip
ROLES = {
    "author": _("an author"), "approver": _("an approver"), "desk": _("the desk"),
    "": _("somebody on the desk"),
}  # fmt: skip
LENGTHS = {
    "heard_to_spotted": _("From the first post we heard to the alarm"),
    "spotted_to_draft": _("From the alarm to the first draft"),
    "draft_to_approval": _("From the first draft to the first approval"),
    "approval_to_public": _("From the first approval to words in public"),
    "spotted_to_first_word": _("From the alarm to our first word in public"),
    "heard_to_first_word": _("From the first post to our first word in public"),
    "question_to_answer": _("From what people wrote to our answer, in the middle"),
    "asked_to_corrected": _("From asking an outlet to its correction, in the middle"),
}
NUMBERS = {
    "posts": _("Posts published"), "corrections": _("Corrections published"),
    "seen": _("Deliveries seen in public"), "not_seen": _("Deliveries not seen"),
    "taken_back": _("Deliveries taken back"), "conversations": _("Conversations about it"),
    "answered": _("of which we answered"), "late": _("of which too late"),
    "measures": _("Measures against what was written"), "appeals": _("Objections to them"),
    "rumours": _("Rumours written down"), "articles": _("Articles"), "outlets": _("Outlets"),
    "set_aside": _("Articles set aside, about something else"),
    "mistakes": _("Mistakes in the news"), "mistakes_asked": _("of which we asked to correct"),
    "mistakes_corrected": _("of which corrected"),
}  # fmt: skip
GAPS = {
    "still_open": _("The moment still runs: this is how it stands now."),
    "no_first_word": _("No word of ours about it was seen in public."),
    "no_post": _("No post was begun for it."),
    "not_seen": _("Deliveries that were not seen in public: %(n)s."),
    "no_proof": _("Deliveries seen, of which the record has no entry: %(n)s."),
    "not_captured": _("Posts of which no copy of what the public saw is held: %(n)s."),
    "unanswered": _("Conversations without an answer that the public could see: %(n)s."),
    "open_rumours": _("Rumours that nobody settled: %(n)s."),
    "not_followed": _("Its news was not followed: what outlets carried is not known."),
    "no_article": _("No article about it arrived or was added."),
    "uncertain": _("Messages in articles where it is uncertain whether they came through, and"
                   " nobody said: %(n)s."),
    "only_told": _("Articles of which we have only what the feed told, not the page: %(n)s."),
    "suspected": _("Figures in the news that differ from ours, and nobody looked: %(n)s."),
    "no_feedback": _("Nobody was asked in these days whether an answer helped."),
    "few_feedback": _("Too few said whether an answer helped: it could be led back to people."),
    "not_looked_back": _("Nobody has written yet what went well and what next."),
}  # fmt: skip
ANSWERS = {
    "carried": _("carried"), "touched": _("touched"), "absent": _("absent"),
    "uncertain": _("uncertain"),
}  # fmt: skip
MISTAKES = {
    MistakeState.SUSPECTED: _("to be looked at"),
    MistakeState.CONFIRMED: _("wrong, not asked yet"),
    MistakeState.CLEARED: _("not wrong"),
    MistakeState.ASKED: _("asked to correct"),
    MistakeState.CORRECTED: _("corrected"),
    MistakeState.REFUSED: _("not corrected"),
}


@register.filter
def line_words(line: Line) -> str:
    """What happened, in a sentence."""
    facts = dict(line.facts)
    if line.kind == "closed":
        facts["state"] = moment_state_words(facts["state"])
    if line.kind.startswith("rumour"):
        facts["state"] = str(RUMOURS[str(facts["state"])])
    return (str(LINES[line.kind]) % facts).strip()


@register.simple_tag
def by_whom(line: Line, names: Mapping[str, str]) -> str:
    """The role that did it; the name as well, where `names` has it. Nothing where nobody did."""
    if not line.role and not line.who:
        return ""
    role = str(ROLES.get(line.role, ROLES[""]))
    name = names.get(line.who, "")
    return gettext("%(role)s (%(name)s)") % {"role": role, "name": name} if name else role


@register.filter
def length_name(name: str) -> str:
    return str(LENGTHS[name])


@register.filter
def length_words(seconds: float | None) -> str:
    """How long it took; said where one of its ends is missing, or came before the other."""
    if seconds is None:
        return gettext("not known: one of the two never was")
    if seconds < 0:
        return gettext("%(time)s before") % {"time": lasting(timedelta(seconds=-seconds))}
    return lasting(timedelta(seconds=seconds))


@register.filter
def number_name(name: str) -> str:
    return str(NUMBERS[name])


@register.filter
def gap_words(gap: tuple[str, int]) -> str:
    return str(GAPS[gap[0]]) % {"n": gap[1]}


@register.filter
def answer_words(name: str) -> str:
    return str(ANSWERS[name])


@register.filter
def mistake_words(state: str) -> str:
    return str(MISTAKES[MistakeState(state)])


@register.filter
def moment_state_words(state: object) -> str:
    return str(MOMENTS[str(state)])


@register.filter
def as_time(text: str) -> datetime | None:
    return datetime.fromisoformat(text) if text else None


@register.filter
def next_number(number: int) -> int:
    """Where the record begins so that this entry stands at its top."""
    return number + 1
