"""What a person typed about a question, and what a resident typed into one."""

from __future__ import annotations

import json
import unicodedata
from hashlib import sha256
from typing import Any, cast

from django import forms
from django.http import QueryDict
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from commonground.ask.engine.margins import Unclear, margins_of, names_of, written
from commonground.ask.models import LONGEST, LONGEST_WORD, Question, Reason, Statement, Tier
from commonground.ask.states import StatementState
from commonground.kit.forms import TimeField
from commonground.kit.languages import name_of_language
from commonground.say.forms import LANGUAGES

MOST_SEEDS = 60
RESERVED = {"desk"}  # ours, under the same address


def one_line(text: str) -> str:
    """Without signs that nobody sees, and in one line: what hides in a statement cannot be read
    by those who check it."""
    kept = "".join(c for c in text if unicodedata.category(c) not in ("Cf", "Cc") or c in "\n\t")
    return " ".join(kept.split())


class StatementField(forms.CharField):
    """One thought, in one line."""

    def __init__(self, **how: Any) -> None:
        super().__init__(**{"max_length": LONGEST, "min_length": 3, **how})

    def to_python(self, value: Any) -> str:
        return one_line(super().to_python(value) or "")


class QuestionForm(forms.Form):
    title = forms.CharField(
        label=_("What you ask"), max_length=120, help_text=_("A question the public reads.")
    )
    purpose = forms.CharField(
        label=_("Why you ask, and what you will do with the answer"), max_length=600,
        widget=forms.Textarea({"rows": 3}),
    )  # fmt: skip
    word = forms.SlugField(
        label=_("Short address"), max_length=LONGEST_WORD,
        help_text=_("One word for the poster: small letters, digits and hyphens."),
    )  # fmt: skip
    seeds = forms.CharField(
        label=_("Statements to begin with"),
        widget=forms.Textarea({"rows": 10}),
        help_text=_(
            "One a line, 140 characters at most, each a single thought that one can agree or"
            " disagree with. Write what people on every side would say."
        ),
    )
    language = forms.ChoiceField(label=_("Language of these words"))
    others = forms.MultipleChoiceField(
        label=_("Also asked in"), required=False, widget=forms.CheckboxSelectMultiple
    )
    tiers = forms.MultipleChoiceField(
        label=_("Who may vote"), widget=forms.CheckboxSelectMultiple, choices=Tier.choices,
        help_text=_("Each is counted apart. The strongest one stands first in the results."),
    )  # fmt: skip
    welcome = forms.BooleanField(
        label=_("The public may add statements. Somebody here must then look every day."),
        required=False,
    )
    margins = forms.CharField(
        label=_("To weigh by, if people choose to tell"), required=False, max_length=2000,
        widget=forms.Textarea({"rows": 3}),
        help_text=_(
            "Shares of the place in per cent, from the census, one trait a line:"
            " “Your age: under 30 = 23; 30 to 59 = 48; 60 and over = 29”. Four lines at most."
            " Only votes with a code or a confirmed address are weighed."
        ),
    )  # fmt: skip
    # Which margins the translations below were checked against.
    traits_checked = forms.CharField(required=False, max_length=64, widget=forms.HiddenInput)
    opens_at = TimeField(
        label=_("Opens"), required=False,
        help_text=_("Empty: as soon as a second person opens it."),
    )  # fmt: skip
    closes_at = TimeField(
        label=_("Closes"), required=False, help_text=_("Empty: when somebody closes it."),
    )  # fmt: skip

    def __init__(self, *args: Any, question: Question | None = None, **kwargs: Any) -> None:
        self.question = question
        super().__init__(*args, **{"initial": known(question), **kwargs})
        for name in ("language", "others"):
            self.fields[name].choices = LANGUAGES  # type: ignore[attr-defined]
        for code in other_languages(question):
            about = {"language": name_of_language(code)}
            self.fields[f"title_{code}"] = forms.CharField(
                label=_("What you ask (%(language)s)") % about, max_length=120, required=False
            )
            self.fields[f"purpose_{code}"] = forms.CharField(
                label=_("Why you ask (%(language)s)") % about, max_length=600, required=False,
                widget=forms.Textarea({"rows": 3}),
            )  # fmt: skip
            if question and question.margins:
                self.fields[f"traits_{code}"] = forms.CharField(
                    label=_("To weigh by (%(language)s)") % about, required=False, max_length=2000,
                    widget=forms.Textarea({"rows": 3}),
                    help_text=_("The same lines without shares: “Âge: moins de 30; 30 et plus”."),
                )  # fmt: skip

    def clean_margins(self) -> list[dict[str, Any]]:
        try:
            return [m.told() for m in margins_of(in_lines(self.cleaned_data["margins"]))]
        except Unclear as error:
            raise forms.ValidationError(str(error)) from None

    def clean_word(self) -> str:
        word = str(self.cleaned_data["word"]).lower()
        same = Question.objects.filter(word=word).first()
        if word in RESERVED or (same and same != self.question):
            raise forms.ValidationError(_("This address is taken. Choose another word."))
        if not (word.isascii() and "_" not in word):
            raise forms.ValidationError(_("Small letters, digits and hyphens only."))
        return word

    def clean_seeds(self) -> list[str]:
        lines = [one_line(line) for line in str(self.cleaned_data["seeds"]).splitlines()]
        seeds = list(dict.fromkeys(filter(None, lines)))
        if long := [s for s in seeds if len(s) > LONGEST]:
            raise forms.ValidationError(_("Longer than 140 characters: %s") % long[0])
        if len(seeds) > MOST_SEEDS:
            raise forms.ValidationError(_("More than sixty. Keep the ones people would say."))
        return seeds

    def clean(self) -> dict[str, Any]:
        found = super().clean() or {}
        opens, closes = found.get("opens_at"), found.get("closes_at")
        if opens and closes and closes <= opens:
            self.add_error("closes_at", _("It closes before it opens."))
        translated = [n for n in found if n.startswith("traits_") and n != "traits_checked"]
        if "margins" not in found:
            return found
        margins = found["margins"]
        if any(found[n] for n in translated) and found["traits_checked"] != names_in(margins):
            self.ask_to_check(translated, margins)
            return found
        for name in translated:
            found[name] = self.same_traits(name, margins)
        return found

    def ask_to_check(self, names: list[str], margins: list[dict[str, Any]]) -> None:
        """Answers in another order are other answers: a person looks, once."""
        typed = cast(QueryDict, self.data).copy()
        typed["traits_checked"] = names_in(margins)
        self.data = typed
        for name in names:
            self.add_error(
                name,
                _("The lines above were changed. Check that these say the same; keep again."),
            )

    def same_traits(self, name: str, margins: list[dict[str, Any]]) -> list[dict[str, Any]]:
        """The names of what is told, in another language: as many, in the same order."""
        typed = in_lines(self.cleaned_data[name])
        try:
            return names_of(typed, margins) if typed else []
        except Unclear as error:
            self.add_error(name, str(error))
            return []

    def fields_of_it(self) -> dict[str, Any]:
        """What the action takes."""
        given = {k: v for k, v in self.cleaned_data.items() if k != "traits_checked"}
        first, others = given.pop("language"), given.pop("others")
        words: dict[str, dict[str, str]] = {}
        for name in [n for n in given if n.startswith(("title_", "purpose_", "traits_"))]:
            what, _under, code = name.partition("_")
            if text := given.pop(name):
                words.setdefault(code, {})[what] = text
        languages = [first, *(code for code in others if code != first)]
        return {**given, "languages": languages, "words": words}


def in_lines(text: str) -> str:
    """Line by line without signs that nobody sees."""
    return "\n".join(filter(None, map(one_line, text.splitlines())))


def names_in(margins: list[dict[str, Any]]) -> str:
    """A fingerprint of the traits and their answers, whatever their shares."""
    names = [[row["name"], *row["classes"]] for row in margins]
    return sha256(json.dumps(names).encode()).hexdigest()


def other_languages(question: Question | None) -> list[str]:
    return list(question.languages[1:]) if question else []


def known(question: Question | None) -> dict[str, Any]:
    """A saved draft, as the form shows it."""
    if question is None:
        return {"language": "en", "tiers": [Tier.OPEN], "welcome": True}
    names = ("title", "purpose", "word", "tiers", "welcome", "opens_at", "closes_at")
    texts = question.statements.values_list("text", flat=True)
    words = {
        f"{what}_{code}": written(text) if what == "traits" else text
        for code, said in question.words.items()
        for what, text in said.items()
    }
    return {
        **{name: getattr(question, name) for name in names}, **words,
        "seeds": "\n".join(texts), "margins": written(question.margins),
        "traits_checked": names_in(question.margins),
        "language": question.language, "others": question.languages[1:],
    }  # fmt: skip


class OpenForm(forms.Form):
    """A second person's yes, to the words on the page they read."""

    read = forms.CharField(max_length=64, widget=forms.HiddenInput)
    have_read = forms.BooleanField(label=_("I have read every statement"))


class PublishForm(forms.Form):
    decided = forms.CharField(
        label=_("What was decided"), max_length=2000, widget=forms.Textarea({"rows": 4})
    )
    not_decided = forms.CharField(
        label=_("What was not"), max_length=2000, required=False,
        widget=forms.Textarea({"rows": 3}),
    )  # fmt: skip
    why = forms.CharField(
        label=_("Why"), max_length=2000, widget=forms.Textarea({"rows": 4}),
        help_text=_("Those who voted read this first. Say it as you would to their face."),
    )  # fmt: skip


class CodesForm(forms.Form):
    many = forms.IntegerField(
        label=_("How many"), min_value=1, max_value=1000,
        help_text=_("They are shown once. Print them, cut them apart, hand them out."),
    )  # fmt: skip


class RefuseForm(forms.Form):
    reason = forms.ChoiceField(
        label=_("Why is it not put to the vote?"), choices=Reason.choices, widget=forms.RadioSelect
    )
    note = forms.CharField(
        label=_("For the desk, in your own words"), max_length=200, required=False
    )


class MergeForm(forms.Form):
    into = forms.ModelChoiceField(
        label=_("Says the same as"), queryset=Statement.objects.none(), empty_label=None,
        widget=forms.RadioSelect,
    )  # fmt: skip

    def __init__(self, *args: Any, statement: Statement, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        others = Statement.objects.filter(
            question=statement.question_id, state=StatementState.ACCEPTED
        ).exclude(pk=statement.pk)
        into: Any = self.fields["into"]
        into.queryset = others
        into.label_from_instance = lambda other: other.text


class NewStatementForm(forms.Form):
    text = StatementField(
        label=_("A statement from the desk"), help_text=_("Another person accepts it.")
    )


class TranslationForm(forms.Form):
    language = forms.ChoiceField(label=_("Language"))
    text = StatementField(label=_("The same, in that language"), max_length=2 * LONGEST)
    by_machine = forms.BooleanField(label=_("A machine wrote this"), required=False)

    def __init__(self, *args: Any, statement: Statement, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        others = [c for c in statement.question.languages if c != statement.language]
        self.fields["language"].choices = [  # type: ignore[attr-defined]
            (code, name_of_language(code)) for code in others
        ]


# The public


class SayForm(forms.Form):
    text = StatementField(
        label=_("Your own statement"),
        widget=forms.Textarea({"rows": 3, "maxlength": LONGEST}),
        help_text=_("One thought, 140 characters at most. Name nobody."),
    )


class CodeForm(forms.Form):
    code = forms.CharField(
        label=_("The code on your paper"), max_length=40,
        help_text=_("Twelve signs. Capital or small letters, with or without hyphens."),
        widget=forms.TextInput({"autocomplete": "off", "autocapitalize": "characters",
                                "spellcheck": "false"}),
    )  # fmt: skip


class AddressForm(forms.Form):
    address = forms.EmailField(
        label=_("Your e-mail address"), max_length=254,
        help_text=_("We send one link to it and keep nothing of it but a mark without a name."),
        widget=forms.EmailInput({"autocomplete": "email"}),
    )  # fmt: skip


class TraitsForm(forms.Form):
    """What somebody tells of themselves. Every answer may be left out."""

    def __init__(
        self, *args: Any, traits: list[tuple[str, list[str]]], language: str, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        for n, (name, classes) in enumerate(traits):
            self.fields[f"trait_{n}"] = forms.TypedChoiceField(
                label=spoken(name, language), coerce=int, widget=forms.RadioSelect, initial=-1,
                choices=[
                    (-1, _("I would rather not say")),
                    *((c, spoken(said, language)) for c, said in enumerate(classes)),
                ],
            )  # fmt: skip

    def traits(self) -> list[int]:
        return [self.cleaned_data[name] for name in self.fields]


def spoken(text: str, language: str) -> str:
    """Words marked with their language: they may stand on a page that speaks another."""
    return format_html('<span lang="{}" dir="auto">{}</span>', language, text)
