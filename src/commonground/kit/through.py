"""Through what somebody acts: by their own hand, or through a program that holds a token."""

from __future__ import annotations

from collections.abc import Callable
from contextvars import ContextVar
from functools import wraps
from typing import Any

THROUGH: ContextVar[str] = ContextVar("through", default="")


def through_nobody[F: Callable[..., Any]](run: F) -> F:
    """Whatever is set while this runs ends with it: the next request is somebody else's."""

    @wraps(run)
    def alone(*args: Any, **kwargs: Any) -> Any:
        held = THROUGH.set("")
        try:
            return run(*args, **kwargs)
        finally:
            THROUGH.reset(held)

    return alone  # type: ignore[return-value]
