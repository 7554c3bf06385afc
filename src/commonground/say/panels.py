"""Pieces of page that other rooms' pages ask for by their address."""

from __future__ import annotations

from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.views.decorators.http import require_GET

from commonground.agency.http import DeskRequest
from commonground.channels.panels import shut_out
from commonground.kit.clock import database_now
from commonground.protect.queries import standing_over
from commonground.say import queries, rules
from commonground.say.queries import wire
from commonground.say.queries.echoes import echoes_to_put_right, offers_to
from commonground.say.queries.joint import shared_posts
from commonground.say.states import State
from commonground.spot.queries.joint import desk_about


def what_waits(request: DeskRequest) -> str:
    """What this member, or anybody, should do about posts; for Now."""
    context = {
        "waiting": queries.waiting_for(request.user)[:5],
        "panes": queries.unreviewed_glass(request.user),
        "stops": queries.after_stops(request.user.agency),
        "may_note": bool(request.user.roles & rules.MAY_NOTE),
        "trouble": queries.in_trouble(request.user.agency)[:10],
        "offers": offers_to(request.user)[:3],
        "to_put_right": echoes_to_put_right(request.user),
        **shut_out(request.user),
        "drafts": request.user.posts.filter(state=State.DRAFT)[:5],
    }
    return render_to_string("say/panels.html#waiting", context, request)


@login_required
@require_GET
def moment_panel(request: DeskRequest, moment_id: UUID) -> HttpResponse:
    """What we have said about a moment, for the moment's own page."""
    agency = request.user.agency
    running = agency.moments.open().filter(pk=moment_id)
    context = {
        "said": queries.said_about(moment_id, agency),
        "queue": next(iter(queries.queues(agency, running)), None),
        "held": [post for post in queries.held(agency) if post.held_for_id == moment_id],
        **queries.hands_on_holds(request.user),
    }
    return render(request, "say/panels.html#moment", context)


@login_required
@require_GET
def joint_panel(request: DeskRequest, moment_id: UUID) -> HttpResponse:
    """What each agency at a joint desk says about its moment, by a moment of ours."""
    desk = desk_about(request.user.agency, moment_id)
    if desk is None and request.htmx and request.user.agency.moments.filter(pk=moment_id).exists():
        return render(request, "say/joint.html#over")  # a page that was open when it ended
    if desk is None:
        raise Http404
    context = {"desk": desk, "own": shared_posts(desk.own, mine=True),
               "others": [(seat, shared_posts(seat)) for seat in desk.others]}  # fmt: skip
    return render(request, f"say/joint.html{'#panel' if request.htmx else ''}", context)


@login_required
@require_GET
def queue_panel(request: DeskRequest) -> HttpResponse:
    """What is about to go out while something grave runs, and what is held; else nothing at all."""
    agency = request.user.agency
    queues, held = queries.queues_that_matter(agency), queries.held(agency)
    if request.htmx and not queues and not held:
        return HttpResponse()
    context = {"queues": queues, "held": held, **queries.hands_on_holds(request.user)}
    return render(request, f"say/queue.html{'#panel' if request.htmx else ''}", context)


@login_required
@require_GET
def held_panel(request: DeskRequest) -> HttpResponse:
    """What is on its way this second, and what would go out next."""
    agency = request.user.agency
    context = {"on_its_way": wire.on_the_wire(agency, database_now()),
               "waiting": wire.waiting(agency)[:20]}  # fmt: skip
    return render(request, f"say/next.html{'#panel' if request.htmx else ''}", context)


@login_required
@require_GET
def wire_panel(request: DeskRequest) -> HttpResponse:
    """What was on its way when everything was stopped, and what became of it."""
    hold = standing_over(request.user.agency)
    found = wire.on_the_wire(hold.agency, hold.since) if hold else []
    template = f"say/wire.html{'#panel' if request.htmx else ''}"
    return render(request, template, {"deliveries": found, "hold": hold})
