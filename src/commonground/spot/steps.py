"""What it takes until a moment finds help to offer."""

from __future__ import annotations

from django.utils.translation import gettext as _, gettext_lazy as lazy, ngettext

from commonground.agency.models import Agency
from commonground.kit.beginning import Found, State, step
from commonground.spot.models import Resource


@step(
    "resources", place=70, title=lazy("Gather the help you can offer"), to="spot:resources",
    why=lazy("Helplines, shelters, pages, maps, each looked over by somebody. When a moment opens,"
             " those that fit stand in the draft. A spreadsheet brings many at once."),
)  # fmt: skip
def resources(agency: Agency) -> Found:
    offered = list(Resource.objects.offered().filter(agency=agency))
    due = sum(resource.review_due for resource in offered)
    if not offered:
        return Found(State.TO_DO, _("The library is empty."))
    said = ngettext("%(n)d resource is offered.", "%(n)d resources are offered.", len(offered)) % {
        "n": len(offered)
    }
    if due:
        late = ngettext("%(n)d should have been checked again.",
                        "%(n)d should have been checked again.", due)  # fmt: skip
        return Found(State.UNDER_WAY, f"{said} {late % {'n': due}}")
    return Found(State.DONE, said)
