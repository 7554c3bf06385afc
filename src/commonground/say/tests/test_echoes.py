"""Our words are passed on by those who want to, one by one, and put right like the first."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.urls import reverse
from hypothesis import given as over, strategies as st
from tests import given

from commonground.agency.models import Unit
from commonground.kit.refusals import MovedOn, NotYours, Refused
from commonground.record.models import Entry
from commonground.say import actions, tasks
from commonground.say.engine.echoing import APART, FIRST, SPREAD, slot
from commonground.say.models import Delivery, Echo, Post
from commonground.say.queries.echoes import echoed, echoes_to_put_right, offers_to

NOW = datetime(2026, 3, 4, 15, tzinfo=UTC)


@over(st.lists(st.integers(0, 10**9), max_size=60))
def test_echoes_never_come_closer_than_they_may(chances):
    taken = []
    for chance in chances:
        taken.append(slot(NOW, taken, chance))
    pairs = zip(sorted(taken), sorted(taken)[1:], strict=False)
    assert all(later - earlier >= APART for earlier, later in pairs)
    assert all(at >= NOW + FIRST for at in taken)
    # Nobody waits longer than all before them need.
    each = APART + timedelta(minutes=SPREAD)
    longest = FIRST + timedelta(minutes=1 + SPREAD) + each * len(taken)
    assert all(at <= NOW + longest for at in taken)


@pytest.fixture
def agency():
    return given.an_agency()


@pytest.fixture
def original(agency, place):
    with time_machine.travel(NOW - timedelta(hours=1), tick=False):
        post = given.an_approved_post(agency=agency, text="The bridge is open again.")
        tasks.go_out()
        post.refresh_from_db()
        assert post.state == "published"
        Delivery.objects.filter(variant__post=post).update(url="https://riverside.example/p/1")
    with time_machine.travel(NOW, tick=False):
        yield post


def an_officer(agency, **but):
    member = given.a_member(agency=agency, **but)
    given.a_channel(agency=agency, authorised=[member])
    return member


def taken_by(member, sentence=""):
    return actions.take_echo(offers_to(member).get(), sentence=sentence, by=member)


def let_go(post):
    actions.submit(post, by=post.author)
    post.refresh_from_db()
    return actions.approve(post, read=post.digest, by=given.an_approver(post))


pytestmark = pytest.mark.django_db


def test_offer_reaches_those_who_could_pass_it_on_and_nobody_else(agency, original):
    officer = an_officer(agency)
    an_officer(agency, certified=False)
    given.a_member(agency=agency)  # speaks nowhere
    an_officer(given.an_agency())
    call = actions.offer_echo(original, by=original.author)
    assert [e.member for e in call.echoes.all()] == [officer]
    with pytest.raises(MovedOn):
        actions.offer_echo(original, by=original.author)


def test_offer_to_units_only(agency, original):
    harbour = Unit.objects.create(agency=agency, name="Harbour")
    inside = an_officer(agency, unit=harbour)
    an_officer(agency)
    call = actions.offer_echo(original, by=original.author, units=[harbour])
    assert [e.member for e in call.echoes.all()] == [inside]


def test_only_what_stands_is_offered_by_its_author_or_an_approver(agency, original):
    with pytest.raises(NotYours):
        actions.offer_echo(original, by=an_officer(agency))
    with pytest.raises(MovedOn):
        actions.offer_echo(draft := given.a_post(agency=agency), by=draft.author)
    actions.offer_echo(original, by=given.an_approver(original))


def test_echo_is_a_draft_of_ones_own_that_leads_to_the_post_and_needs_its_own_yes(agency, original):
    officer = an_officer(agency)
    actions.offer_echo(original, by=original.author)
    echo = taken_by(officer, "Drive slowly,\nplease.")
    assert (echo.author, echo.state) == (officer, "draft")
    assert echo.text == (
        "Drive slowly, please.\n\nThe bridge is open again.\nhttps://riverside.example/p/1"
    )
    assert {v.channel for v in echo.variants.all()} == {officer.authorisations.get().channel}
    actions.submit(echo, by=officer)
    with pytest.raises(NotYours):
        actions.approve(echo, read=echo.digest, by=officer)
    officer.certificates.all().delete()
    with pytest.raises(NotYours):
        actions.approve(echo, read=echo.digest, by=given.an_approver(echo))


def test_offer_is_taken_once_and_by_nobody_else(agency, original):
    officer, other = an_officer(agency), an_officer(agency)
    actions.offer_echo(original, by=original.author)
    offer = offers_to(officer).get()
    with pytest.raises(NotYours):
        actions.take_echo(offer, by=other)
    taken_by(officer)
    with pytest.raises(MovedOn):
        actions.take_echo(offer, by=officer)
    assert not offers_to(officer)


def test_who_says_no_is_asked_no_more_and_stands_in_no_record(agency, original):
    officer = an_officer(agency)
    actions.offer_echo(original, by=original.author)
    before = Entry.objects.count()
    actions.decline_echo(offers_to(officer).get(), by=officer)
    assert not offers_to(officer)
    assert Entry.objects.count() == before
    assert echoed(original).by_unit == []


def test_echoes_go_out_apart_also_when_all_are_approved_late_at_once(agency, original, place):
    officers = [an_officer(agency) for _ in range(3)]
    actions.offer_echo(original, by=original.author)
    echoes = [taken_by(officer) for officer in officers]
    late = max(e.go_out_at for e in echoes) + timedelta(minutes=1)  # all their minutes are over
    out = []
    with time_machine.travel(late, tick=False) as clock:
        for echo in echoes:
            let_go(echo)
        for _ in range(8):
            tasks.go_out()
            tasks.go_out()
            out.append(Post.objects.filter(echo__isnull=False, state="published").count())
            clock.shift(timedelta(minutes=3))
    assert out == [1, 1, 2, 2, 3, 3, 3, 3]


def test_other_posts_do_not_wait_for_echoes(agency, original, place):
    officers = [an_officer(agency) for _ in range(2)]
    actions.offer_echo(original, by=original.author)
    echoes = [taken_by(officer) for officer in officers]
    with time_machine.travel(max(e.go_out_at for e in echoes), tick=False):
        for echo in echoes:
            let_go(echo)
        tasks.go_out()
        apart = given.an_approved_post(agency=agency)
        tasks.go_out()
        apart.refresh_from_db()
    assert apart.state == "published"


def test_nothing_is_passed_on_that_was_taken_back(agency, original, place):
    officer = an_officer(agency)
    actions.offer_echo(original, by=original.author)
    echo = let_go(taken_by(officer))
    actions.withdraw(original, reason="Wrong bridge.", by=given.an_approver(original))
    with time_machine.travel(echo.go_out_at + timedelta(seconds=5), tick=False):
        tasks.go_out()
    echo.refresh_from_db()
    assert (echo.state, echo.reason) == ("failed", "What this passes on was taken back.")


def out_with(agency, original):
    officer = an_officer(agency, unit=Unit.objects.create(agency=agency, name="Harbour"))
    actions.offer_echo(original, by=original.author)
    echo = let_go(taken_by(officer))
    with time_machine.travel(echo.go_out_at + timedelta(seconds=5), tick=False):
        tasks.go_out()
    echo.refresh_from_db()
    assert echo.state == "published"
    return officer, echo


def test_a_correction_is_offered_to_whoever_passed_the_error_on(agency, original, place):
    officer, echo = out_with(agency, original)
    assert echoes_to_put_right(officer) == []
    correction = let_go(actions.correct(original, by=original.author))
    tasks.go_out()
    correction.refresh_from_db()
    assert correction.state == "published"
    assert [row.post for row in echoes_to_put_right(officer)] == [echo]
    actions.correct(echo, by=officer)
    assert echoes_to_put_right(officer) == []
    late = an_officer(agency)
    Echo.objects.create(call=original.echo_call, member=late)
    assert not offers_to(late)  # the error is offered to nobody


def test_what_was_taken_back_is_told_to_whoever_passed_it_on(agency, original, place):
    officer, echo = out_with(agency, original)
    actions.withdraw(original, reason="Wrong bridge.", by=given.an_approver(original))
    assert [row.post for row in echoes_to_put_right(officer)] == [echo]


def test_leadership_sees_units_and_no_names(agency, original, place, client):
    officer, _echo = out_with(agency, original)
    assert echoed(original).by_unit == [("Harbour", 1)]
    client.force_login(given.a_member(agency=agency, roles=["approver"]))
    page = client.get(original.get_absolute_url()).content.decode()
    part = page[page.index('id="echoed"'):].partition("</section>")[0]  # fmt: skip
    assert "Harbour" in part
    assert officer.name not in part


def test_an_echo_is_not_offered_again(agency, original, place):
    _officer, echo = out_with(agency, original)
    Delivery.objects.filter(variant__post=echo).update(url="https://x.example/2")
    with pytest.raises(Refused):
        actions.offer_echo(echo, by=echo.author)


def test_pages_offer_take_and_decline(agency, original, client):
    officer, other = an_officer(agency), an_officer(agency)
    client.force_login(original.author)
    assert client.get(original.get_absolute_url()).status_code == 200
    client.post(reverse("say:offer_echo", args=[original.pk]), {"unit": ["x", "1" * 50]})
    client.force_login(officer)
    assert "You may pass on" in client.get(reverse("answer:first_page")).content.decode()
    offer = offers_to(officer).get()
    assert client.get(reverse("say:echo", args=[offer.pk])).status_code == 200
    too_long = client.post(reverse("say:take_echo", args=[offer.pk]), {"sentence": "x" * 300})
    assert too_long.status_code == 422
    answer = client.post(reverse("say:take_echo", args=[offer.pk]), {"sentence": ""})
    assert answer.headers["Location"].endswith("/write")
    theirs = offers_to(other).get()
    assert client.post(reverse("say:decline_echo", args=[theirs.pk])).status_code == 404
    client.force_login(other)
    client.post(reverse("say:decline_echo", args=[theirs.pk]))
    assert not offers_to(other)
    client.force_login(original.author)
    client.post(reverse("say:end_offer", args=[original.pk]))
    assert Echo.objects.filter(post=None).count() == 0
