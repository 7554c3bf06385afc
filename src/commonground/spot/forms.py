"""What a person types about a moment, or about a resource."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from commonground.agency.models import Agency
from commonground.kit.forms import DayField, TimeField
from commonground.kit.languages import name_of_language
from commonground.spot.models import InTime, Moment, Resource, Shown


class DismissForm(forms.Form):
    """Short reasons that come up again and again, and the person's own words."""

    why = forms.ChoiceField(
        label=_("Why does it pass without us?"),
        widget=forms.RadioSelect,
        choices=[
            (str(words), words)
            for words in (
                _("It is not about our area"),
                _("We have nothing useful to add"),
                _("Another service answers it"),
                _("It is not real: a mistake of the detector"),
                _("Something else"),
            )
        ],
    )
    reason = forms.CharField(
        label=_("In your own words"),
        max_length=250,
        required=False,
        widget=forms.Textarea({"rows": 2}),
    )

    def whole_reason(self) -> str:
        return ". ".join(filter(None, [self.cleaned_data["why"], self.cleaned_data["reason"]]))


class CloseForm(forms.Form):
    """What a moment ends with: what we did, and whether it was in time."""

    did = forms.CharField(
        label=_("What we did"),
        max_length=600,
        help_text=_("One or two sentences. Whoever looks back next month reads this."),
        widget=forms.Textarea({"rows": 3}),
    )
    in_time = forms.ChoiceField(
        label=_("Was it in time?"), choices=InTime.choices, widget=forms.RadioSelect
    )


class RumourForm(forms.Form):
    claim = forms.CharField(
        label=_("What is said"),
        max_length=300,
        help_text=_("The claim, never who makes it."),
        widget=forms.Textarea({"rows": 2}),
    )


class KnownForm(forms.Form):
    known = forms.CharField(
        label=_("What we know, and from whom"),
        max_length=600,
        widget=forms.Textarea({"rows": 3}),
    )


class AnswerForm(forms.Form):
    answer = forms.CharField(
        label=_("Where we told the public"),
        max_length=300,
        help_text=_("The address of the post, or in words."),
    )


class MergeForm(forms.Form):
    into = forms.ModelChoiceField(
        label=_("The same as"), queryset=Moment.objects.none(), widget=forms.RadioSelect,
        empty_label=None,
    )  # fmt: skip

    def __init__(self, *args: Any, moment: Moment, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        others = Moment.objects.open().filter(agency=moment.agency_id).exclude(pk=moment.pk)
        into = self.fields["into"]
        assert isinstance(into, forms.ModelChoiceField)  # noqa: S101 - for the type checker
        into.queryset = others


class ResourceForm(forms.Form):
    """One resource. The words people would use are asked for in each of the agency's languages."""

    name = forms.CharField(label=_("Name"), max_length=120)
    about = forms.CharField(
        label=_("What it offers"),
        max_length=600,
        help_text=_("The public reads this. Short sentences."),
        widget=forms.Textarea({"rows": 3}),
    )
    kind = forms.CharField(
        label=_("Kind"),
        max_length=40,
        required=False,
        help_text=_("Such as helpline, shelter, page, map."),
    )
    phone = forms.CharField(
        label=_("Phone"), max_length=40, required=False, widget=forms.TextInput({"type": "tel"})
    )
    url = forms.URLField(label=_("Web address"), max_length=300, required=False)
    languages = forms.CharField(
        label=_("Languages spoken there"),
        required=False,
        help_text=_("Two-letter codes with commas: en, fr, es."),
    )
    hours = forms.CharField(label=_("Hours"), max_length=80, required=False)
    area = forms.CharField(label=_("Area served"), max_length=80, required=False)
    address = forms.CharField(
        label=_("Postal address"), max_length=200, required=False,
        help_text=_("Where people go. Leave it empty where the place must not be known."),
    )  # fmt: skip
    capacity = forms.CharField(
        label=_("Capacity"),
        max_length=120,
        required=False,
        help_text=_("Such as: overloaded this week, offer a local one too."),
    )
    owner = forms.CharField(label=_("Who keeps it right"), max_length=80, required=False)
    checked_on = DayField(label=_("Last checked"), required=False)
    review_by = DayField(label=_("Check again by"), required=False)

    def __init__(
        self, *args: Any, agency: Agency, resource: Resource | None = None, **kwargs: Any
    ) -> None:
        self.agency, self.resource = agency, resource
        super().__init__(*args, **{"initial": self.known() if resource else None, **kwargs})
        for code in agency.languages:
            self.fields[f"words_{code}"] = forms.CharField(
                label=_("Words people in need would use (%(language)s)")
                % {"language": name_of_language(code)},
                required=False,
                widget=forms.Textarea({"rows": 2}),
            )

    def known(self) -> dict[str, Any]:
        assert self.resource  # noqa: S101 - asked for only when there is one
        known = {name: getattr(self.resource, name) for name in self.base_fields}
        words = {f"words_{code}": words for code, words in self.resource.words.items()}
        return {**known, "languages": ", ".join(self.resource.languages), **words}

    def clean_name(self) -> str:
        name = str(self.cleaned_data["name"])
        same = Resource.objects.filter(agency=self.agency, name=name).first()
        if same and same != self.resource:
            raise forms.ValidationError(_("The library has a resource of this name already."))
        return name

    def clean_languages(self) -> list[str]:
        codes = str(self.cleaned_data["languages"]).replace(",", " ").lower().split()
        if wrong := [code for code in codes if not (code.isascii() and 2 <= len(code) <= 8)]:
            raise forms.ValidationError(_("Not a language code: %s") % ", ".join(wrong))
        return codes

    def fields_of_it(self) -> dict[str, Any]:
        """What the action takes, with the words gathered by language."""
        given = dict(self.cleaned_data)
        words = dict(self.resource.words) if self.resource else {}
        for code in self.agency.languages:
            words[code] = given.pop(f"words_{code}")
        return {**given, "words": {code: text for code, text in words.items() if text}}


# A joint desk


class ShownForm(forms.Form):
    """From when on the other side sees our posts about the moment."""

    shows = forms.ChoiceField(
        label=_("From when on they see a post of yours about it"),
        choices=Shown.choices,
        initial=Shown.IN_REVIEW,
        widget=forms.RadioSelect,
        help_text=_("Its words and where it stands. A draft they never see."),
    )

    def clean_shows(self) -> Shown:
        return Shown(self.cleaned_data["shows"])


class InviteForm(ShownForm):
    """Whom we ask to share a moment, and why."""

    agency = forms.ModelChoiceField(
        label=_("Which agency"), queryset=Agency.objects.none(), widget=forms.RadioSelect,
        empty_label=None,
    )  # fmt: skip
    note = forms.CharField(
        label=_("Why you ask them"), max_length=300, required=False,
        help_text=_("They read this, your name, and what the moment is called; nothing else before"
                    " they say yes."),
        widget=forms.Textarea({"rows": 2}),
    )  # fmt: skip

    field_order = ["agency", "note", "shows"]

    def __init__(self, *args: Any, others: QuerySet[Agency], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["agency"].queryset = others  # type: ignore[attr-defined]


class AcceptForm(ShownForm):
    """Which moment of ours it is, and what they see of us."""

    own = forms.ModelChoiceField(
        label=_("Which moment of yours is it?"), queryset=Moment.objects.none(), required=False,
        empty_label=_("A new one, made now"), widget=forms.RadioSelect, blank=True,
        help_text=_("What you write is about that one, and stays yours when the desk is over."),
    )  # fmt: skip

    field_order = ["own", "shows"]

    def __init__(self, *args: Any, ours: QuerySet[Moment], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["own"].queryset = ours  # type: ignore[attr-defined]


class FactForm(forms.Form):
    text = forms.CharField(
        label=_("What you know"), max_length=300,
        help_text=_("One fact, such as: building evacuated. All agencies at this desk read it under"
                    " your agency’s name. Nobody’s name."),
    )  # fmt: skip
    known_at = TimeField(
        label=_("Since when"), required=False, help_text=_("Leave empty for now."),
    )  # fmt: skip


class SpeakForm(forms.Form):
    subject = forms.CharField(
        label=_("Subject"), max_length=80, help_text=_("Such as: people hurt, roads, the cause.")
    )
    who = forms.CharField(
        label=_("Who speaks on it"), max_length=80, help_text=_("Name or rank, as reporters ask.")
    )
