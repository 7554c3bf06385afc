"""What a person types about the news."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from commonground.agency.models import Agency
from commonground.kit.forms import DayField
from commonground.learn.engine.article import LONGEST
from commonground.learn.models import Answer, Article, Outlet
from commonground.learn.models.mistakes import LONGEST as LONGEST_MISTAKE
from commonground.learn.models.reports import LONGEST as LONGEST_LOOK_BACK

MOST_MESSAGES = 5  # more than that nobody repeats, no paper either
LONGEST_MESSAGE = 300
TIME_TO_CORRECT = timedelta(days=3)  # what readers still remember


def in_three_days() -> date:
    return timezone.localdate() + TIME_TO_CORRECT


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


class OutletForm(forms.Form):
    name = forms.CharField(
        label=_("Newspaper, radio or television"), max_length=80,
        help_text=_("As people call it."),
    )  # fmt: skip
    feed = forms.URLField(
        label=_("Address of its feed"), max_length=300, assume_scheme="https",
        help_text=_("RSS, Atom or JSON Feed. Most outlets have one of their local news."),
    )  # fmt: skip
    corrections_to = forms.CharField(
        label=_("Whom we ask for a correction"), max_length=200, required=False,
        help_text=_("A desk or an address, such as the corrections page. Never a person’s own."),
    )  # fmt: skip

    def __init__(
        self, *args: Any, agency: Agency, outlet: Outlet | None = None, **kwargs: Any
    ) -> None:
        self.agency, self.outlet = agency, outlet
        names = ("name", "feed", "corrections_to")
        known = {name: getattr(outlet, name) for name in names} if outlet else None
        super().__init__(*args, **{"initial": known, **kwargs})

    def clean_name(self) -> str:
        name = str(self.cleaned_data["name"])
        if self.others(name=name):
            raise ValidationError(_("There is an outlet of this name already."))
        return name

    def clean_feed(self) -> str:
        feed = str(self.cleaned_data["feed"])
        if not feed.startswith(("https://", "http://")):
            raise ValidationError(_("A feed has an address that begins with https://."))
        if self.others(feed=feed):
            raise ValidationError(_("This feed is read already."))
        return feed

    def others(self, **said: str) -> bool:
        rows = Outlet.objects.filter(agency=self.agency, **said)
        return (rows.exclude(pk=self.outlet.pk) if self.outlet else rows).exists()


class RightForm(forms.Form):
    right = forms.CharField(
        label=_("What is right"), max_length=LONGEST_MISTAKE, widget=forms.Textarea({"rows": 2})
    )


class WrongForm(RightForm):
    wrong = forms.CharField(
        label=_("What is wrong"), max_length=LONGEST_MISTAKE,
        help_text=_("Word for word, as it stands in the article."),
        widget=forms.Textarea({"rows": 2}),
    )  # fmt: skip
    field_order = ["wrong", "right"]

    def __init__(self, *args: Any, article: Article, **kwargs: Any) -> None:
        self.article = article
        super().__init__(*args, **kwargs)

    def clean_wrong(self) -> str:
        wrong = " ".join(str(self.cleaned_data["wrong"]).split())
        whole = " ".join(f"{self.article.headline} {self.article.text}".split())
        if wrong.casefold() not in whole.casefold():
            raise ValidationError(_("These words do not stand in the article. Copy them from it."))
        return wrong


class WhyForm(forms.Form):
    answer = forms.CharField(
        label=_("Why it is not wrong"), max_length=LONGEST_MISTAKE,
        widget=forms.Textarea({"rows": 2}),
    )  # fmt: skip


class AskForm(forms.Form):
    asked_of = forms.CharField(label=_("Whom we asked"), max_length=200)
    due_on = DayField(
        label=_("By when they should put it right"), initial=in_three_days,
    )  # fmt: skip

    def clean_due_on(self) -> object:
        day = self.cleaned_data["due_on"]
        if day < timezone.localdate():
            raise ValidationError(_("This day is over."))
        return day


class CorrectedForm(forms.Form):
    where = forms.URLField(
        label=_("Where the correction stands"), required=False, max_length=500,
        assume_scheme="https",
    )  # fmt: skip
    answer = forms.CharField(
        label=_("What they said"), required=False, max_length=LONGEST_MISTAKE,
        widget=forms.Textarea({"rows": 2}),
    )  # fmt: skip


class AnsweredForm(forms.Form):
    answer = forms.CharField(
        label=_("What they said"), max_length=LONGEST_MISTAKE,
        help_text=_("Or that they never answered."), widget=forms.Textarea({"rows": 2}),
    )  # fmt: skip


class LookBackForm(forms.Form):
    went_well = forms.CharField(
        label=_("What went well"), required=False, max_length=LONGEST_LOOK_BACK,
        widget=forms.Textarea({"rows": 5}),
    )  # fmt: skip
    what_next = forms.CharField(
        label=_("What we do next, and until when"), required=False, max_length=LONGEST_LOOK_BACK,
        help_text=_("Name roles, not people: the report outlives who is on the desk today."),
        widget=forms.Textarea({"rows": 5}),
    )  # fmt: skip

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        if not any(said.values()):
            raise ValidationError(_("Write into one of the two at least."))
        return {name: str(words).replace("\r\n", "\n").strip() for name, words in said.items()}


class JudgeForm(forms.Form):
    answer = forms.TypedChoiceField(choices=Answer.choices, coerce=lambda n: Answer(int(n)))
