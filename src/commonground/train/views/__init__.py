"""Courses: what there is to learn, reading it, answering for it."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import get_language, gettext as _
from django.views.decorators.http import require_POST

from commonground.agency.http import DeskRequest
from commonground.agency.rules import certifies
from commonground.train import actions, queries, rules
from commonground.train.engine.course import Choice, Course, Question, laid_out
from commonground.train.forms import AnswersForm
from commonground.train.models import Drill, Sitting
from commonground.train.states import State

MOST_HELD = 20  # drills; the older ones are not looked back on


@login_required
def train(request: DeskRequest) -> HttpResponse:
    """What there is to learn, how far one is, and who waits for a certificate."""
    rows = [how_far(request, course) for course in queries.courses(get_language() or "")]
    mine = request.user.certificates.in_force().order_by("-expires_at")
    context = {
        "courses": rows, "certificates": [held for held in mine if held.is_ours()],
        "to_certify": queries.to_certify(request.user.agency) if certifies(request.user) else [],
        **drills_for(request),
    }  # fmt: skip
    return render(request, "train/train.html", context)


def drills_for(request: DeskRequest) -> dict[str, object]:
    """Those there are to hold here, and those this person may look at."""
    agency, held = request.user.agency, Drill.objects.seen_by(request.user)
    return {
        "plans": queries.plans() if certifies(request.user) else [],
        "going": held.going().first(), "held": held.filter(state=State.OVER)[:MOST_HELD],
        "elsewhere": None if agency.drill else queries.desk_for_drills(),
        "brings": agency.drill and certifies(request.user),
        "recordings": agency.recordings.filter(hearings=None).defer("posts"),
    }  # fmt: skip


def how_far(request: DeskRequest, course: Course) -> dict[str, object]:
    """A course, what was read of it, and the last time its questions were answered."""
    read = queries.lessons_read(request.user, course)
    tried = request.user.sittings.filter(course=course.name)
    return {
        "course": course, "read": read, "left": len(course.lessons) - len(read),
        "next": next((name for name in course.rules.lessons if name not in read), None),
        "last": tried.exclude(done_at=None).order_by("-done_at").first(),
        "open": tried.open().filter(version=course.digest).first(),
    }  # fmt: skip


@login_required
def course(request: DeskRequest, course: str) -> HttpResponse:
    return render(request, "train/course.html", how_far(request, our_course(course)))


@login_required
def lesson(request: DeskRequest, course: str, lesson: str) -> HttpResponse:
    """One lesson; reading on says that this one was read."""
    whole = our_course(course)
    names = whole.rules.lessons
    if lesson not in names:
        raise Http404
    at = names.index(lesson)
    after = names[at + 1] if at + 1 < len(names) else None
    if request.method == "POST":
        actions.read(whole, lesson, by=request.user)
        if after:
            return redirect("train:lesson", whole.name, after)
        return redirect("train:course", whole.name)
    context = {
        "course": whole, "lesson": whole.lesson(lesson), "number": at + 1, "after": after,
        "before": names[at - 1] if at else None,
    }  # fmt: skip
    return render(request, "train/lesson.html", context)


@login_required
@require_POST
def begin(request: DeskRequest, course: str) -> HttpResponse:
    return redirect(actions.begin(our_course(course), by=request.user))


@login_required
def sitting(request: DeskRequest, sitting_id: UUID) -> HttpResponse:
    """The questions, while they are open; afterwards what came of them."""
    found = our_sitting(request, sitting_id)
    course = course_of(found)
    if found.done_at:
        return render(request, "train/result.html", outcome(request, found, course))
    if found.member_id != request.user.pk:
        raise Http404
    form = AnswersForm(request.POST or None, laid=laid_out(course, found.seed))
    if request.method == "POST":
        if form.is_valid():
            actions.hand_in(found, course, form.answers(), by=request.user)
            return redirect(found)
        messages.error(request, _("Some questions have no answer yet. They are marked."))
    return render(
        request, "train/questions.html", {"course": course, "sitting": found, "form": form}
    )


def outcome(request: DeskRequest, found: Sitting, course: Course) -> dict[str, object]:
    """Each missed question with why, if the course still asks it."""
    missed = [
        {
            "question": question, "lesson": course.lesson_of(name),
            "chosen": chosen_in(found, question), "right": question.choices[question.right],
        }
        for name, question in course.questions.items()
        if name in found.answers and found.answers[name] != question.right
    ]  # fmt: skip
    return {
        "course": course, "sitting": found, "missed": missed,
        "may_certify": certifies(request.user) and request.user.pk != found.member_id,
    }  # fmt: skip


def chosen_in(found: Sitting, question: Question) -> Choice | None:
    """Nothing, if the course was changed since and has no such choice any more."""
    at = found.answers[question.name]
    return question.choices[at] if at < len(question.choices) else None


@login_required
@require_POST
def certify(request: DeskRequest, sitting_id: UUID) -> HttpResponse:
    found = our_sitting(request, sitting_id)
    course = course_of(found)
    held = actions.certify(found, course, by=request.user)
    words = _("%(name)s may speak for the service until %(day)s, where leadership authorises it.")
    day = held.expires_at.date().isoformat()
    messages.success(request, words % {"name": found.member.name, "day": day})
    return redirect("train:train")


def course_of(sitting: Sitting) -> Course:
    """In the language it was asked in. One that was taken off the desk is not there."""
    if sitting.course not in queries.course_names():
        raise Http404
    return queries.course_named(sitting.course, sitting.language)


def our_course(name: str) -> Course:
    if name not in queries.course_names():
        raise Http404
    return queries.course_named(name, get_language() or "")


def our_sitting(request: DeskRequest, sitting_id: UUID) -> Sitting:
    ours = Sitting.objects.of(request.user.agency).select_related("member", "certificate")
    found = get_object_or_404(ours, pk=sitting_id)
    if not rules.may_look_at(found, request.user):
        raise Http404
    return found
