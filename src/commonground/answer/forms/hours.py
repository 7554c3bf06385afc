"""What people type about an hour in which people ask us."""

from __future__ import annotations

from typing import Any, cast

from django import forms
from django.utils.translation import gettext_lazy as _

from commonground.answer.models import Why
from commonground.channels.models import Channel
from commonground.kit.forms import TimeField
from commonground.say.forms import LANGUAGES


class HourForm(forms.Form):
    title = forms.CharField(label=_("What it is about, in a line"), max_length=120)
    about = forms.CharField(
        label=_("What people may ask"), max_length=600, required=False,
        widget=forms.Textarea({"rows": 3}),
        help_text=_("And what you cannot speak about, such as cases that are open."),
    )  # fmt: skip
    who = forms.CharField(
        label=_("Who answers"), max_length=160,
        help_text=_("As the public is told: for example Sergeant Bell, traffic unit."),
    )  # fmt: skip
    starts_at = TimeField(label=_("Begins"))
    ends_at = TimeField(label=_("Ends"))
    asks_from = TimeField(
        label=_("Questions are taken from"), required=False,
        help_text=_("Beforehand, so that whoever works at that hour can ask too. Empty: at once."),
    )  # fmt: skip
    languages = forms.MultipleChoiceField(
        label=_("One may ask in"), choices=LANGUAGES, widget=forms.CheckboxSelectMultiple,
        help_text=_("Only languages in which somebody will be there to answer."),
    )  # fmt: skip
    language = forms.ChoiceField(label=_("Language of these words"), choices=LANGUAGES)
    word = forms.SlugField(
        label=_("The word of its address"), max_length=40,
        help_text=_("Short, for a poster: with “bridges” it stands at /chat/bridges/."),
    )  # fmt: skip
    channel = forms.ModelChoiceField(
        label=_("Newsroom"), queryset=Channel.objects.none(), empty_label=None
    )

    def __init__(self, *args: Any, places: Any, spoken: list[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = cast(Any, self.fields["channel"])
        field.queryset = places
        if places.count() == 1:
            field.widget, field.initial = forms.HiddenInput(), places.get()
        # Those the agency speaks first; the rest of a long list would hide them.
        known = dict(LANGUAGES)
        chosen = [(code, known[code]) for code in spoken if code in known] or list(LANGUAGES)
        cast(Any, self.fields["languages"]).choices = chosen

    def clean_word(self) -> str:
        return str(self.cleaned_data["word"]).lower()


class CallOffForm(forms.Form):
    reason = forms.CharField(
        label=_("Why it is called off"), max_length=300, help_text=_("Everybody may read it.")
    )


class JoinForm(forms.Form):
    """Which question says the same: the one that is answered."""

    into = forms.UUIDField()


class LeaveOutForm(forms.Form):
    why = forms.TypedChoiceField(label=_("Why it is not answered"), coerce=Why, choices=Why.choices)
