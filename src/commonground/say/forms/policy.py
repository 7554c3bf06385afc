"""Which posts a rule is about, and who must then say yes."""

from __future__ import annotations

from typing import Any, cast

from django import forms
from django.utils.translation import gettext_lazy as _

from commonground.agency.models import Agency, Unit
from commonground.channels.models import Channel
from commonground.say.models import ReviewRule
from commonground.say.models.policy import MOST_STEPS, Said

WHEN_URGENT = [
    ("", _("Whether urgent or not")), ("yes", _("Urgent ones only")), ("no", _("Not urgent ones")),
]  # fmt: skip
CLOCK = {"type": "time"}


class RuleForm(forms.Form):
    """Which posts it is about, and who must then say yes, one step after the other."""

    name = forms.CharField(label=_("Name of the rule"), max_length=60)
    channels = forms.ModelMultipleChoiceField(
        label=_("On these channels"), queryset=Channel.objects.none(), required=False,
        widget=forms.CheckboxSelectMultiple, help_text=_("None ticked: on any channel."),
    )  # fmt: skip
    unit = forms.ModelChoiceField(
        label=_("Written in this unit"), queryset=Unit.objects.none(), required=False,
        empty_label=_("Any unit"),
    )  # fmt: skip
    topic = forms.ChoiceField(label=_("About this topic"), required=False)
    urgent = forms.ChoiceField(label=_("Urgency"), choices=WHEN_URGENT, required=False)
    starts = forms.TimeField(
        label=_("From this hour"), required=False, widget=forms.TimeInput(CLOCK, format="%H:%M")
    )
    ends = forms.TimeField(
        label=_("To this hour"), required=False, widget=forms.TimeInput(CLOCK, format="%H:%M"),
        help_text=_("On the agency’s clocks, over midnight if need be. Empty: at any hour."),
    )  # fmt: skip

    def __init__(
        self, *args: Any, agency: Agency, rule: ReviewRule | None = None, **kwargs: Any
    ) -> None:
        super().__init__(*args, **{"initial": as_ruled(rule), **kwargs})
        self.agency, self.rule = agency, rule
        units = [(str(unit.pk), unit.name) for unit in agency.units.all()]
        for name, rows in (("channels", agency.channels.all()), ("unit", agency.units.all())):
            self.fields[name].queryset = rows  # type: ignore[attr-defined]
        topics = agency.topics.order_by("name").values_list("name", flat=True)
        named = [(name, name) for name in dict.fromkeys(topics)]
        self.fields["topic"].choices = [("", _("Any topic")), *named]  # type: ignore[attr-defined]
        for n in range(1, MOST_STEPS + 1):
            self.fields[f"people_{n}"] = forms.IntegerField(
                label=_("Step %(n)s: how many people") % {"n": n}, required=n == 1,
                min_value=1, max_value=5,
            )  # fmt: skip
            self.fields[f"unit_{n}"] = forms.ChoiceField(
                label=_("Step %(n)s: of which unit") % {"n": n}, required=False,
                choices=[("", _("Any unit")), *units],
            )  # fmt: skip

    def clean_name(self) -> str:
        name = " ".join(str(self.cleaned_data["name"]).split())
        same = self.agency.review_rules.filter(name__iexact=name).first()
        if same and same != self.rule:
            raise forms.ValidationError(_("There is a rule of this name."))
        return name

    def clean(self) -> dict[str, Any]:
        found = super().clean() or {}
        if (found.get("starts") is None) != (found.get("ends") is None):
            self.add_error("ends", _("Give both hours, or neither."))
        for n in range(2, MOST_STEPS + 1):  # a unit without a number means one of them
            if found.get(f"unit_{n}") and not found.get(f"people_{n}"):
                found[f"people_{n}"] = 1
        return found

    def said(self) -> Said:
        """What the action takes."""
        found = self.cleaned_data
        steps = [
            {"people": found[f"people_{n}"], "unit": found[f"unit_{n}"]}
            for n in range(1, MOST_STEPS + 1)
            if found[f"people_{n}"]
        ]
        urgent = {"yes": True, "no": False}.get(found["urgent"])
        kept = ("name", "channels", "unit", "topic", "starts", "ends")
        return cast(Said, {**{k: found[k] for k in kept}, "urgent": urgent, "steps": steps})


def as_ruled(rule: ReviewRule | None) -> dict[str, Any]:
    """A rule as its form shows it."""
    if rule is None:
        return {"people_1": 1}
    steps = {
        f"{what}_{n}": step[what] for n, step in enumerate(rule.steps, 1) for what in step
    }  # fmt: skip
    return {
        "name": rule.name, "channels": list(rule.channels.all()), "unit": rule.unit_id,
        "topic": rule.topic, "urgent": {True: "yes", False: "no", None: ""}[rule.urgent],
        "starts": rule.starts, "ends": rule.ends, **steps,
    }  # fmt: skip
