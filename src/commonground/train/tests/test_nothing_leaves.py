"""Nothing of a drill reaches a real network: each way out is tried, the database's own door too."""

import pytest
from django.db import DatabaseError, connection, transaction
from tests import given

from commonground.channels import actions as channels
from commonground.channels.models import Channel
from commonground.channels.networks import networks
from commonground.connect import actions as connect
from commonground.kit.refusals import Refused
from commonground.say.models import Variant
from commonground.train.tests.held import Team

pytestmark = pytest.mark.django_db

REAL = sorted(set(networks()) - {"rehearsal"})


def refused_by_the_database(does):
    with pytest.raises(DatabaseError), transaction.atomic():
        does()


@pytest.fixture
def drill():
    return given.an_agency(drill=True)


@pytest.fixture
def rehearsal(drill):
    return given.a_channel(agency=drill, drill=True)


def test_there_are_real_networks_to_keep_it_from():
    assert {"mastodon", "bluesky", "site", "mail", "push"} <= set(REAL)


@pytest.mark.parametrize("network", REAL)
def test_no_channel_of_a_drill_is_on_a_real_network(network, drill, rehearsal):
    admin = given.a_member(agency=drill, roles=["admin"])
    with pytest.raises(Refused, match="drill"):
        channels.open_channel(drill, network, "Loud", by=admin)
    for flag in (True, False):  # whatever the row says of itself
        named = {"agency": drill, "network": network, "drill": flag}
        refused_by_the_database(lambda named=named: Channel.objects.create(name="L", **named))
        refused_by_the_database(
            lambda named=named: Channel.objects.bulk_create([Channel(name="L", **named)])
        )
    mine = Channel.objects.filter(pk=rehearsal.pk)
    refused_by_the_database(lambda: mine.update(network=network))
    refused_by_the_database(lambda: mine.update(network=network, drill=False))
    assert set(drill.channels.values_list("network", flat=True)) == {"rehearsal"}


def test_a_real_channel_is_not_given_to_a_drill(drill):
    real = given.a_channel(network="site")
    refused_by_the_database(lambda: Channel.objects.filter(pk=real.pk).update(agency=drill))


def test_not_by_hand_either(drill, rehearsal):
    with connection.cursor() as cursor:
        refused_by_the_database(
            lambda: cursor.execute(
                "UPDATE commonground_channels_channel SET network = 'mastodon', drill = %s", [False]
            )
        )


@pytest.mark.parametrize("was", [True, False])
def test_whether_it_is_a_drill_is_decided_for_good(was):
    agency = given.an_agency(drill=was)
    agency.drill = not was
    refused_by_the_database(agency.save)
    agency.refresh_from_db()
    assert agency.drill is was
    agency.motto = "Still the same"
    agency.save()


@pytest.mark.parametrize("network", [*REAL, "rehearsal"])
def test_words_of_a_drill_are_laid_on_no_channel_of_another_agency(network):
    team = Team()
    post = given.a_post(by=team.author, channels=[team.channel])
    theirs = given.a_channel(network=network)
    refused_by_the_database(lambda: Variant.objects.create(post=post, channel=theirs, text="x"))
    refused_by_the_database(lambda: post.variants.update(channel=theirs))
    assert post.variants.get().channel == team.channel


def test_no_program_outside_is_told_of_a_drill(drill):
    admin = given.a_member(agency=drill, roles=["admin"])
    with pytest.raises(Refused, match="tells no program"):
        connect.open_webhook(address="https://hooks.example/", name="H", events=["post"], by=admin)


def test_what_a_drill_said_stands_on_no_public_page(client):
    team = Team()
    live = given.an_agency()
    post = team.say("The bridge of the drill is closed.")
    assert post.state == "published"
    delivery = post.variants.get().deliveries.get()
    assert (delivery.state, delivery.url) == ("sent", "")
    for address in (
        "/newsroom/", "/newsroom/rss.xml", "/newsroom/atom.xml", "/newsroom/feed.json",
        "/newsroom/alerts.xml", "/notices/", "/really/?q=The+bridge+of+the+drill+is+closed.",
    ):  # fmt: skip
        page = client.get(address)
        assert b"bridge of the drill" not in page.content
    assert live.name.encode() in client.get("/newsroom/").content
