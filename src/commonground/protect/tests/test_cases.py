"""From a name that resembles us to its end: searched, heard, looked at, reported, gone."""

import io
import json
import random
from datetime import timedelta

import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone
from PIL import Image, ImageDraw
from tests import given

from commonground.channels.contract.profile import Profile
from commonground.channels.networks.bluesky.searching import search as search_bluesky
from commonground.channels.networks.mastodon.searching import search as search_mastodon
from commonground.kit.apart import Unusable, apart
from commonground.kit.outbound import Unreachable
from commonground.kit.refusals import MovedOn, NotYours, Refused
from commonground.protect import actions, tasks
from commonground.protect.actions import impostors
from commonground.protect.engine.impostors import Likeness, Match
from commonground.protect.engine.portraits import MEMORY, SECONDS, are_alike
from commonground.protect.models import Impostor, PlaceSearched
from commonground.protect.tests.web_server import web
from commonground.record.models import Entry

pytestmark = pytest.mark.django_db


@pytest.fixture
def agency():
    return given.an_agency(name="Harbour Police", slug="harbour")


@pytest.fixture
def approver(agency):
    return given.a_member(agency=agency, roles=["approver"])


def a_case(agency, handle="@harbourpolice_official@evil.example", **but):
    url = but.pop("url", f"https://evil.example/{handle}")
    seen = Profile(handle, url, "Harbour Police")
    return impostors.notice(agency, seen, "mastodon", Match(Likeness.ADDED), found_by="search")


def drawn(seed, size=200):
    paper, chance = Image.new("RGB", (size, size), "white"), random.Random(seed)  # noqa: S311
    brush = ImageDraw.Draw(paper)
    for _ in range(12):
        x, y, r = (chance.randrange(size) for _ in "xyr")
        colour = tuple(chance.randrange(256) for _ in "rgb")
        brush.ellipse([x - r // 3, y - r // 3, x + r // 3, y + r // 3], fill=colour)
    return paper


def encoded(image, kind="PNG", **how):
    out = io.BytesIO()
    image.save(out, kind, **how)
    return out.getvalue()


PICTURES = {"/ours.png": encoded(drawn(1)), "/copy.png": encoded(drawn(1).resize((90, 90))),
            "/other.png": encoded(drawn(2))}  # fmt: skip


@pytest.fixture
def server():
    """A Mastodon server that knows us, one that copies us, and people."""
    asked = []

    def answer(path, headers):
        asked.append((path, headers))
        if path in PICTURES:
            return 200, {}, PICTURES[path]
        accounts = [
            {"acct": "harbourpolice", "url": f"{where}/@harbourpolice", "display_name": "Ours",
             "avatar_static": f"{where}/ours.png"},
            {"acct": "harbourpo1ice", "url": f"{where}/@harbourpo1ice", "display_name": "Harbour",
             "avatar_static": f"{where}/copy.png"},
            {"acct": "harbourpolicehelp", "url": f"{where}/@harbourpolicehelp",
             "avatar_static": f"{where}/other.png"},
            {"acct": "harbourpolicewatch", "url": f"{where}/@harbourpolicewatch"},
            {"acct": "jane", "url": f"{where}/@jane", "display_name": "Jane Harbour"},
            {"acct": 7}, "nonsense", {"acct": "harbourpolice", "url": "javascript:alert(1)"},
        ]  # fmt: skip
        return 200, {}, json.dumps({"accounts": accounts}).encode()

    with web(answer) as where:
        yield where, asked


def test_a_search_finds_what_resembles_us_and_keeps_nobody_else(agency, server):
    where, asked = server
    host = where.removeprefix("http://")
    given.a_channel(agency=agency, network="mastodon", address=where,
                    handle=f"@harbourpolice@{host}", url=f"{where}/@harbourpolice")  # fmt: skip
    impostors.know_places()
    place = impostors.search_next(timezone.now())
    assert place.address == where
    found = {case.handle: case for case in Impostor.objects.all()}
    assert set(found) == {f"@harbourpo1ice@{host}", f"@harbourpolicehelp@{host}"}
    assert found[f"@harbourpo1ice@{host}"].same_picture
    assert not found[f"@harbourpolicehelp@{host}"].same_picture
    assert all("jane" not in str(e.detail) for e in Entry.objects.all())
    searched = [path for path, _headers in asked if path.startswith("/api/v2/search")]
    assert all("Harbour" in path or "harbour" in path for path in searched)
    assert not any("authorization" in headers for _path, headers in asked)

    assert impostors.search_next(timezone.now()) is None  # twice a day is enough
    PlaceSearched.objects.update(searched_at=None)
    impostors.search_next(timezone.now())
    assert Impostor.objects.count() == 2
    assert Entry.objects.filter(verb="find_impostor").count() == 2


@pytest.mark.parametrize("search", [search_mastodon, search_bluesky])
@pytest.mark.parametrize("body", ["", "[]", "[" * 50_000, '{"accounts": 3, "actors": {}}', "null"])
def test_a_server_that_answers_nonsense_is_told_as_trouble(search, body):
    with web(lambda path, headers: (200, {}, body.encode())) as where, pytest.raises(Unreachable):
        search(where, "x")


def test_bluesky_is_searched_by_lasting_names():
    actors = [{"did": "did:plc:abc", "handle": "harbourpolice.bsky.social", "displayName": "X"},
              {"handle": "no.did"}, {"did": "did:plc:../x", "handle": "y.example"}]  # fmt: skip
    with web(lambda path, headers: (200, {}, json.dumps({"actors": actors}).encode())) as where:
        found = search_bluesky(where, "harbour")
    assert found[0].url == "https://bsky.app/profile/did:plc:abc"
    assert "/.." not in found[1].url


def test_a_place_that_cannot_be_searched_says_why(agency):
    given.a_channel(agency=agency, network="mastodon", handle="@harbourpolice@x",
                    address="http://127.0.0.1:1")  # fmt: skip
    impostors.know_places()
    assert impostors.search_next(timezone.now()).agency == agency
    assert PlaceSearched.objects.get().trouble


def test_names_judged_do_not_fill_the_memory(agency):
    names = actions.NamesHeard(agency)
    for n in range(names.MOST + 10):
        names.hear(f"https://x.example/@{n}")
    assert len(names.judged) <= names.MOST


def test_it_is_looked_at_reported_and_gone_and_each_step_stands_in_the_record(
    agency, approver, client
):
    case = a_case(agency)
    client.force_login(approver)
    page = client.get(case.get_absolute_url()).content.decode()
    assert "Somebody must look" in page
    assert case.handle in client.get(reverse("answer:first_page")).content.decode()
    steps = [
        ("report", {}, 409, "found"),
        ("look_into", {}, 302, "looked at"),
        ("report", {"number": "T-1"}, 302, "reported"),
        ("note_refusal", {"reason": " "}, 422, "reported"),
        ("note_refusal", {"reason": "They call it parody."}, 302, "kept"),
        ("report", {}, 302, "reported"),
        ("note_gone", {}, 302, "gone"),
        ("take_up_again", {}, 302, "looked at"),
        ("find_harmless", {"reason": "A choir."}, 302, "harmless"),
    ]
    for verb, typed, status, state in steps:
        reply = client.post(reverse(f"protect:{verb}", args=[case.pk]), typed)
        case.refresh_from_db()
        assert (reply.status_code, case.state) == (status, state), verb
    verbs = set(Entry.objects.about(case).values_list("verb", flat=True))
    assert {"find_impostor", "look_into", "report", "note_refusal", "note_gone"} <= verbs


def test_the_public_is_told_only_once_a_person_said_so(agency, approver, client):
    case = a_case(agency)
    asked = f"/accounts/?account={case.handle}"

    def told():
        return (
            case.url in client.get("/accounts/").content.decode(),
            case.url in client.get("/.well-known/commonground-accounts.txt").content.decode(),
            "We know this account" in client.get(asked).content.decode(),
        )

    assert told() == (False, False, False)
    actions.look_into(case, by=approver)
    assert told() == (False, False, False)
    actions.report(case, by=approver)
    assert told() == (True, True, True)
    actions.note_gone(case, by=approver)
    assert told() == (True, True, True)
    with time_machine.travel(timezone.now() + timedelta(days=366), tick=True):
        assert told() == (False, False, False)


def test_an_author_sees_it_and_decides_nothing_and_another_agency_sees_nothing(agency, client):
    case, author = a_case(agency), given.a_member(agency=agency)
    with pytest.raises(NotYours):
        actions.look_into(case, by=author)
    with pytest.raises(NotYours):
        actions.look_into(case, by=given.a_member(roles=["approver"]))
    client.force_login(author)
    assert "An approver says" in client.get(case.get_absolute_url()).content.decode()
    client.force_login(given.a_member(roles=["approver"]))
    assert client.get(case.get_absolute_url()).status_code == 404


def test_of_two_who_decide_at_once_one_is_told(agency, approver):
    case = a_case(agency)
    as_seen_by_another = Impostor.objects.get(pk=case.pk)
    actions.look_into(case, by=approver)
    with pytest.raises(MovedOn):
        actions.look_into(as_seen_by_another, by=approver)


def test_a_harmless_name_is_forgotten_after_thirty_days_and_not_found_again(agency, approver):
    case = actions.look_into(a_case(agency), by=approver)
    actions.find_harmless(case, reason="The choir of the police.", by=approver)
    actions.forget_harmless(timezone.now() + timedelta(days=29))
    assert Impostor.objects.get().handle
    actions.forget_harmless(timezone.now() + timedelta(days=31))
    kept = Impostor.objects.get()
    assert (kept.handle, kept.url, kept.called, kept.note) == ("", "", "", "")
    assert a_case(agency) is None
    assert Impostor.objects.count() == 1


def test_people_are_told_at_once_and_reminded_every_three_days(
    agency, approver, settings, mailoutbox
):
    settings.ENV = settings.ENV.model_copy(update={"mail_url": "smtp://x"})
    case = a_case(agency)
    tasks.tell_of_impostors()
    tasks.tell_of_impostors()
    assert len(mailoutbox) == 1
    assert "could pass for us" in mailoutbox[0].subject
    actions.report(actions.look_into(case, by=approver), by=approver)
    for days, letters in ((2, 1), (4, 2), (5, 2), (8, 3)):
        with time_machine.travel(timezone.now() + timedelta(days=days), tick=True):
            tasks.tell_of_impostors()
        assert len(mailoutbox) == letters
    actions.note_gone(Impostor.objects.get(), by=approver)
    with time_machine.travel(timezone.now() + timedelta(days=60), tick=True):
        tasks.tell_of_impostors()
    assert len(mailoutbox) == 3


def test_what_was_reported_is_looked_at_daily_and_a_person_says_that_it_is_gone(agency, approver):
    status = [200]
    with web(lambda path, headers: (status[0], {}, b"")) as where:
        case = actions.look_into(a_case(agency, url=f"{where}/@x"), by=approver)
        actions.report(case, by=approver)
        for answer, is_missing in ((200, False), (410, True), (503, True), (200, False)):
            status[0] = answer
            Impostor.objects.update(looked_at=None)
            actions.look_at_reported(timezone.now())
            assert bool(Impostor.objects.get().missing_since) == is_missing
    assert Impostor.objects.get().state == "reported"


def test_a_member_adds_one_and_not_our_own_and_not_twice(agency, client):
    author = given.a_member(agency=agency)
    given.a_channel(agency=agency, network="x", handle="HarbourPolice",
                    url="https://x.example/HarbourPolice")  # fmt: skip
    client.force_login(author)
    typed = {"handle": "@hp_real", "url": "https://x.example/hp_real", "network": "x"}
    assert client.post(reverse("protect:add_impostor"), typed).status_code == 302
    assert Impostor.objects.get().likeness == "told"
    assert client.post(reverse("protect:add_impostor"), typed).status_code == 409
    with pytest.raises(Refused):
        actions.add_impostor(agency, handle="HarbourPolice", network="x", by=author,
                             url="https://x.example/HarbourPolice")  # fmt: skip
    assert client.post(reverse("protect:add_impostor"), {"url": "x"}).status_code == 422


def print_of(picture):
    work = "commonground.protect.engine.portraits:hash_of"
    return apart(work, picture, seconds=SECONDS, memory=MEMORY).decode()


def test_copies_of_a_portrait_look_alike_and_others_do_not():
    ours = print_of(PICTURES["/ours.png"])
    for copy in (encoded(drawn(1), "JPEG", quality=40), encoded(drawn(1).resize((60, 60))),
                 encoded(drawn(1).convert("L")), encoded(drawn(1), "WEBP")):  # fmt: skip
        assert are_alike(ours, print_of(copy))
    for seed in range(2, 8):
        assert not are_alike(ours, print_of(encoded(drawn(seed))))


@pytest.mark.parametrize(
    "bytes_",
    [b"", b"<svg/>", b"GIF89a" + b"\0" * 40, PICTURES["/ours.png"][:200],
     encoded(Image.new("1", (3_000, 3_000))), encoded(Image.new("RGB", (50, 50), "navy"))],
)  # fmt: skip
def test_what_is_no_portrait_is_refused_and_the_desk_goes_on(bytes_):
    with pytest.raises(Unusable):
        print_of(bytes_)
