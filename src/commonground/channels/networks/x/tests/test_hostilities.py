from commonground.channels.contract import Receipt
from commonground.channels.networks.x.adapter import Posts
from commonground.channels.networks.x.fake import FakeX
from commonground.channels.tests.hostile_suite import ENOUGH, Hostilities


class TestX(Hostilities):
    receipt = Receipt("1900000000000000001", "https://x.com/i/status/1900000000000000001")

    def adapter_at(self, url, patience=ENOUGH):
        return Posts(FakeX.login, patience, url)
