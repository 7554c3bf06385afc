"""What it takes until the desk hears."""

from __future__ import annotations

from django.utils.translation import gettext as _, gettext_lazy as lazy

from commonground.agency.models import Agency
from commonground.hear.models import Source
from commonground.hear.queries import UNSEEN
from commonground.kit.beginning import Found, State, step
from commonground.kit.words_for_time import ago


@step(
    "sources", place=60, title=lazy("Listen somewhere"), to="hear:sources",
    why=lazy("Open networks and news feeds, without a vendor. What was heard is kept for hours,"
             " and nobody's name at all."),
)  # fmt: skip
def sources(agency: Agency) -> Found:
    on = list(Source.objects.filter(agency=agency, on=True).defer(*UNSEEN))
    if not on:
        return Found(State.TO_DO, _("No source is on."))
    heard = [source.last_item_at for source in on if source.last_item_at]
    told = {"heard": len(heard), "all": len(on)}
    if not heard:
        return Found(State.UNDER_WAY, _("No source has brought anything yet."))
    told["ago"] = ago(max(heard))  # type: ignore[assignment]
    said = _("%(heard)d of %(all)d sources have brought something, the last %(ago)s.") % told
    return Found(State.DONE, said)
