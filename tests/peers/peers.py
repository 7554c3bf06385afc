"""Every peer, by its name: `with peers.bluesky_pds() as server: ...`"""

from tests.peers.appview import bluesky_network
from tests.peers.fedify import FedifyServer, fedify
from tests.peers.mastodon import MastodonServer, mastodon_mock
from tests.peers.pds import BlueskyAccount, BlueskyServer, bluesky_pds
from tests.peers.postfix import PostfixServer, postfix
from tests.peers.postgres import PostgresServer, postgresql
from tests.peers.push import PushServer, push_service
from tests.peers.starting import Unavailable

__all__ = [
    "BlueskyAccount",
    "BlueskyServer",
    "FedifyServer",
    "MastodonServer",
    "PostfixServer",
    "PostgresServer",
    "PushServer",
    "Unavailable",
    "bluesky_network",
    "bluesky_pds",
    "fedify",
    "mastodon_mock",
    "postfix",
    "postgresql",
    "push_service",
]
