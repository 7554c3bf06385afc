"""WebSockets to other people's servers, through the same checks as any other connection."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager

from django.utils.translation import gettext_noop as _
from websockets.exceptions import InvalidMessage, InvalidStatus, WebSocketException
from websockets.sync.client import ClientConnection, connect
from websockets.typing import Subprotocol

from commonground.kit import troubles
from commonground.kit.outbound import TurnedAway, Unreachable, again_after, checked, dial

NO_WEBSOCKETS = 400  # what an honest server says where it has none
LOOK_UP_SECONDS = 1.0  # how soon a stop is noticed


@contextmanager
def opened(
    address: str, *, longest: int, headers: Mapping[str, str] | None = None,
    protocols: Sequence[str] = (),
) -> Iterator[ClientConnection]:  # fmt: skip
    """A connection that is open. Whatever breaks it, then or later, is told in words."""
    asked = [Subprotocol(name) for name in protocols] or None
    try:
        with connect(
            address, sock=dial(checked(address)), max_size=longest, open_timeout=10,
            close_timeout=1, additional_headers=headers, subprotocols=asked,
        ) as stream:  # fmt: skip
            yield stream
    except InvalidStatus as answer:
        reply = answer.response
        raise TurnedAway(reply.status_code, again_after(dict(reply.headers.raw_items()))) from None
    except InvalidMessage as error:
        if isinstance(error.__cause__, EOFError | OSError):  # cut before it had answered
            raise Unreachable(_("The stream broke off before it began.")) from error
        raise TurnedAway(NO_WEBSOCKETS) from None
    except (OSError, WebSocketException) as error:
        raise Unreachable(troubles.STREAM_BROKE % {"what": type(error).__name__}) from error


def frames(
    stream: ClientConnection, stop: threading.Event, *, silence: float
) -> Iterator[str | bytes]:
    """Frame after frame until stopped; so many seconds without one mean that it is dead."""
    heard_at = time.monotonic()
    while not stop.is_set():
        try:
            frame = stream.recv(timeout=LOOK_UP_SECONDS)
        except TimeoutError:
            if time.monotonic() - heard_at > silence:
                raise Unreachable(_("The stream fell silent.")) from None
            continue
        heard_at = time.monotonic()
        yield frame
