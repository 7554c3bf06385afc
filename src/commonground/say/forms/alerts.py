"""The terms of a public alert, asked for beside the words of a post."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from commonground.channels.contract.alert import LONGEST_HOURS, Alert
from commonground.say.models import Post
from commonground.say.models.alerts import (
    CATEGORIES,
    CERTAINTIES,
    RESPONSES,
    SEVERITIES,
    URGENCIES,
    USUAL,
)

NAMES = tuple(Alert.__dataclass_fields__)


class AlertFields(forms.Form):
    """Only asked for where a channel can carry an alert. Half filled in, a draft keeps it."""

    is_alert = forms.BooleanField(
        required=False, label=_("Also a public alert"),
        help_text=_(
            "For apps, sirens, signs and broadcasters that read our alert feed (CAP 1.2)."
            " They warn people at once: the words above should say what to do."
        ),
    )  # fmt: skip
    alert_event = forms.CharField(
        required=False, max_length=80, label=_("What happens"),
        help_text=_("Two or three words: gas leak, missing child, road closed."),
    )  # fmt: skip
    alert_area = forms.CharField(
        required=False, max_length=300, label=_("Where"),
        help_text=_("Streets and quarters, as people there call them."),
    )  # fmt: skip
    alert_circle = forms.CharField(
        required=False, max_length=60, label=_("The same as a circle"),
        help_text=_(
            "Latitude, longitude and kilometres around, so that phones know who is near:"
            " 53.55,-113.49 5"
        ),
    )  # fmt: skip
    alert_response = forms.ChoiceField(
        required=False, choices=RESPONSES, label=_("What people should do")
    )
    alert_instruction = forms.CharField(
        required=False, max_length=2000, label=_("How, step by step"),
        widget=forms.Textarea(attrs={"rows": 3}),
    )  # fmt: skip
    alert_category = forms.ChoiceField(required=False, choices=CATEGORIES, label=_("Kind"))
    alert_urgency = forms.ChoiceField(
        required=False, choices=URGENCIES, label=_("When people must act")
    )
    alert_severity = forms.ChoiceField(required=False, choices=SEVERITIES, label=_("How bad"))
    alert_certainty = forms.ChoiceField(required=False, choices=CERTAINTIES, label=_("How sure"))
    alert_hours = forms.IntegerField(
        required=False, min_value=1, max_value=LONGEST_HOURS, label=_("In force for, in hours")
    )

    def leave_out_alerts(self) -> None:
        for name in ["is_alert", *(f"alert_{name}" for name in NAMES)]:
            del self.fields[name]

    def asks_for_alerts(self) -> bool:
        return "is_alert" in self.fields

    def alert_rows(self) -> Iterator[forms.BoundField]:
        return (self[name] for name in self.fields if name.startswith("alert_"))

    def alert(self) -> Alert | None:
        """What was typed, complete or not."""
        typed = self.cleaned_data
        if not typed.get("is_alert"):
            return None
        said = {name: typed.get(f"alert_{name}") for name in NAMES}
        return Alert(**{name: said[name] or getattr(USUAL, name) for name in NAMES})


def alert_as_typed(post: Post) -> dict[str, Any]:
    terms = post.alert_terms()
    shown = terms or USUAL
    typed = {f"alert_{name}": getattr(shown, name) for name in NAMES}
    return {**typed, "is_alert": terms is not None}
