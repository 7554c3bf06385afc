"""Recordings of real streams for drills: bringing one, what was read of it, deleting it."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from commonground.agency.http import DeskRequest
from commonground.train import actions, rules
from commonground.train.actions.recordings import MOST_BYTES
from commonground.train.forms import RecordingForm
from commonground.train.models import Recording


@login_required
def add_recording(request: DeskRequest) -> HttpResponse:
    """Read in a process of its own; afterwards one sees what was taken and what was passed over."""
    rules.may_bring_recordings(request.user)
    form = RecordingForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        file = form.cleaned_data["file"]
        # One byte more than may be: what is larger is refused by its size, and not read whole.
        made = actions.add_recording(str(file.name), file.read(MOST_BYTES + 1), by=request.user)
        return redirect("train:recording", made.pk)
    return render(request, "train/add_recording.html", {"form": form})


@login_required
def recording(request: DeskRequest, recording_id: UUID) -> HttpResponse:
    return render(request, "train/recording.html", {"recording": ours(request, recording_id)})


@login_required
@require_POST
def remove_recording(request: DeskRequest, recording_id: UUID) -> HttpResponse:
    actions.remove_recording(ours(request, recording_id), by=request.user)
    messages.success(request, _("Deleted. Nothing of it is kept."))
    return redirect("train:train")


def ours(request: DeskRequest, recording_id: UUID) -> Recording:
    theirs = Recording.objects.filter(agency=request.user.agency).defer("posts")
    found = get_object_or_404(theirs, pk=recording_id)
    rules.may_bring_recordings(request.user, found)
    return found
