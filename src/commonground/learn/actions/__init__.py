"""What changes when the desk finds out whether it landed."""

from commonground.learn.actions.coverage import (
    add_article,
    change_messages,
    follow_news,
    judge_reading,
)
from commonground.learn.actions.experiments import (
    call_off_experiment,
    conclude_experiment,
    plan_experiment,
    preregister_experiment,
)
from commonground.learn.actions.pulses import (
    Crowded,
    answer_pulse,
    bring_census,
    close_pulse,
    count_pulse,
    draft_pulse,
    end_pulse,
    forget_answers,
    forget_networks,
    make_pulse_codes,
    open_pulse,
)
from commonground.learn.actions.reach import keep_reach, note_unknown, take_to_ask

__all__ = [
    "Crowded",
    "add_article",
    "answer_pulse",
    "bring_census",
    "call_off_experiment",
    "change_messages",
    "close_pulse",
    "conclude_experiment",
    "count_pulse",
    "draft_pulse",
    "end_pulse",
    "follow_news",
    "forget_answers",
    "forget_networks",
    "judge_reading",
    "keep_reach",
    "make_pulse_codes",
    "note_unknown",
    "open_pulse",
    "plan_experiment",
    "preregister_experiment",
    "take_to_ask",
]
