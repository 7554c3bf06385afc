from typing import ClassVar

from commonground.channels.contract import Receipt
from commonground.channels.networks.linkedin.adapter import Posts
from commonground.channels.networks.linkedin.fake import FakeLinkedIn
from commonground.channels.tests.hostile_suite import ENOUGH, Hostilities

FOUND = {"elements": [{"id": 2414183, "vanityName": "riverside-police"}]}


class TestLinkedIn(Hostilities):
    receipt = Receipt("urn:li:share:7000000000000000001", "https://www.linkedin.com/feed/update/x")
    polite: ClassVar = {"/rest/organizations?": FOUND}

    def adapter_at(self, url, patience=ENOUGH):
        return Posts(FakeLinkedIn.login, patience, url)
