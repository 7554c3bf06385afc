import json
from dataclasses import dataclass

import pytest

from commonground.channels.contract import Login
from commonground.channels.networks.push import endpoints, joining
from commonground.channels.networks.push.adapter import NETWORK, voice_of
from commonground.channels.networks.push.fake import fake
from commonground.channels.networks.push.models import Notice, Subscription
from commonground.channels.networks.push.sending import send_some
from commonground.channels.networks.push.tests.world import a_channel, a_device, a_notice, fates
from commonground.channels.tests.contract_suite import Contract, Stage
from commonground.channels.tests.pretended import stage_on


@dataclass
class Noticed(Stage):
    """The worker takes the notices to the push service before anybody looks."""

    def find(self, message, key):
        send_some()
        return super().find(message, key)


def stage_of(channel):
    return Noticed(
        network=NETWORK,
        login=Login(str(channel.pk)),
        standing=Notice.objects.filter(withdrawn_at=None).count,
        alts=lambda receipt: [
            p.alt for p in Notice.objects.get(key=receipt.network_id).pictures.all()
        ],
        handle="localhost",
    )


@pytest.mark.django_db
class TestNotices(Contract):
    @pytest.fixture
    def stage(self, service, channel):
        for _ in range(2):
            a_device(channel, service)
        return stage_of(channel)


class TestFakeNotices(Contract):
    @pytest.fixture
    def stage(self):
        return stage_on(fake())


def joined(channel, server):
    """A browser behind the real service, which joins as our page has it join."""
    browser = server.browser(voice_of(str(channel.pk)).public)
    where = endpoints.as_given(browser["endpoint"], **browser["keys"])
    joining.join(channel.pk, where, language="en", come_from="203.0.113.7")
    return browser


@pytest.mark.peer
@pytest.mark.django_db
class TestNoticesThroughAPushService(Contract):
    @pytest.fixture
    def stage(self, push_server, channel):
        joined(channel, push_server)
        return stage_of(channel)


@pytest.mark.peer
@pytest.mark.django_db
class TestAPushService:
    def test_a_browser_opens_what_we_sealed_for_it(self, push_server, channel):
        browser = joined(channel, push_server)
        notice = a_notice(channel, "Le pont est fermé 🚧", title="Fermeture")
        send_some()

        (shown,) = map(json.loads, push_server.shown(browser))
        assert (shown["title"], shown["body"]) == ("Fermeture", "Le pont est fermé 🚧")
        assert shown["url"] == f"/notices/{notice.key}"

    def test_a_browser_that_is_gone_is_forgotten(self, push_server, channel):
        gone, there = joined(channel, push_server), joined(channel, push_server)
        push_server.forget(gone)
        notice = a_notice(channel)
        send_some()

        assert fates(notice) == {"refused": 1, "taken": 1}
        assert len(push_server.shown(there)) == 1
        assert Subscription.objects.count() == 1

    def test_another_channel_cannot_reach_who_joined_this_one(self, push_server, channel):
        browser = push_server.browser(voice_of(str(channel.pk)).public)
        other = a_channel(agency=channel.agency, name="Other")
        where = endpoints.as_given(browser["endpoint"], **browser["keys"])
        joining.join(other.pk, where, language="en", come_from="203.0.113.7")
        notice = a_notice(other)
        send_some()

        assert fates(notice) == {"refused": 1}
        assert push_server.shown(browser) == []
