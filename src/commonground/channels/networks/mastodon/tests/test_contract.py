from urllib.parse import urlsplit

import pytest

from commonground.channels.contract import Login
from commonground.channels.networks.mastodon.adapter import NETWORK
from commonground.channels.networks.mastodon.fake import fake
from commonground.channels.tests.contract_suite import Contract, Stage
from commonground.channels.tests.pretended import stage_on


class TestFakeMastodon(Contract):
    @pytest.fixture
    def stage(self):
        return stage_on(fake())


@pytest.mark.peer
class TestMastodonServer(Contract):
    @pytest.fixture
    def stage(self, mastodon_server):
        mastodon_server.say("POST", "/api/v1/_mock/reset")
        me = mastodon_server.say("GET", "/api/v1/accounts/verify_credentials")

        def standing():
            return len(mastodon_server.say("GET", f"/api/v1/accounts/{me['id']}/statuses?limit=40"))

        def alts(receipt):
            status = mastodon_server.say("GET", f"/api/v1/statuses/{receipt.network_id}")
            return [media["description"] for media in status["media_attachments"]]

        def beneath(receipt):
            return mastodon_server.say("GET", f"/api/v1/statuses/{receipt.network_id}")[
                "in_reply_to_id"
            ]

        host = urlsplit(me["url"]).netloc
        login = Login("one", mastodon_server.url, secrets={"token": mastodon_server.token})
        return Stage(
            network=NETWORK,
            login=login,
            standing=standing,
            alts=alts,
            handle=f"@{mastodon_server.username}@{host}",
            beneath=beneath,
            stranger=Login("one", mastodon_server.url, secrets={"token": "wrong"}),
        )
