"""One folder a network. A folder is found by being here; nothing else names it."""

from __future__ import annotations

from functools import cache
from importlib import import_module
from pkgutil import iter_modules

from commonground.channels.contract import Network


@cache
def networks() -> dict[str, Network]:
    """Every network this desk knows, by name."""
    names = sorted(m.name for m in iter_modules(__path__) if m.ispkg)
    return {n: import_module(f"{__name__}.{n}.adapter").NETWORK for n in names}


def network_named(name: str) -> Network:
    return networks()[name]
