from datetime import timedelta

import pytest
import time_machine
from django.db import connection
from django.utils import timezone
from tests import given

from commonground.channels import actions, tasks
from commonground.channels.contract.pretend import Fault, Trouble
from commonground.channels.models import Authorisation, Channel
from commonground.channels.networks import networks
from commonground.channels.networks.facebook.fake import fake as facebook
from commonground.channels.states import WORKFLOW, State
from commonground.kit.refusals import MovedOn, NotYours, Refused
from commonground.record.actions import verify
from commonground.record.models import Entry

pytestmark = pytest.mark.django_db
SERVER = "https://mastodon.example"
SECRET = "a token of the fake"


@pytest.fixture
def admin():
    return given.a_member(roles=["admin"])


@pytest.fixture
def channel(admin, place):
    return actions.open_channel(admin.agency, "mastodon", "City", by=admin)


def sign_in(channel, admin, token=SECRET):
    return actions.sign_in(channel, {"token": token}, by=admin, address=SERVER)


def verbs():
    return list(Entry.objects.order_by("number").values_list("verb", flat=True))


def test_a_channel_waits_for_its_sign_in(channel):
    assert (channel.state, verbs()) == (State.NEW, ["open_channel"])


def test_our_own_newsroom_is_ready_at_once(admin):
    newsroom = actions.open_channel(admin.agency, "site", "Newsroom", by=admin)

    assert newsroom.state == State.READY
    assert newsroom.handle == admin.agency.name
    assert verbs() == ["open_channel", "prove"]


def test_a_good_secret_makes_it_ready(channel, admin):
    sign_in(channel, admin)

    channel.refresh_from_db()
    assert (channel.state, channel.trouble) == (State.READY, "")
    assert channel.handle == "@desk@mastodon.example"
    assert channel.proved_at
    assert verbs() == ["open_channel", "sign_in", "prove"]


@pytest.mark.parametrize("ends_at", [1_900_000_000, None])
def test_the_end_of_a_sign_in_is_kept_while_the_network_tells_it(admin, ends_at):
    real = networks()["facebook"]
    with facebook() as page:
        networks()["facebook"] = page.as_network()
        try:
            channel = actions.open_channel(admin.agency, "facebook", "Page", by=admin)
            page.ends_at = 1_900_000_000
            actions.sign_in(channel, page.login.secrets, by=admin)
            page.ends_at = ends_at
            actions.prove(channel)
        finally:
            networks()["facebook"] = real

    channel.refresh_from_db()
    assert channel.state == State.READY
    until = channel.signed_in_until
    assert (until.timestamp() if until else None) == ends_at


def test_a_bad_secret_says_so(channel, admin):
    sign_in(channel, admin, token="wrong")

    channel.refresh_from_db()
    assert channel.state == State.SIGN_IN
    assert "does not know us" in channel.trouble


@pytest.mark.parametrize(
    ("secrets", "address"),
    [({}, SERVER), ({"token": ""}, SERVER), ({"token": "x"}, ""), ({"password": "x"}, SERVER)],
)
def test_an_incomplete_sign_in_is_refused(channel, admin, secrets, address):
    with pytest.raises(Refused):
        actions.sign_in(channel, secrets, by=admin, address=address)


def test_no_secret_is_in_the_row_the_record_or_a_repr(channel, admin, caplog):
    sign_in(channel, admin, token="hunter2-very-secret")

    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM commonground_channels_channel")
        row = repr(cursor.fetchall())
    record = repr([entry.facts for entry in Entry.objects.all()])
    again = Channel.objects.get()
    assert again.secrets == {"token": "hunter2-very-secret"}
    for told in (row, record, caplog.text, repr(again), repr(again.adapter()), str(again)):
        assert "hunter2" not in told


def test_a_network_that_is_down_changes_no_state(channel, admin, place):
    sign_in(channel, admin)
    place.script(Trouble(Fault.BUSY, on="prove", why="Down for repairs."))

    actions.prove(channel)

    channel.refresh_from_db()
    assert (channel.state, channel.trouble) == (State.READY, "Down for repairs.")


def test_a_lost_sign_in_is_told_and_mended_by_signing_in(channel, admin, place):
    sign_in(channel, admin)
    place.signed_out = True
    assert actions.prove(channel).state == State.SIGN_IN
    place.signed_out = False

    assert sign_in(channel, admin).state == State.READY


def test_another_account_behind_the_same_secret_is_not_ours(channel, admin, place):
    sign_in(channel, admin)
    place.handle = "somebody-else"

    actions.prove(channel)

    assert channel.state == State.SIGN_IN
    assert "somebody-else" in channel.trouble


def test_a_proof_that_changes_nothing_leaves_no_entry(channel, admin):
    sign_in(channel, admin)
    before = len(verbs())

    actions.prove(channel)

    assert len(verbs()) == before


def test_a_paused_channel_says_nothing_until_it_is_resumed(channel, admin):
    sign_in(channel, admin)
    actions.pause(channel, by=admin)
    assert actions.prove(channel).state == State.PAUSED
    actions.resume(channel, by=admin)

    assert channel.state == State.READY
    with pytest.raises(MovedOn):
        actions.resume(channel, by=admin)


def test_closing_forgets_the_secrets_and_every_authorisation(channel, admin):
    sign_in(channel, admin)
    author = given.a_member(agency=admin.agency)
    actions.authorise(channel, author, by=admin, decision="The chief said so.")

    actions.close(channel, by=admin)

    channel.refresh_from_db()
    assert (channel.state, channel.secrets) == (State.CLOSED, {})
    assert not Authorisation.objects.in_force().exists()
    with pytest.raises(Refused, match="closed"):
        sign_in(channel, admin)


def test_only_an_administrator_of_the_agency_runs_a_channel(channel, admin):
    sign_in(channel, admin)
    author = given.a_member(agency=admin.agency)
    stranger = given.a_member(roles=["admin"])
    for who in (author, stranger):
        for act in (
            lambda who=who: actions.open_channel(admin.agency, "site", "Other", by=who),
            lambda who=who: actions.sign_in(channel, {"token": "x"}, by=who, address=SERVER),
            lambda who=who: actions.pause(channel, by=who),
            lambda who=who: actions.resume(channel, by=who),
            lambda who=who: actions.close(channel, by=who),
            lambda who=who: actions.authorise(channel, author, by=who, decision="I say so."),
        ):
            with pytest.raises(NotYours):
                act()


def test_two_channels_of_an_agency_do_not_share_a_name(channel, admin):
    with pytest.raises(Refused, match="this name"):
        actions.open_channel(admin.agency, "site", "City", by=admin)


def test_a_network_nobody_knows_is_refused(admin):
    with pytest.raises(Refused, match="does not know"):
        actions.open_channel(admin.agency, "pigeon", "City", by=admin)


def test_a_drill_speaks_in_the_rehearsal_only():
    trainer = given.a_member(roles=["admin"], agency=given.an_agency(drill=True))
    with pytest.raises(Refused, match="drill"):
        actions.open_channel(trainer.agency, "site", "Newsroom", by=trainer)

    rehearsal = actions.open_channel(trainer.agency, "rehearsal", "Rehearsal", by=trainer)
    assert (rehearsal.drill, rehearsal.state) == (True, State.READY)


def test_nobody_authorises_themselves(channel, admin):
    with pytest.raises(NotYours, match="themselves"):
        actions.authorise(channel, admin, by=admin, decision="I trust myself.")


@pytest.mark.parametrize(
    "but", [{"decision": "  "}, {"until": -1}, {"member": "of another agency"}]
)
def test_an_authorisation_needs_a_colleague_a_reason_and_a_day_to_come(channel, admin, but):
    agency = given.an_agency() if "member" in but else admin.agency
    until = timezone.now() + timedelta(days=but.get("until", 30))
    decision = but.get("decision", "The chief said so.")

    with pytest.raises(Refused):
        actions.authorise(
            channel, given.a_member(agency=agency), by=admin, decision=decision, until=until
        )


def test_an_authorisation_is_a_row_a_day_and_an_entry(channel, admin):
    author = given.a_member(agency=admin.agency)
    sign_in(channel, admin)
    until = timezone.now() + timedelta(days=30)
    Channel.objects.update(state="ready")
    actions.authorise(channel, author, by=admin, decision="The chief said so.", until=until)

    assert list(Channel.objects.spoken_by(author)) == [channel]
    entry = Entry.objects.latest("number")
    assert (entry.verb, entry.detail["member"]) == ("authorise", author.name)
    with time_machine.travel(until + timedelta(seconds=1)):
        assert not Channel.objects.spoken_by(author).exists()


def test_a_new_authorisation_replaces_the_old_one(channel, admin):
    author = given.a_member(agency=admin.agency)
    for decision in ("For a month.", "For good."):
        actions.authorise(channel, author, by=admin, decision=decision)

    assert [a.decision for a in Authorisation.objects.in_force()] == ["For good."]


def test_an_ended_authorisation_ends_this_second_and_once(channel, admin):
    sign_in(channel, admin)
    author = given.a_member(agency=admin.agency)
    given_ = actions.authorise(channel, author, by=admin, decision="The chief said so.")
    actions.end_authorisation(given_, by=admin)

    assert not Channel.objects.spoken_by(author).exists()
    with pytest.raises(MovedOn):
        actions.end_authorisation(given_, by=admin)


def test_every_open_channel_is_asked_each_quarter_of_an_hour(channel, admin, place):
    sign_in(channel, admin)
    closed = actions.open_channel(admin.agency, "site", "Old", by=admin)
    actions.close(closed, by=admin)
    place.calls.clear()
    with time_machine.travel(timezone.now() + timedelta(minutes=14), tick=False):
        tasks.prove_channels()
    assert place.calls == []
    with time_machine.travel(timezone.now() + timedelta(minutes=16), tick=False):
        tasks.prove_channels()
        tasks.prove_channels()

    assert place.calls == [("prove", "")]


def test_the_record_of_all_this_holds_together(channel, admin):
    sign_in(channel, admin)
    actions.pause(channel, by=admin)
    actions.close(channel, by=admin)

    assert verify() is None


def test_every_step_of_the_workflow_that_a_person_takes_is_an_administrators():
    assert {t.role for t in WORKFLOW.transitions.values()} == {"admin", "desk"}


@pytest.mark.django_db
def test_a_yes_with_its_trail_is_confirmed_each_year_by_somebody_else():
    admin = given.a_member(roles=["admin"])
    channel = given.a_channel(agency=admin.agency)
    author = given.a_member(agency=admin.agency, roles=["author", "admin"])
    yes = actions.authorise(
        channel, author, by=admin, decision="The chief said so.",
        request="Sergeant Lim asked to speak of traffic.",
        obstacles="Who answers at night? The desk.",
    )  # fmt: skip
    assert Entry.objects.get(verb="authorise").detail["obstacles"] == yes.obstacles
    with time_machine.travel(timezone.now() + timedelta(days=366), tick=False):
        assert yes.is_overdue
        with pytest.raises(NotYours):
            actions.reconfirm(yes, by=author)
        assert not actions.reconfirm(yes, by=admin).is_overdue
        actions.end_authorisation(yes, by=admin)
        with pytest.raises(MovedOn):
            actions.reconfirm(yes, by=admin)
