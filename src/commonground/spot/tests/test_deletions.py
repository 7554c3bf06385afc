"""Deleted upstream, deleted here: on a moment too, and soon."""

import time

import pytest
from django.utils import timezone
from tests import given

from commonground.hear.engine.heard import Heard, upstream_of
from commonground.hear.listening.ear import Ear
from commonground.hear.models import Overheard, Source
from commonground.hear.tests.test_broken_lines import a_source_for_fires, known, listen
from commonground.hear.tests.test_real_peers import Author, stream_of
from commonground.spot.actions import forget_exemplars
from commonground.spot.models import Exemplar


@pytest.mark.peer
@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("a_record_that_can_be_emptied")
def test_deletion_on_the_real_server_takes_the_exemplar_within_a_minute(bluesky_server):
    author = Author(bluesky_server)
    uri = author.write("Fire in the harbour, stay away")
    source = a_source_for_fires(stream_of(bluesky_server), "firehose", cursor="0")
    listen(source, lambda f: Overheard.objects.filter(upstream=upstream_of(uri)).exists(), 20)
    moment = given.a_moment(agency=source.agency)
    Exemplar.objects.create(
        moment=moment, upstream=upstream_of(uri), at=timezone.now(), text="Fire in the harbour"
    )
    began = []

    def gone(following) -> bool:
        if not began and known(following) + len(following.followers):
            author.take_back(uri)
            began.append(time.monotonic())
        return not Exemplar.objects.exists()

    listen(source, gone, 60)
    assert not Exemplar.objects.exists()
    assert time.monotonic() - began[0] < 60


@pytest.mark.django_db
def test_account_that_is_deleted_takes_all_its_posts_with_it_even_after_a_restart():
    """The salt of its voice is gone, but the links of its posts still begin with its address."""
    agency = given.an_agency()
    source = Source.objects.create(
        agency=agency, name="Sky", kind="firehose", address="wss://j.example"
    )
    for did in ("did:plc:goes", "did:plc:stays"):
        Overheard.objects.create(
            agency=agency, source=source, upstream=upstream_of(did), at=timezone.now(), text="x",
            url=f"https://bsky.app/profile/{did}/post/1", voice="v", delete_at=timezone.now(),
        )  # fmt: skip
    old = Exemplar.objects.create(
        moment=given.a_moment(agency=agency), upstream="forgotten here", at=timezone.now(),
        text="x", url="https://bsky.app/profile/did:plc:goes/post/7",
    )  # fmt: skip
    Ear(agency).take(Heard("", 0.0, author="did:plc:goes", deleted=True), source)
    assert [o.upstream for o in Overheard.objects.all()] == [upstream_of("did:plc:stays")]
    assert not Exemplar.objects.filter(pk=old.pk).exists()


@pytest.mark.django_db
def test_the_page_says_how_many_were_deleted_by_their_writers_and_none_of_their_words(client):
    member = given.a_member()
    client.force_login(member)
    moment = given.a_moment(agency=member.agency)
    for n in range(3):
        Exemplar.objects.create(moment=moment, upstream=str(n), at=timezone.now(), text=f"word{n}")

    assert forget_exemplars(member.agency, ["0", "1", "nothing of ours"]) == 2

    page = client.get(moment.get_absolute_url()).content.decode()
    assert "2 posts were deleted by their writers" in page
    assert "word2" in page
    assert "word0" not in page
    assert "word1" not in page
    forget_exemplars(given.an_agency(), ["2"])  # another agency's deletion is not ours
    forget_exemplars(member.agency, ["0"])  # told twice
    moment.refresh_from_db()
    assert moment.deleted == 2
