"""What is particular to Instagram."""

import pytest

from commonground.channels.contract import Declined, Message, SignInNeeded
from commonground.channels.networks.instagram.fake import fake
from commonground.channels.tests.containers_suite import Containers
from commonground.channels.tests.contract_suite import a_picture


@pytest.fixture
def server():
    with fake() as server:
        yield server


@pytest.fixture
def posts(server):
    return server.open(server.login)


class TestContainers(Containers):
    act = "POST /v26.0/17841400000000001/media_publish"


def test_words_alone_are_declined_before_anything_is_asked(server, posts):
    with pytest.raises(Declined, match="only posts with a picture"):
        posts.publish(Message("Road closed."), key="k")

    assert not server.asked


@pytest.mark.parametrize("shape", [(70, 100), (200, 100)])
def test_a_picture_of_another_shape_is_declined(server, posts, shape):
    picture = a_picture(width=shape[0], height=shape[1])
    with pytest.raises(Declined, match="Picture 2 is too tall or too wide"):
        posts.publish(Message("See:", pictures=(a_picture(), picture)), key="k")

    assert not server.asked


def test_a_page_without_an_account_needs_a_person(server, posts):
    server.connected = False
    with pytest.raises(SignInNeeded, match="No professional account"):
        posts.prove()


def test_pictures_are_fetched_as_jpeg_from_the_desk(server, posts):
    posts.publish(TestContainers.message, key="k")

    (said,) = [a.says for a in server.asked if a.path.endswith("/media") and a.method == "POST"]
    assert said["image_url"].endswith(".jpg")
    assert said["alt_text"] == "A closed bridge"


def test_more_hashtags_than_instagram_takes_are_declined_before_anything_is_asked(server, posts):
    thirty = " ".join(f"#road{n}" for n in range(30))
    with pytest.raises(Declined, match="31 hashtags, and 30 fit"):
        posts.publish(Message(f"{thirty} #one", pictures=(a_picture(),)), key="k")
    assert not server.asked

    assert posts.publish(Message(thirty, pictures=(a_picture(),)), key="k")
