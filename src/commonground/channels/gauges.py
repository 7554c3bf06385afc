"""What CHANNELS tells whoever watches the desk, and each network of our own."""

from __future__ import annotations

from importlib import import_module
from importlib.util import find_spec

from django.db.models import Count
from django.utils import timezone

from commonground.channels import networks as folders
from commonground.channels.models import Channel
from commonground.channels.states import State
from commonground.kit.watching import gauge

for name in folders.networks():
    if find_spec(f"{folders.__name__}.{name}.gauges"):
        import_module(f"{folders.__name__}.{name}.gauges")


@gauge("channels", "Channels by state.", label="state")
def channels() -> dict[str, float]:
    rows = Channel.objects.values_list("state").annotate(n=Count("pk")).order_by()
    return {state.value: 0.0 for state in State} | dict(rows)


@gauge("channels_to_sign_in", "Accounts that are shut out, or will be within days.")
def to_sign_in() -> float:
    return Channel.objects.to_sign_in(timezone.now()).count()
