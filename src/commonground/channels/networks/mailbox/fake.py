"""The same promises in memory, for tests that want no database and for scripted faults."""

from commonground.channels.contract.pretend import Place
from commonground.channels.networks.mailbox.adapter import NETWORK


def fake() -> Place:
    return Place(NETWORK)
