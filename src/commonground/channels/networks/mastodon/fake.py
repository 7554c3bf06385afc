"""A Mastodon server in memory: it forgets a key after an hour, and knows one token."""

from commonground.channels.contract.pretend import Place
from commonground.channels.networks.mastodon.adapter import NETWORK


def fake() -> Place:
    return Place(
        NETWORK,
        secrets={"token": "a token of the fake"},
        handle="@desk@mastodon.example",
        home="https://mastodon.example",
    )
