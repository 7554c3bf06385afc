"""What every test may ask for: the real servers that stand beside the desk."""

import pytest
from django.utils import timezone, translation

pytest_plugins = ["tests.peers.fixtures"]


@pytest.fixture(autouse=True)
def the_language_and_zone_of_the_last_reader_are_forgotten():
    """A page drawn for somebody leaves their language and zone active in the thread."""
    translation.activate("en")
    timezone.deactivate()
    yield
    translation.activate("en")
    timezone.deactivate()
