"""Several agencies in one installation: each at its own address, with its own words alone."""

import io
import json
import re

import pytest
from django.core.management import call_command
from django.test import Client
from django.urls import reverse
from tests import given

from commonground.agency.states import Role
from commonground.answer.actions.after import ask_how
from commonground.ask.tests.world import a_question
from commonground.channels import actions as channels
from commonground.channels.networks.fediverse.tests.world import a_note, actor_of, an_account
from commonground.channels.networks.mail.tests.world import a_letter, a_list, a_reader
from commonground.channels.networks.mail.writing import leave_link, letter_for
from commonground.kit.refusals import Refused
from commonground.protect.line.looking import our_domain, our_key
from commonground.public.tasks import keep_pages
from commonground.public.tests.test_pages import a_page, a_picture
from commonground.record.models import Showing
from commonground.train.actions.badges import issuer_of

pytestmark = pytest.mark.django_db
FIRE, DESK = "news.fire.example", "localhost:8000"
STREAMS = {"Accept": "application/activity+json"}
EVERYWHERE = (
    "/newsroom/", "/newsroom/rss.xml", "/newsroom/atom.xml", "/newsroom/feed.json",
    "/newsroom/alerts.xml", "/follow/", "/help/", "/accounts/", "/listening/", "/about/",
    "/trust/", "/archive/", "/comments/", "/comments/log/", "/chat/", "/you-said/", "/letters/",
    "/notices/", "/notices/app.webmanifest", "/really/", "/ask/", "/pulse/", "/tried/",
    "/.well-known/commonground-accounts.json", "/.well-known/commonground-accounts.txt",
)  # fmt: skip


@pytest.fixture
def police():
    return given.an_agency(name="Harbour Police", slug="harbour", emergency_number="911")


@pytest.fixture
def fire(police, settings):
    """Founded second, though its name comes first; with an address of its own."""
    settings.PUBLIC_SITES = {"fire": f"http://{FIRE}"}
    settings.ALLOWED_HOSTS = ["localhost", "news.fire.example"]
    return given.an_agency(name="Fire Service", slug="fire", emergency_number="112")


def at(host, address, **headers):
    return Client().get(address, headers={"Host": host, **headers})


@pytest.mark.parametrize("address", EVERYWHERE)
def test_at_each_address_stands_what_its_agency_shows_and_nothing_of_the_others(
    police, fire, address
):
    for agency in (police, fire):
        a_page(agency, f"Said by {agency.slug}.", title=f"Words of {agency.slug}")
        given.a_resource(agency=agency, name=f"Line of {agency.slug}")
        a_list(agency=agency, name=f"Letters of {agency.slug}")
        a_question(
            by=given.a_member(agency=agency), word=f"q-{agency.slug}", title=f"Q of {agency.slug}?"
        )
    for host, whose, other in ((DESK, police, fire), (FIRE, fire, police)):
        answer = at(host, address)
        assert answer.status_code == 200
        shown = answer.content.decode()
        assert other.name not in shown
        assert f"of {other.slug}" not in shown
        assert f"by {other.slug}" not in shown
        assert not answer.cookies
        if address != "/notices/app.webmanifest" and "<html" in shown:
            assert whose.name in shown


def test_whoever_was_founded_first_stays_at_the_installations_own_address(police):
    given.an_agency(name="Aardvark Fire", slug="aardvark")
    assert "Harbour Police" in at(DESK, "/newsroom/").content.decode()


def test_one_thing_said_is_not_there_at_anothers_address(police, fire):
    account = an_account(agency=fire, name="mill")
    note, letter = a_note(account), a_letter(a_list(agency=fire))
    page = a_page(fire, pictures=[a_picture()])
    question = a_question(by=given.a_member(agency=fire))
    things = [
        f"/newsroom/{page.key}", f"/newsroom/{page.key}/picture-0", f"/letters/{letter.key}",
        f"/fediverse/mill/notes/{note.key}", "/fediverse/mill", "/fediverse/mill/outbox",
        f"/ask/{question.word}/", reverse("train:badges", args=["fire"]),
    ]  # fmt: skip
    for address in things:
        assert at(FIRE, address).status_code in (200, 302), address
        if "badges" not in address:
            assert at(DESK, address).status_code == 404, address
    assert at(FIRE, reverse("train:badges", args=["harbour"])).status_code == 404


def test_a_link_that_one_person_got_opens_only_where_it_leads(police, fire):
    for agency, host, other in ((police, DESK, FIRE), (fire, FIRE, DESK)):
        link = ask_how(agency, "en").rpartition(" ")[2]
        assert link.startswith(f"http://{host}/helped/")
        path = link.partition(host)[2]
        assert at(host, path).status_code == 200
        assert at(other, path).status_code == 404


def test_addresses_are_built_for_the_agency_they_belong_to(police, fire):
    own = f"http://{FIRE}"
    page = a_page(fire)
    assert page.receipt.url == f"{own}/newsroom/{page.key}"
    assert a_page(police).receipt.url.startswith(f"http://{DESK}/")
    channel = a_list(agency=fire)
    letter, ana = a_letter(channel), a_reader(channel)
    assert leave_link(ana).startswith(f"{own}/letters/leave/")
    assert letter.receipt.url.startswith(f"{own}/letters/")
    actor = actor_of(an_account(agency=fire, name="mill"))
    assert (actor.address, actor.id_url) == (f"mill@{FIRE}", f"{own}/fediverse/mill")
    question = a_question(by=given.a_member(agency=fire))
    assert question.agency.site == own
    assert issuer_of(fire).url.startswith(own)
    feed = at(FIRE, "/newsroom/feed.json").json()
    assert feed["feed_url"] == f"{own}/newsroom/feed.json"
    assert {item["url"] for item in feed["items"]} == {page.receipt.url}
    assert f"<link>{own}/newsroom/</link>" in at(FIRE, "/newsroom/rss.xml").content.decode()


def test_the_register_of_each_is_signed_under_its_own_name(police, fire):
    said = json.loads(at(FIRE, "/.well-known/commonground-accounts.json").content)
    assert (said["agency"], said["key"]) == ("Fire Service", str(our_key(fire)))
    assert our_key(fire).name != our_key(police).name
    assert our_domain(fire) == "news.fire.example"
    key = at(FIRE, "/.well-known/commonground-accounts.key").content.decode().strip()
    assert key == str(our_key(fire))
    out = io.StringIO()
    call_command("protect", "key", "--agency", "fire", stdout=out)
    assert out.getvalue().strip() == key


def test_other_servers_find_each_account_at_its_own_address(police, fire):
    an_account(agency=fire, name="mill")
    for host, status in ((FIRE, 200), (DESK, 404)):
        asked = f"/.well-known/webfinger?resource=acct:mill@{FIRE}"
        assert at(host, asked).status_code == status
    seen = at(FIRE, "/nodeinfo/2.0").json()
    assert seen["usage"]["users"]["total"] == 1
    assert at(DESK, "/nodeinfo/2.0").json()["usage"]["users"]["total"] == 0
    place = at(FIRE, "/.well-known/nodeinfo").json()["links"][0]["href"]
    assert place == f"http://{FIRE}/nodeinfo/2.0"


@pytest.mark.parametrize(
    "address",
    ["/say/", "/account/login/", "/agency/", "/api/v1/posts", "/api/", "/record/", "/spot/",
     "/desk/help/", "/connect/", "/train/", "/protect/stop/"],
)  # fmt: skip
def test_at_an_agencys_own_address_there_is_no_desk(fire, address):
    assert at(FIRE, address).status_code == 404
    assert at(DESK, address).status_code in (200, 302, 401, 404)


@pytest.mark.parametrize("host", [FIRE.upper(), f"{FIRE}.", f"{FIRE}:443", f"{FIRE}:8443"])
def test_however_the_host_is_written_no_way_leads_round_to_the_desk(fire, host):
    assert at(host, "/account/login/").status_code in (400, 404)
    assert at(host, "/newsroom/").status_code in (200, 400)


def test_the_way_in_for_members_leads_to_the_desk(fire):
    page = at(FIRE, "/newsroom/").content.decode()
    assert f'href="http://{DESK}/account/login/"' in page
    assert at(FIRE, "/").headers["Location"] == "/newsroom/"


def test_a_session_of_the_desk_is_worth_nothing_at_anothers_address(fire):
    client = Client()
    client.force_login(given.a_member(agency=fire))
    assert client.get("/say/", headers={"Host": DESK}).status_code == 200
    assert client.get("/say/", headers={"Host": FIRE}).status_code == 404
    first_page = client.get("/", headers={"Host": FIRE})
    assert first_page.headers["Location"] == "/newsroom/"


DOORS = {
    "answer:hours": "/chat/", "answer:policies": "/comments/", "answer:measures": "/comments/log/",
    "answer:deeds": "/you-said/", "learn:pulses": "/pulse/", "learn:experiments": "/tried/",
    "record:record": "/archive/",
}  # fmt: skip


def test_from_the_desk_the_way_to_the_public_page_leads_to_ones_own(police, fire):
    """A path alone would lead to the first agency's page, or to none."""
    for agency, site in ((police, ""), (fire, f"http://{FIRE}")):
        client = Client()
        client.force_login(given.a_member(agency=agency, roles=[*Role]))
        for name, path in DOORS.items():
            page = client.get(reverse(name), headers={"Host": DESK}).content.decode()
            for address in (path, "/newsroom/"):  # the latter is *Trust*, on every page
                assert re.findall(rf'href="([^"]*){address}"', page) == [site], name


def test_the_code_to_print_leads_to_the_question_where_it_is_asked(police, fire):
    by = given.a_member(agency=fire, roles=[*Role])
    client = Client()
    client.force_login(by)
    question = a_question(by=by)
    page = client.get(question.get_absolute_url(), headers={"Host": DESK}).content.decode()
    for place in ("qr.svg", "meet/"):
        assert f'href="http://{FIRE}/ask/{question.word}/{place}"' in page
        assert at(FIRE, f"/ask/{question.word}/{place}").status_code == 200


def test_signing_in_leads_to_no_agencys_own_address(fire):
    """Who holds its name may lead it to a server of their own one day."""
    member = given.a_member(agency=fire, email="bell@fire.example")
    member.set_password("nobody guesses this one")
    member.save()
    typed = {"login": member.email, "password": "nobody guesses this one"}
    for to in (f"http://{FIRE}/", f"http://{DESK}/spot/"):
        answer = Client().post("/account/login/", {**typed, "next": to}, headers={"Host": DESK})
        assert answer.status_code == 302
        assert FIRE not in answer.headers["Location"]


def test_a_host_that_nobody_named_gets_nothing(fire):
    assert at("evil.example", "/newsroom/").status_code == 400


def test_a_drill_is_nowhere_whatever_the_settings_say(police, settings):
    given.an_agency(name="Practice", slug="practice", drill=True)
    settings.PUBLIC_SITES = {"practice": "http://drill.example"}
    settings.ALLOWED_HOSTS = ["localhost", "drill.example"]
    assert at("drill.example", "/newsroom/").status_code == 404


def test_an_agency_that_the_public_cannot_find_opens_no_channel_of_its_own_pages(police, settings):
    second = given.an_agency(name="Fire Service", slug="fire")
    admin = given.a_member(agency=second, roles=["admin"])
    for network in ("site", "fediverse", "mail", "push"):
        with pytest.raises(Refused, match="COMMONGROUND_PUBLIC_SITES"):
            channels.open_channel(second, network, network, by=admin)
    settings.PUBLIC_SITES = {"fire": f"http://{FIRE}"}
    assert channels.open_channel(second, "site", "Newsroom", by=admin).url.startswith(
        f"http://{FIRE}"
    )


def test_the_record_captures_each_page_where_it_stands(fire, settings, tmp_path):
    page = a_page(fire, "The mill is open again.")
    keep_pages()
    showing = Showing.objects.get()
    assert showing.url == page.receipt.url
    assert showing.captured


def test_pictures_of_all_stand_at_the_address_that_is_for_pictures(police, fire, settings):
    settings.MEDIA_ORIGIN = "http://media.example"
    settings.ALLOWED_HOSTS = [*settings.ALLOWED_HOSTS, "media.example"]
    for agency, host in ((police, DESK), (fire, FIRE)):
        page = a_page(agency, pictures=[a_picture()])
        led = at(host, f"/newsroom/{page.key}/picture-0")
        assert led.headers["Location"] == f"http://media.example/newsroom/{page.key}/picture-0"
        assert at("media.example", f"/newsroom/{page.key}/picture-0").status_code == 200
    for host in ("media.example", "media.example.", "MEDIA.example"):
        assert at(host, f"/newsroom/{page.key}/picture-0").status_code == 200
        assert at(host, f"/newsroom/{page.key}").status_code == 404
        assert at(host, "/account/login/").status_code == 404


def test_the_command_tells_where_the_public_finds_each(police, fire, settings):
    settings.PUBLIC_SITES = {**settings.PUBLIC_SITES, "sea": "http://sea.example"}
    given.an_agency(name="Tax Office", slug="tax")
    out = io.StringIO()
    call_command("agency", "list", stdout=out)
    told = out.getvalue()
    assert f"harbour: Harbour Police, http://{DESK}" in told
    assert f"fire: Fire Service, http://{FIRE}" in told
    assert "tax: Tax Office, the public finds it nowhere yet" in told
    assert "names sea, which is no agency" in told


def test_a_letter_names_the_address_of_its_agency(fire):
    channel = a_list(agency=fire)
    reader = a_reader(channel)
    recipient = a_letter(channel).handings.get()
    raw = letter_for(recipient, reader).decode()
    assert f"List-ID: <{channel.pk.hex}.{FIRE}>" in raw
    assert f"http://{FIRE}/letters/leave/" in raw
    assert "http://localhost" not in raw


def test_an_account_does_not_change_its_address_for_ever(police, settings):
    """Its ids are in other people's timelines: a new address is another account."""
    account = an_account(agency=police, name="harbour")
    settings.PUBLIC_SITES = {"harbour": "http://news.harbour.example"}
    with pytest.raises(Exception, match="for ever"):
        account.prove()
