"""The desk's side of the pulse."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone
from tests import given

from commonground.learn.models import Census, Pulse
from commonground.learn.tests.given import a_census, a_counted_pulse, a_pulse, a_pulse_draft
from commonground.learn.tests.test_census import SOUND

pytestmark = pytest.mark.django_db


@pytest.fixture
def officer(client):
    member = given.a_member(roles=["author", "approver"])
    client.force_login(member)
    return member


def a_file(text, name="census.csv"):
    return SimpleUploadedFile(name, text if isinstance(text, bytes) else text.encode())


def bring(client, text):
    return client.post(
        reverse("learn:bring_census"), {"source": "Census 2026", "table": a_file(text)}
    )


def test_nothing_yet_says_what_to_do_first(client, officer):
    page = client.get(reverse("learn:pulses")).content.decode()
    assert "Nobody was asked yet" in page
    assert "Bring census figures" in page
    assert "New round" not in page


def test_census_figures_are_brought_as_a_table(client, officer):
    assert bring(client, SOUND).status_code == 302
    census = Census.objects.get()
    assert census.agency == officer.agency
    assert [t["name"] for t in census.traits] == ["age", "area", "language"]
    assert "New round" in client.get(reverse("learn:pulses")).content.decode()


def test_what_is_wrong_with_a_table_is_told_line_by_line(client, officer):
    answer = bring(client, SOUND.replace("23410", "many").replace("fr,24410", "French,24410"))
    assert answer.status_code == 422
    page = answer.content.decode()
    assert "Line 2: “many” is no number of people" in page
    assert "Line 7: “French” is no code of a language" in page
    answer = bring(client, SOUND.encode("latin-1"))
    assert "Line 2: save the file as UTF-8" in answer.content.decode()
    assert not Census.objects.exists()


def test_a_round_is_drafted_in_the_agencys_languages(client, officer):
    a_census(by=officer)
    officer.agency.languages = ["en", "pt"]
    officer.agency.save()
    typed = {
        "word": "spring", "kinds": ["code"],
        "closes_at": (timezone.now() + timedelta(days=9)).strftime("%Y-%m-%dT%H:%M"),
        "words_pt": "\n".join(f"linha {n}" for n in range(9)),
    }  # fmt: skip
    answer = client.post(reverse("learn:draft_pulse"), typed)
    assert "9 lines, not ten" in answer.content.decode()
    typed["words_pt"] += "\nnão digo"
    assert client.post(reverse("learn:draft_pulse"), typed).status_code == 302
    pulse = Pulse.objects.get()
    assert pulse.languages == ["en", "pt"]
    page = client.get(pulse.get_absolute_url()).content.decode()
    assert "linha 3" in page
    assert "You need another person" in page


def test_without_census_figures_no_round(client, officer):
    answer = client.get(reverse("learn:draft_pulse"))
    assert answer.status_code == 409
    assert "Bring the census figures first" in answer.content.decode()


def test_a_second_person_reads_and_opens(client, officer):
    pulse = a_pulse_draft(by=given.a_member(agency=officer.agency))
    page = client.get(reverse("learn:open_pulse", args=[pulse.pk]))
    assert "I feel safe where I live." in page.content.decode()
    assert "Je me sens en" in page.content.decode()
    read = page.context["form"].initial["read"]
    typed = {"read": read, "have_read": "on"}
    assert client.post(reverse("learn:open_pulse", args=[pulse.pk]), typed).status_code == 302
    pulse.refresh_from_db()
    assert pulse.running


def test_codes_are_shown_once(client, officer):
    pulse = a_pulse(by=officer)
    address = reverse("learn:make_pulse_codes", args=[pulse.pk])
    page = client.post(address, {"many": 3})
    assert len(page.context["codes"]) == 3
    assert page.context["codes"][0] in page.content.decode()
    assert "no-store" in page.headers["Cache-Control"]
    assert page.context["codes"][0] not in client.get(address).content.decode()


def test_a_counted_round_shows_scores_groups_and_how_sure_they_are(client, officer):
    page = client.get(a_counted_pulse(by=officer).get_absolute_url()).content.decode()
    for words in ("Safety", "By area", "under 30", "design effect", "Of them nothing is known"):
        assert words in page


def test_of_a_round_that_few_answered_nothing_is_shown(client, officer):
    page = client.get(a_counted_pulse(by=officer, many=7).get_absolute_url()).content.decode()
    assert "Too few to tell" in page
    assert "fewer than ten" in page
