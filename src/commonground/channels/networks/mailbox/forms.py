"""What a person says once, when the mailbox is opened: the address people write to."""

from django import forms
from django.utils.translation import gettext_lazy as _

from commonground.channels.networks.mailbox.reading import valid
from commonground.channels.networks.mailbox.taking import others_with


class SignInForm(forms.Form):
    handle = forms.EmailField(
        label=_("Address of the mailbox"),
        help_text=_(
            "The one that people write to. Your mail server must hand the desk a copy of what"
            " comes there."
        ),
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
    )

    def clean_handle(self) -> str:
        address = valid(self.cleaned_data["handle"])
        # Beneath one address, +… is ours: it says to which answer a letter came back.
        if not address or "+" in address:
            raise forms.ValidationError(_("Use an address of plain letters, without a +."))
        if others_with(address, self.initial.get("channel")).exists():
            raise forms.ValidationError(_("Another mailbox of this desk has this address."))
        return address
