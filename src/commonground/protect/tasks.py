"""What the clock does for PROTECT: tells people of alarms, again and again, until one decides."""

from __future__ import annotations

from django.conf import settings
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from commonground.agency.models import Member
from commonground.channels.rules import who_runs
from commonground.kit.clock import Lane, every
from commonground.kit.mail import send
from commonground.protect import actions
from commonground.protect.actions import impostors, proving
from commonground.protect.models import Alarm, Device, Impostor, Proof
from commonground.protect.queries import who_answers
from commonground.protect.templatetags.alarms import alarm_words
from commonground.protect.templatetags.impostors import case_title, likeness_words, next_step
from commonground.protect.templatetags.proofs import proof_why, proof_words


@every(seconds=10, lane=Lane.MAIL)
def tell_people() -> None:
    for alarm in Alarm.objects.to_tell(timezone.now()).select_related("channel", "agency"):
        reached = [m.name for m in who_answers(alarm.agency) if write_to(m, alarm)]
        if reached:
            actions.tell(alarm, reached)


# One a round: a server that does not answer holds up no other. Each proof's turn comes daily.
@every(seconds=5, lane=Lane.NETWORKS)
def look_at_proofs() -> None:
    actions.know_proofs()
    actions.look_at_next_proof()


@every(seconds=20, lane=Lane.MAIL)
def tell_of_proofs() -> None:
    """A proof that broke: the administrators hear of it once."""
    now = timezone.now()
    for proof in Proof.objects.to_tell(now).select_related("channel__agency"):
        if not proving.begin_telling(proof, now):
            continue
        reached = [m.name for m in who_runs(proof.channel.agency) if write_of_proof(m, proof)]
        if reached or not settings.ENV.mail_url:
            proving.note_told(proof, reached)


def write_of_proof(member: Member, proof: Proof) -> bool:
    with translation.override(member.language or settings.LANGUAGE_CODE):
        link = settings.ENV.site_url.rstrip("/") + reverse("protect:accounts")
        subject = _("A proof that %(channel)s is ours is broken") % {"channel": proof.channel.name}
        body = f"{proof_words(proof)}\n{proof_why(proof)}\n\n{link}"
        return send(member.email, subject, body)


# One place a round. Each place's turn comes twice a day.
@every(seconds=30, lane=Lane.NETWORKS)
def search_for_impostors() -> None:
    impostors.know_places()
    impostors.search_next(timezone.now())


@every(seconds=60, lane=Lane.NETWORKS)
def look_at_reported() -> None:
    actions.look_at_reported(timezone.now())


@every(seconds=30, lane=Lane.MAIL)
def tell_of_impostors() -> None:
    for case in Impostor.objects.to_tell(timezone.now()).select_related("agency"):
        reached = [m.name for m in who_answers(case.agency) if write_of_impostor(m, case)]
        if reached or not settings.ENV.mail_url:
            actions.note_told_of_impostor(case, reached)


def write_of_impostor(member: Member, case: Impostor) -> bool:
    with translation.override(member.language or settings.LANGUAGE_CODE):
        link = settings.ENV.site_url.rstrip("/") + case.get_absolute_url()
        body = f"{likeness_words(case)}\n{case.handle} {case.called}\n\n{next_step(case)}\n{link}"
        return send(member.email, case_title(case), body)


@every(seconds=20, lane=Lane.MAIL)
def tell_of_devices() -> None:
    """Whoever let a post go out hears of it, wherever they are: a thief cannot take that away."""
    for device in Device.objects.to_tell(timezone.now()).select_related("member"):
        by_mail = write_of_device(device)
        if by_mail or not settings.ENV.mail_url:
            actions.note_told_of_device(device, by_mail=by_mail)


def write_of_device(device: Device) -> bool:
    with translation.override(device.member.language or settings.LANGUAGE_CODE):
        said = _(
            "A post was let go in your name, from a device that never did so before. Was it you?"
            " Then ask a colleague to let it go, or confirm the device with your passkey."
            " If it was not you: stop everything, and change your password."
        )
        site = settings.ENV.site_url.rstrip("/")
        links = "\n".join(site + reverse(f"protect:{name}") for name in ("device", "stop"))
        subject = _("A new device let a post go in your name")
        return send(device.member.email, subject, f"{said}\n\n{links}")


@every(seconds=3600)
def forget_harmless_names() -> None:
    actions.forget_harmless(timezone.now())


@every(seconds=3600)
def forget_who_asked() -> None:
    actions.DOOR.forget(timezone.now())


def write_to(member: Member, alarm: Alarm) -> bool:
    with translation.override(member.language or settings.LANGUAGE_CODE):
        link = settings.ENV.site_url.rstrip("/") + alarm.get_absolute_url()
        asked = _("Say what it was, or more letters come every 15 minutes:")
        body = f"{alarm_words(alarm)}\n\n{alarm.text}\n{alarm.url}\n\n{asked}\n{link}"
        return send(member.email, alarm_words(alarm), body)
