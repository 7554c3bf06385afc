"""What people type about measures and the policy they rest on."""

from __future__ import annotations

from typing import Any, cast

from django import forms
from django.utils.translation import gettext_lazy as _

from commonground.answer.actions.policies import LONGEST_RULE
from commonground.answer.models import CommentPolicy, Message
from commonground.answer.models.measures import APPEAL_HOURS
from commonground.channels.contract.moderating import Act
from commonground.kit.forms import TimeField
from commonground.say.forms import LANGUAGES

KINDS = [
    (Act.HIDE.value, _("Hide this one message")),
    (Act.MUTE.value, _("Mute them for a time: this account does not hear them")),
    (Act.BLOCK.value, _("Block them for a time: they are shut out of this whole account")),
]


class MeasureForm(forms.Form):
    message = forms.ModelChoiceField(
        label=_("Which message"), queryset=Message.objects.none(), empty_label=None,
        widget=forms.RadioSelect,
    )  # fmt: skip
    rule = forms.TypedChoiceField(
        label=_("Which rule of the published policy it breaks"), coerce=int,
        widget=forms.RadioSelect,
    )  # fmt: skip
    reason = forms.CharField(
        label=_("What in it breaks this rule"), max_length=300, min_length=15,
        widget=forms.Textarea({"rows": 3}),
        help_text=_("In a sentence. Whoever wrote it reads this; so do a court and the press."),
    )  # fmt: skip
    kind = forms.TypedChoiceField(
        label=_("What is asked for"), coerce=Act, choices=KINDS, widget=forms.RadioSelect,
        help_text=_("The smallest that is enough. An answer is smaller than all of these."),
    )  # fmt: skip
    until = TimeField(
        label=_("Until"), required=False,
        help_text=_("For a mute or a block. It ends by itself then, within a year at most."),
    )  # fmt: skip
    why_not_less = forms.CharField(
        label=_("Why something smaller would not do"), max_length=300, required=False,
        widget=forms.Textarea({"rows": 2}),
        help_text=_("Needed where nothing smaller was tried with them before."),
    )  # fmt: skip
    fair = forms.BooleanField(
        label=_(
            "I would ask for the same if they had praised us in these words. It is not about what"
            " they think of us."
        )
    )

    def __init__(self, *args: Any, policy: CommentPolicy, messages: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = cast(Any, self.fields["message"])
        field.queryset, field.label_from_instance = messages, first_words
        cast(Any, self.fields["rule"]).choices = [
            (number, f"{number}. {rule}") for number, rule in enumerate(policy.rules, 1)
        ]

    def clean(self) -> dict[str, Any]:
        found = super().clean() or {}
        if found.get("kind") in (Act.MUTE, Act.BLOCK) and not found.get("until"):
            self.add_error("until", _("Choose a day and a time: nobody is shut out for good."))
        return found


def first_words(message: Message) -> str:
    text = " ".join(str(message.said.get("text", "")).split())
    return text if len(text) <= 140 else f"{text[:139]}…"


class WhyForm(forms.Form):
    reason = forms.CharField(
        label=_("Reason"), max_length=300, min_length=15, widget=forms.Textarea({"rows": 3})
    )


class ToldForm(forms.Form):
    how = forms.CharField(
        label=_("How you told them"), max_length=200,
        help_text=_("For example: in a private message on the network, today at 10."),
    )  # fmt: skip


class PolicyForm(forms.Form):
    about = forms.CharField(
        label=_("What people may expect here"), max_length=2000,
        widget=forms.Textarea({"rows": 5}),
        help_text=_("What these accounts are for, and that criticism is welcome."),
    )  # fmt: skip
    rules = forms.CharField(
        label=_("What may be hidden, one rule a line"), max_length=2500,
        widget=forms.Textarea({"rows": 8}),
        help_text=_(
            "Each must be so plain that two people who disagree about us would say yes or no alike:"
            " a threat, somebody’s address, advertising. Not: offensive, off topic, inappropriate."
        ),
    )  # fmt: skip
    appeal_hours = forms.IntegerField(
        label=_("Hours until an objection is decided"), min_value=1, max_value=720,
        initial=APPEAL_HOURS,
    )  # fmt: skip
    language = forms.ChoiceField(label=_("Language of these words"), choices=LANGUAGES)

    def clean_rules(self) -> list[str]:
        said = [" ".join(line.split()) for line in self.cleaned_data["rules"].splitlines()]
        said = [line for line in said if line]
        if any(len(line) > LONGEST_RULE for line in said) or not 1 <= len(said) <= 12:
            raise forms.ValidationError(
                _("Write one to twelve rules, each in a sentence of at most 160 signs.")
            )
        return said


class FilterForm(forms.Form):
    strength = forms.CharField(
        label=_("What the network’s own settings say"), max_length=60,
        help_text=_("For example: profanity filter off; or: strong."),
    )  # fmt: skip
    words = forms.CharField(
        label=_("Words of our own that it hides"), max_length=300, required=False,
        help_text=_("Best none. A word list hides criticism with the rest."),
    )  # fmt: skip
    ground = forms.CharField(label=_("The legal ground for them"), max_length=300, required=False)
