"""What a network lets an account do about what others say to it, and take back."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from commonground.channels.contract import Login, Receipt


class Act(StrEnum):
    """From the smallest to the greatest."""

    HIDE = "hide"  # one message, from those who read beneath what we said
    MUTE = "mute"  # this account of ours hears one person no more
    BLOCK = "block"  # one person can neither read this account of ours nor write to it


@dataclass(frozen=True, slots=True)
class Aim:
    """Whom or what an act is about, as the network names them."""

    author: str
    message: str
    beneath: str = ""  # the id of the post of ours that it answers


@dataclass(frozen=True, slots=True)
class Moderates:
    """The acts of one network. Each may be asked for again and again, and each looks afterwards:
    what came back without trouble is so. They raise Declined, Busy or Unsure, and nothing else.
    """

    # What each act there is means there, in a sentence that pages translate. The others are none.
    means: Mapping[Act, str]
    impose: Callable[[Login, Act, Aim], None]
    undo: Callable[[Login, Act, Aim], None]
    # Words that nobody but the author reads, sent once for a key and seen to be there. None: the
    # network has no way that a program may take.
    tell: Callable[[Login, Aim, str, str], Receipt] | None = None
