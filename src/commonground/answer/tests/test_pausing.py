"""A line that failed is asked again soon at first, and rarely in the end."""

from datetime import timedelta

import pytest
from django.utils import timezone
from tests import given

from commonground.answer.models import Line
from commonground.answer.tasks import note, pause
from commonground.channels.contract import Busy

S = timedelta(seconds=1)


@pytest.mark.parametrize(
    ("silent", "wait"), [(0, 2), (3, 2), (8, 2), (20, 5), (100, 25), (240, 60), (90_000, 60)]
)
def test_it_waits_a_quarter_of_how_long_nothing_was_heard(silent, wait):
    now = timezone.now()
    assert pause(now - silent * S, now) == wait * S


def test_a_line_that_was_never_heard_is_asked_rarely():
    assert pause(None, timezone.now()) == 60 * S


@pytest.mark.django_db
def test_a_network_that_says_when_is_left_alone_until_then():
    heard, later = timezone.now() - 3 * S, timezone.now() + 900 * S
    line = Line.objects.create(channel=given.a_channel(network="mastodon"), heard_at=heard)

    note(line, Busy("The line was cut."))
    line.refresh_from_db()
    assert timezone.now() < line.next_at < timezone.now() + 3 * S

    note(line, Busy("Too many questions.", later))
    line.refresh_from_db()
    assert line.next_at == later
