"""What channels need before anybody can speak from them."""

from __future__ import annotations

from django.utils.translation import gettext as _, gettext_lazy as lazy, ngettext

from commonground.agency.models import Agency
from commonground.channels.models import Authorisation, Channel
from commonground.kit.beginning import Found, State, step


@step(
    "accounts", place=30, title=lazy("Connect your accounts"), to="channels:channels",
    why=lazy("Begin with your own newsroom: it needs nobody's leave. A channel counts when its"
             " network has said that it is yours."),
)  # fmt: skip
def accounts(agency: Agency) -> Found:
    every = list(Channel.objects.open().filter(agency=agency))
    proved = sum(channel.vouched for channel in every)
    if not every:
        return Found(State.TO_DO, _("No channel is open yet."))
    said = _("%(proved)d of %(all)d channels proven.") % {"proved": proved, "all": len(every)}
    return Found(State.DONE if proved == len(every) else State.UNDER_WAY, said)


@step(
    "authorisations", place=50, title=lazy("Write down who may speak from each"),
    to="channels:channels",
    why=lazy("Leadership's written yes, on the channel's page: for whom, for what, until when."
             " Nobody authorises themselves."),
)  # fmt: skip
def authorisations(agency: Agency) -> Found:
    every = Channel.objects.open().filter(agency=agency).values_list("pk", flat=True)
    held = Authorisation.objects.in_force().filter(channel__in=every, member__is_active=True)
    lent = set(held.values_list("channel", flat=True))
    if not lent:
        return Found(State.TO_DO, _("Nobody may speak from any channel yet."))
    said = ngettext(
        "Somebody may speak from %(lent)d of %(all)d channel.",
        "Somebody may speak from %(lent)d of %(all)d channels.", len(every),
    ) % {"lent": len(lent), "all": len(every)}  # fmt: skip
    return Found(State.DONE if len(lent) == len(every) else State.UNDER_WAY, said)
