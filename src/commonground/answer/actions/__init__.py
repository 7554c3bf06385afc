"""Everything that can be done to a conversation, and the one way in for what people say."""

from commonground.answer.actions.arriving import forget_old, note_trouble, take_in
from commonground.answer.actions.desk import (
    add_saved_answer,
    change_saved_answer,
    promise,
    remove_saved_answer,
)
from commonground.answer.actions.having import (
    add_note,
    claim,
    close,
    judge,
    let_go,
    pass_on,
    raise_emergency,
    reopen,
    set_priority,
    snooze,
    wake,
)
from commonground.answer.actions.looking import lose_deleted, take_to_look_for
from commonground.answer.actions.replying import reply, settle_answer

__all__ = [
    "add_note",
    "add_saved_answer",
    "change_saved_answer",
    "claim",
    "close",
    "forget_old",
    "judge",
    "let_go",
    "lose_deleted",
    "note_trouble",
    "pass_on",
    "promise",
    "raise_emergency",
    "remove_saved_answer",
    "reopen",
    "reply",
    "set_priority",
    "settle_answer",
    "snooze",
    "take_in",
    "take_to_look_for",
    "wake",
]
