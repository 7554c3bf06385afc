"""Compiling the loops that see every vote; without numba their plain counterparts run."""

from __future__ import annotations

from collections.abc import Callable
from typing import cast

from commonground.hear.engine.compiled import COMPILED

__all__ = ["COMPILED", "PASS", "compiled", "in_order"]

PASS = 0.5  # a pass tells less than an answer

# Sums may be taken in another order, so that they run four at a time, and a product and a sum in
# one step; nothing is assumed about infinities. The result stays the same on every run.
FAST = {"reassoc", "contract", "nsz", "arcp"}


def in_order[F: Callable[..., object]](loop: F) -> F:
    """As `compiled`, with every sum taken in the order it is written."""
    return machine_code(loop, FAST - {"reassoc"})


def compiled[F: Callable[..., object]](loop: F) -> F:
    """The loop as machine code, kept on disk beside it; as it is where numba is absent.

    Nobody calls a loop that was not compiled: `passes` chooses its plain counterpart.
    """
    return machine_code(loop, FAST)


def machine_code[F: Callable[..., object]](loop: F, fast: set[str]) -> F:
    if not COMPILED:
        return loop
    import numba

    return cast("F", numba.njit(loop, cache=True, nogil=True, boundscheck=False, fastmath=fast))
