"""Whether anybody here has practised."""

from __future__ import annotations

from django.utils.translation import gettext as _, gettext_lazy as lazy, ngettext

from commonground.agency.models import Agency
from commonground.agency.states import FirstDrill
from commonground.kit.beginning import Found, State, step
from commonground.train.models import FirstRun


@step(
    "drill", place=110, title=lazy("Hold the first drill"), to="train:train",
    why=lazy("Ten minutes on a desk that reaches nobody. Whoever is invited to write or approve"
             " begins with one, alone."),
)  # fmt: skip
def drill(agency: Agency) -> Found:
    done = agency.members.filter(first_drill=FirstDrill.DONE).count()
    if done:
        said = ngettext("%(n)d person has held theirs.", "%(n)d people have held theirs.", done)
        return Found(State.DONE, said % {"n": done})
    if FirstRun.objects.filter(member__agency=agency).exists():
        return Found(State.UNDER_WAY, _("Somebody began one, and has not looked back on it yet."))
    return Found(State.TO_DO, _("Nobody has held one yet."))
