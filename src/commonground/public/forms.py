"""Turns what a visitor typed into what the list takes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.conf import settings
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from commonground.channels.models import Channel
from commonground.channels.networks.mail import addresses
from commonground.channels.networks.push import endpoints
from commonground.channels.networks.site.commenting import LONGEST, LONGEST_NAME, tidied
from commonground.kit.languages import name_of_language
from commonground.learn.engine.pulse import LEAST, SCORES
from commonground.learn.models import Kind, Pulse
from commonground.learn.queries import in_words, traits_in


class LettersForm(forms.Form):
    """Ask for letters: an address and a language. Which list is asked only where there are more."""

    address = forms.EmailField(
        label=_("Your e-mail address"), max_length=addresses.LONGEST,
        help_text=_("We send one letter to it, with a link to say yes. It is used for nothing"
                    " else and given to nobody."),
        widget=forms.EmailInput({"autocomplete": "email"}),
    )  # fmt: skip
    list = forms.ChoiceField(label=_("What about?"), widget=forms.RadioSelect)
    language = forms.ChoiceField(label=_("Language of our own words around each letter"))

    def __init__(self, *args: Any, lists: Sequence[Channel], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.lists = lists
        named = [(str(one.pk), one.purpose or one.name) for one in lists]
        spoken = [
            (code, name_of_language(code, own=True).capitalize()) for code, _n in settings.LANGUAGES
        ]
        for field, choices in (("list", named), ("language", spoken)):
            self.fields[field].choices = choices  # type: ignore[attr-defined]
        if len(lists) == 1:
            del self.fields["list"]

    def clean_address(self) -> str:
        try:
            return addresses.normal(self.cleaned_data["address"])
        except addresses.NoAddress:
            raise forms.ValidationError(_("We cannot send mail to this address.")) from None

    @property
    def chosen(self) -> str:
        """The list that was chosen, or the only one there is."""
        return str(self.cleaned_data.get("list") or self.lists[0].pk)


class EndForm(forms.Form):
    """Which device gets no more notices of which list."""

    list = forms.UUIDField()
    endpoint = forms.CharField(max_length=endpoints.LONGEST)


class DeviceForm(forms.Form):
    """What a browser gives out so that it can be reached, as our script sends it."""

    list = forms.ChoiceField()
    endpoint = forms.CharField(max_length=endpoints.LONGEST)
    p256dh = forms.CharField(max_length=100)
    auth = forms.CharField(max_length=40)
    former = forms.CharField(max_length=endpoints.LONGEST, required=False)

    def __init__(self, *args: Any, lists: Sequence[Channel], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["list"].choices = [(str(one.pk), one.name) for one in lists]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        given = self.cleaned_data
        try:
            self.where = endpoints.as_given(given["endpoint"], given["p256dh"], given["auth"])
        except (KeyError, endpoints.NoEndpoint):
            raise forms.ValidationError("no endpoint") from None
        return given

    @property
    def chosen(self) -> str:
        return str(self.cleaned_data["list"])


MOST_UPLOADED = 10 << 20  # bytes
MOST_PASTED = 8_000  # characters: more than any network shows at once


class ReallyForm(forms.Form):
    """Words or a link that somebody was shown in our name."""

    pasted = forms.CharField(
        label=_("The words, or a link to them"), max_length=MOST_PASTED, required=False,
        widget=forms.Textarea({"rows": 5, "autocomplete": "off", "spellcheck": "false"}),
        help_text=_("Paste as much as you have. We keep nothing of it."),
    )  # fmt: skip
    picture = forms.FileField(
        label=_("Or the picture you were shown"),
        required=False,
        help_text=_("JPEG, PNG or WebP, up to 10 MB. We compare it and forget it."),
    )

    def clean_picture(self) -> Any:
        picture = self.cleaned_data["picture"]
        if picture and picture.size > MOST_UPLOADED:
            raise forms.ValidationError(_("This file is too large. Up to 10 MB are compared."))
        return picture

    def clean(self) -> dict[str, Any]:
        given = self.cleaned_data
        if not self.errors and not given.get("pasted") and not given.get("picture"):
            self.add_error("pasted", _("Paste words or a link, or choose a picture."))
        return given


class AppealForm(forms.Form):
    text = forms.CharField(
        label=_("What was wrong about it"), max_length=2000, widget=forms.Textarea({"rows": 5}),
        help_text=_("In your own language if you like. Nobody but those who decide reads it."),
    )  # fmt: skip


class ReplyForm(forms.Form):
    """Four sentences and a little about oneself, on one page. Everything may be left out."""

    may_all_be_left_out = True  # the page says so once; beside each sentence it would be noise

    def __init__(self, *args: Any, pulse: Pulse, language: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        words = in_words(pulse, language)
        if Kind.CODE in pulse.kinds:
            self.fields["code"] = forms.CharField(
                label=_("The code on your letter"), max_length=40,
                required=Kind.OPEN not in pulse.kinds,
                help_text=_("Twelve signs, with or without hyphens. It works once."),
                widget=forms.TextInput({"autocomplete": "off", "autocapitalize": "characters",
                                        "spellcheck": "false"}),
            )  # fmt: skip
        answers = [(LEAST + n, spoken(a, words.language)) for n, a in enumerate(words.answers)]
        answers.append((0, spoken(words.no_answer, words.language)))
        for key, sentence in zip(SCORES, words.sentences, strict=True):
            self.fields[key] = forms.TypedChoiceField(
                label=spoken(sentence, words.language), coerce=int, choices=answers,
                widget=forms.RadioSelect, required=False, empty_value="0",
            )  # fmt: skip
        self.traits = traits_in(pulse.census, language)
        for n, (name, classes) in enumerate(self.traits):
            self.fields[f"trait_{n}"] = forms.TypedChoiceField(
                label=name[:1].upper() + name[1:], coerce=int, required=False, empty_value="-1",
                choices=[(-1, words.no_answer), *enumerate(classes)],
            )  # fmt: skip

    @property
    def code(self) -> str:
        return str(self.cleaned_data.get("code", ""))

    def scores(self) -> list[int | None]:
        return [int(self.cleaned_data[key]) or None for key in SCORES]

    def classes(self) -> list[int]:
        return [int(self.cleaned_data[f"trait_{n}"]) for n in range(len(self.traits))]


def spoken(text: str, language: str) -> str:
    """Words marked with their language: they may stand on a page that speaks another."""
    return format_html('<span lang="{}" dir="auto">{}</span>', language, text)


class AskForm(forms.Form):
    """What anybody types to us on our own site: a question, or a comment."""

    text = forms.CharField(
        max_length=LONGEST, strip=True, widget=forms.Textarea({"rows": 4, "dir": "auto"})
    )
    name = forms.CharField(
        label=_("A name, if you like"), max_length=LONGEST_NAME, required=False,
        widget=forms.TextInput({"autocomplete": "off", "dir": "auto"}),
        help_text=_("Any name, or none. Everybody reads it, and nobody takes it as proof."),
    )  # fmt: skip
    language = forms.ChoiceField(label=_("Language"))
    once = forms.CharField(required=False, max_length=40, widget=forms.HiddenInput)

    def __init__(self, *args: Any, label: str, languages: Sequence[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["text"].label = label
        named = [(code, name_of_language(code, own=True).capitalize()) for code in languages]
        self.fields["language"].choices = named  # type: ignore[attr-defined]
        if len(named) == 1:
            self.fields["language"].widget = forms.HiddenInput()
            self.fields["language"].initial = languages[0]

    def clean_text(self) -> str:
        """Without what shows nothing and what turns the reading round; something must be left."""
        text = tidied(self.cleaned_data["text"])
        if not text:
            raise forms.ValidationError(_("Write a few words first."))
        return text
