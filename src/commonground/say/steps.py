"""What decides who reads a post before it goes out."""

from __future__ import annotations

from django.utils.translation import gettext as _, gettext_lazy as lazy, ngettext

from commonground.agency.models import Agency
from commonground.kit.beginning import Found, State, step
from commonground.say.models import ReviewRule


@step(
    "review", place=75, title=lazy("Say who must read what"), to="say:review_rules",
    why=lazy("Another number of people, or people of another unit, for some posts: by channel,"
             " topic, urgency or hour."),
)  # fmt: skip
def review(agency: Agency) -> Found:
    rules = ReviewRule.objects.filter(agency=agency).count()
    if not rules:
        return Found(State.STANDARD, _("One approver reads each post, until you say otherwise."))
    said = ngettext("%(n)d rule is in force.", "%(n)d rules are in force.", rules)
    return Found(State.DONE, said % {"n": rules})
