"""A pretended network in place of the rehearsal, so that every fault can be scripted."""

from dataclasses import replace
from io import BytesIO

import pytest
from PIL import Image

from commonground.channels.contract import Settles
from commonground.channels.contract.pretend import Place
from commonground.channels.networks import networks


@pytest.fixture
def place(request):
    """The place behind every `rehearsal` channel of this test. Parametrise with a Settles."""
    network = networks()["rehearsal"]
    settles = getattr(request, "param", Settles.BY_OWN_ID)
    place = Place(replace(network, settles=settles, key_is_good_for=1800))
    networks()["rehearsal"] = place.as_network()
    yield place
    networks()["rehearsal"] = network


@pytest.fixture(autouse=True)
def no_time_to_undo(settings):
    settings.ENV = settings.ENV.model_copy(update={"undo_seconds": 0})


@pytest.fixture
def a_picture():
    """A small PNG, as a phone might send it."""
    out = BytesIO()
    Image.new("RGB", (64, 48), "teal").save(out, "PNG")
    return out.getvalue()


@pytest.fixture(autouse=True)
def no_mistake_is_swallowed(caplog):
    """The worker goes on past a mistake of ours, and logs it. A test must not."""
    yield
    assert not [r for r in caplog.records if r.name == "commonground.say.tasks" and r.exc_info]
