"""What an author wants where the words are too long for a network."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from commonground.say.engine.threads import Parting


def parting_field() -> forms.ChoiceField:
    return forms.ChoiceField(
        required=False, label=_("Where it is too long"),
        choices=[
            (Parting.WHOLE.value, _("Tell me, and send nothing")),
            (Parting.NUMBERED.value, _("Part it into a thread: 1/3, 2/3, 3/3")),
            (Parting.PLAIN.value, _("Part it into a thread, without numbers")),
        ],
        help_text=_(
            "A thread is parted at the ends of sentences. To choose yourself, put three dashes"
            " (---) on a line of their own. Pictures go with its first part."
        ),
    )  # fmt: skip
