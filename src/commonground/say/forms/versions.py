"""The words of a version, and what is known of an area."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from commonground.agency.models import Agency
from commonground.channels.engine import writable
from commonground.channels.models import Channel
from commonground.say.engine.blanks import LONGEST
from commonground.say.forms.languages import LANGUAGES
from commonground.say.models import Area, Post, Version, Voice

FACTS_AT_ONCE = 4  # empty rows for more


class AddVersionForm(forms.Form):
    """Which version to begin: a language, and after a blank the area, if one is meant."""

    version = forms.CharField(max_length=20)

    def __init__(self, *args: Any, post: Post, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.post = post

    def clean_version(self) -> tuple[str, Area | None]:
        language, _blank, number = str(self.cleaned_data["version"]).partition(" ")
        if language not in dict(LANGUAGES):
            raise forms.ValidationError(_("Choose a language or an area."))
        if not number:
            return language, None
        areas = self.post.agency.areas.filter(everywhere=False)
        area = areas.filter(pk=int(number)).first() if number.isdecimal() else None
        if area is None:
            raise forms.ValidationError(_("Choose a language or an area."))
        return language, area


class VersionForm(forms.Form):
    """The words of one version; what is not written yet may stay empty in a draft."""

    title = forms.CharField(max_length=120, required=False, label=_("Headline"))
    text = forms.CharField(
        max_length=20_000, required=False, label=_("What we say"),
        widget=forms.Textarea({"rows": 7}),
    )  # fmt: skip
    # What the page was opened with: two windows must not overwrite each other.
    before = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(
        self, *args: Any, version: Version, shown: Sequence[tuple[str, str]], **kwargs: Any
    ) -> None:
        self.version, self.shown = version, shown
        super().__init__(*args, **{"initial": self.kept(), **kwargs})
        for key, alt in shown:
            self.fields[f"alt_{key}"] = forms.CharField(
                max_length=1500, required=False, label=_("Words for people who cannot see it"),
                help_text=alt, widget=forms.Textarea({"rows": 2}),
            )  # fmt: skip
        terms = version.post.alert_terms()
        if terms and not version.area_id:
            self.ask_for_alert()
        for name, field in self.fields.items():
            if name != "before":
                field.widget.attrs |= {"lang": version.language, "dir": "auto"}

    def ask_for_alert(self) -> None:
        self.fields["event"] = forms.CharField(
            max_length=80, required=False, label=_("Public alert: what happens")
        )
        self.fields["place"] = forms.CharField(
            max_length=300, required=False, label=_("Public alert: where")
        )
        self.fields["instruction"] = forms.CharField(
            max_length=2000, required=False, label=_("Public alert: how, step by step"),
            widget=forms.Textarea({"rows": 3}),
        )  # fmt: skip

    def kept(self) -> dict[str, Any]:
        kept = self.version
        names = ("title", "text", "event", "place", "instruction")
        said = {name: getattr(kept, name) for name in names}
        alts = {f"alt_{key}": kept.alts.get(key, "") for key, _alt in self.shown}
        return {**said, **alts, "before": kept.changed_at.isoformat()}

    def words(self) -> dict[str, Any]:
        """As the action takes them, without signs that show nothing."""
        typed = {k: writable(v) for k, v in self.cleaned_data.items() if k != "before"}
        alts = {k[4:]: typed.pop(k).strip() for k in list(typed) if k.startswith("alt_")}
        return {**typed, "alts": alts} if self.shown else typed

    def written_elsewhere(self) -> bool:
        return str(self.cleaned_data["before"]) != self.version.changed_at.isoformat()


class AreaForm(forms.Form):
    """An area, the channels that speak for it, and what fills its blanks."""

    name = forms.CharField(
        max_length=60, label=_("Name"), help_text=_("A division, a town, a part of one.")
    )
    channels = forms.ModelMultipleChoiceField(
        queryset=Channel.objects.none(), required=False, label=_("Channels that speak for it"),
        widget=forms.CheckboxSelectMultiple,
    )  # fmt: skip

    def __init__(self, *args: Any, agency: Agency, area: Area | None = None, **kwargs: Any) -> None:
        self.agency, self.area = agency, area
        self.facts = list(area.facts) if area else []
        super().__init__(*args, **{"initial": self.kept(), **kwargs})
        if area and area.everywhere:
            del self.fields["channels"]
        else:
            self.offer_channels()
        languages = [("", _("any language")), *of_agency(agency)]
        for n in range(len(self.facts) + FACTS_AT_ONCE):
            self.fields[f"blank_{n}"] = forms.CharField(
                max_length=LONGEST, required=False, label=_("Blank")
            )
            self.fields[f"in_{n}"] = forms.ChoiceField(
                choices=languages, required=False, label=_("In")
            )
            self.fields[f"words_{n}"] = forms.CharField(
                max_length=500, required=False, label=_("What fills it")
            )

    def offer_channels(self) -> None:
        """Those that speak for no other area yet."""
        taken = Voice.objects.filter(area__agency=self.agency).exclude(area=self.area)
        ours = Channel.objects.open().filter(agency=self.agency)
        free = ours.exclude(pk__in=taken.values("channel"))
        self.fields["channels"].queryset = free  # type: ignore[attr-defined]

    def kept(self) -> dict[str, Any]:
        if self.area is None:
            return {}
        spoken = self.area.voices.values_list("channel", flat=True)
        said: dict[str, Any] = {"name": self.area.name, "channels": list(spoken)}
        for n, (blank, language, words) in enumerate(self.facts):
            said |= {f"blank_{n}": blank, f"in_{n}": language, f"words_{n}": words}
        return said

    def rows(self) -> Iterator[tuple[forms.BoundField, forms.BoundField, forms.BoundField]]:
        n = 0
        while f"blank_{n}" in self.fields:
            yield self[f"blank_{n}"], self[f"in_{n}"], self[f"words_{n}"]
            n += 1

    def clean_name(self) -> str:
        name = " ".join(writable(str(self.cleaned_data["name"])).split())
        same = self.agency.areas.filter(name__iexact=name).first()
        if same and same != self.area:
            raise forms.ValidationError(_("There is an area of this name."))
        return name

    def clean(self) -> dict[str, Any]:
        """A blank once in each language; brackets around its name are taken off."""
        typed = super().clean() or {}
        facts: dict[tuple[str, str], list[str]] = {}
        n = 0
        while f"blank_{n}" in self.fields:
            blank = writable(typed.get(f"blank_{n}") or "").strip("[] ")
            words = writable(typed.get(f"words_{n}") or "").strip()
            language = typed.get(f"in_{n}") or ""
            if bool(blank) != bool(words):
                self.add_error(f"words_{n}" if blank else f"blank_{n}", _("Both, or neither."))
            elif blank and (blank.casefold(), language) in facts:
                self.add_error(f"blank_{n}", _("This blank is filled above already."))
            elif blank:
                facts[blank.casefold(), language] = [blank, language, words]
            n += 1
        return {**typed, "facts": list(facts.values())}

    def said(self) -> dict[str, Any]:
        """As the actions take it."""
        names = [name for name in ("name", "channels", "facts") if name in self.cleaned_data]
        return {name: self.cleaned_data[name] for name in names}


def of_agency(agency: Agency) -> list[tuple[str, str]]:
    names = dict(LANGUAGES)
    return [(code, names.get(code, code)) for code in agency.languages or ["en"]]
