"""What changes when the desk finds out whether it landed."""

from commonground.learn.actions.coverage import (
    add_article,
    change_messages,
    follow_news,
    judge_reading,
)

__all__ = ["add_article", "change_messages", "follow_news", "judge_reading"]
