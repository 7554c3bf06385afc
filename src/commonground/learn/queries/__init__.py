"""What is read of what landed."""

from commonground.learn.queries.coverage import (
    Line,
    Table,
    coverages,
    not_followed,
    our_article,
    our_coverage,
    table_of,
)

__all__ = [
    "Line",
    "Table",
    "coverages",
    "not_followed",
    "our_article",
    "our_coverage",
    "table_of",
]
