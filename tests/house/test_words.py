"""Every reader gets every word: the catalogues are whole, agree with the code, and are shown."""

import re
import shutil

import polib
import pytest
from django.test import Client
from django.utils import dates, translation
from tools import words

from tests import given

# Collecting writes to the catalogues for a moment: none of us may read them meanwhile.
pytestmark = pytest.mark.xdist_group("words")

CATALOGUES = [
    pytest.param(path, catalogue, id=path.parts[-3]) for path, catalogue in words.catalogues()
]
INSERTED = re.compile(r"%\(\w+\)[sdf]|%[sd%]")


def sides(entry: polib.POEntry):
    """Each sentence a translator was given, beside what they made of it."""
    if not entry.msgid_plural:
        return [(entry.msgid, entry.msgstr)]
    return [(entry.msgid_plural, said) for said in entry.msgstr_plural.values()]


def inserted(sentence):
    return sorted(INSERTED.findall(sentence))


def test_there_is_a_catalogue_for_every_language_we_offer(settings):
    offered = {code for code, _ in settings.LANGUAGES} - {"en"}
    assert {path.parts[-3] for path, _ in words.catalogues()} == offered == set(words.LANGUAGES)


def test_every_word_is_translated_certain_and_compiled():
    assert words.wrong() == []


@pytest.mark.parametrize(("path", "catalogue"), CATALOGUES)
def test_every_plural_is_translated_in_all_its_forms(path, catalogue):
    forms = int(re.search(r"nplurals=(\d)", catalogue.metadata["Plural-Forms"])[1])
    halves = [
        entry.msgid for entry in catalogue
        if entry.msgid_plural
        and (set(entry.msgstr_plural) != set(range(forms)) or not all(entry.msgstr_plural.values()))
    ]  # fmt: skip
    assert halves == []


@pytest.mark.parametrize(("path", "catalogue"), CATALOGUES)
def test_a_translation_inserts_what_its_sentence_inserts(path, catalogue):
    # The singular may leave its number out: "I have read this version".
    wrong = [
        said for entry in catalogue for given_words, said in sides(entry)
        if inserted(said) not in (inserted(given_words), inserted(entry.msgid))
    ]  # fmt: skip
    assert wrong == []


@pytest.mark.parametrize(("path", "catalogue"), CATALOGUES)
def test_no_word_of_ours_takes_the_place_of_a_month_or_a_day(path, catalogue):
    """Without a context, our “May” would stand in every date of that month."""
    named = [*dates.MONTHS.values(), *dates.WEEKDAYS.values(), *dates.MONTHS_3.values()]
    with translation.override(None):  # under no language these names are their own English
        theirs = {str(name) for name in named}
    assert [e.msgid for e in catalogue if e.msgctxt is None and e.msgid in theirs] == []


def test_french_is_set_as_french_is_set():
    """Apostrophes curl, and no sign that opens a gap can fall to the next line."""
    (french,) = [c for path, c in words.catalogues() if path.parts[-3] == "fr"]
    badly_set = [
        said for entry in french for _, said in sides(entry)
        if "'" in said or re.search(r" [;:?!»]|« |[^\u00a0\w/][?!](?!\w)|\"", said)
    ]  # fmt: skip
    assert badly_set == []


def test_spanish_is_set_as_spanish_is_set():
    """A question and a cry are opened as well as closed, and quotes are the Spanish ones."""
    (spanish,) = [c for path, c in words.catalogues() if path.parts[-3] == "es"]
    badly_set = [
        said for entry in spanish for _, said in sides(entry)
        if len(re.findall(r"\?(?!\w)", said)) != said.count("¿")
        or said.count("!") != said.count("¡")
        or re.search(r"[“”]|« | »", said)
    ]  # fmt: skip
    assert badly_set == []


@pytest.mark.skipif(not shutil.which("xgettext"), reason="xgettext collects the words")
def test_the_code_says_nothing_that_no_catalogue_knows():
    assert words.missing() == []


@pytest.fixture
def in_language(client: Client, settings):
    def reads(code: str) -> Client:
        client.cookies[settings.LANGUAGE_COOKIE_NAME] = code
        return client

    return reads


@pytest.mark.django_db
@pytest.mark.parametrize(("code", "stop"), [("fr", "Tout arrêter…"), ("es", "Detener todo…")])
def test_the_first_page_of_the_desk_speaks_the_readers_language(in_language, code, stop):
    reader = in_language(code)
    reader.force_login(given.a_member())
    page = reader.get("/").content.decode()
    assert f'<html lang="{code}"' in page
    assert stop in page


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("code", "send"), [("fr", "Envoyer pour approbation"), ("es", "Enviar a aprobación")]
)
def test_writing_a_post_is_asked_in_the_authors_language(in_language, code, send):
    post = given.a_post()
    author = in_language(code)
    author.force_login(post.author)
    page = author.get(f"/say/{post.pk}/write").content.decode()
    assert send in page


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("code", "call"),
    [
        ("fr", "Appelez le 112. Personne ne surveille ce site pour les urgences."),
        ("es", "Llame al 112."),
    ],
)
def test_the_newsroom_speaks_their_language_to_the_public(in_language, code, call):
    given.an_agency(emergency_number="112")
    page = in_language(code).get("/newsroom/").content.decode()
    assert call in page
    assert f'<html lang="{code}"' in page
