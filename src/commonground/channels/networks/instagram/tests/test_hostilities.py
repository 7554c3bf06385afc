from typing import ClassVar

from django.utils import timezone

from commonground.channels.contract import Busy, Message, Receipt
from commonground.channels.networks.instagram.adapter import Posts
from commonground.channels.networks.instagram.fake import FakeInstagram
from commonground.channels.tests.contract_suite import a_picture
from commonground.channels.tests.hostile_suite import ENOUGH, Hostilities


class TestInstagram(Hostilities):
    receipt = Receipt("18000001", "https://www.instagram.com/p/18000001")
    message: ClassVar = Message("Road closed.", pictures=(a_picture(),))
    polite: ClassVar = {
        "/me?": {"id": "1", "instagram_business_account": {"id": "17", "username": "desk"}},
        "/17/media HTTP": {"id": "17800001"},
        "/17800001?": {"status_code": "FINISHED", "id": "17800001"},
    }

    def adapter_at(self, url, patience=ENOUGH):
        return Posts(FakeInstagram.login, patience, url)

    def calls(self, adapter):
        # A proof asks only who we are, which is tried below; another look stands in for it here.
        since = timezone.now()
        return super().calls(adapter) | {"prove": lambda: adapter.standing(since=since)}


class TestInstagramAtTheDoor(Hostilities):
    """The same while we ask who we are, which leaves nothing in doubt."""

    receipt = TestInstagram.receipt
    message: ClassVar = TestInstagram.message
    in_doubt: ClassVar = Busy
    test_nobody_waits_longer_than_an_errand = None  # tried above; it takes seconds

    def adapter_at(self, url, patience=ENOUGH):
        return Posts(FakeInstagram.login, patience, url)

    def calls(self, adapter):
        # A withdrawal does not ask who we are; it is tried above.
        return super().calls(adapter) | {"withdraw": adapter.prove}
