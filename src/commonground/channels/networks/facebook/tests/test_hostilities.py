from commonground.channels.contract import Receipt
from commonground.channels.networks.facebook.adapter import Posts
from commonground.channels.networks.facebook.fake import FakePage
from commonground.channels.tests.hostile_suite import ENOUGH, Hostilities


class TestFacebook(Hostilities):
    receipt = Receipt("1029384756_700001", "https://www.facebook.com/1029384756_700001")

    def adapter_at(self, url, patience=ENOUGH):
        return Posts(FakePage.login, patience, url)
