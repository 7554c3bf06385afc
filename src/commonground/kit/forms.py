"""How every form is drawn, and the smallest form there is."""

from __future__ import annotations

import re
from typing import Any

from django import forms
from django.forms.renderers import DjangoTemplates
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

SECRET = re.compile("pass|secret|token|key|code")
FIRST_YEAR, LAST_YEAR = 2000, 2999


class OurForms(DjangoTemplates):
    """Label, hint, error, control; a summary of all errors on top, with links to the fields."""

    form_template_name = "kit/form.html"
    field_template_name = "kit/field.html"


class InOurTime:
    """The ends of the calendar break arithmetic, and a year with a wrong digit is a slip."""

    def clean(self, value: Any) -> Any:
        at = super().clean(value)  # type: ignore[misc]
        if at and not FIRST_YEAR <= at.year <= LAST_YEAR:
            raise forms.ValidationError(_("Check the year."))
        return at


class SecretField(forms.CharField):
    """A password, a token or a key: typed unseen, and never shown again."""

    def __init__(self, *, max_length: int = 500, **kwargs: Any) -> None:
        hidden = forms.PasswordInput(attrs={"autocomplete": "off"})
        super().__init__(max_length=max_length, widget=hidden, **kwargs)


class DayField(InOurTime, forms.DateField):
    """A day somebody chose."""

    def __init__(self, **how: Any) -> None:
        day = forms.DateInput({"type": "date"}, format="%Y-%m-%d")
        super().__init__(**{"widget": day, **how})


class TimeField(InOurTime, forms.DateTimeField):
    """A day and a time, on the agency's clocks."""

    def __init__(self, **how: Any) -> None:
        at = forms.DateTimeInput({"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")
        super().__init__(**{"widget": at, **how})


class ReasonForm(forms.Form):
    """Whoever says no, or stops something, says why."""

    reason = forms.CharField(
        label=_("Reason"),
        max_length=300,
        help_text=_("In your own words. It goes on the record."),
        widget=forms.Textarea(attrs={"rows": 3}),
    )


def typed_in(request: HttpRequest) -> list[str]:
    """The sentences somebody typed into a form, whichever it was; never a secret."""
    found = [
        value
        for name, value in request.POST.items()
        if isinstance(value, str) and " " in value.strip() and not SECRET.search(name)
    ]
    return list(dict.fromkeys(found))
