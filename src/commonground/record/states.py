"""The workflow of a request for records. This table is the rule."""

from __future__ import annotations

from enum import StrEnum

from commonground.kit.workflow import DESK, Workflow, step


class InquiryState(StrEnum):
    OPEN = "open"  # somebody searches, and decides what is not shown
    PREPARED = "prepared"  # it waits for a second person
    READ = "read"  # a second person read it; the desk packs it
    GIVEN = "given"
    CLOSED = "closed"  # answered without records: none, refused, or taken back


I = InquiryState  # noqa: E741
RECORDS = "records"

INQUIRY: Workflow[InquiryState] = Workflow(
    first=I.OPEN,
    transitions={
        "prepare": step(I.OPEN, to=I.PREPARED, role=RECORDS),
        "send_back": step(I.PREPARED, I.READ, to=I.OPEN, role=RECORDS),
        "let_out": step(I.PREPARED, to=I.READ, role=RECORDS),
        "give": step(I.READ, to=I.GIVEN, role=DESK),
        "close": step(I.OPEN, I.PREPARED, to=I.CLOSED, role=RECORDS),
    },
)
