from dataclasses import replace

import pytest

from commonground.channels.contract import Login
from commonground.channels.networks.bluesky.adapter import NETWORK
from commonground.channels.networks.bluesky.fake import fake
from commonground.channels.tests.contract_suite import Contract, Stage, with_secrets
from commonground.channels.tests.pretended import stage_on


class TestFakeBluesky(Contract):
    @pytest.fixture
    def stage(self):
        return stage_on(fake())


@pytest.fixture(scope="module")
def account(bluesky_server):
    return bluesky_server.account()


@pytest.mark.peer
class TestBlueskyServer(Contract):
    @pytest.fixture
    def stage(self, bluesky_server, account):
        def value(receipt):
            records = bluesky_server.posts(account.did)
            return next(r["value"] for r in records if r["uri"] == receipt.network_id)

        def alts(receipt):
            return [image["alt"] for image in value(receipt)["embed"]["images"]]

        login = Login("one", bluesky_server.url, account.handle, {"app_password": account.password})
        return Stage(
            network=NETWORK,
            login=login,
            standing=lambda: len(bluesky_server.posts(account.did)),
            alts=alts,
            handle=account.handle,
            beneath=lambda receipt: value(receipt)["reply"]["parent"]["uri"],
            stranger=with_secrets(replace(login), app_password="wrong"),
        )
