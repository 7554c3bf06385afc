"""A server of the AT Protocol in memory: names are ours, and one password opens it."""

from commonground.channels.contract.pretend import Place
from commonground.channels.networks.bluesky.adapter import NETWORK


def fake() -> Place:
    return Place(
        NETWORK,
        secrets={"app_password": "a password of the fake"},
        handle="desk.bluesky.example",
        home="https://bluesky.example",
    )
