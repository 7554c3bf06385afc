"""Boxes and a point on a picture, as numbers: what a pointer draws, and what a keyboard types."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from commonground.say.engine.covering import LEAST, MOST_BOXES, Box
from commonground.say.models import Attachment

SPARE = 2  # empty rows of numbers, for whoever has no script


class PerCent(forms.DecimalField):
    """A part of the picture's width or height: 0 to 100, kept in thousandths."""

    def __init__(self, label: Any, *, least: int = 0, required: bool = False) -> None:
        widget = forms.NumberInput(attrs={"step": "0.1", "inputmode": "decimal"})
        super().__init__(
            min_value=Decimal(least) / 10, max_value=100, decimal_places=1, required=required,
            label=label, widget=widget,
        )  # fmt: skip

    def clean(self, value: Any) -> Any:
        number = super().clean(value)
        return None if number is None else int(number * 10)


class BoxForm(forms.Form):
    left = PerCent(_("From the left"))
    top = PerCent(_("From the top"))
    width = PerCent(_("Width"), least=LEAST)
    height = PerCent(_("Height"), least=LEAST)

    def clean(self) -> dict[str, Any]:
        typed = super().clean() or {}
        numbers = [typed.get(name) for name in self.fields]
        if any(n is not None for n in numbers) and None in numbers and not self.errors:
            raise forms.ValidationError(_("Give all four numbers of a box, or none."))
        if self.box() and not self.box().is_inside:
            raise forms.ValidationError(_("This box reaches out of the picture."))
        return typed

    def box(self) -> Any:
        numbers = [self.cleaned_data.get(name) for name in self.fields]
        return None if None in numbers else Box(*numbers)  # type: ignore[arg-type]


class PointForm(forms.Form):
    focus_x = PerCent(_("From the left"), required=True)
    focus_y = PerCent(_("From the top"), required=True)


BoxFormSet = forms.formset_factory(
    BoxForm, extra=SPARE, max_num=MOST_BOXES, absolute_max=MOST_BOXES + SPARE, validate_max=False
)


class CoverForm:
    """All the boxes and the point of one picture."""

    def __init__(self, picture: Attachment, typed: Any = None) -> None:
        rows = [dict(zip(BoxForm.base_fields, map(per_cent, box), strict=True))
                for box in picture.boxes]  # fmt: skip
        self.boxes = BoxFormSet(typed, prefix="box", initial=rows)
        point = {"focus_x": per_cent(picture.focus_x), "focus_y": per_cent(picture.focus_y)}
        self.point = PointForm(typed, initial=point)
        self.is_bound = typed is not None

    def is_valid(self) -> bool:
        return all([self.boxes.is_valid(), self.point.is_valid()])

    def chosen(self) -> Sequence[Box]:
        return [box for form in self.boxes if (box := form.box())][:MOST_BOXES]

    def focus(self) -> tuple[int, int]:
        return self.point.cleaned_data["focus_x"], self.point.cleaned_data["focus_y"]


def per_cent(thousandths: int) -> str:
    return f"{thousandths / 10:g}"
