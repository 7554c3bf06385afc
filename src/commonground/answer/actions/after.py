"""After an exchange: somebody says whether it helped."""

from __future__ import annotations

from django.db import transaction
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from commonground.agency.models import Agency
from commonground.answer.actions.appeals import A_RESIDENT
from commonground.answer.models.after import OPEN_FOR, Asked, Helped, link_of, new_token
from commonground.channels.models import Channel
from commonground.kit.clock import database_now
from commonground.kit.refusals import MovedOn
from commonground.record.actions import witness


def with_question(text: str, channel: Channel, language: str) -> str:
    """The same words with a link beneath, where whoever gets it says whether it helped."""
    return f"{text}\n\n{ask_how(channel.agency, language)}"


def ask_how(agency: Agency, language: str) -> str:
    token = new_token()
    Asked.objects.create(agency=agency, link=link_of(token))
    link = agency.site + reverse("public:helped", args=[token])
    with translation.override(language):
        return _("Did this help? One press: %(link)s") % {"link": link}


@transaction.atomic
def say_how(asked: Asked, *, said: Helped) -> Asked:
    """One answer a link. Who gave it is known to nobody, nor which conversation it is about."""
    now = database_now()
    open_still = Asked.objects.filter(pk=asked.pk, said="", asked_at__gt=now - OPEN_FOR)
    if not open_still.update(said=said, said_on=timezone.localdate()):
        raise MovedOn(_("This was answered already, or its time is over. Nothing was changed."))
    asked.refresh_from_db()
    witness("say_how", asked, by=A_RESIDENT, said=said.value)
    return asked
