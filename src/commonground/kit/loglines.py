"""One line for each thing that is logged, whatever a stranger's words in it are.

For people: a line of text, its traceback moved in. For machines that collect logs, and hand them
on to who knows whom: an object that holds what we wrote into the code, numbers, and where it was,
and nothing that came from anybody.
"""

from __future__ import annotations

import json
import logging
from contextvars import ContextVar
from datetime import UTC, datetime
from enum import Enum
from pathlib import PurePath
from types import TracebackType
from typing import Any
from uuid import UUID

# Which request is answered here, if one is; see kit.middleware.
REQUEST_ID: ContextVar[str] = ContextVar("request_id", default="")
OURS = "commonground"
MOST_FRAMES = 40


class OneLine(logging.Formatter):
    """What breaks a line, or colours a terminal, is written down and not done. Tracebacks follow on
    lines of their own, moved in: none of them begins like a line of the log."""

    def formatMessage(self, record: logging.LogRecord) -> str:  # noqa: N802 - the library's name
        return plain(super().formatMessage(record))

    def formatException(self, ei: object) -> str:  # noqa: N802 - the library's name
        said = super().formatException(ei)  # type: ignore[arg-type]
        return "\n".join("    " + plain(line) for line in said.splitlines())


def plain(text: str) -> str:
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in text)


class OneObject(logging.Formatter):
    """One JSON object a line, without personal data.

    The event is the sentence as it stands in the code, its blanks not filled in. Of what would
    fill them only numbers, keys of rows and words of the code itself are told: a text may be
    anybody's. An error is told by its kind and the way to it, never by its words, which quote
    what was wrong. Lines of libraries that fill in their blanks themselves say only where they
    were written.
    """

    def format(self, record: logging.LogRecord) -> str:
        told: dict[str, Any] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "event": event_of(record),
            "at": f"{record.module}:{record.lineno}",
        }
        if asked := REQUEST_ID.get():
            told["request"] = asked
        if values := [harmless(value) for value in arguments(record)]:
            told["values"] = values
        told |= of_the_answer(record)
        if record.exc_info and record.exc_info[0]:
            told["error"] = record.exc_info[0].__name__
            told["way"] = way(record.exc_info[2])
        return json.dumps(told)


def event_of(record: logging.LogRecord) -> str:
    """The sentence in the code. A line of ours has no other: see tests/house/test_log_lines.py."""
    ours = record.name.partition(".")[0] == OURS
    if isinstance(record.msg, str) and (ours or (record.args and "%" in record.msg)):
        return record.msg
    return "(told in words of its own; see where)"


def arguments(record: logging.LogRecord) -> tuple[Any, ...]:
    if isinstance(record.args, dict):
        return tuple(record.args.values())
    return tuple(record.args or ())


def harmless(value: Any) -> Any:
    """The value, if nobody's words can be in it; None otherwise."""
    if value is None or isinstance(value, bool | int | float):
        return value
    if isinstance(value, UUID):
        return str(value)
    if isinstance(value, Enum):
        return value.name
    return value.__name__ if isinstance(value, type) else None


def of_the_answer(record: logging.LogRecord) -> dict[str, Any]:
    """What Django adds to its lines about a request: the status, and which page it was for by the
    page's own name. Its address may hold anything."""
    told: dict[str, Any] = {}
    if isinstance(status := getattr(record, "status_code", None), int):
        told["status"] = status
    found = getattr(getattr(record, "request", None), "resolver_match", None)
    if found is not None:
        told["page"] = found.view_name
    return told


def way(trace: TracebackType | None) -> list[str]:
    """Where the error came by, the innermost last."""
    frames = []
    while trace is not None:
        code = trace.tb_frame.f_code
        path = "/".join(PurePath(code.co_filename).parts[-3:])
        frames.append(f"{path}:{trace.tb_lineno} {code.co_name}")
        trace = trace.tb_next
    return frames[-MOST_FRAMES:]
