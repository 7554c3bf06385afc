"""Of the names that pass by while we listen, only those that resemble ours are kept."""

import pytest
from tests import given

from commonground.hear.engine.heard import Heard
from commonground.hear.listening.ear import Ear
from commonground.protect.models import Impostor

pytestmark = pytest.mark.django_db


@pytest.fixture
def agency():
    return given.an_agency(name="Harbour Police", slug="harbour")


def test_while_we_listen_only_names_that_resemble_ours_are_kept(agency):
    ear = Ear(agency)
    for name in ("jane", "harbourpolicewatch", "harbourpolice_help", "otherpolice"):
        for n in range(3):
            ear.take(Heard(f"{name}{n}", 0.0, "Hello", author=f"https://x.example/@{name}"))
    ear.take(Heard("9", 0.0, "Hello", author="did:plc:harbourpolice"))
    ear.rest()
    case = Impostor.objects.get()
    assert (case.handle, case.found_by) == ("@harbourpolice_help@x.example", "hearing")
