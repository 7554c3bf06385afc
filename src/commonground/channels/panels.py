"""What this room shows in every page's frame."""

from __future__ import annotations

from django.db.models import Count, Max, Q
from django.http import HttpRequest
from django.utils import timezone
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext as _

from commonground.agency.models import Agency, Member
from commonground.agency.states import Role
from commonground.channels.models import Channel
from commonground.channels.states import State


def line(request: HttpRequest) -> dict[str, object]:
    """How the channels are, in one line; asked only when a page draws it."""
    agency = getattr(getattr(request, "user", None), "agency", None)
    return {"channels_line": SimpleLazyObject(lambda: in_words(agency))}


def shut_out(member: Member) -> dict[str, object]:
    """Accounts that somebody must sign in, and whether this member may: channels/trouble.html."""
    found = Channel.objects.to_sign_in(timezone.now()).filter(agency=member.agency)
    return {"shut_out": found, "may_run": Role.ADMIN in member.roles}


def in_words(agency: Agency | None) -> str:
    """6 of 7 channels proven good at 09:41."""
    if agency is None:
        return ""
    found = Channel.objects.open().filter(agency=agency).aggregate(
        all=Count("pk"), ready=Count("pk", filter=Q(state=State.READY)), proved=Max("proved_at")
    )  # fmt: skip
    if not found["all"]:
        return _("No channel is open yet.")
    if not found["proved"]:
        return _("%(ready)d of %(all)d channels ready") % found
    found["time"] = f"{timezone.localtime(found['proved']):%H:%M}"
    return _("%(ready)d of %(all)d channels proven good at %(time)s") % found
