"""How every form is drawn, and the smallest form there is."""

from __future__ import annotations

from django import forms
from django.forms.renderers import DjangoTemplates
from django.utils.translation import gettext_lazy as _


class OurForms(DjangoTemplates):
    """Label, hint, error, control; a summary of all errors on top, with links to the fields."""

    form_template_name = "kit/form.html"
    field_template_name = "kit/field.html"


class ReasonForm(forms.Form):
    """Whoever says no, or stops something, says why."""

    reason = forms.CharField(
        label=_("Reason"),
        max_length=300,
        help_text=_("In your own words. It goes on the record."),
        widget=forms.Textarea(attrs={"rows": 3}),
    )
