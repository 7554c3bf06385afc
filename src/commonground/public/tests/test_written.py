"""What people write on our own site: in no copy that stays for ever, and told of to nobody else."""

from __future__ import annotations

import asyncio

import pytest
from django.test import Client
from django.utils import timezone

from commonground.answer.tests import talking
from commonground.channels.networks.site.models import Page
from commonground.public.tasks import as_a_visitor
from commonground.public.views.chats import without_details

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("no_time_to_undo")]


@pytest.fixture
def no_time_to_undo(settings):
    settings.ENV = settings.ENV.model_copy(update={"undo_seconds": 0})


@pytest.fixture
def newsroom():
    return talking.a_newsroom()


def test_what_people_wrote_is_in_no_copy_of_our_page_that_stays_for_ever(newsroom):
    page = talking.a_page(newsroom)
    talking.open_comments(newsroom)
    talking.ask("My own words.", at=f"/newsroom/{page.key}/comment/")
    shown = Client().get(page.get_absolute_url()).content
    assert b"My own words." in shown
    kept = as_a_visitor(page.receipt.url)
    assert kept.status == 200
    assert b"My own words." not in kept.body
    assert page.text.encode() in kept.body
    with_header = Client().get(page.get_absolute_url(), HTTP_COMMONGROUND_CAPTURED="yes")
    assert b"My own words." in with_header.content


def test_the_live_line_tells_nobody_outside_what_the_desk_does():
    async def told():
        async def lines():
            yield 'id: 7\nevent: changed\ndata: {"conversation": 2, "post": 1}\n\n'
            yield 'id: 8\nevent: changed\ndata: {"delivery": 1, "measure": 3}\n\n'
            yield ": still here\n\n"

        return [event async for event in without_details(lines())]

    assert asyncio.run(told()) == ["event: changed\ndata: {}\n\n", ": still here\n\n"]


def test_a_post_that_was_taken_back_is_not_drawn_for_a_form_with_a_mistake(newsroom):
    """Whoever sends nothing at all is not shown what nobody reads any more."""
    talking.open_comments(newsroom)
    page = talking.a_page(newsroom, "The bridge is closed until six.")
    Page.objects.filter(pk=page.pk).update(withdrawn_at=timezone.now())
    answer = talking.ask("", at=f"/newsroom/{page.key}/comment/")
    assert answer.status_code == 409
    assert "until six" not in answer.content.decode()
