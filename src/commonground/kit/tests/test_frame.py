"""The frame: who sees it, what it says, and that it holds without script."""

from datetime import timedelta

import pytest
import time_machine
from django import forms
from django.template import Context, Template
from django.test import Client, RequestFactory
from django.utils import timezone, translation
from tests import given

from commonground.kit.forms import ReasonForm
from commonground.kit.middleware import ExplainRefusals
from commonground.kit.refusals import MovedOn


def drawn(text, **context):
    return Template("{% load kit %}" + text).render(Context(context))


@pytest.fixture
def desk(client):
    client.member = given.a_member(name="Officer Reyes")
    client.force_login(client.member)
    return client


@pytest.mark.django_db
def test_a_member_sees_whose_desk_it_is_and_that_it_is_live(desk):
    page = desk.get("/").content.decode()
    assert desk.member.agency.name in page
    assert "LIVE" in page
    assert "DRILL" not in page


@pytest.mark.django_db
def test_a_drill_says_so_in_words_at_both_ends(client):
    client.force_login(given.a_member(agency=given.an_agency(drill=True)))
    page = client.get("/").content.decode()
    assert page.count("DRILL. Nothing here reaches the public.") == 2
    assert "LIVE" not in page


@pytest.mark.django_db
def test_a_visitor_is_shown_the_newsroom(client):
    assert client.get("/").headers["Location"] == "/newsroom/"


@pytest.mark.django_db
def test_help_is_for_members(client):
    assert client.get("/desk/help/").headers["Location"].startswith("/account/login/")


@pytest.mark.django_db
def test_the_frame_runs_no_script_of_its_own_in_the_page(desk):
    page = desk.get("/").content.decode()
    assert " onclick" not in page
    assert "style=" not in page
    assert "<script>" not in page


@pytest.mark.django_db
def test_the_desk_speaks_french_when_asked():
    visitor = Client(enforce_csrf_checks=True)
    visitor.post("/language/", {"language": "fr", "next": "/account/login/"})
    assert 'lang="fr"' in visitor.get("/account/login/").content.decode()


@pytest.mark.django_db
def test_an_address_that_is_not_there_says_so_in_words(client):
    answer = client.get("/nowhere/")
    assert answer.status_code == 404
    assert "There is nothing at this address" in answer.content.decode()


def test_the_page_for_our_own_failures_needs_nothing_to_be_drawn():
    page = Template("{% include '500.html' %}").render(Context())
    assert "Something broke on our side" in page


@pytest.mark.django_db
def test_a_refusal_becomes_a_page_that_says_why(rf: RequestFactory):
    explain = ExplainRefusals(lambda request: None)
    request = rf.get("/")
    answer = explain.process_exception(request, MovedOn("Someone was quicker."))
    assert answer.status_code == 409
    assert "Someone was quicker." in answer.content.decode()
    fragment = rf.get("/", headers={"HX-Request": "true"})
    answer = explain.process_exception(fragment, MovedOn("Someone was quicker."))
    assert "<html" not in answer.content.decode()
    assert answer["HX-Retarget"] == "#notes"


def test_a_wrong_form_lists_what_is_wrong_with_links_to_it():
    page = str(ReasonForm({"reason": ""}))
    assert 'href="#id_reason"' in page
    assert 'aria-invalid="true"' in page
    assert 'aria-describedby="id_reason_helptext id_reason_error"' in page
    assert 'id="id_reason_error"' in page


def test_boxes_and_choices_have_their_words_beside_them():
    class Odd(forms.Form):
        yes = forms.BooleanField()
        one = forms.ChoiceField(widget=forms.RadioSelect, choices=[("a", "A")])

    page = str(Odd({}))
    assert page.count("<fieldset") == 1
    assert "<legend>One</legend>" in page
    assert page.index('type="checkbox"') < page.index("<span>Yes</span>")


@pytest.mark.parametrize(
    ("ahead", "words"),
    [
        (timedelta(seconds=5), "just now"),
        (timedelta(minutes=-5), "5 min ago"),
        (timedelta(hours=3, minutes=7), "in 3 h 7 min"),
        (timedelta(hours=71, minutes=12), "in 71 h"),
        (timedelta(days=-9), "9 days ago"),
    ],
)
def test_times_are_exact_and_told_as_people_say_them(ahead, words):
    with time_machine.travel("2026-11-22T14:00:00Z", tick=False):
        shown = drawn("{% when at %}", at=timezone.now() + ahead)
    assert words in shown
    assert "UTC" in shown
    assert 'datetime="' in shown


def test_no_time_draws_nothing():
    assert drawn("{% when at %}", at=None) == ""


def test_the_clock_says_what_is_left_in_words():
    with time_machine.travel("2026-11-22T14:00:00Z", tick=False):
        now = timezone.now()
        shown = drawn("{% clock a b %}", a=now - timedelta(hours=1), b=now + timedelta(hours=3))
        over = drawn("{% clock a b %}", a=now - timedelta(hours=2), b=now - timedelta(hours=1))
    assert "3 h left" in shown
    assert "25% of it has passed" in shown
    assert "The window has closed" in over


def test_a_place_that_does_not_exist_is_not_linked():
    assert drawn('{% place "nobody:knows" "There" "x" %}').strip() == ""


def test_right_to_left_languages_turn_the_page():
    with translation.override("ar"):
        assert 'dir="rtl"' in Template("{% include '404.html' %}").render(Context())
