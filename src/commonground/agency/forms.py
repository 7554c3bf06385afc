"""What an administrator types about a member."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from commonground.agency.models import ROLE_LABELS, Agency, Member, Unit
from commonground.agency.states import Role

ROLES = [(role.value, ROLE_LABELS[role]) for role in Role]


class RolesForm(forms.Form):
    roles = forms.MultipleChoiceField(
        label=pgettext_lazy("roles", "May"),
        choices=ROLES,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("An author writes, an approver lets words go out. Nobody approves their own."),
    )


class InviteForm(RolesForm):
    name = forms.CharField(label=_("Name, with rank if you use it"), max_length=80)
    email = forms.EmailField(label=_("E-mail"))
    unit = forms.ModelChoiceField(label=_("Unit"), queryset=Unit.objects.none(), required=False)
    field_order = ["name", "email", "unit", "roles"]

    def __init__(self, *args: Any, agency: Agency, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        units = self.fields["unit"]
        assert isinstance(units, forms.ModelChoiceField)  # noqa: S101 - for the type checker
        units.queryset = agency.units.all()

    def clean_email(self) -> str:
        email = str(self.cleaned_data["email"]).lower()
        if Member.objects.filter(email=email).exists():
            raise forms.ValidationError(_("Someone with this address is on a desk already."))
        return email
