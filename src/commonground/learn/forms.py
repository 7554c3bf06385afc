"""What a person types about the news."""

from __future__ import annotations

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from commonground.kit.forms import DayField
from commonground.learn.engine.article import LONGEST
from commonground.learn.models import Answer

MOST_MESSAGES = 5  # more than that nobody repeats, no paper either
LONGEST_MESSAGE = 300


class MessagesForm(forms.Form):
    messages = forms.CharField(
        label=_("What should people know?"),
        help_text=_("One sentence a line, up to five, best one demand each."),
        widget=forms.Textarea({"rows": 6}),
        max_length=MOST_MESSAGES * (LONGEST_MESSAGE + 2),
    )

    def clean_messages(self) -> list[str]:
        lines = [line.strip() for line in self.cleaned_data["messages"].splitlines()]
        found = list(dict.fromkeys(line for line in lines if line))
        if len(found) > MOST_MESSAGES:
            raise ValidationError(_("More than five. Keep those that matter most."))
        if max(map(len, found)) > LONGEST_MESSAGE:
            raise ValidationError(_("One is longer than 300 characters. No paper prints that."))
        return found


class ArticleForm(forms.Form):
    outlet = forms.CharField(label=_("Newspaper, radio or television"), max_length=80)
    published_on = DayField(label=_("Published on"))
    headline = forms.CharField(label=_("Headline"), max_length=300)
    text = forms.CharField(
        label=_("Words of the article"),
        help_text=_("A paragraph a line; the first counts as the lead. For radio and television,"
                    " what was said."),
        max_length=LONGEST,
        widget=forms.Textarea({"rows": 14}),
    )  # fmt: skip
    url = forms.URLField(
        label=_("Address"), required=False, max_length=500, assume_scheme="https",
        help_text=_("Where it stands, if it stands somewhere."),
    )  # fmt: skip

    def clean_text(self) -> str:
        return str(self.cleaned_data["text"]).replace("\r\n", "\n").strip()

    def clean_published_on(self) -> object:
        day = self.cleaned_data["published_on"]
        if day > timezone.localdate():
            raise ValidationError(_("This day is still to come."))
        return day


class JudgeForm(forms.Form):
    answer = forms.TypedChoiceField(choices=Answer.choices, coerce=lambda n: Answer(int(n)))
