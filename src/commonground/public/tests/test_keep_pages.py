"""The record holds each page of the newsroom as a visitor got it."""

from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone
from tests import given

from commonground.channels.networks.site.models import Page
from commonground.public.tasks import keep_pages
from commonground.record.models import Entry, Showing
from commonground.record.queries.captures import captured

pytestmark = pytest.mark.django_db


def a_page(**but):
    channel = but.pop("channel", None) or given.a_channel(network="site")
    n = Page.objects.count()
    said = {"key": f"3k2abcdefgh2{n}", "title": "Bridge", "text": "The bridge is closed.",
            "fingerprint": "f" * 64}  # fmt: skip
    return Page.objects.create(channel=channel, **{**said, **but})


def captures():
    return [(e.detail["what"], captured(e).body.decode())
            for e in Entry.objects.filter(verb="capture").order_by("number")]  # fmt: skip


def test_a_page_is_captured_as_anybody_gets_it_and_once():
    a_page()
    keep_pages()
    keep_pages()
    ((what, html),) = captures()
    assert what == "published"
    assert "<h1>Bridge</h1>" in html
    assert "The bridge is closed." in html
    assert Entry.objects.get().detail["status"] == 200


def test_a_page_that_is_corrected_or_taken_back_is_captured_again():
    page = a_page()
    keep_pages()
    a_page(channel=page.channel, corrects=page, title="Correction", text="The bridge is open.")
    keep_pages()
    Page.objects.filter(pk=page.pk).update(withdrawn_at=timezone.now(), why="Wrong bridge.")
    keep_pages()
    keep_pages()
    found = captures()
    assert [what for what, _ in found].count("changed") == 1
    assert [what for what, _ in found].count("published") == 2
    gone = [html for what, html in found if what == "gone"]
    assert len(gone) == 1
    assert "Wrong bridge." in gone[0]
    assert "The bridge is closed." not in gone[0]
    assert Showing.objects.get(subject=f"page:{page.pk}").gone_at is not None


def test_a_page_nobody_can_read_is_a_gap(settings):
    page = a_page()
    settings.ALLOWED_HOSTS = []
    keep_pages()
    assert captures() == []
    showing = Showing.objects.get(subject=f"page:{page.pk}")
    assert (showing.captured, showing.why) == (None, "400")
    later = showing.next_at + timedelta(seconds=1)
    with time_machine.travel(later):
        settings.ALLOWED_HOSTS = ["*"]
        keep_pages()
    assert [what for what, _ in captures()] == ["published"]
