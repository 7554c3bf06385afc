"""What the clock does for CHANNELS: asks each network, now and then, whether it still knows us."""

from __future__ import annotations

from importlib import import_module
from importlib.util import find_spec

from django.conf import settings
from django.urls import reverse
from django.utils import timezone, translation

from commonground.agency.models import Member
from commonground.channels import actions, networks as folders, rules
from commonground.channels.models import Channel
from commonground.channels.templatetags.sign_ins import sign_in_words
from commonground.kit.clock import Lane, every, first
from commonground.kit.mail import send

# A network of our own may have work for the clock too.
for name in folders.networks():
    if find_spec(f"{folders.__name__}.{name}.tasks"):
        import_module(f"{folders.__name__}.{name}.tasks")


@first
def load() -> None:
    """What the networks in use are spoken to with: else the first urgent post would wait for it."""
    for name in Channel.objects.open().values_list("network", flat=True).order_by().distinct():
        if library := folders.network_named(name).loads:
            import_module(library)


@every(seconds=20, lane=Lane.MAIL)
def tell_of_sign_ins() -> None:
    """An account that is shut out, or will be within days: its administrators hear of it once."""
    now = timezone.now()
    for channel in Channel.objects.to_sign_in(now).select_related("agency"):
        if channel.is_told(now) or not actions.begin_telling(channel, now):
            continue
        reached = [m.name for m in rules.who_runs(channel.agency) if write_to(m, channel)]
        if reached or not settings.ENV.mail_url:
            actions.note_told(channel, reached)
        else:  # a mail server that is down is asked again
            actions.change(channel, told_of="")
    for channel in Channel.objects.exclude(told_of=""):
        if not channel.needs_a_person:  # the next time is another time
            actions.change(channel, told_of="")


def write_to(member: Member, channel: Channel) -> bool:
    with translation.override(member.language or settings.LANGUAGE_CODE):
        link = settings.ENV.site_url.rstrip("/") + reverse("channels:channel", args=[channel.pk])
        return send(member.email, sign_in_words(channel), f"{channel.trouble}\n\n{link}".strip())


# One channel a round: a network that hangs for its thirty seconds must not hold up the
# posts of the others. Each channel's own turn comes every fifteen minutes.
@every(seconds=5, lane=Lane.NETWORKS)
def prove_channels() -> None:
    actions.prove_next()
