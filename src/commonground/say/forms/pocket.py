"""What was written without a network, as it arrives."""

from __future__ import annotations

from django import forms

from commonground.channels.engine import writable


class KeptForm(forms.Form):
    key = forms.UUIDField()  # made by the device: what is sent twice is one draft
    title = forms.CharField(max_length=120, required=False)
    text = forms.CharField(max_length=20_000)

    def words(self) -> dict[str, str]:
        return {name: writable(str(self.cleaned_data[name])) for name in ("title", "text")}
