"""A post on each platform whose fake speaks HTTP, from its approval until it was seen."""

from datetime import timedelta
from hashlib import sha256

import pytest
import time_machine
from django.utils import timezone
from tests import given

from commonground.channels import actions as channels
from commonground.channels.line.stand_in import Fault, Reply
from commonground.channels.networks import networks
from commonground.channels.networks.facebook.fake import fake as facebook
from commonground.channels.networks.instagram.fake import fake as instagram
from commonground.channels.networks.linkedin.fake import fake as linkedin
from commonground.channels.networks.nextdoor.fake import fake as nextdoor
from commonground.channels.networks.threads.fake import fake as threads
from commonground.channels.networks.x.fake import fake as x
from commonground.say import actions, tasks
from commonground.say.models import Delivery

pytestmark = pytest.mark.django_db

# The request that publishes, and one that looks.
PLATFORMS = {
    "x": (x, "POST /2/tweets", "/tweets"),
    "facebook": (facebook, "/me/feed", "/published_posts"),
    "threads": (threads, "/threads_publish", "GET /v1.0/me/threads"),
    "instagram": (instagram, "/media_publish", "GET /v26.0/17841400000000001/media"),
    "linkedin": (linkedin, "POST /rest/posts", "GET /rest/posts"),
    "nextdoor": (nextdoor, "/post/create/", "GET /external/api/partner/v1/post/"),
}


@pytest.fixture(params=PLATFORMS)
def server(request):
    """The stand-in behind every channel of its network."""
    make, request.node.act, request.node.look = PLATFORMS[request.param]
    real = networks()[request.param]
    with make() as server:
        networks()[request.param] = server.as_network()
        yield server
    networks()[request.param] = real


@pytest.fixture
def post(server, a_picture):
    author = given.a_member()
    login = server.login
    channel = given.a_channel(
        agency=author.agency, network=server.network.name, authorised=[author],
        secrets=dict(login.secrets), handle=login.handle,
    )  # fmt: skip
    post = given.a_post(channels=[channel], by=author, text="Road closed: see riverside.example")
    if server.network.limits.pictures_at_least:
        post.pictures.create(
            content=a_picture, sha256=sha256(a_picture).hexdigest(), type="image/png",
            width=64, height=48, alt="The closed road",
        )  # fmt: skip
    post = actions.submit(post, by=author)
    return actions.approve(post, read=post.digest, by=given.an_approver(post))


def rounds(*, minutes=12):
    """Let the clock run, a look every ten seconds, until nothing is pending or time is up."""
    start = timezone.now()
    with time_machine.travel(start, tick=False) as clock:
        for second in range(0, minutes * 60, 10):
            clock.move_to(start + timedelta(seconds=second))
            tasks.go_out()
            if not Delivery.objects.unfinished().filter(handed_over_at=None).exists():
                break


LIMIT, BROKEN = Reply({}, 429, {"Retry-After": "5"}), Reply({}, 500)
SCRIPTS = {
    "nothing": [],
    "lost before": [("act", None, False)],
    "lost after": [("act", None, True)],
    "lost after, then cannot look": [("act", None, True), ("look", BROKEN, False)],
    "taken, then cannot look": [("look", LIMIT, False)],
    "broken before": [("act", BROKEN, False)],
    "broken after": [("act", BROKEN, True)],
    "busy, then lost after": [("act", LIMIT, False), ("act", None, True)],
    "lost before thrice": [("act", None, False)] * 3,
}


@pytest.mark.parametrize("script", SCRIPTS.values(), ids=SCRIPTS)
def test_whatever_is_lost_on_the_way_it_stands_there_exactly_once(request, server, post, script):
    for where, reply, after in script:
        server.faults.append(Fault(getattr(request.node, where), reply, after))

    rounds()

    post.refresh_from_db()
    delivery = Delivery.objects.get()
    assert (post.state, delivery.state, len(server.posts)) == ("published", "sent", 1)
    assert delivery.network_id in server.posts
    assert not server.faults


def test_a_lost_sign_in_waits_for_a_person_and_then_goes_out(request, server, post):
    server.faults += [Fault(request.node.act, Reply({}, 401))]
    tasks.go_out()

    delivery = Delivery.objects.select_related("variant__channel").get()
    assert (delivery.variant.channel.state, server.posts) == ("sign_in_needed", {})

    channels.prove(delivery.variant.channel)
    rounds()
    assert len(server.posts) == 1


def test_a_withdrawal_takes_it_back(server, post):
    rounds()

    post.refresh_from_db()
    actions.withdraw(post, reason="Wrong road.", by=given.an_approver(post))
    tasks.take_back()

    assert not server.posts


def test_an_earlier_post_with_the_same_words_is_not_taken_for_this_one(server, post, request):
    """Still closed, says the second. That the first stands must not hide that the second does not.
    Some networks refuse the same words twice: then a person hears that."""
    rounds()
    again = given.a_post(channels=[post.variants.get().channel], by=post.author,
                         text=post.variants.get().text)  # fmt: skip
    for picture in post.pictures.all():
        picture.pk, picture.post = None, again
        picture.save()
    again = actions.submit(again, by=again.author)
    again = actions.approve(again, read=again.digest, by=given.an_approver(again))
    server.faults.append(Fault(request.node.act))  # lost before it arrived
    with time_machine.travel(timezone.now() + timedelta(minutes=4), tick=False):
        rounds()

    first, second = Delivery.objects.order_by("due_at")
    assert (first.state, second.state) in [("sent", "sent"), ("sent", "declined")]
    assert len(server.posts) == [first.state, second.state].count("sent")
    assert first.network_id != second.network_id
