"""A thread goes out part after part, each seen before the next; half out, a person decides."""

from datetime import timedelta

import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone
from tests import given

from commonground.channels.contract import Receipt, Settles
from commonground.channels.contract.pretend import Fault, Trouble
from commonground.kit.refusals import MovedOn, NotYours, Refused
from commonground.protect.models import Hold
from commonground.say import actions, queries, tasks
from commonground.say.models import Delivery, Post
from commonground.say.tasks.carrying import message_of
from commonground.say.tests.test_delivery import CLASSES, rounds

pytestmark = pytest.mark.django_db
TEXT = "Road closed.\n---\nUse the quay.\n---\nMore at noon.\n---\nThank you."
PARTS = ["Road closed. 1/4", "Use the quay. 2/4", "More at noon. 3/4", "Thank you. 4/4"]
NO = Trouble(Fault.DECLINED, why="Not so fast.")


def a_thread(**but):
    return given.an_approved_post(text=TEXT, parting="numbered", **but)


def there(place):
    return [held.message.text for held in place.posts.values()]


def part(number):
    return Delivery.objects.get(part=number)


def states():
    return list(Delivery.objects.order_by("part").values_list("state", flat=True))


def half_out(place, *, out=2):
    """So many parts are out; the network refused the next."""
    post = a_thread()
    for _ in range(out):
        tasks.go_out()
    place.script(NO)
    tasks.go_out()
    return post


@pytest.mark.parametrize("place", CLASSES, indirect=True)
def test_the_parts_go_out_in_order_each_beneath_the_one_before(place):
    post = a_thread()

    rounds(place)

    post.refresh_from_db()
    held = list(place.posts.values())
    assert there(place) == PARTS
    assert [h.message.follows for h in held] == [None, *[h.receipt for h in held[:-1]]]
    assert (post.state, set(states())) == ("published", {"sent"})


@pytest.mark.parametrize("place", CLASSES, indirect=True)
@pytest.mark.parametrize("fault", [Fault.UNSURE_BEFORE, Fault.UNSURE_AFTER, Fault.BUSY])
@pytest.mark.parametrize("before", [0, 2])
def test_whatever_is_lost_each_part_stands_there_once_and_in_order(place, fault, before):
    a_thread()
    place.clock.at = timezone.now()
    for _ in range(before):
        tasks.go_out()
    place.script(fault, Trouble(Fault.BUSY, on="find"))

    rounds(place)

    assert there(place) == PARTS
    assert set(states()) == {"sent"}


def test_one_round_sends_one_part_and_no_more(place):
    a_thread()

    tasks.go_out()

    assert there(place) == PARTS[:1]
    assert states() == ["sent", "waiting", "waiting", "waiting"]


@pytest.mark.parametrize("place", [Settles.BY_KEY], indirect=True)
def test_while_a_part_is_not_seen_the_next_one_waits(place):
    a_thread()
    place.clock.at = timezone.now()
    place.script(*[Trouble(Fault.BUSY, on="find")] * 3)
    for _ in range(3):
        tasks.go_out()

    assert there(place) == PARTS[:1]


def test_everything_stopped_between_two_parts_stops_the_rest(place):
    post = a_thread()
    tasks.go_out()
    hold = Hold.objects.create(agency=post.agency, reason="A wrong picture.", by=post.author)

    rounds(place, minutes=2)
    assert there(place) == PARTS[:1]

    hold.delete()
    rounds(place)
    assert there(place) == PARTS


def test_a_thread_half_out_is_told_at_once_and_only_once(place):
    post = half_out(place)

    trouble = list(queries.in_trouble(post.agency))

    assert [d.part for d in trouble] == [3]
    assert trouble[0].tell_at <= timezone.now()
    assert states() == ["sent", "sent", "declined", "waiting"]


def test_its_page_says_how_far_it_came_and_what_to_do(place, client):
    post = half_out(place)
    approver = given.an_approver(post)
    client.force_login(approver)

    said = client.get(post.get_absolute_url()).content.decode()

    assert "2 of 4 parts are out" in said
    assert reverse("say:go_on", args=[part(3).pk]) in said
    assert reverse("say:break_off", args=[part(3).pk]) in said


def test_the_letter_says_how_far_it_came(place, mailoutbox, settings):
    settings.ENV = settings.ENV.model_copy(update={"mail_url": "smtp://localhost"})
    half_out(place)

    tasks.telling.tell_people()

    assert "2 of 4 parts of the thread are out" in mailoutbox[0].body


def test_an_approver_has_the_rest_sent(place):
    post = half_out(place)

    actions.go_on(part(3), by=given.an_approver(post))
    rounds(place)

    post.refresh_from_db()
    assert there(place) == PARTS
    assert post.state == "published"
    assert not queries.in_trouble(post.agency).exists()


def test_what_goes_on_does_not_keep_longer(place):
    post = half_out(place)
    approver = given.an_approver(post)

    late = part(3).not_after + timedelta(minutes=1)
    with time_machine.travel(late, tick=False), pytest.raises(MovedOn, match="too late"):
        actions.go_on(part(3), by=approver)


def test_only_an_approver_of_the_agency_decides(place):
    post = half_out(place)

    for someone in (post.author, given.a_member(roles=["approver"])):
        for act in (actions.go_on, actions.break_off):
            with pytest.raises(NotYours):
                act(part(3), by=someone)


def test_what_is_out_is_taken_back_the_last_part_first_and_only_there(place):
    author = given.a_member()
    channels = [given.a_channel(agency=author.agency, authorised=[author]) for _ in range(2)]
    post = a_thread(by=author, channels=channels)
    tasks.start_due()
    rows = Delivery.objects.filter(variant__channel=channels[0]).order_by("part")
    for row in rows[:3]:
        tasks.deliver(row)
    place.script(NO)
    tasks.deliver(rows[3])

    actions.break_off(rows[3], by=given.an_approver(post))
    gone = []
    for _ in range(3):
        before = set(place.posts)
        tasks.take_back()
        gone += [place.posts.get(name, name) for name in before - set(place.posts)]
    rounds(place)

    post.refresh_from_db()
    assert [r.network_id for r in rows if r.withdrawn_at][::-1] == gone != []
    assert post.state == "published"
    assert there(place) == PARTS


def test_a_thread_with_nowhere_else_to_stand_fails_once_it_is_taken_back(place):
    post = half_out(place)

    actions.break_off(part(3), by=given.an_approver(post))
    with pytest.raises(MovedOn):
        actions.go_on(part(3), by=given.an_approver(post))
    for _ in range(3):
        tasks.take_back()
    tasks.close_finished()

    post.refresh_from_db()
    assert (post.state, there(place)) == ("failed", [])
    assert not queries.in_trouble(post.agency).exists()


def test_what_is_still_public_is_not_forgotten_by_a_new_draft(place):
    post = half_out(place)
    actions.break_off(part(3), by=given.an_approver(post))
    tasks.close_finished()
    post.refresh_from_db()

    with pytest.raises(MovedOn, match="still public"):
        actions.retry(post, by=post.author)
    for _ in range(3):
        tasks.take_back()
    actions.retry(post, by=post.author)

    assert not Delivery.objects.exists()


def test_a_withdrawn_thread_goes_from_its_end(place):
    post = a_thread()
    rounds(place)
    post.refresh_from_db()
    actions.withdraw(post, reason="Wrong road.", by=given.an_approver(post))

    left = []
    for _ in range(4):
        tasks.take_back()
        left.append(there(place))

    assert left == [PARTS[:3], PARTS[:2], PARTS[:1], []]


def test_a_part_the_network_keeps_does_not_keep_the_others(place):
    post = a_thread()
    rounds(place)
    post.refresh_from_db()
    actions.withdraw(post, reason="Wrong road.", by=given.an_approver(post))
    place.script(Trouble(Fault.DECLINED, on="withdraw"))

    for _ in range(4):
        tasks.take_back()

    assert there(place) == PARTS[3:]


def test_a_thread_withdrawn_half_way_sends_no_more(place):
    post = a_thread()
    tasks.go_out()
    post.refresh_from_db()
    actions.withdraw(post, reason="Wrong road.", by=given.an_approver(post))

    rounds(place, minutes=2)
    tasks.take_back()

    assert there(place) == []


def test_a_correction_stands_beneath_the_first_part(place):
    wrong = a_thread()
    rounds(place)
    wrong.refresh_from_db()
    right = actions.correct(wrong, by=wrong.author)
    actions.submit(right, by=right.author)
    actions.approve(right, read=right.digest, by=given.an_approver(right))
    tasks.start_due()

    first, second = right.variants.get().deliveries.order_by("part")[:2]

    receipt = Delivery.objects.get(variant__post=wrong, part=1)
    assert message_of(first).corrects == Receipt(receipt.network_id, receipt.url)
    tasks.deliver(first)
    assert message_of(second).corrects is None


def test_a_part_whose_place_nobody_knows_is_not_followed(place):
    """A person found it, and the desk never heard where."""
    a_thread()
    tasks.go_out()
    Delivery.objects.filter(part=1).update(network_id="")

    tasks.go_out()

    assert there(place) == PARTS[:1]
    assert part(2).state == "declined"


def test_the_approver_says_yes_to_the_parts(place):
    post = given.a_post_in_review(text=TEXT, parting="numbered")
    read = post.digest
    Post.objects.filter(pk=post.pk).update(parting="plain")
    post.refresh_from_db()

    with pytest.raises(MovedOn):
        actions.approve(post, read=read, by=given.an_approver(post))


def test_more_parts_than_people_read_are_refused(place):
    post = given.a_post(text="\n---\n".join(f"Word {n}." for n in range(11)), parting="plain")

    with pytest.raises(Refused, match="11 parts"):
        actions.submit(post, by=post.author)


def test_two_parts_alike_are_refused(place):
    post = given.a_post(text="Stay inside.\n---\nStay inside.", parting="plain")

    with pytest.raises(Refused, match="say the same"):
        actions.submit(post, by=post.author)


def test_pictures_go_with_the_first_part(place, a_picture):
    post = given.a_post(text=TEXT, parting="numbered")
    actions.add_picture(post, a_picture, "The closed road", by=post.author)
    actions.submit(post, by=post.author)
    actions.approve(post, read=post.digest, by=given.an_approver(post))

    rounds(place)

    assert [len(h.message.pictures) for h in place.posts.values()] == [1, 0, 0, 0]


def test_where_there_are_no_threads_all_of_it_is_one_post(place):
    author = given.a_member()
    newsroom = given.a_channel(network="site", agency=author.agency, authorised=[author])
    a_thread(by=author, channels=[newsroom])

    assert Delivery.objects.get().text == TEXT.replace("\n---\n", "\n\n")


def test_the_page_of_a_draft_shows_each_part_with_its_counter(place, client):
    post = given.a_post(text=TEXT, parting="numbered")
    client.force_login(post.author)

    said = client.get(reverse("say:write", args=[post.pk])).content.decode()

    assert "thread of 4 parts" in said
    assert "Part 2 of 4" in said
    assert "17 of 500 characters" in said
