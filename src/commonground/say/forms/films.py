"""A video as an author adds it: never without captions, never without words."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from commonground.say.engine import captions, film
from commonground.say.forms.compose import WITH_THE_WORDS
from commonground.say.forms.languages import LANGUAGES


class VideoForm(forms.Form):
    """Stands in the form of the words, so that a video takes along what was typed."""

    use_required_attribute = False

    film = forms.FileField(
        label=_("Video"),
        help_text=_(
            "MP4 or WebM, up to 90 seconds and 100 MB. It is made anew: its place and device are"
            " removed. Faces in it are not covered: look first."
        ),
        widget=forms.FileInput(attrs={"accept": "video/mp4,video/webm", **WITH_THE_WORDS}),
    )
    captions = forms.FileField(
        label=_("Captions"),
        help_text=_("A file in WebVTT (.vtt). Where nobody speaks, say what is heard."),
        widget=forms.FileInput(attrs={"accept": ".vtt,text/vtt", **WITH_THE_WORDS}),
    )
    film_language = forms.ChoiceField(
        choices=LANGUAGES, label=_("Language of the captions"),
        widget=forms.Select(attrs=WITH_THE_WORDS),
    )  # fmt: skip
    film_alt = forms.CharField(
        max_length=1500, label=_("What is seen, for people who cannot see it"),
        widget=forms.Textarea(attrs={"rows": 2, **WITH_THE_WORDS}),
    )  # fmt: skip

    def clean_film(self) -> Any:
        upload = self.cleaned_data["film"]
        if upload.size > film.MOST_UPLOADED:
            raise forms.ValidationError(_("This file is larger than 100 MB."))
        return upload

    def clean_captions(self) -> Any:
        upload = self.cleaned_data["captions"]
        if upload.size > captions.MOST_BYTES:
            raise forms.ValidationError(_("This file is larger than 20 kB."))
        return upload

    def given(self) -> dict[str, Any]:
        typed = self.cleaned_data
        return {
            "upload": typed["film"].read(), "captions": typed["captions"].read(),
            "alt": typed["film_alt"], "language": typed["film_language"],
        }  # fmt: skip
