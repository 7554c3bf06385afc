"""What is particular to Nextdoor."""

import pytest

from commonground.channels.contract import Busy, Declined, LinkCard, Login, Message, SignInNeeded
from commonground.channels.networks.nextdoor.adapter import Posts
from commonground.channels.networks.nextdoor.fake import fake
from commonground.channels.tests.contract_suite import a_picture
from commonground.channels.tests.platform_suite import Platform, since


@pytest.fixture
def server():
    with fake() as server:
        yield server


@pytest.fixture
def posts(server):
    return server.open(server.login)


class TestPlatform(Platform):
    act = "POST /external/api/partner/v1/post/create/"
    delete = "DELETE"  # the id stands in the query
    message = Message("Road closed: see the map.")

    def looks(self, server):
        return [a for a in server.asked if (a.method, a.path[-6:]) == ("GET", "/post/")]

    def fill(self, server, adapter):
        for n in range(40):
            server.hold(f"Post {n}")
        return 1


@pytest.mark.parametrize("list_name", ["posts", "results", "data", None])
@pytest.mark.parametrize(
    ("words", "time"), [("body_text", "created_at"), ("body", "creation_date")]
)
def test_posts_are_read_whatever_their_list_is_called(server, posts, list_name, words, time):
    server.list_name, server.words, server.time = list_name, words, time
    receipt = posts.publish(Message("Road closed."), key="k")

    assert [s.receipt for s in posts.standing(since=since())] == [receipt]


def test_a_list_of_another_name_is_not_taken_for_none(server, posts):
    server.list_name = "items"
    with pytest.raises(Busy):
        posts.find(Message("Road closed."), key="k", since=since())


def test_a_picture_is_declined_because_its_words_would_be_lost(server, posts):
    with pytest.raises(Declined, match="1 pictures, and 0 fit"):
        posts.publish(Message("See:", pictures=(a_picture(),)), key="k")

    assert not server.asked


def test_a_neighbour_does_not_pass_for_an_agency(server, posts):
    server.agency = False
    with pytest.raises(SignInNeeded, match="neighbour"):
        posts.prove()


def test_a_link_of_a_resource_is_shown(server, posts):
    posts.publish(Message("Closed.", card=LinkCard("https://riverside.example/a12", "x")), key="k")

    assert server.asked[-1].json["smartlink_url"] == "https://riverside.example/a12"


def test_each_country_has_its_own_server():
    assert Posts(Login("one", "https://ca.nextdoor.com")).home == "https://ca.nextdoor.com"
    assert Posts(Login("one")).home == Posts.HOME
