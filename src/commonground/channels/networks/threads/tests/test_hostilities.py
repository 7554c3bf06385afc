from typing import ClassVar

from commonground.channels.contract import Busy, Receipt
from commonground.channels.networks.threads.adapter import Posts
from commonground.channels.networks.threads.fake import FakeThreads
from commonground.channels.tests.hostile_suite import ENOUGH, Hostilities


class TestThreads(Hostilities):
    receipt = Receipt("18000001", "https://www.threads.com/p/18000001")
    polite: ClassVar = {
        "/me/threads HTTP": {"id": "17800001"},
        "/17800001?": {"status": "FINISHED", "id": "17800001"},
    }

    def adapter_at(self, url, patience=ENOUGH):
        return Posts(FakeThreads.login, patience, url)


class TestThreadsWithItsContainer(Hostilities):
    """The same while a container is made, which leaves nothing in doubt."""

    receipt = TestThreads.receipt
    in_doubt: ClassVar = Busy
    test_nobody_waits_longer_than_an_errand = None  # tried above; it takes seconds

    def adapter_at(self, url, patience=ENOUGH):
        return Posts(FakeThreads.login, patience, url)

    def calls(self, adapter):
        # A withdrawal needs no container; it is tried above.
        return super().calls(adapter) | {"withdraw": adapter.prove}
