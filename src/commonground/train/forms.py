"""The questions of a course as a form."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms

from commonground.train.engine.course import Question


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
