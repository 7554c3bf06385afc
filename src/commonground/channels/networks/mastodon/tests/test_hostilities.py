from commonground.channels.contract import Login, Receipt
from commonground.channels.networks.mastodon.adapter import Statuses
from commonground.channels.tests.hostile_suite import ENOUGH, Hostilities


class TestMastodon(Hostilities):
    receipt = Receipt("110", "https://social.example/@desk/110")
    # A withdrawal is over when the server says so; what it says beyond that is not needed.

    def adapter_at(self, url, patience=ENOUGH):
        return Statuses(Login("one", url, secrets={"token": "secret"}), patience)
