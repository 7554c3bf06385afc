"""What keeps the worker honest: who is here, who died, what is late, and who must be told.

It does not matter what carries deliveries - our own worker, or a task queue: the rows are
the truth, and the sweep makes up for whatever was lost, repeated or stuck.
"""

from __future__ import annotations

import os
import socket

from commonground.kit.clock import database_now
from commonground.say import actions
from commonground.say.actions.shifts import MINE, silent
from commonground.say.engine.delivering import SWEEP_EVERY, TOLD_WITHIN
from commonground.say.models import Delivery, Post, Shift
from commonground.say.states import State
from commonground.say.tasks.telling import (
    ask_for_readers,
    tell_of_glass,
    tell_of_holds,
    tell_people,
)

__all__ = ["SWEEP_EVERY", "come", "go", "still_here", "sweep"]
EARLIEST = min(TOLD_WITHIN) - 2 * SWEEP_EVERY


def come() -> None:
    """Begin a shift, after relieving whoever died on this machine."""
    host = socket.gethostname()[:120]
    for shift in Shift.objects.filter(host=host, ended_at=None):
        if not is_alive(shift.pid):
            actions.relieve(shift)
    MINE.pk = actions.clock_in(host, os.getpid()).pk


def still_here() -> None:
    if MINE.pk:
        actions.still_here(MINE.pk)


def go() -> None:
    if MINE.pk:
        actions.clock_out(MINE.pk)
        MINE.pk = None


def sweep() -> None:
    """One worker, every fifteen seconds: free what the dead held, raise what is late, tell."""
    if MINE.pk and not actions.watch("sweep", MINE.pk):
        return
    relieve_the_dead()
    actions.hold_what_joined()
    lapse_what_was_held()
    raise_what_is_late()
    ask_for_readers()
    tell_of_holds()
    tell_of_glass()
    tell_people()
    actions.forget_uncovered()


def relieve_the_dead() -> None:
    for shift in Shift.objects.filter(silent(database_now())):
        actions.relieve(shift)


def lapse_what_was_held() -> None:
    """Words do not keep longer because somebody held them."""
    for post in Post.objects.held():
        if database_now() > post.too_late_at:
            actions.lapse_if_held_too_long(post)


def raise_what_is_late() -> None:
    soon_late = database_now() - EARLIEST
    late = Delivery.objects.unfinished().filter(raised_at=None, due_at__lte=soon_late)
    # What a person withdrew or holds is not late: it is where they want it.
    rows = late.exclude(variant__post__state__in=[State.WITHDRAWN, State.HELD])
    for delivery in rows.select_related("variant__post", "variant__channel"):
        if not gets_on(delivery):
            actions.raise_late(delivery)


def gets_on(delivery: Delivery) -> bool:
    """Letters to thousands take minutes. While they leave, and fast enough for all of them to
    leave in time, that is not late; the post's page says how many have left."""
    moves = delivery.variant.channel.kind.moves
    return bool(moves and moves(delivery.key))


def is_alive(pid: int) -> bool:
    """Whether some process here has this number. If it is another's, its leases just run out."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
