"""Where the public answers, and reads what everybody said."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone
from tests import given

from commonground.learn import actions
from commonground.learn.tests.given import a_counted_pulse, a_pulse, a_pulse_draft

pytestmark = pytest.mark.django_db
CHOSEN = {"safety": "4", "fairness": "0", "respect": "2", "voice": "5", "trait_0": "1"}


def a_code(pulse):
    second = given.a_member(agency=pulse.agency, roles=["approver"])
    return actions.make_pulse_codes(pulse, many=1, by=second)[0]


def test_one_page_one_press_no_cookie(client):
    pulse = a_pulse()
    page = client.get(f"/pulse/{pulse.word}/")
    assert page.status_code == 200
    assert "<script" not in page.content.decode()
    answer = client.post(f"/pulse/{pulse.word}/", {**CHOSEN, "code": a_code(pulse)})
    assert answer.status_code == 302
    assert "Thank you" in client.get(answer.headers["Location"]).content.decode()
    assert not client.cookies
    assert pulse.replies.get().said == {"scores": [4, None, 2, 5], "traits": [1, -1]}


def test_a_wrong_code_loses_no_answer(client):
    pulse = a_pulse()
    answer = client.post(f"/pulse/{pulse.word}/", {**CHOSEN, "code": "AAAA-BBBB-CCCC"})
    assert answer.status_code == 409
    page = answer.content.decode()
    assert "We do not know this code" in page
    assert page.count(" checked") == 4
    assert not pulse.replies.exists()


def test_a_form_of_another_site_is_not_counted(client):
    pulse = a_pulse(kinds=["open"])
    typed = {"path": f"/pulse/{pulse.word}/", "data": CHOSEN}
    assert client.post(**typed, headers={"Sec-Fetch-Site": "cross-site"}).status_code == 403
    assert client.post(**typed, headers={"Sec-Fetch-Site": "same-origin"}).status_code == 302
    assert pulse.replies.count() == 1


def test_it_is_asked_in_the_readers_language(client):
    pulse = a_pulse(languages=["en", "fr", "es"], words={"es": [f"línea {n}" for n in range(10)]})
    french = client.get(f"/pulse/{pulse.word}/", headers={"Accept-Language": "fr"}).content.decode()
    assert "moins de 30 ans" in french
    assert 'lang="fr"' in french
    spanish = client.get(f"/pulse/{pulse.word}/?in=es").content.decode()
    assert "línea 3" in spanish
    assert 'hreflang="fr"' in spanish


def test_a_draft_or_a_drills_is_not_there(client):
    pulse = a_pulse()
    drill = given.an_agency(drill=True)
    hidden = [a_pulse_draft(by=given.a_member(agency=pulse.agency)),
              a_pulse_draft(by=given.a_member(agency=drill))]  # fmt: skip
    assert [client.get(f"/pulse/{one.word}/").status_code for one in hidden] == [404, 404]


def test_afterwards_it_says_that_it_is_over(client):
    pulse = a_pulse()
    with time_machine.travel(pulse.closes_at + timedelta(hours=1)):
        assert "This round is closed" in client.get(f"/pulse/{pulse.word}/").content.decode()


def test_what_people_said_stands_there_with_intervals_and_what_is_unknown(client):
    assert client.get("/pulse/").status_code == 404
    by = given.a_member()
    assert "Nobody was asked yet" in client.get("/pulse/").content.decode()
    pulse = a_counted_pulse(by=by, kinds=["code", "open"])
    page = client.get("/pulse/").content.decode()
    told = pulse.figures["code"]["scores"]["safety"]["score"]
    assert f"{told['mean']:.0f} of 100, most likely {told['low']:.0f} to {told['high']:.0f}" in page
    for words in ("<svg", "All rounds in figures", "What we do not know", "Open to anyone",
                  "not as a measure", "120", "By area", pulse.sha256):  # fmt: skip
        assert words in page


def test_of_few_nothing_is_told(client):
    pulse = a_counted_pulse(many=9, kinds=["code", "open"])
    page = client.get("/pulse/").content.decode()
    assert "fewer than ten answered with a code" in page
    assert "most likely" not in page
    assert client.get("/pulse/figures.json").json()["rounds"][0]["figures"]["code"] == {
        "people": 0, "few": True
    }  # fmt: skip
    assert pulse.replies.count() == 21


def test_machines_get_sums_and_the_digest_and_no_single_answer(client):
    pulse = a_counted_pulse()
    said = client.get("/pulse/figures.json").json()["rounds"]
    assert said[0]["sha256_of_figures"] == pulse.sha256
    assert said[0]["figures"] == pulse.figures
    assert said[0]["invited_with_codes"] == 120
    assert "said" not in str(said)


def test_rounds_of_later_times_are_drawn_beside_it(client):
    by = given.a_member()
    a_counted_pulse(by=by)
    with time_machine.travel(timezone.now() + timedelta(days=90)):
        a_counted_pulse(by=by, many=60)
        page = client.get("/pulse/").content.decode()
    assert page.count('r="4"') == 8


def test_what_may_be_left_out_is_said_once(client):
    page = client.get(f"/pulse/{a_pulse(kinds=['code', 'open']).word}/").content.decode()
    assert "Leave out what you like" in page
    assert "(optional)" not in page
