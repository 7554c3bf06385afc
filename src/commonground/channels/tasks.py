"""What the clock does for CHANNELS: asks each network, now and then, whether it still knows us."""

from __future__ import annotations

from importlib import import_module
from importlib.util import find_spec

from commonground.channels import actions, networks as folders
from commonground.kit.clock import every

# A network of our own may have work for the clock too.
for name in folders.networks():
    if find_spec(f"{folders.__name__}.{name}.tasks"):
        import_module(f"{folders.__name__}.{name}.tasks")


# One channel a round: a network that hangs for its thirty seconds must not hold up the
# posts of the others. Each channel's own turn comes every fifteen minutes.
@every(seconds=5)
def prove_channels() -> None:
    actions.prove_next()
