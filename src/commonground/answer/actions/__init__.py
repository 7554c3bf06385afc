"""Everything that can be done to a conversation and against what stands in it, and the one way in
for what people say."""

from commonground.answer.actions.after import say_how
from commonground.answer.actions.appeals import appeal, grant, uphold
from commonground.answer.actions.arriving import forget_old, note_trouble, stir, take_in
from commonground.answer.actions.deeds import announce, give_up, propose_deed, retract
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
from commonground.answer.actions.measures import (
    allow,
    ask_for_measure,
    end,
    expire,
    forget_copy,
    note_by_hand,
    note_told_by_hand,
    recall,
    restore,
    turn_down,
)
from commonground.answer.actions.policies import (
    drop,
    note_filter,
    propose_policy,
    publish,
    supersede,
)
from commonground.answer.actions.replying import reply, settle_answer

__all__ = [
    "add_note",
    "add_saved_answer",
    "allow",
    "announce",
    "appeal",
    "ask_for_measure",
    "change_saved_answer",
    "claim",
    "close",
    "drop",
    "end",
    "expire",
    "forget_copy",
    "forget_old",
    "give_up",
    "grant",
    "judge",
    "let_go",
    "lose_deleted",
    "note_by_hand",
    "note_filter",
    "note_told_by_hand",
    "note_trouble",
    "pass_on",
    "promise",
    "propose_deed",
    "propose_policy",
    "publish",
    "raise_emergency",
    "recall",
    "remove_saved_answer",
    "reopen",
    "reply",
    "restore",
    "retract",
    "say_how",
    "set_priority",
    "settle_answer",
    "snooze",
    "stir",
    "supersede",
    "take_in",
    "take_to_look_for",
    "turn_down",
    "uphold",
    "wake",
]
