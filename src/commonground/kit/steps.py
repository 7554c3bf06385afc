"""What the machine itself still needs: letters that leave, and copies that are made."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _, gettext_lazy as lazy

from commonground.kit.beginning import Found, State, noted, step
from commonground.kit.words_for_time import ago

# A copy each night, and one night that may fail.
FRESH = timedelta(hours=48)


@step(
    "mail", place=80, title=lazy("Let the desk write letters"),
    why=lazy("Whoever must act is told by e-mail too: an approval that waits, a channel that is"
             " shut out, a way in that was lost. Whoever runs the server says which mail server"
             " takes them: COMMONGROUND_MAIL_URL."),
)  # fmt: skip
def mail(agency: Any) -> Found:
    if not settings.ENV.mail_url:
        return Found(State.TO_DO, _("No mail server is named: nobody is told by e-mail."))
    left = noted("letter")
    if left is None:
        return Found(
            State.UNDER_WAY, _("A mail server is named. No letter is known to have left yet.")
        )
    return Found(State.DONE, _("A letter left %(ago)s.") % {"ago": ago(left)})


@step(
    "backups", place=90, title=lazy("Have it copied each night"),
    why=lazy("Whoever runs the server starts the timer, and carries the copies to another"
             " machine. The keys go to a third place: they are in no copy."),
)  # fmt: skip
def backups(agency: Any) -> Found:
    made = noted("backup")
    if made is None:
        return Found(
            State.TO_DO, _("No copy is known. Those that others make this desk cannot see.")
        )
    if timezone.now() - made > FRESH:
        return Found(State.UNDER_WAY, _("The last copy was made %(ago)s.") % {"ago": ago(made)})
    return Found(State.DONE, _("A copy was made %(ago)s.") % {"ago": ago(made)})
