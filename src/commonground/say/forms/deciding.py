"""What a reader of a post decides: hold it, approve it, or look at what went out unread."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from commonground.say.models import Post, Verdict, Version


class HoldForm(forms.Form):
    """Why posts are held, and which of those that wait."""

    reason = forms.CharField(max_length=300, required=False)

    def __init__(self, *args: Any, posts: Iterable[Post] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.offered = {str(post.pk): post for post in posts}

    def chosen(self) -> list[Post]:
        """Those of the posts still waiting that were ticked; others are no longer there to hold."""
        ticked = self.data.getlist("post") if hasattr(self.data, "getlist") else []
        return [self.offered[key] for key in dict.fromkeys(ticked) if key in self.offered]


class GlassForm(forms.Form):
    """A second person's look at what went out without one."""

    verdict = forms.ChoiceField(
        label=_("Was it right?"), choices=Verdict.choices, widget=forms.RadioSelect
    )
    said = forms.CharField(
        label=_("In a few words"), max_length=300, help_text=_("It goes on the record.")
    )


class DecisionForm(forms.Form):
    """A reviewer's yes, or a reason. `read` is the digest of the words on the page they read."""

    read = forms.CharField(max_length=64, widget=forms.HiddenInput, required=False)
    reason = forms.CharField(max_length=300, required=False)
    have_read = forms.BooleanField(required=False)

    def __init__(self, *args: Any, versions: Sequence[Version] = (), **kwargs: Any) -> None:
        """Where a post is said in several versions, each is ticked by itself."""
        super().__init__(*args, **kwargs)
        self.versions = versions
        for version in versions:
            self.fields[f"have_read_{version.pk}"] = forms.BooleanField(required=False)

    def has_read_all(self) -> bool:
        names = ["have_read", *(f"have_read_{version.pk}" for version in self.versions)]
        return all(self.cleaned_data[name] for name in names)
