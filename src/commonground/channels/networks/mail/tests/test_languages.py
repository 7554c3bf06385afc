"""Each reader gets the letter in the language they asked for, else in the agency's."""

import pytest

from commonground.channels.contract import Picture
from commonground.channels.contract.rendering import Rendering
from commonground.channels.networks.mail.sending import send_some
from commonground.channels.networks.mail.tests.test_letters import page_of, plain_of
from commonground.channels.networks.mail.tests.world import ANA, BEN, CY, a_letter, a_reader

pytestmark = pytest.mark.django_db
FRENCH = Rendering("fr", "Verglas", "Les routes sont glissantes.", alts=("Une route",))
ARABIC = Rendering("ar", "جليد", "الطرق زلقة")


def test_each_gets_it_in_their_own_language_and_with_their_own_words_for_pictures(server, channel):
    channel.agency.languages = ["fr", "en"]
    channel.agency.save()
    for who, language in ((ANA, "en"), (BEN, "ar"), (CY, "pa")):
        a_reader(channel, who, language=language)
    picture = Picture(b"pixels", "image/png", "A road", 64, 48)
    letter = a_letter(
        channel, "Roads are icy.", title="Ice", pictures=(picture,), also=(FRENCH, ARABIC)
    )
    send_some()

    got = {envelope.rcpt_tos[0]: envelope for envelope in server.taken}
    assert {who: e.mail["Subject"] for who, e in got.items()} == {
        ANA: "Ice", BEN: "جليد", CY: "Verglas"
    }  # fmt: skip
    assert {who: e.mail["Content-Language"] for who, e in got.items()} == {
        ANA: "en", BEN: "ar", CY: "fr"
    }  # fmt: skip
    for words, alt, language in (
        (page_of(got[ANA]), "A road", "en"), (page_of(got[CY]), "Une route", "fr")
    ):  # fmt: skip
        assert f'alt="{alt}"' in words
        assert f'<html lang="{language}">' in words
        assert f"/letters/{letter.key}?in={language}" in words
    assert FRENCH.text in plain_of(got[CY])
    assert "icy" not in plain_of(got[CY])
    letter.refresh_from_db()
    assert (letter.title, letter.language) == ("Ice", "en")


def test_a_letter_in_one_language_is_that_for_everybody(server, channel):
    a_reader(channel, ANA, language="fr")
    letter = a_letter(channel, "Roads are icy.", title="Ice")
    send_some()

    (envelope,) = server.taken
    assert envelope.mail["Subject"] == "Ice"
    assert f"/letters/{letter.key}?in=" not in page_of(envelope)
