"""Each device shows a notice in its own language, else in the agency's."""

import json

import pytest

from commonground.channels.contract.rendering import Rendering
from commonground.channels.networks.push.models import Subscription
from commonground.channels.networks.push.sending import send_some
from commonground.channels.networks.push.tests.world import a_device, a_notice, opened

pytestmark = pytest.mark.django_db
FRENCH = Rendering("fr", "Pont", "Le pont est fermé.")


@pytest.mark.parametrize(("language", "title"), [("fr", "Pont"), ("en", "Bridge"), ("ar", "Pont")])
def test_a_device_gets_its_own_language(service, channel, language, title):
    channel.agency.languages = ["fr", "en"]
    channel.agency.save()
    device = a_device(channel, service)
    Subscription.objects.update(language=language)
    notice = a_notice(channel, "The bridge is closed.", title="Bridge", also=(FRENCH,))
    send_some()

    shown = json.loads(opened(service.got(device)[0][2]))
    spoken = "fr" if title == "Pont" else "en"
    assert (shown["title"], shown["lang"]) == (title, spoken)
    assert shown["url"] == f"/notices/{notice.key}?in={spoken}"
