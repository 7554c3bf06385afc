"""In which of a post's languages a channel speaks."""

from __future__ import annotations

from collections.abc import Sequence

from django import forms
from django.utils.translation import gettext_lazy as _

from commonground.channels.models import Channel
from commonground.say.engine.versions import EACH, SEVERAL, USUAL
from commonground.say.forms.languages import LANGUAGES


def speaks_field(channel: Channel, languages: Sequence[str]) -> forms.ChoiceField:
    """One language, or each as a post of its own. What is usual there stands first."""
    names = dict(LANGUAGES)
    usual = channel.language if channel.language in languages else languages[0]
    each = _("each language, one post after the other")
    as_usual = each if channel.language == SEVERAL else names.get(usual, usual)
    return forms.ChoiceField(
        required=False, label=_("Language on %(channel)s") % {"channel": channel},
        choices=[
            (USUAL, _("As usual here: %(language)s") % {"language": as_usual}),
            *[(code, names.get(code, code)) for code in languages],
            (EACH, _("Each language, one post after the other")),
        ],
    )  # fmt: skip
