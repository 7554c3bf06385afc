"""Moments and resources as people see them."""

from datetime import timedelta

import pytest
from django.utils import timezone
from tests import given

from commonground.record.models import Entry
from commonground.spot import actions
from commonground.spot.models import Exemplar, Match, Moment, Resource, Rumour, Tally
from commonground.spot.states import State
from commonground.spot.templatetags.moments import headline


@pytest.fixture
def desk(client):
    client.member = given.a_member(roles=["author", "approver"])
    client.force_login(client.member)
    return client


def ours(desk, **but):
    return given.a_moment(agency=desk.member.agency, **but)


@pytest.mark.parametrize(
    ("count", "usual", "words"),
    [
        (28, 2.0, "is rising: 14 times as much"),
        (3, 2.0, "is rising: 1.5 times as much"),
        (9, 0.0, "9 posts in 15 min, where there are usually none"),
    ],
)
def test_a_moment_is_one_plain_sentence(count, usual, words):
    moment = Moment(label="the bridge", count=count, usual=usual, scale_minutes=15)
    assert words in headline(moment)


@pytest.mark.django_db
def test_now_shows_at_most_five_moments_and_says_there_are_more(desk):
    for _ in range(7):
        ours(desk)
    page = desk.get("/spot/open/", headers={"HX-Request": "true"}).content.decode()
    assert page.count("<article") == 5
    assert "All open moments" in page
    assert "<html" not in page
    assert "<html" in desk.get("/spot/open/").content.decode()


@pytest.mark.django_db
def test_an_empty_desk_says_so(desk):
    assert "Nothing is rising" in desk.get("/spot/open/").content.decode()
    assert "No moments here" in desk.get("/spot/").content.decode()
    assert "The library is empty" in desk.get("/spot/resources/").content.decode()


@pytest.mark.django_db
def test_a_moment_shows_why_it_was_raised_its_curve_its_voices_and_what_fits(desk):
    moment = ours(desk, label="<partner> violence", why="why i stayed")
    now = timezone.now()
    for n in range(4):
        at = now - timedelta(minutes=15 * n)
        Tally.objects.create(moment=moment, at=at, count=9, usual=1)
    Exemplar.objects.create(moment=moment, upstream="u", at=now, text="où <aller>", language="fr")
    line = given.a_resource(agency=desk.member.agency, name="Helpline", phone="555")
    Match.objects.create(moment=moment, resource=line, score=0.9)
    page = desk.get(moment.get_absolute_url()).content.decode()
    assert "&lt;partner&gt; violence" in page
    assert "why i stayed" in page
    assert '<blockquote lang="fr" dir="auto">où &lt;aller&gt;</blockquote>' in page
    assert "Show numbers" in page
    # The quarter that still runs is left out: with less time it would look like a fall.
    assert page.count('<td class="number">9</td>') == 3
    assert "Helpline" in page
    assert f"/say/new?moment={moment.pk}" in page


@pytest.mark.django_db
def test_a_moment_passes_with_a_reason_and_can_be_opened_again(desk):
    moment = ours(desk)
    address = moment.get_absolute_url()
    assert "There is a problem" in desk.post(f"{address}dismiss/", {"why": ""}).content.decode()
    why = {"why": "Another service answers it", "reason": "The city does."}
    desk.post(f"{address}dismiss/", why)
    moment.refresh_from_db()
    assert moment.state == State.PASSED
    assert moment.reason == "Another service answers it. The city does."
    assert "Open it again" in desk.get(address).content.decode()
    desk.post(f"{address}reopen/")
    moment.refresh_from_db()
    assert moment.state == State.OPEN


@pytest.mark.django_db
def test_a_moment_is_merged_only_into_an_open_one_of_ours(desk):
    moment, into = ours(desk), ours(desk)
    theirs = given.a_moment()
    address = f"{moment.get_absolute_url()}merge/"
    assert theirs.label not in desk.get(address).content.decode()
    desk.post(address, {"into": theirs.pk})
    moment.refresh_from_db()
    assert moment.state == State.OPEN
    desk.post(address, {"into": into.pk})
    moment.refresh_from_db()
    assert (moment.state, moment.merged_into) == (State.MERGED, into)


@pytest.mark.django_db
def test_an_auditor_sees_a_moment_and_no_button(client):
    auditor = given.a_member(roles=["auditor"])
    client.force_login(auditor)
    moment = given.a_moment(agency=auditor.agency)
    page = client.get(moment.get_absolute_url()).content.decode()
    assert "Pass, with a reason" not in page
    assert "Draft a post" not in page
    assert client.post(f"{moment.get_absolute_url()}act/").status_code == 403


@pytest.mark.django_db
@pytest.mark.parametrize("address", ["/spot/", "/spot/resources/", "/spot/open/"])
def test_lists_cost_the_same_however_long_they_are(desk, django_assert_max_num_queries, address):
    for _ in range(12):
        moment = ours(desk)
        resource = given.a_resource(agency=desk.member.agency)
        Match.objects.create(moment=moment, resource=resource, score=0.5)
    with django_assert_max_num_queries(10):
        assert desk.get(address).status_code == 200


@pytest.mark.django_db
def test_a_resource_is_added_checked_changed_and_retired(desk):
    typed = {
        "name": "Shelter", "about": "A bed.", "languages": "en, FR", "words_en": "where to sleep",
        "url": "https://shelter.example",
    }  # fmt: skip
    desk.post("/spot/resources/new/", typed)
    shelter = Resource.objects.get()
    assert shelter.languages == ["en", "fr"]
    assert shelter.words == {"en": "where to sleep"}
    again = desk.post("/spot/resources/new/", typed).content.decode()
    assert "of this name already" in again
    address = f"/spot/resources/{shelter.pk}/"
    assert "where to sleep" in desk.get(address).content.decode()
    desk.post(f"{address}check/")
    desk.post(address, {**typed, "about": "A bed tonight.", "words_fr": "où dormir"})
    shelter.refresh_from_db()
    assert shelter.about == "A bed tonight."
    assert shelter.words == {"en": "where to sleep", "fr": "où dormir"}
    desk.post(f"{address}retire/")
    assert desk.get(address).status_code == 404
    verbs = Entry.objects.order_by("number").values_list("verb", flat=True)
    assert list(verbs) == ["add_resource", "check_resource", "change_resource", "retire_resource"]


@pytest.mark.django_db
def test_a_resource_past_its_review_says_so(desk):
    yesterday = timezone.localdate() - timedelta(days=1)
    given.a_resource(agency=desk.member.agency, review_by=yesterday)
    assert "should have been checked by" in desk.get("/spot/resources/").content.decode()


@pytest.mark.django_db
def test_silence_is_an_alert_until_we_speak(desk):
    moment = ours(desk, first_post_at=timezone.now() - timedelta(hours=3, minutes=5))
    alert = "People have talked for 3 h 5 min, and we have said nothing."
    for address in (moment.get_absolute_url(), "/spot/open/"):
        assert alert in desk.get(address).content.decode()
    actions.spoken(moment, at=timezone.now())
    for address in (moment.get_absolute_url(), "/spot/open/"):
        assert "we have said nothing" not in desk.get(address).content.decode()


@pytest.mark.django_db
def test_a_moment_is_closed_with_what_we_did_and_whether_it_was_in_time(desk):
    moment = ours(desk)
    address = moment.get_absolute_url()
    assert "There is a problem" in desk.post(f"{address}join/", {"did": "x"}).content.decode()
    desk.post(f"{address}join/", {"did": "Shared the city's map", "in_time": "partly"})
    page = desk.get(address).content.decode()
    assert "joined" in page
    assert "Shared the city&#x27;s map" in page
    assert "Partly" in page


@pytest.mark.django_db
def test_attention_ahead_is_an_interval_or_the_reason_why_nobody_knows(desk):
    moment = ours(desk)
    assert "not known yet. It takes 8 earlier moments" in page_of(desk, moment)
    for n in range(8):
        over = timezone.now() - timedelta(days=7 + n)
        past = ours(
            desk,
            state="missed",
            opened_at=over,
            closes_at=over + timedelta(hours=72),
        )
        for at, count in ((0, 60 - n), (3600, 40 + n)):
            Tally.objects.create(
                moment=past, at=over + timedelta(seconds=at), count=count, usual=1.0
            )
    expected = "Attention still ahead: 41 to 46 %, as earlier moments went."
    assert expected in page_of(desk, moment)
    assert expected in desk.get("/spot/open/").content.decode()


def page_of(desk, moment):
    return desk.get(moment.get_absolute_url()).content.decode()


@pytest.mark.django_db
def test_a_rumour_goes_from_said_to_told_on_its_page(desk):
    moment = ours(desk)
    desk.post(f"{moment.get_absolute_url()}rumours/", {"claim": "The dam has burst"})
    rumour = Rumour.objects.get()
    address = f"/spot/rumours/{rumour.pk}/"
    assert "nobody has looked yet" in desk.get(moment.get_absolute_url()).content.decode()
    assert "What did you find?" not in desk.get(address).content.decode()
    desk.post(f"{address}check/")
    assert "What did you find?" in desk.get(address).content.decode()
    assert desk.post(f"{address}find_false/", {"known": ""}).status_code == 409
    desk.post(f"{address}find_false/", {"known": "The engineer stands on it"})
    assert "Tell the public what we know" in desk.get(address).content.decode()
    desk.post(f"{address}answer/", {"answer": "newsroom, 14:02"})
    page = desk.get(moment.get_absolute_url()).content.decode()
    assert "it is not so" in page
    assert "The public was told" in page
    theirs = Rumour.objects.create(
        agency=given.an_agency(), moment=given.a_moment(), claim="x", logged_by=desk.member
    )
    assert desk.get(f"/spot/rumours/{theirs.pk}/").status_code == 404


@pytest.mark.django_db
def test_what_ended_in_silence_has_its_page_and_a_link_from_the_open_moments(desk):
    moment = ours(desk, label="The quiet one")
    actions.miss(moment)
    panel = desk.get("/spot/open/").content.decode()
    assert "1 moment of the last 90 days ended without a word from us" in panel
    page = desk.get("/spot/silent/").content.decode()
    assert "The quiet one" in page
    assert "In the last 90 days 1 moment ended." in page


@pytest.mark.django_db
def test_an_overloaded_line_is_marked_in_the_library_and_on_the_moment(desk):
    moment = ours(desk)
    kind = {"agency": desk.member.agency, "kind": "helpline", "languages": ["en"]}
    line = given.a_resource(name="National line", hours="always", **kind)
    given.a_resource(name="Town line", area="Riverside", **kind)
    Match.objects.create(moment=moment, resource=line, score=0.9)
    desk.post(f"/spot/resources/{line.pk}/overload/")
    page = desk.get(moment.get_absolute_url()).content.decode()
    assert "overloaded, until about" in page
    assert "Overloaded, so offer these as well:" in page
    assert "Town line" in page
    assert "No longer overloaded" in desk.get("/spot/resources/").content.decode()
    desk.post(f"/spot/resources/{line.pk}/overload/")
    assert "overloaded, until" not in desk.get(moment.get_absolute_url()).content.decode()


@pytest.mark.django_db
def test_examples_lead_to_where_they_were_said(desk):
    moment = ours(desk)
    Exemplar.objects.create(
        moment=moment, upstream="u", at=timezone.now(), text="x", url="https://m.example/@u/1"
    )
    page = desk.get(moment.get_absolute_url()).content.decode()
    assert 'href="https://m.example/@u/1" rel="nofollow noopener noreferrer"' in page


@pytest.mark.django_db
def test_a_grave_moment_asks_to_look_at_what_is_queued(desk):
    moment = ours(desk)
    desk.post(f"{moment.get_absolute_url()}grave/")
    moment.refresh_from_db()
    assert moment.grave
    assert "No longer grave" in desk.get(moment.get_absolute_url()).content.decode()


@pytest.mark.django_db
def test_a_moment_costs_the_same_however_many_rumours(desk, django_assert_max_num_queries):
    moment = ours(desk)
    for n in range(9):
        Rumour.objects.create(
            agency=moment.agency, moment=moment, claim=str(n), logged_by=desk.member
        )
        line = given.a_resource(agency=moment.agency)
        Match.objects.create(moment=moment, resource=line, score=0.5)
    with django_assert_max_num_queries(18):
        assert desk.get(moment.get_absolute_url()).status_code == 200


@pytest.mark.django_db
def test_the_rumour_log_holds_claim_state_what_we_know_and_what_we_said_with_its_time(desk):
    assert "None has been written down" in desk.get("/spot/rumours/").content.decode()
    moment = ours(desk)
    rumour = actions.log_rumour(moment, claim="The <bridge> is gone.", by=desk.member)
    actions.check(rumour, by=desk.member)
    actions.find_false(rumour, known="The road office: one lane.", by=desk.member)
    actions.answer_rumour(rumour, answer="Newsroom, 14:02", by=desk.member)
    theirs = given.a_moment()
    actions.log_rumour(theirs, claim="Elsewhere.", by=given.a_member(agency=theirs.agency))

    page = desk.get("/spot/rumours/").content.decode()

    for told in ("The &lt;bridge&gt; is gone.", "it is not so", "one lane", "Newsroom, 14:02"):
        assert told in page
    assert "Elsewhere" not in page


@pytest.mark.django_db
def test_what_we_missed_says_how_long_it_ran_and_what_we_could_have_shared(desk):
    now = timezone.now()
    moment = ours(
        desk, state="missed", closed_at=now, first_post_at=now - timedelta(hours=5),
        last_post_at=now - timedelta(hours=2),
    )  # fmt: skip
    line = given.a_resource(agency=desk.member.agency, name="Crisis line", phone="555-0101")
    Match.objects.create(moment=moment, resource=line, score=0.9)
    page = desk.get("/spot/silent/").content.decode()
    assert "People talked of it for 3 h." in page
    assert "What we could have shared:" in page
    assert "Crisis line <bdi>555-0101</bdi>" in page
