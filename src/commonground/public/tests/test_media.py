"""What somebody uploaded is shown and can do nothing; on its own origin there is nothing else."""

import os
import subprocess
import sys

import pytest
from django.test import Client
from tests import given

from commonground.channels.networks.site.models import Page, PagePicture
from commonground.kit.media import ALONE

pytestmark = pytest.mark.django_db
MEDIA = "https://media.riverside.example"


@pytest.fixture
def address():
    channel = given.a_channel(network="site")
    page = Page.objects.create(channel=channel, key="3kdgeonaeyk2v", text="The bridge is closed.")
    PagePicture.objects.create(
        page=page, place=0, content=b"\xff\xd8\xff", type="image/jpeg", alt="A bridge", width=1,
        height=1,
    )  # fmt: skip
    return f"/newsroom/{page.key}/picture-0"


@pytest.fixture
def origin(settings):
    settings.MEDIA_ORIGIN = MEDIA
    settings.ALLOWED_HOSTS = ["testserver", "media.riverside.example"]
    return Client(headers={"host": "media.riverside.example"})


def test_a_browser_may_show_it_and_nothing_more(client, address):
    answer = client.get(address)
    assert answer["Content-Disposition"] == 'inline; filename="picture.jpg"'
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Content-Security-Policy"] == ALONE
    assert "sandbox" in ALONE
    assert "script-src" not in ALONE


def test_with_an_origin_of_its_own_it_is_led_there_and_shown_there(client, address, origin):
    away = client.get(address)
    assert (away.status_code, away["Location"]) == (302, MEDIA + address)
    shown = origin.get(address)
    assert (shown.status_code, shown["Content-Security-Policy"]) == (200, ALONE)
    assert "sessionid" not in shown.cookies
    page = client.get("/newsroom/3kdgeonaeyk2v").content.decode()
    assert f'src="{MEDIA}{address}"' in page


@pytest.mark.parametrize(
    "path", ["/", "/newsroom/", "/account/login/", "/say/", "/newsroom/3kdgeonaeyk2v", "/help/"]
)
def test_there_is_no_page_on_the_origin_of_pictures(address, origin, path):
    assert origin.get(path).status_code == 404
    assert origin.post(path).status_code in (403, 404)


def settings_of(names, **environment):
    """Read in a process of its own: they are made when a desk starts."""
    code = f"from commonground import settings as s; print(*[getattr(s, n) for n in {names!r}])"
    return subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True,
        env={**os.environ, **environment},
    ).stdout  # fmt: skip


def test_pages_may_show_pictures_from_there_and_nowhere_else():
    told = settings_of(["SECURE_CSP", "ALLOWED_HOSTS"], COMMONGROUND_MEDIA_ORIGIN=MEDIA)
    assert told.count(MEDIA) == 2  # img-src and media-src
    assert "'media.riverside.example'" in told


def test_behind_https_cookies_and_pages_say_so():
    names = ["SESSION_COOKIE_NAME", "CSRF_COOKIE_NAME", "SESSION_COOKIE_SECURE",
             "SESSION_COOKIE_HTTPONLY", "CSRF_COOKIE_SECURE", "SECURE_HSTS_SECONDS"]  # fmt: skip
    told = settings_of(names, COMMONGROUND_SITE_URL="https://desk.riverside.example")
    assert told.split() == [
        "__Host-sessionid", "__Host-csrftoken", "True", "True", "True", "31536000"
    ]  # fmt: skip
