"""The questions of a course as a form; and what begins a drill and changes its pace."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from commonground.agency.models import Agency, Member
from commonground.train.engine.course import Question
from commonground.train.engine.plan import Plan
from commonground.train.models import Recording, Seat
from commonground.train.models.drills import could_be


class AnswersForm(forms.Form):
    """One group of choices a question, in the order of the sitting."""

    def __init__(self, *args: Any, laid: Sequence[tuple[Question, Sequence[int]]], **kw: Any):
        super().__init__(*args, **kw)
        self.order = {question.name: order for question, order in laid}
        for question, order in laid:
            choices = [(str(at), question.choices[n].says) for at, n in enumerate(order)]
            self.fields[question.name] = forms.ChoiceField(
                label=question.asks, choices=choices, widget=forms.RadioSelect
            )

    def answers(self) -> dict[str, int]:
        """The choice made, as the course numbers them, by the name of the question."""
        return {name: self.order[name][int(at)] for name, at in self.cleaned_data.items()}


LONGEST_PLAY = 24 * 60  # minutes; a drill that takes a day is a real day's work


class BeginDrillForm(forms.Form):
    """How long it takes, and who is what in it."""

    play = forms.FloatField(
        label=_("How many minutes it takes"), min_value=1, max_value=LONGEST_PLAY,
        help_text=_("You can pause it, and change its speed, at any time."),
    )  # fmt: skip

    def __init__(self, *args: Any, plan: Plan, agency: Agency, **kw: Any) -> None:
        super().__init__(*args, **kw)
        self.plan = plan
        self.fields["play"].initial = f"{plan.minutes_of_play:g}"
        if recordings := Recording.objects.filter(agency=agency, hearings=None):
            self.fields["recording"] = forms.ModelChoiceField(
                recordings, label=_("What the desk hears meanwhile"), required=False,
                empty_label=_("The practice city's own talk") if plan.talk else _("Nothing"),
                help_text=_("A recording ends with the drill: then it is deleted."),
            )  # fmt: skip
        for role in Seat.ROLES:
            self.fields[role.value] = forms.ModelMultipleChoiceField(
                could_be(agency, role), label=role.label,
                error_messages={"required": _("Nobody is this yet. Choose somebody.")},
                widget=forms.CheckboxSelectMultiple,
            )  # fmt: skip

    @property
    def speed(self) -> float:
        return self.plan.minutes / float(self.cleaned_data["play"])

    @property
    def recording(self) -> Recording | None:
        chosen: Recording | None = self.cleaned_data.get("recording")
        return chosen

    def seats(self) -> dict[str, list[Member]]:
        """Who is what; the rules say who is missing."""
        return {role.value: list(self.cleaned_data[role.value]) for role in Seat.ROLES}


class RecordingForm(forms.Form):
    file = forms.FileField(
        label=_("The recording"),
        help_text=_("One post a line, as JSON, packed with gzip or not. Ten megabytes at most."),
    )  # fmt: skip


class SpeedForm(forms.Form):
    speed = forms.FloatField(label=_("How many times as fast as the clock"), min_value=0.01)


class InjectForm(forms.Form):
    name = forms.CharField(max_length=80)
