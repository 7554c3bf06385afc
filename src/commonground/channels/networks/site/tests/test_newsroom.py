"""What is particular to our own newsroom."""

import time
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.backends.base.base import BaseDatabaseWrapper
from django.utils import timezone
from tests import given

from commonground.channels.contract import Declined, LinkCard, Login, Message, SignInNeeded, Unsure
from commonground.channels.networks.site.adapter import NETWORK, Newsroom
from commonground.channels.networks.site.models import Page

pytestmark = pytest.mark.django_db


@pytest.fixture
def newsroom():
    return Newsroom(Login(str(given.a_channel(network="site").pk)))


@pytest.fixture
def key(newsroom):
    return newsroom.new_key(timezone.now())


def test_the_address_is_short_and_our_own(newsroom, key, settings):
    receipt = newsroom.publish(Message("Hello."), key=key)

    assert receipt.url == f"{settings.ENV.site_url}/newsroom/{key}"


def test_a_withdrawn_page_leaves_a_stub_with_its_reason(newsroom, key):
    newsroom.withdraw(newsroom.publish(Message("Wrong."), key=key), why="The bridge is open.")

    page = Page.objects.public().get(key=key)
    assert (page.why, page.withdrawn_at is not None) == ("The bridge is open.", True)
    assert not Page.objects.standing().exists()


def test_what_was_withdrawn_does_not_come_back_by_asking_again(newsroom, key):
    newsroom.withdraw(newsroom.publish(Message("Wrong."), key=key))

    with pytest.raises(Declined, match="withdrawn"):
        newsroom.publish(Message("Wrong."), key=key)


def test_the_second_withdrawal_does_not_change_the_first(newsroom, key):
    receipt = newsroom.publish(Message("Wrong."), key=key)
    newsroom.withdraw(receipt, why="First reason.")
    newsroom.withdraw(receipt, why="Second reason.")

    assert Page.objects.get().why == "First reason."


def test_a_channel_cannot_touch_the_page_of_another(newsroom, key):
    message = Message("Ours.")
    receipt = newsroom.publish(message, key=key)
    other = Newsroom(Login(str(given.a_channel(network="site").pk)))

    other.withdraw(receipt)
    with pytest.raises(Declined):
        other.publish(message, key=key)

    assert other.find(message, key=key, since=timezone.now()) is None
    assert newsroom.find(message, key=key, since=timezone.now())


@pytest.mark.parametrize("odd", ["", "../secret", "x" * 200, "héllo", "a/b", "2222222222221"])
def test_an_odd_name_is_declined(newsroom, odd):
    with pytest.raises(Declined):
        newsroom.publish(Message("Hello."), key=odd)


@pytest.mark.parametrize("lost", ["not a channel", "00000000-0000-0000-0000-000000000000"])
def test_a_channel_that_is_not_there_must_be_signed_in(lost):
    with pytest.raises(SignInNeeded):
        Newsroom(Login(lost)).prove()


def test_title_and_card_are_kept(newsroom, key):
    card = LinkCard("https://riverside.example", "Riverside", "Our city")
    newsroom.publish(Message("Hello.", title="Good news", card=card), key=key)

    page = Page.objects.get()
    assert (page.title, page.link, str(page)) == ("Good news", card, "Good news")


def test_an_explanation_belongs_to_a_withdrawal(newsroom, key):
    newsroom.publish(Message("Hello."), key=key)

    with pytest.raises(IntegrityError), transaction.atomic():
        Page.objects.update(why="No reason.")


@pytest.mark.django_db(transaction=True)
def test_two_workers_with_one_key_make_one_page(newsroom, key):
    def publish(_):
        try:
            return persistently(lambda: newsroom.publish(Message("Hello."), key=key))
        finally:
            # A database in memory ignores an ordinary close, so that others keep it.
            BaseDatabaseWrapper.close(connection)

    with ThreadPoolExecutor(4) as workers:
        receipts = set(workers.map(publish, range(4)))

    assert (len(receipts), Page.objects.count()) == (1, 1)


def persistently(attempt):
    """Ask again while unsure, as the desk does: here the key makes that safe."""
    for _ in range(50):
        try:
            return attempt()
        except Unsure:
            time.sleep(0.02)
    return attempt()


def test_the_newsroom_shows_headlines():
    assert NETWORK.headline
