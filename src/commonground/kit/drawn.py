"""Where hundreds look at the same page in one instant, what is the same for all is drawn once.

In one process: each draws its own. What was drawn is kept for seconds, and only for as long as
whoever asks finds that nothing changed.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Hashable
from dataclasses import dataclass, field
from threading import Lock
from time import monotonic

from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import get_language

SECONDS = 5.0  # in case a change does not show in a version
MOST = 64  # kept at once: a long page has 200 kB


@dataclass
class Piece:
    version: Hashable = None
    html: SafeString | None = None
    until: float = 0.0
    lock: Lock = field(default_factory=Lock)


class Drawn:
    """Pieces of pages by their names."""

    def __init__(self, most: int = MOST, seconds: float = SECONDS) -> None:
        self.most, self.seconds, self.lock = most, seconds, Lock()
        self.pieces: OrderedDict[Hashable, Piece] = OrderedDict()

    def once(self, name: Hashable, version: Hashable, draw: Callable[[], SafeString]) -> SafeString:
        """As it was drawn for this version, or drawn now: by one, and the others wait for that.

        Read the version before you call: what changes while it is drawn is drawn again.
        """
        called = (name, get_language(), timezone.get_current_timezone_name(), timezone.localdate())
        with self.lock:
            piece = self.pieces.setdefault(called, Piece())
            self.pieces.move_to_end(called)
            while len(self.pieces) > self.most:
                self.pieces.popitem(last=False)
        with piece.lock:
            if piece.html is None or piece.version != version or piece.until <= monotonic():
                piece.html = draw()
                piece.version, piece.until = version, monotonic() + self.seconds
            return piece.html
