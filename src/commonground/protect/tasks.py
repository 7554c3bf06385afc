"""What the clock does for PROTECT: tells people of alarms, again and again, until one decides."""

from __future__ import annotations

from django.conf import settings
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from commonground.agency.models import Member
from commonground.kit.clock import every
from commonground.kit.mail import send
from commonground.protect import actions
from commonground.protect.models import Alarm
from commonground.protect.queries import who_answers
from commonground.protect.templatetags.alarms import alarm_words


@every(seconds=10)
def tell_people() -> None:
    for alarm in Alarm.objects.to_tell(timezone.now()).select_related("channel", "agency"):
        reached = [m.name for m in who_answers(alarm.agency) if write_to(m, alarm)]
        if reached:
            actions.tell(alarm, reached)


@every(seconds=3600)
def forget_who_asked() -> None:
    actions.DOOR.forget(timezone.now())


def write_to(member: Member, alarm: Alarm) -> bool:
    with translation.override(member.language or settings.LANGUAGE_CODE):
        link = settings.ENV.site_url.rstrip("/") + alarm.get_absolute_url()
        asked = _("Say what it was, or more letters come every 15 minutes:")
        body = f"{alarm_words(alarm)}\n\n{alarm.text}\n{alarm.url}\n\n{asked}\n{link}"
        return send(member.email, alarm_words(alarm), body)
