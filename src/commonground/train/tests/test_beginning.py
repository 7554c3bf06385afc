"""What is left to do on a new desk is looked up in what it holds; and hints for who is new."""

import re
from datetime import timedelta
from urllib.parse import urlsplit

import pytest
from django.core.cache import cache
from django.db import OperationalError
from django.urls import reverse
from django.utils import timezone
from tests import given

from commonground.agency import actions
from commonground.agency.models import Agency, Member
from commonground.agency.states import FirstDrill, Role
from commonground.channels import actions as channels
from commonground.hear.models import Source
from commonground.kit import beginning, mail
from commonground.kit.beginning import State, beginning_of, find_steps
from commonground.kit.environment import mailers
from commonground.say.models import ReviewRule

pytestmark = pytest.mark.django_db
SETUP, TOUR = reverse("agency:setup"), reverse("agency:tour")


@pytest.fixture
def first():
    """The one person of an agency that was founded a minute ago."""
    return actions.found(
        administrator="Jonas Petrie", email="jonas@riverside.example", name="Riverside",
        slug="riverside", languages=["en"],
    )  # fmt: skip


def states(agency):
    found = beginning_of(Agency.objects.get(pk=agency.pk))
    return {one.name: how.state for one, how in [*found.open, *found.done]}


def invited(first, name, *roles, come=True):
    member = actions.invite(
        first.agency, name=name, email=f"{name.lower()}@riverside.example", roles=roles, by=first
    )
    if come:
        Member.objects.filter(pk=member.pk).update(last_login=timezone.now())
    return Member.objects.get(pk=member.pk)


def test_a_new_desk_has_everything_still_to_do_in_an_order(first):
    found = beginning_of(first.agency)
    assert found.done == []
    assert [one.name for one, _ in found.open] == [
        "about", "people", "accounts", "certificates", "authorisations", "sources", "resources",
        "review", "mail", "backups", "administrators", "drill",
    ]  # fmt: skip
    assert found.next[0].name == "about"
    assert states(first.agency).pop("review") == State.STANDARD


def test_every_step_can_be_gone_to_and_says_why_and_how_far(first):
    for one in find_steps():
        assert not one.to or urlsplit(reverse(one.to)).path
        assert str(one.why)
        assert str(one.tell(first.agency).said)


def test_who_we_are_is_done_when_somebody_here_looked_it_over(client, first):
    client.force_login(first)
    about = reverse("agency:about")
    assert "911" in client.get(about).content.decode()
    sent = {"emergency_number": "112", "motto": "Here for you.", "languages": "en, fr",
            "time_zone": "Europe/Paris", "units": "Traffic\n\nHarbour\nTraffic"}  # fmt: skip
    assert client.post(about, sent | {"time_zone": "Mars"}).status_code == 200
    assert states(first.agency)["about"] == State.TO_DO
    assert client.post(about, sent)["Location"] == SETUP
    ours = Agency.objects.get()
    assert (ours.emergency_number, ours.languages) == ("112", ["en", "fr"])
    assert [unit.name for unit in ours.units.all()] == ["Harbour", "Traffic"]
    assert states(ours)["about"] == State.DONE
    client.force_login(given.a_member(agency=ours))
    assert client.post(about, sent).status_code == 403


def test_people_are_there_when_one_can_approve_what_another_wrote_and_both_came(first):
    assert states(first.agency)["people"] == State.TO_DO
    author = invited(first, "Dov", Role.AUTHOR)
    assert states(first.agency)["people"] == State.UNDER_WAY
    invited(first, "Ines", Role.APPROVER, come=False)
    assert states(first.agency)["people"] == State.UNDER_WAY
    Member.objects.update(last_login=timezone.now())
    assert states(first.agency)["people"] == State.DONE
    Member.objects.filter(name="Ines").update(same_as=author)
    assert states(first.agency)["people"] == State.UNDER_WAY, "nobody approves their own words"


def test_certificates_count_while_they_are_in_force(first):
    assert states(first.agency)["certificates"] == State.TO_DO
    author, approver = invited(first, "Dov", Role.AUTHOR), invited(first, "Ines", Role.APPROVER)
    until = timezone.now() + timedelta(days=90)
    actions.award(author, course="Speaking", expires_at=until, by=first)
    assert states(first.agency)["certificates"] == State.UNDER_WAY
    held = actions.award(approver, course="Speaking", expires_at=until, by=first)
    assert states(first.agency)["certificates"] == State.DONE
    actions.revoke(held, by=first)
    assert states(first.agency)["certificates"] == State.UNDER_WAY


def test_accounts_are_connected_when_their_network_said_so(first):
    newsroom = channels.open_channel(first.agency, "site", "Newsroom", by=first)
    assert states(first.agency)["accounts"] == State.DONE
    channels.open_channel(first.agency, "mastodon", "Traffic", by=first)
    assert states(first.agency)["accounts"] == State.UNDER_WAY
    assert states(first.agency)["authorisations"] == State.TO_DO
    author = invited(first, "Dov", Role.AUTHOR)
    lent = channels.authorise(newsroom, author, by=first, decision="The chief agreed.")
    assert states(first.agency)["authorisations"] == State.UNDER_WAY
    channels.end_authorisation(lent, by=first)
    assert states(first.agency)["authorisations"] == State.TO_DO


def test_a_source_counts_when_it_brought_something(first):
    source = Source.objects.create(agency=first.agency, name="Gazette", kind="feed")
    assert states(first.agency)["sources"] == State.UNDER_WAY
    Source.objects.update(last_item_at=timezone.now())
    assert states(first.agency)["sources"] == State.DONE
    Source.objects.filter(pk=source.pk).update(on=False)
    assert states(first.agency)["sources"] == State.TO_DO


def test_resources_count_while_somebody_looks_after_them(first):
    given.a_resource(agency=first.agency)
    assert states(first.agency)["resources"] == State.DONE
    given.a_resource(agency=first.agency, review_by=timezone.localdate() - timedelta(days=1))
    assert states(first.agency)["resources"] == State.UNDER_WAY


def test_a_rule_of_ones_own_takes_the_place_of_the_standard(first):
    ReviewRule.objects.create(agency=first.agency, place=1, name="All", steps=[{"people": 1}])
    assert states(first.agency)["review"] == State.DONE


def test_a_letter_that_left_is_not_sent_again_because_that_could_not_be_noted(
    settings, monkeypatch, mailoutbox
):
    settings.ENV = settings.ENV.model_copy(update={"mail_url": "smtp://mail.example"})

    def away(*_args):
        raise OperationalError("the database went away")

    monkeypatch.setattr(cache, "set", away)
    assert mail.send("ada@riverside.example", "Look", "Now.")
    assert len(mailoutbox) == 1


def test_mail_is_done_when_a_letter_left_and_not_when_a_server_is_named(first, settings):
    cache.clear()
    assert states(first.agency)["mail"] == State.TO_DO
    settings.ENV = settings.ENV.model_copy(update={"mail_url": "smtp://localhost:1"})
    assert states(first.agency)["mail"] == State.UNDER_WAY
    works, settings.MAILERS = settings.MAILERS, mailers("smtp://127.0.0.1:1")
    assert not mail.send("jonas@riverside.example", "Hello", "You are told.")
    assert states(first.agency)["mail"] == State.UNDER_WAY
    settings.MAILERS = works
    assert mail.send("jonas@riverside.example", "Hello", "You are told.")
    assert states(first.agency)["mail"] == State.DONE


def test_a_copy_counts_for_two_nights(first, time_machine):
    cache.clear()
    assert states(first.agency)["backups"] == State.TO_DO
    beginning.note("backup")
    assert states(first.agency)["backups"] == State.DONE
    time_machine.move_to(timezone.now() + timedelta(hours=49))
    assert states(first.agency)["backups"] == State.UNDER_WAY


def test_three_people_can_help_each_other_in_and_one_with_three_accounts_cannot(first):
    Member.objects.update(last_login=timezone.now())
    assert states(first.agency)["administrators"] == State.TO_DO
    second = invited(first, "Ruth", Role.ADMIN)
    third = invited(first, "Priya", Role.ADMIN)
    assert states(first.agency)["administrators"] == State.DONE
    Member.objects.filter(pk=third.pk).update(same_as=second)
    assert states(first.agency)["administrators"] == State.UNDER_WAY


def test_a_drill_counts_when_somebody_looked_back_on_it(first):
    author = invited(first, "Dov", Role.AUTHOR)
    assert states(first.agency)["drill"] == State.TO_DO
    Member.objects.filter(pk=author.pk).update(first_drill=FirstDrill.DONE)
    assert states(first.agency)["drill"] == State.DONE


def test_a_step_that_cannot_be_looked_up_is_not_done_and_keeps_no_other_from_being_told(
    first, monkeypatch, caplog
):
    def fails(_agency):
        raise ZeroDivisionError

    find_steps()
    broken = beginning.Step("people", 20, "People", "Why", "agency:invite", fails)
    monkeypatch.setitem(beginning.STEPS, "people", broken)
    found = states(first.agency)
    assert found["people"] == State.TO_DO
    assert len(found) == len(beginning.STEPS)
    assert "how far people is could not be looked up" in caplog.text


def test_an_administrator_sees_it_on_the_first_page_and_nobody_else_does(client, first):
    client.force_login(first)
    page = client.get("/").content.decode()
    assert "Set up this desk" in page
    assert page.index("Say who you are") < page.index("Hold the first drill")
    client.force_login(invited(first, "Dov", Role.AUTHOR))
    assert 'id="setup-title"' not in client.get("/").content.decode()
    # Who asks for the page may read it; what they cannot do is no link.
    page = client.get(SETUP).content.decode()
    assert "Administrators do these." in page
    assert reverse("agency:about") not in page


def test_what_is_done_is_folded_away(client, first):
    client.force_login(first)
    assert "<details>" not in client.get(SETUP).content.decode()
    given.a_resource(agency=first.agency)
    page = client.get(SETUP).content.decode()
    assert page.index("<details>") < page.index("Gather the help you can offer")


@pytest.mark.parametrize("role", Role)
def test_somebody_new_is_told_five_words_each_a_way_on(client, role):
    client.force_login(given.a_member(roles=[role]))
    page = client.get("/").content.decode()
    card = page[page.index('id="tour-title"'):]  # fmt: skip
    card = card[: card.index("</section>")]
    ways = re.findall(r'<a class="whole" href="([^"]+)">', card)
    assert card.count("<li>") == 5
    # Whoever does not answer people is told what the word means, and led nowhere.
    assert len(ways) == len(set(ways)) == 5 - (role in (Role.TRAINER, Role.ADMIN))
    for way in ways:
        assert client.get(way).status_code == 200


def test_the_hints_go_for_good_for_one_person_and_come_back_when_asked_for(client):
    member = given.a_member()
    client.force_login(member)
    page = client.post(reverse("agency:end_tour"), follow=True).content.decode()
    assert "Help has them still" in page
    assert "tour-title" not in page
    assert "tour-title" not in client.get("/").content.decode()
    assert TOUR in client.get(reverse("desk_help")).content.decode()
    assert "New here? Five words" in client.get(TOUR).content.decode()
    assert "tour-title" in client.post(reverse("agency:begin_tour"), follow=True).content.decode()
    client.force_login(given.a_member(agency=member.agency))
    assert "tour-title" in client.get("/").content.decode()
