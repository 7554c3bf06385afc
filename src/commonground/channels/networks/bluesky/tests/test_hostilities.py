import base64
import json
import time
from typing import ClassVar

import atproto  # noqa: F401 (takes seconds, which the tests below would count)
from django.utils import timezone

from commonground.channels.contract import Busy, Login, Receipt
from commonground.channels.networks.bluesky.adapter import Posts
from commonground.channels.tests.hostile_suite import ENOUGH, Hostilities


def a_token() -> str:
    parts = [{"alg": "none"}, {"exp": int(time.time()) + 7200, "sub": "did:plc:desk"}]
    coded = [base64.urlsafe_b64encode(json.dumps(p).encode()).decode().rstrip("=") for p in parts]
    return ".".join([*coded, "c2lnbmF0dXJl"])


SESSION = {
    "did": "did:plc:desk",
    "handle": "desk.test",
    "accessJwt": a_token(),
    "refreshJwt": a_token(),
}


class TestBluesky(Hostilities):
    receipt = Receipt("at://did:plc:desk/app.bsky.feed.post/3222222222222", "")
    polite: ClassVar = {"createSession": SESSION}

    def adapter_at(self, url, patience=ENOUGH):
        login = Login("one", url, "desk.test", {"app_password": "secret"})
        return Posts(login, patience)

    def calls(self, adapter):
        # A proof only signs in, which is tried below; any other look stands in for it here.
        key = adapter.new_key(timezone.now())
        return super().calls(adapter) | {"prove": lambda: adapter.repo().value_under(key)}


class TestBlueskyAtTheDoor(Hostilities):
    """The same while signing in, when nothing at all can have happened yet."""

    receipt = TestBluesky.receipt
    in_doubt: ClassVar = Busy
    test_nobody_waits_longer_than_an_errand = None  # tried above; it takes seconds

    def adapter_at(self, url, patience=ENOUGH):
        login = Login("one", url, "desk.test", {"app_password": "secret"})
        return Posts(login, patience)
