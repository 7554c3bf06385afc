"""What is read of what landed."""

from commonground.learn.queries.coverage import (
    LOW,
    Line,
    Table,
    coverages,
    not_followed,
    our_article,
    our_coverage,
    table_of,
)
from commonground.learn.queries.mistakes import (
    OfOutlet,
    asked_before,
    by_outlet,
    mistakes,
    mistakes_to_show,
    our_mistake,
)
from commonground.learn.queries.news import (
    arrived,
    common_in,
    followed,
    kept_since,
    our_outlet,
    outlets,
    subject_of,
)
from commonground.learn.queries.reports import (
    look_back_of,
    moments_to_report,
    our_frozen,
    report_of,
)

__all__ = [
    "LOW",
    "Line",
    "OfOutlet",
    "Table",
    "arrived",
    "asked_before",
    "by_outlet",
    "common_in",
    "coverages",
    "followed",
    "kept_since",
    "look_back_of",
    "mistakes",
    "mistakes_to_show",
    "moments_to_report",
    "not_followed",
    "our_article",
    "our_coverage",
    "our_frozen",
    "our_mistake",
    "our_outlet",
    "outlets",
    "report_of",
    "subject_of",
    "table_of",
]
