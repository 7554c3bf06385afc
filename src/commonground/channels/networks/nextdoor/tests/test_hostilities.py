from commonground.channels.contract import Receipt
from commonground.channels.networks.nextdoor.adapter import Posts
from commonground.channels.networks.nextdoor.fake import FakeNextdoor
from commonground.channels.tests.hostile_suite import ENOUGH, Hostilities


class TestNextdoor(Hostilities):
    receipt = Receipt("Nd000001", "https://nextdoor.com/p/Nd000001")

    def adapter_at(self, url, patience=ENOUGH):
        return Posts(FakeNextdoor.login, patience, url)
