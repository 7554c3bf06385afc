"""What a person gives to sign in to a page on LinkedIn."""

from django import forms
from django.utils.translation import gettext_lazy as _

from commonground.kit.forms import SecretField


class SignInForm(forms.Form):
    handle = forms.CharField(
        label=_("Name of the page"),
        max_length=120,
        help_text=_("As at the end of its address: linkedin.com/company/riverside-police"),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    token = SecretField(
        label=_("Access token"),
        max_length=1000,
        help_text=_("Of somebody who is an administrator of the page. It ends after sixty days."),
    )
