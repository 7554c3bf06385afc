"""What a person gives to sign in to Nextdoor."""

from django import forms
from django.utils.translation import gettext_lazy as _

from commonground.kit.forms import SecretField


class SignInForm(forms.Form):
    address = forms.CharField(
        label=_("Server"),
        max_length=200,
        initial="https://nextdoor.com",
        help_text=_("That of your country, like https://ca.nextdoor.com for Canada."),
        widget=forms.URLInput(attrs={"autocomplete": "off"}),
    )
    token = SecretField(
        label=_("Access token"),
        max_length=1000,
        help_text=_("Of the agency’s account, with post:write, post:read and profile:read."),
    )
