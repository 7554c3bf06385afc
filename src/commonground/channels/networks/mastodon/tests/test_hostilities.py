from commonground.channels.contract import Login, Receipt
from commonground.channels.networks.mastodon.adapter import Statuses
from commonground.channels.tests.hostile_suite import PATIENCE, Hostilities


class TestMastodon(Hostilities):
    receipt = Receipt("110", "https://social.example/@desk/110")
    # A withdrawal is over when the server says so; what it says beyond that is not needed.

    def adapter_at(self, url):
        return Statuses(Login("one", url, secrets={"token": "secret"}), PATIENCE)
