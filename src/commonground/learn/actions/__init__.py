"""What changes when the desk finds out whether it landed."""

from commonground.learn.actions.coverage import (
    add_article,
    change_messages,
    follow_news,
    judge_reading,
)
from commonground.learn.actions.direct import go_direct
from commonground.learn.actions.mistakes import (
    ask_outlet,
    clear_outlet,
    confirm_mistake,
    mark_wrong,
    note_correction,
    note_no_correction,
    take_up_mistake,
)
from commonground.learn.actions.news import (
    add_outlet,
    change_outlet,
    forget_printed,
    hold_against_all,
    keep_page,
    miss_page,
    note_silence,
    put_back,
    search_back,
    set_aside,
    switch_outlet,
    take_in,
)
from commonground.learn.actions.reports import freeze_report, write_look_back

__all__ = [
    "add_article",
    "add_outlet",
    "ask_outlet",
    "change_messages",
    "change_outlet",
    "clear_outlet",
    "confirm_mistake",
    "follow_news",
    "forget_printed",
    "freeze_report",
    "go_direct",
    "hold_against_all",
    "judge_reading",
    "keep_page",
    "mark_wrong",
    "miss_page",
    "note_correction",
    "note_no_correction",
    "note_silence",
    "put_back",
    "search_back",
    "set_aside",
    "switch_outlet",
    "take_in",
    "take_up_mistake",
    "write_look_back",
]
