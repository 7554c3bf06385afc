"""Two-way proof, with a real name server and real web servers: what stands, breaks, is unseen."""

import json
from contextlib import ExitStack
from datetime import timedelta

import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone
from tests import given

from commonground.kit.refusals import NotYours
from commonground.protect import actions, queries, tasks
from commonground.protect.engine.register import document, text_of
from commonground.protect.engine.ties import (
    THERE,
    Found,
    Kind,
    Why,
    absent,
    record_for,
    record_of_key,
    unseen,
)
from commonground.protect.line.looking import Account, Eyes, our_key
from commonground.protect.line.names import SECONDS, Unanswered, server, texts_at
from commonground.protect.models import Proof
from commonground.protect.tests.name_server import Names, name_server
from commonground.protect.tests.web_server import web
from commonground.record.engine.notes import signed
from commonground.record.models import Entry
from commonground.record.queries.log import signing_key

DID, OTHER = "did:plc:ours", "did:plc:theirs"
DOMAIN = "police.example"


class World:
    """Our site, one server of theirs, and the DNS, each saying what the test wants."""

    def __init__(self, site: str, place: str, names: Names) -> None:
        self.site, self.place, self.names = site, place, names
        self.pages: dict[str, tuple[int, str]] = {}
        self.eyes = Eyes(site, DOMAIN, our_key(), home=lambda host: place)

    def says(self, path: str, body: object, status: int = 200) -> None:
        self.pages[path] = status, body if isinstance(body, str) else json.dumps(body)

    def look(self, kind: Kind, **but: str):
        account = {"url": f"{self.place}/@police", "handle": f"@{DOMAIN}", "server": self.place}
        return self.eyes.look(kind, Account(**{**account, **but}))


@pytest.fixture
def world(settings):
    pages: dict[str, tuple[int, str]] = {}

    def answer(path, headers):
        status, body = pages.get(path, (404, ""))
        if 300 <= status < 400:
            return status, {"Location": body}, b""
        return status, {"Content-Type": "text/html"}, body.encode()

    with ExitStack() as stack:
        place = stack.enter_context(web(answer))
        names = stack.enter_context(name_server(Names()))
        settings.ENV = settings.ENV.model_copy(
            update={"name_servers": [names.address], "domain": DOMAIN}
        )
        world = World(place, place, names)
        world.pages = pages
        yield world


def found(look):
    return look.found.value, look.why.value


def test_its_page_must_link_to_our_register(world):
    world.says("/@police", f'<link rel="me" href="{world.site}/accounts/">')
    assert world.look(Kind.LINK) == THERE
    world.says("/@police", f'<a href="{world.site}/accounts/">')
    assert found(world.look(Kind.LINK)) == ("absent", "no link")
    world.says("/@police", "", 410)
    assert found(world.look(Kind.LINK)) == ("absent", "gone")
    world.says("/@police", "", 503)
    assert found(world.look(Kind.LINK)) == ("unseen", "silent")


def test_a_page_that_sends_us_to_another_host_proves_nothing(world):
    def other(path, headers):
        return 200, {}, f'<a rel="me" href="{world.site}/accounts/">'.encode()

    with web(other) as elsewhere:
        world.says("/@police", elsewhere.replace("127.0.0.1", "localhost") + "/", 302)
        assert found(world.look(Kind.LINK)) == ("absent", "elsewhere")


def test_our_register_and_our_file_are_read_as_others_get_them(world):
    url = f"{world.place}/@police"
    assert found(world.look(Kind.PAGE)) == ("absent", "not named")
    world.says("/accounts/", f'<a rel="me" href="{url}">')
    assert world.look(Kind.PAGE) == THERE
    file = "/.well-known/commonground-accounts.txt"
    assert found(world.look(Kind.FILE)) == ("absent", "no record")
    world.says(file, a_register(url))
    assert world.look(Kind.FILE) == THERE
    world.says(file, a_register(f"{url}2"))
    assert found(world.look(Kind.FILE)) == ("absent", "not named")
    world.says(file, a_register(url).replace("Riverside", "Rivers1de"))
    assert found(world.look(Kind.FILE)) == ("absent", "unsigned")
    with time_machine.travel(timezone.now() - timedelta(days=8), tick=True):
        old = a_register(url)
    world.says(file, old)
    assert found(world.look(Kind.FILE)) == ("absent", "unsigned")
    world.says(file, "[" * 100_000)
    assert found(world.look(Kind.FILE)) == ("absent", "unsigned")


def a_register(*urls):
    said = document("Riverside", "https://x.example", timezone.now(), [{"url": u} for u in urls],
                    [], [])  # fmt: skip
    name = our_key().name
    return signed(text_of(name, said), name, signing_key())


def test_the_dns_names_the_account_or_another_or_none(world):
    under = f"_commonground.{DOMAIN}"
    assert found(world.look(Kind.NAME)) == ("absent", "no record")
    world.names.texts[under] = ["v=spf1 -all", record_for(f"{world.place}/@other")]
    assert found(world.look(Kind.NAME)) == ("absent", "not named")
    world.names.texts[under].append(record_for(f"{world.place}/@police"))
    assert world.look(Kind.NAME) == THERE
    world.names.texts[under].append(record_of_key("police.example/accounts+00+AAAA"))
    assert found(world.look(Kind.NAME)) == ("absent", "other key")
    world.names.texts[under].append(record_of_key(str(our_key())))
    assert world.look(Kind.NAME) == THERE


def test_more_names_than_fit_one_packet_are_asked_for_again_in_full(world):
    under = f"_commonground.{DOMAIN}"
    many = [record_for(f"{world.place}/@{'x' * 80}{n}") for n in range(30)]
    world.names.texts[under] = [*many, record_for(f"{world.place}/@police")]
    assert world.look(Kind.NAME) == THERE
    assert world.names.asked.count(under) > 1


def test_a_name_server_that_fails_or_is_silent_says_nothing_of_us(world):
    world.names.failing = True
    assert found(world.look(Kind.NAME)) == ("unseen", "silent")
    world.names.failing, world.names.silent = False, True
    assert found(world.look(Kind.NAME)) == ("unseen", "silent")
    with pytest.raises(Unanswered):
        texts_at("x" * 64 + ".example")
    assert SECONDS < 10


def test_a_name_of_our_domain_must_lead_back_to_the_very_account(world):
    world.says(f"/xrpc/com.atproto.repo.describeRepo?repo={DOMAIN}", {"did": DID})
    assert found(world.look(Kind.HANDLE)) == ("absent", "no record")
    world.says("/.well-known/atproto-did", f"{DID}\n")
    assert world.look(Kind.HANDLE) == THERE
    world.names.texts[f"_atproto.{DOMAIN}"] = [f"did={OTHER}"]
    assert found(world.look(Kind.HANDLE)) == ("absent", "another")
    world.names.texts[f"_atproto.{DOMAIN}"] = [f"did={DID}"]
    assert world.look(Kind.HANDLE) == THERE
    world.names.texts[f"_atproto.{DOMAIN}"] = [f"did={DID}", f"did={OTHER}"]
    assert world.look(Kind.HANDLE).found == Found.ABSENT
    assert found(world.look(Kind.HANDLE, handle="police.bsky.social")) == ("absent", "foreign")
    world.says(f"/xrpc/com.atproto.repo.describeRepo?repo={DOMAIN}", {"error": "x"}, 400)
    assert found(world.look(Kind.HANDLE)) == ("absent", "gone")


def test_a_server_that_answers_nonsense_is_no_proof_and_no_break(world):
    world.says(f"/xrpc/com.atproto.repo.describeRepo?repo={DOMAIN}", "<html>")
    assert world.look(Kind.HANDLE).found == Found.UNSEEN


def test_addresses_inside_our_own_network_are_not_looked_at(world, settings):
    settings.ENV = settings.ENV.model_copy(update={"allow_private_addresses": False})
    assert world.look(Kind.LINK, url="https://127.0.0.1/@police").found == Found.UNSEEN


@pytest.mark.parametrize(
    ("named", "host", "port"),
    [("192.0.2.1", "192.0.2.1", 53), ("192.0.2.1:5353", "192.0.2.1", 5353),
     ("2001:db8::1", "2001:db8::1", 53), ("[2001:db8::1]:5353", "2001:db8::1", 5353)],
)  # fmt: skip
def test_name_servers_are_named_with_or_without_a_port(named, host, port):
    found = server(named)
    assert (found.address, found.port) == (host, port)


@pytest.fixture
def channel(db):
    return given.a_channel(network="mastodon", url="https://social.example/@police")


class Seen:
    """Eyes that see what the test says, and note what they were asked for."""

    def __init__(self, look=THERE, **but):
        self.all, self.but, self.asked = look, but, []

    def look(self, kind, account):
        self.asked.append(kind)
        return self.but.get(kind.value, self.all)


def rounds(eyes):
    actions.know_proofs()
    while actions.look_at_next_proof(eyes):
        pass


def test_each_proof_is_looked_at_once_a_day_and_a_quiet_day_leaves_no_entry(channel):
    eyes = Seen()
    rounds(eyes)
    rounds(eyes)
    assert sorted(eyes.asked) == ["file", "link", "name", "page"]
    assert Entry.objects.filter(verb="see_proof").count() == 4
    with time_machine.travel(timezone.now() + timedelta(days=1, minutes=1), tick=True):
        rounds(eyes)
    assert len(eyes.asked) == 8
    assert Entry.objects.filter(verb="see_proof").count() == 4


def test_a_drill_a_closed_account_and_one_off_the_list_are_not_looked_at(db):
    agency = given.an_agency()
    url = "https://social.example/@x"
    given.a_channel(agency=agency, network="mastodon", url=url, state="closed")
    given.a_channel(agency=agency, network="mastodon", url=url, listed=False)
    given.a_channel(agency=agency, network="mastodon")
    given.a_channel(agency=agency, network="site", url=url)
    eyes = Seen()
    rounds(eyes)
    assert eyes.asked == []


def health(channel):
    [one] = queries.health_of(channel.agency, timezone.now())
    return one


def test_a_proof_that_breaks_is_told_once_and_again_only_after_it_stood_again(
    channel, mailoutbox, settings
):
    settings.ENV = settings.ENV.model_copy(update={"mail_url": "smtp://x"})
    admin = given.a_member(agency=channel.agency, roles=["admin"])
    broken = Seen(link=absent(Why.NO_LINK))
    for eyes, letters in ((Seen(), 0), (broken, 1), (broken, 1), (Seen(), 1), (broken, 2)):
        Proof.objects.update(looked_at=None)
        rounds(eyes)
        tasks.tell_of_proofs()
        tasks.tell_of_proofs()
        assert len(mailoutbox) == letters
    assert mailoutbox[0].to == [admin.email]
    assert channel.name in mailoutbox[0].subject
    assert "does not link to our register" in mailoutbox[0].body
    assert Entry.objects.filter(verb="break_proof").count() == 2
    assert admin.name in str(Entry.objects.filter(verb="tell_of_proof").first().detail)


def test_what_could_not_be_looked_at_breaks_nothing_and_gets_old(channel):
    rounds(Seen())
    before = health(channel).verified_at
    Proof.objects.update(looked_at=None)
    rounds(Seen(unseen("Nobody answers there.")))
    assert health(channel).verified_at == before
    assert not Proof.objects.broken().exists()


def test_what_was_never_set_up_is_no_break(channel):
    rounds(Seen(name=absent(Why.NO_RECORD)))
    assert health(channel).verified_at
    assert not Proof.objects.broken().exists()


def test_a_break_is_red_on_the_desk_and_said_on_the_register(channel, client):
    rounds(Seen())
    shown = client.get("/accounts/").content.decode()
    assert "verified both ways" in shown
    Proof.objects.update(looked_at=None)
    rounds(Seen(link=absent(Why.NO_LINK)))
    shown = client.get("/accounts/").content.decode()
    assert "a proof is broken" in shown
    assert 'class="tag shared">verified both ways' not in shown

    admin = given.a_member(agency=channel.agency, roles=["admin"])
    client.force_login(admin)
    page = client.get(reverse("protect:accounts")).content.decode()
    assert "broken since" in page
    assert "put this right" in page
    assert record_for(channel.url) not in page  # that one stands: nothing is to be done
    client.post(reverse("protect:look_again"))
    assert not Proof.objects.exclude(looked_at=None).exists()
    with pytest.raises(NotYours):
        actions.look_again(channel.agency, by=given.a_member(agency=channel.agency))
