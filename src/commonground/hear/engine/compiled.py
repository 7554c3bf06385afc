"""Compiling the few loops that see every post; without numba they are not needed at all."""

from __future__ import annotations

import os
from collections.abc import Callable
from importlib.util import find_spec
from typing import cast

# The extra `fast`. Without it everything gives the same results, some thirty times slower.
COMPILED = find_spec("numba") is not None and not os.environ.get("COMMONGROUND_PLAIN")


def compiled[F: Callable[..., object]](loop: F) -> F:
    """The loop as machine code, kept on disk beside it; as it is where numba is absent.

    Nobody calls a loop that was not compiled: the callers choose their plain counterpart.
    """
    if not COMPILED:
        return loop
    import numba

    return cast("F", numba.njit(loop, cache=True, nogil=True, boundscheck=False))
