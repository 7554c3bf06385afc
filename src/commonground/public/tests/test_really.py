"""Did they really say this? Anyone may ask, nothing asked is kept, and the answer has a proof."""

from contextlib import nullcontext, suppress

import pytest
from django.apps import apps
from django.core.cache import cache
from tests import given

from commonground.kit.arrivals import Crowded, this_hour
from commonground.protect import actions as protect
from commonground.protect.models import Arrival
from commonground.record.models import Entry
from commonground.say import actions, tasks
from commonground.say.models import Delivery, Post
from commonground.say.states import State

pytestmark = pytest.mark.django_db
SAID = "The bridge on Mill Street is closed until 18:00 on Friday. Please use Harbour Road."


@pytest.fixture(autouse=True)
def no_time_to_undo(settings):
    settings.ENV = settings.ENV.model_copy(update={"undo_seconds": 0})


@pytest.fixture
def post():
    author = given.a_member(agency=given.an_agency(name="Harbour Police"))
    channel = given.a_channel(
        agency=author.agency, network="site", name="Newsroom", authorised=[author]
    )
    post = given.an_approved_post(by=author, channels=[channel], text=SAID, title="Bridge closed")
    tasks.go_out()
    post.refresh_from_db()
    assert post.state == State.PUBLISHED
    return post


def asked(client, pasted, status=200):
    reply = client.post("/really/", {"pasted": pasted}, REMOTE_ADDR="203.0.113.9")
    assert reply.status_code == status
    return " ".join(reply.content.decode().split())


def test_what_we_said_is_a_yes_with_its_channel_its_time_and_its_entry(client, post):
    page = asked(client, SAID.upper())
    entry = Entry.objects.get(verb="see")
    assert "Yes, word for word." in page
    assert "Newsroom" in page
    assert entry.digest in page
    assert Delivery.objects.get().url in page
    assert "Yes, word for word." in asked(client, f"Bridge closed {SAID}")


def test_a_part_a_slip_and_a_change_are_told_apart_and_the_change_is_named(client, post):
    assert "only a part" in asked(client, "is closed until 18:00 on Friday. Please use Harbour")
    assert "Almost" in asked(client, SAID.replace("Please", "Plaese"))
    page = asked(client, SAID.replace("18:00", "8:00"))
    assert "No, not like this." in page
    assert "<del>8:00</del>" in page
    assert '<ins class="ours-said">18:00</ins>' in page


def test_what_we_never_said_is_not_known_and_nobody_is_called_a_liar(client, post):
    assert "Not known." in asked(client, "The council meets on Monday to talk about the budget.")


def test_a_link_to_a_post_of_ours_is_a_yes_and_any_other_is_none(client, post):
    ours = Delivery.objects.get().url
    assert "leads to a post of ours" in asked(client, ours + "?utm_source=x")
    assert "no post of ours" in asked(client, "https://evil.example/newsroom/abc")


def test_what_we_took_back_is_told_and_not_repeated(client, post):
    actions.withdraw(post, by=given.an_approver(post), reason="The bridge was never closed.")
    page = asked(client, SAID)
    assert "took it back" in page
    assert "The bridge was never closed." in page
    assert "<blockquote" not in page


def test_what_we_corrected_says_so(client, post):
    later = actions.correct(post, by=post.author)
    Post.objects.filter(pk=later.pk).update(
        state=State.PUBLISHED, text="It is open again since 9:00.", approved_digest="x"
    )
    assert "It is open again since 9:00." in asked(client, SAID)


def test_nothing_that_was_asked_is_kept(client, post):
    before = {m: m.objects.count() for m in apps.get_models() if m is not Arrival}
    asked(client, "A very particular sentence that somebody pasted here in confidence.")
    after = {m: m.objects.count() for m in apps.get_models() if m is not Arrival}
    grown = {m.__name__ for m in after if after[m] != before[m]}
    assert grown <= {"DayKey"}
    assert not any("particular" in str(row.__dict__) for row in Arrival.objects.all())
    assert "sessionid" not in client.cookies


def test_a_program_that_tries_texts_is_stopped_and_others_are_not(client, post):
    for _ in range(protect.FROM_ONE_NETWORK):
        protect.count_question("203.0.113.9")
    assert "Too many ask" in asked(client, SAID, 429)
    reply = client.post("/really/", {"pasted": SAID}, REMOTE_ADDR="198.51.100.1")
    assert reply.status_code == 200
    assert Arrival.objects.filter(hour=this_hour()).exists()


def test_it_opens_without_a_question_and_refuses_a_book(client, post):
    assert client.get("/really/").status_code == 200
    asked(client, "", 422)
    asked(client, "x " * 5000, 422)


def test_another_agencys_words_and_a_drill_are_not_ours(client, post):
    other = given.a_member(agency=given.an_agency(name="Zebra Police"))
    channel = given.a_channel(agency=other.agency, network="site", authorised=[other])
    given.an_approved_post(by=other, channels=[channel], text="All officers strike from Monday on.")
    tasks.go_out()
    assert "Not known." in asked(client, "All officers strike from Monday on.")


def test_that_too_many_ask_is_said_in_the_log_once_and_never_who(caplog):
    cache.clear()
    for turn in range(protect.FROM_ONE_NETWORK + 2):
        with suppress(Crowded) if turn >= protect.FROM_ONE_NETWORK else nullcontext():
            protect.count_question("203.0.113.9")
    said = [r for r in caplog.records if r.name == "commonground.kit.arrivals"]
    assert len(said) == 1
    assert "203.0.113" not in caplog.text
