"""Comments beneath what we say: written by anybody, shown as the form says, hidden only by two
people and a rule, deleted by whoever wrote them; and whatever is typed stays text."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from django.test import Client
from django.utils import timezone
from tests import given

from commonground.answer import actions, tasks
from commonground.answer.models import Conversation, Message
from commonground.answer.tasks import measures as measure_tasks
from commonground.answer.tests import talking
from commonground.answer.tests.world import a_measure, a_policy
from commonground.channels.networks.site import commenting
from commonground.channels.networks.site.models import Arrival, Comment, How
from commonground.kit.refusals import NotYours, Refused
from commonground.record.models import Entry, LegalHold

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("no_time_to_undo")]
CRITICISM = "You are useless liars and this bloody bridge has been shut for a year."


@pytest.fixture
def page(newsroom):
    return talking.a_page(newsroom)


def say(page, text, **but):
    return talking.ask(text, at=f"/newsroom/{page.key}/comment/", **but)


def said(page, text, **but):
    """As it stands in the inbox."""
    sent = say(page, text, **but)
    assert sent.status_code == 302
    talking.heard(page.channel)
    return Conversation.objects.get(messages__pk=Message.objects.latest("pk").pk)


def in_public(page):
    return Client().get(page.get_absolute_url()).content.decode()


def test_nobody_can_comment_until_an_administrator_opened_it_with_a_policy(newsroom, page, ben):
    assert "Write a comment" not in in_public(page)
    assert say(page, "Hello").status_code == 409
    admin = given.a_member(agency=newsroom.agency, roles=["admin"])
    with pytest.raises(Refused, match="comment policy"):
        actions.set_talk(newsroom, how=How.AT_ONCE, by=admin)
    a_policy(newsroom.agency)
    with pytest.raises(NotYours):
        actions.set_talk(newsroom, how=How.AT_ONCE, by=ben)
    with pytest.raises(Refused):
        actions.set_talk(given.a_channel(agency=newsroom.agency, network="mastodon"),
                         how=How.AT_ONCE, by=admin)  # fmt: skip
    actions.set_talk(newsroom, how=How.AT_ONCE, by=admin)
    assert "Write a comment" in in_public(page)


def test_criticism_is_shown_at_once_and_comes_into_the_inbox_beneath_our_post(newsroom, page):
    talking.open_comments(newsroom)
    assert "It is shown at once." in in_public(page)
    conversation = said(page, CRITICISM, name="Kit")
    shown = in_public(page)
    assert CRITICISM in shown
    assert "Kit" in shown
    assert conversation.about.text == page.text
    assert conversation.shown["name"] == "Kit"


def test_our_answer_appears_beneath_the_comment_once_it_was_seen(newsroom, page, ben):
    talking.open_comments(newsroom)
    conversation = said(page, "Since when?")
    post = talking.answered(conversation, ben, "Since noon.")
    assert post.state == "published"
    shown = in_public(page)
    assert shown.index("Since when?") < shown.index("Since noon.")
    conversation.refresh_from_db()
    assert conversation.answered_at
    assert "Since noon." not in Client().get("/newsroom/").content.decode()


def test_where_somebody_looks_first_the_form_says_so_and_criticism_is_shown_after_the_look(
    newsroom, page, ben
):
    talking.open_comments(newsroom, How.AFTER_A_LOOK)
    assert "One of us looks first" in in_public(page)
    conversation = said(page, CRITICISM)
    assert "useless liars" not in in_public(page)
    assert "1 comment waits" in in_public(page)
    desk = Client()
    desk.force_login(ben)
    assert "Show it" in desk.get(conversation.get_absolute_url()).content.decode()
    assert desk.post(f"{conversation.get_absolute_url()}show/").status_code == 302
    assert "useless liars" in in_public(page)
    assert desk.post(f"{conversation.get_absolute_url()}show/").status_code == 409


def test_it_is_hidden_only_by_two_with_the_rule_in_its_place_and_comes_back(newsroom, page, ben):
    talking.open_comments(newsroom)
    sent = say(page, "The mayor lives in 14 Bridge Street.")
    talking.heard(newsroom)
    measure = a_measure(Conversation.objects.get())
    measure_tasks.tell_authors()
    measure_tasks.carry_out_measures()
    measure.refresh_from_db()
    assert (measure.stands, measure.by_hand) == (True, False)
    shown = in_public(page)
    assert "14 Bridge Street" not in shown
    assert "Nobody’s home address or phone number." in shown
    theirs = Client().get(sent.headers["Location"]).content.decode()
    assert measure.token in theirs
    assert Client().get(f"/comments/objection/{measure.token}/").status_code == 200
    appeal = actions.appeal(measure, text="It is his office.")
    actions.grant(appeal, reason="It is an office, and public.",
                  by=given.a_member(agency=newsroom.agency, roles=["approver"]))  # fmt: skip
    with time_machine.travel(timezone.now() + timedelta(minutes=5), tick=False):
        measure_tasks.carry_out_measures()
    assert "14 Bridge Street" in in_public(page)
    log = Client().get("/comments/log.json").json()
    assert [row["kind"] for row in log["measures"]] == ["hide"]


def test_nobody_can_be_shut_out_of_a_place_without_accounts(newsroom):
    assert set(newsroom.kind.moderates.means) == {"hide"}


def test_whoever_wrote_it_deletes_it_with_the_link_and_nobody_else_can(newsroom, page, ben):
    talking.open_comments(newsroom)
    sent = say(page, "I regret this.", name="Ana")
    mine = sent.headers["Location"]
    talking.heard(newsroom)
    assert Client().get("/comments/mine/AAAAAAAAAAAAAAAAAAAA/").status_code == 404
    looked = Client().get(mine)
    assert looked.headers["Referrer-Policy"] == "no-referrer"
    assert "no-store" in looked.headers["Cache-Control"]
    assert "I regret this." in in_public(page)  # looking deletes nothing
    assert Client().post(mine, HTTP_SEC_FETCH_SITE="cross-site").status_code == 403
    assert Client().post(mine).status_code == 302
    shown = in_public(page)
    assert "I regret this." not in shown
    assert "Ana" not in shown
    talking.heard(newsroom)
    assert Message.objects.get().said == {}
    assert Conversation.objects.get().shown == {}
    assert "Deleted." in Client().get(mine).content.decode()


def test_deleted_before_the_inbox_heard_of_it_it_never_gets_there(newsroom, page):
    talking.open_comments(newsroom)
    mine = say(page, "Oh no.").headers["Location"]
    Client().post(mine)
    talking.heard(newsroom)
    assert not Conversation.objects.exists()


def test_a_form_sent_twice_is_one_comment_and_another_text_in_it_is_another(newsroom, page):
    talking.open_comments(newsroom)
    once = commenting.new_token()
    first, again = say(page, "Hello", once=once), say(page, "Hello", once=once)
    assert first.headers["Location"] == again.headers["Location"]
    assert Comment.objects.count() == 1
    other = say(page, "Something else", once=once)
    assert other.headers["Location"] != first.headers["Location"]
    assert Comment.objects.count() == 2
    assert say(page, "Odd", once="../../x").status_code == 302


def test_closed_beneath_one_post_what_stands_stays_and_nothing_comes_after(newsroom, page, ben):
    talking.open_comments(newsroom)
    say(page, "First!")
    desk = Client()
    desk.force_login(ben)
    assert desk.post(f"/answer/comments/{page.pk}/close/").status_code == 302
    page.refresh_from_db()
    shown = in_public(page)
    assert "First!" in shown
    assert "Write a comment" not in shown
    assert say(page, "Second").status_code == 409
    assert desk.post(f"/answer/comments/{page.pk}/reopen/").status_code == 302
    assert "Write a comment" in in_public(page)


def test_an_administrator_opens_comments_on_a_page_that_says_how_each_post_stands(newsroom, page):
    a_policy(newsroom.agency)
    desk = Client()
    desk.force_login(given.a_member(agency=newsroom.agency, roles=["admin"]))
    assert "The bridge is closed" in desk.get("/answer/comments/").content.decode()
    at = f"/answer/comments/{newsroom.pk}/"
    assert desk.post(at, {"how": "sometimes"}).status_code == 422
    assert desk.post(at, {"how": "after_a_look"}).status_code == 302
    assert newsroom.talk.how == How.AFTER_A_LOOK


def test_words_go_after_two_years_and_unshown_ones_after_ninety_days(newsroom, page, ben):
    talking.open_comments(newsroom)
    say(page, "Shown.")
    actions.set_talk(newsroom, how=How.AFTER_A_LOOK,
                     by=given.a_member(agency=newsroom.agency, roles=["admin"]))  # fmt: skip
    say(page, "Never looked at.")
    now = timezone.now()

    def left(days):
        with time_machine.travel(now + timedelta(days=days), tick=False):
            tasks.forget_what_people_commented()
        return [one.text for one in Comment.objects.all()]

    assert left(89) == ["Shown.", "Never looked at."]
    assert left(91) == ["Shown.", ""]
    hold = LegalHold.objects.create(agency=str(newsroom.agency_id), name="Inquiry", reason="x",
                                    asked_by="1")  # fmt: skip
    assert left(800) == ["Shown.", ""]
    hold.delete()
    assert left(800) == ["", ""]


# A flood, and what hostile people type


def test_a_flood_from_one_network_is_turned_away_and_others_are_not(newsroom, page):
    talking.open_comments(newsroom)
    statuses = [
        say(page, f"Spam {n}", come_from=f"192.0.2.{n}").status_code
        for n in range(commenting.FROM_ONE_NETWORK + 2)
    ]
    assert statuses == [302] * commenting.FROM_ONE_NETWORK + [422, 422]
    assert say(page, "Hello", come_from="198.51.100.9").status_code == 302
    turned_away = say(page, "Spam again", come_from="192.0.2.99").content.decode()
    assert "Spam again" in turned_away  # what they typed is not lost
    assert not Arrival.objects.filter(tag__contains="192.0").exists()


def test_a_flood_from_everywhere_fills_one_place_and_no_more(newsroom, page):
    talking.open_comments(newsroom)
    assert say(page, "The first", come_from="10.0.0.1").status_code == 302
    # As many as one place takes in an hour, but one.
    Arrival.objects.filter(kind="place").update(count=commenting.IN_ONE_PLACE - 1)
    found = [say(page, f"Spam {n}", come_from=f"10.0.{n}.1").status_code for n in range(1, 4)]
    assert found == [302, 422, 422]
    other = talking.a_page(newsroom, "Another thing we said.")
    assert say(other, "Hello", come_from="10.0.9.1").status_code == 302


RTL = "\u202egnp.exe \u2066hidden\u2069 words\u202c"
HOSTILE = [
    ("<script>alert(1)</script>", "<script>alert"),
    ('<img src=x onerror="alert(1)">', "<img src=x"),
    ("[x](javascript:alert(1)) javascript:alert(1)", 'href="javascript'),
    ("Buy at https://shop.example/ now", 'href="https://shop.example'),
    ("{{ 70000|add:7 }} ${7*7}", "70007"),
]


@pytest.mark.parametrize(("text", "never"), HOSTILE, ids=[h[1] for h in HOSTILE])
def test_whatever_is_typed_stays_text_and_no_link(newsroom, page, ben, text, never):
    talking.open_comments(newsroom)
    sent = say(page, text, name=text[:40])
    talking.heard(newsroom)
    desk = Client()
    desk.force_login(ben)
    shown = [in_public(page), Client().get(sent.headers["Location"]).content.decode()]
    shown.append(desk.get(Conversation.objects.get().get_absolute_url()).content.decode())
    comments = [one.partition('id="comments"')[2] or one for one in shown]
    assert not any(never in one for one in comments[:2])
    assert "<script>alert" not in shown[2]


def test_signs_that_turn_the_reading_round_or_show_nothing_are_taken_out(newsroom, page):
    talking.open_comments(newsroom)
    say(page, f"Read {RTL}\u200b\ufeff\u00ad this", name="A\u202eb\u200bc")
    comment = Comment.objects.get()
    assert comment.text == "Read gnp.exe hidden words this"
    assert comment.name == "Abc"


@pytest.mark.parametrize("text", ["", "   ", "\u200b\u202e\ufeff", "\x00\x07", "\n\n\n"])
def test_nothing_is_no_comment(newsroom, page, text):
    talking.open_comments(newsroom)
    assert say(page, text).status_code == 422
    assert not Comment.objects.exists()


def test_a_megabyte_is_refused_and_what_is_long_is_said_to_be(newsroom, page):
    talking.open_comments(newsroom)
    assert say(page, "a" * 1_000_000).status_code == 422
    assert say(page, "Hi", name="n" * 1_000_000).status_code == 422
    assert say(page, "Hi", language="x" * 1_000_000).status_code == 422
    assert say(page, "Hi", once="x" * 1_000_000).status_code == 422
    assert not Comment.objects.exists()


def test_towers_of_signs_and_walls_of_lines_are_cut_to_what_can_be_read(newsroom, page):
    talking.open_comments(newsroom)
    say(page, "Z" + "\u0336\u0338" * 400)
    say(page, "up\n\n\n\n\n\n\ndown\n" + "\n".join("line" for _ in range(150)))
    tower, wall = Comment.objects.all()
    assert len(tower.text) == 5
    assert wall.text.startswith("up\n\ndown\nline")
    assert wall.text.count("\n") < commenting.MOST_LINES


@pytest.mark.parametrize("text", ["👩‍👩‍👧‍👦 🏴󠁧󠁢󠁳󠁣󠁴󠁿 café", "می‌خواهم", "क्‍ष ज़िला", "שָׁלוֹם"])
def test_what_people_write_in_their_own_letters_arrives_whole(newsroom, page, text):
    talking.open_comments(newsroom)
    say(page, text)
    assert Comment.objects.get().text == text


def test_a_form_of_another_site_changes_nothing(newsroom, page):
    talking.open_comments(newsroom)
    there = Client().post(
        f"/newsroom/{page.key}/comment/", {"text": "Hi", "language": "en"},
        HTTP_SEC_FETCH_SITE="cross-site",
    )  # fmt: skip
    assert there.status_code == 403
    assert not Comment.objects.exists()


def test_the_record_names_the_act_and_seals_the_words(newsroom, page):
    talking.open_comments(newsroom)
    said(page, "My secret regret, spelled out.")
    verbs = list(Entry.objects.values_list("verb", flat=True))
    assert "receive" in verbs
    assert "set_talk" in verbs
