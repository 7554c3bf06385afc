"""The line to newspapers: their feeds, and the pages these lead to."""

from commonground.learn.line.newspapers import (
    FeedSaid,
    NotNow,
    NotRead,
    PageSaid,
    feed_at,
    page_at,
)

__all__ = ["FeedSaid", "NotNow", "NotRead", "PageSaid", "feed_at", "page_at"]
