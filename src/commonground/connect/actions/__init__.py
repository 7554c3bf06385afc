"""Every change of which programs come in, and of which are told."""

from commonground.connect.actions.asking import forget_asked, once
from commonground.connect.actions.entering import enter, forget_uses
from commonground.connect.actions.telling import (
    forget_notices,
    give_up,
    hold_notice,
    note_heard,
    note_unheard,
    pull,
    resend,
    send_test,
    tell_of_webhook,
)
from commonground.connect.actions.tokens import (
    collect_token,
    end_token,
    make_token,
    tell_of_token,
)
from commonground.connect.actions.webhooks import (
    change_webhook,
    close_webhook,
    open_webhook,
    pause_webhook,
    renew_secret,
    resume_webhook,
)

__all__ = [
    "change_webhook",
    "close_webhook",
    "collect_token",
    "end_token",
    "enter",
    "forget_asked",
    "forget_notices",
    "forget_uses",
    "give_up",
    "hold_notice",
    "make_token",
    "note_heard",
    "note_unheard",
    "once",
    "open_webhook",
    "pause_webhook",
    "pull",
    "renew_secret",
    "resend",
    "resume_webhook",
    "send_test",
    "tell_of_token",
    "tell_of_webhook",
]
