"""A letter says the same to everybody, in a form that mail programs and people understand."""

import pytest

from commonground.channels.contract import LinkCard, Picture
from commonground.channels.networks.mail.models import Fate, Letter, Recipient, Subscriber
from commonground.channels.networks.mail.sending import send_some
from commonground.channels.networks.mail.tests.world import (
    ANA,
    BEN,
    CY,
    SENDER,
    a_letter,
    a_reader,
)

pytestmark = pytest.mark.django_db


def plain_of(envelope):
    return envelope.mail.get_body(["plain"]).get_content()


def page_of(envelope):
    return envelope.mail.get_body(["html"]).get_content()


def test_everybody_gets_a_letter_of_their_own(server, channel, readers):
    a_letter(channel, title="Roads are icy")
    assert send_some() == 3

    assert sorted(e.rcpt_tos[0] for e in server.taken) == [ANA, BEN, CY]
    for envelope in server.taken:
        assert envelope.mail["To"] == envelope.rcpt_tos[0]
        assert envelope.mail["Subject"] == "Roads are icy"
        assert not [k for k in envelope.mail if k.lower() in ("cc", "bcc")]
        others = {ANA, BEN, CY} - {envelope.rcpt_tos[0]}
        assert not any(other.encode() in envelope.content for other in others)


def test_what_mail_programs_need_stands_on_the_envelope_and_in_the_head(server, channel):
    reader = a_reader(channel, ANA)
    letter = a_letter(channel)
    send_some()

    (envelope,) = server.taken
    leave = f"https://harbour.example/letters/leave/{reader.token}"
    token = Recipient.objects.get().token
    assert envelope.mail_from == f"bounce+{token}@harbour.example"
    assert SENDER in envelope.mail["From"]
    assert envelope.mail["List-ID"] == f"<{channel.pk.hex}.harbour.example>"
    assert envelope.mail["List-Unsubscribe"] == f"<{leave}>"
    assert envelope.mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert envelope.mail["Message-ID"].startswith(f"<{letter.key}.")
    assert envelope.mail["Content-Language"] == "en"
    assert "All" not in envelope.mail["X-Auto-Response-Suppress"]  # reports must come
    # As it is on the wire: an encoded address is one no mail program finds.
    assert f"\r\nList-Unsubscribe: <{leave}>\r\n".encode() in envelope.content
    assert envelope.content.isascii()
    assert max(map(len, envelope.content.split(b"\r\n"))) <= 998


def test_the_number_of_a_letter_is_the_same_whoever_sends_it(server, channel):
    a_reader(channel, ANA)
    a_letter(channel)
    send_some()
    # As only a mistake of ours could:
    Recipient.objects.update(fate=Fate.WAITING, held_by=None, held_until=None)
    send_some()

    first, second = server.taken
    assert first.mail["Message-ID"] == second.mail["Message-ID"]


def test_the_page_says_the_same_words_and_describes_its_pictures(server, channel, settings):
    a_reader(channel, ANA, language="fr")
    picture = Picture(b"pixels", "image/png", 'A <b>"closed"</b> bridge', 64, 48)
    letter = a_letter(
        channel, "Rue fermée & <i>glissante</i> : https://harbour.example/a?x=1&y=2\n\n.\n.. Fin",
        title="Verglas", language="fr", pictures=(picture,),
        card=LinkCard("https://harbour.example/a", "La rue"),
    )  # fmt: skip
    send_some()

    (envelope,) = server.taken
    plain, page = plain_of(envelope).replace("\r\n", "\n"), page_of(envelope)
    assert letter.text in plain
    assert "Rue fermée &amp; &lt;i&gt;glissante&lt;/i&gt;" in page
    assert '<html lang="fr">' in page
    assert 'alt="A &lt;b&gt;&quot;closed&quot;&lt;/b&gt; bridge"' in page
    assert f"https://harbour.example/letters/{letter.key}/picture-0" in page
    assert "<script" not in page
    assert "<style" not in page
    for words in (plain, page):
        assert f"/letters/leave/{Subscriber.objects.get().token}" in words
        assert channel.agency.emergency_number in words


@pytest.mark.parametrize("harm", ["\r\nBcc: all@people.example", "\nX: y", "\r", "\x0b", "\u2028"])
def test_no_line_of_a_post_becomes_a_header(server, channel, harm):
    channel.agency.name = f"Harbour{harm} Police"
    channel.agency.save()
    a_reader(channel, ANA)
    Letter.objects.filter(pk=a_letter(channel, title="Ice").pk).update(title=f"Roads{harm} are icy")
    send_some()

    (envelope,) = server.taken
    assert envelope.rcpt_tos == [ANA]
    assert "Bcc" not in envelope.mail
    assert "X" not in envelope.mail
    assert "Roads" in envelope.mail["Subject"]


def test_a_long_name_of_our_site_hides_no_way_to_leave(server, channel, settings):
    host = "newsroom.the-very-long-name-of-a-police-service.greater-port-sable.example.gov.uk"
    site = {"site_url": f"https://{host}"}
    settings.ENV = settings.ENV.model_copy(update=site)
    reader = a_reader(channel, ANA)
    a_letter(channel)
    send_some()

    leave = f"\r\nList-Unsubscribe: <https://{host}/letters/leave/{reader.token}>\r\n"
    assert leave.encode() in server.taken[0].content
