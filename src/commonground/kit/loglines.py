"""One line for each thing that is logged, whatever a stranger's words in it are."""

from __future__ import annotations

import logging


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
