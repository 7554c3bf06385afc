"""What a browser says of where it is reached was written by a stranger."""

import pytest

from commonground.channels.networks.push import endpoints
from commonground.channels.networks.push.tests.world import AUTH, public_of_the_browser

POINT, SECRET = public_of_the_browser(), endpoints.encoded(AUTH)
GOOD = [
    "https://fcm.googleapis.com/fcm/send/abc:def-_1",
    "https://updates.push.services.mozilla.com/wpush/v2/gAAAA",
    "https://wns2-par02p.notify.windows.com/w/?token=BQYAAAB%2f",
    "https://web.push.apple.com/QOX",
    "https://push.village.example:443/up?a=1",
]
BAD = [
    "", "x", "http://push.example/x", "ftp://push.example/x", "//push.example/x", "https://",
    "https://localhost/x", "https://localhost./x", "https://desk/x", "https://127.0.0.1/x",
    "https://10.1.2.3/x", "https://169.254.169.254/latest/", "https://[::1]/x", "https://[fe80::1]/x",
    "https://push.example:8443/x", "https://push.example:99999/x", "https://a:b@push.example/x",
    "https://@push.example/x", "https://push.example/a b", "https://push.example/\n",
    "https://push.example/é", "https://push.example/" + "x" * 1000, "javascript:alert(1)",
    "https://push.example\x00.evil/",
]  # fmt: skip
BAD_KEYS = [
    ("", SECRET), (POINT, ""), ("A" * 87, SECRET), (POINT[:-4], SECRET), (POINT + "AAAA", SECRET),
    (POINT, SECRET[:-2]), (POINT, SECRET + "AA"), ("é" * 87, SECRET), (POINT, "!" * 22),
    (POINT, "\x00" * 22), ("=" * 88, SECRET),
]  # fmt: skip


@pytest.fixture(autouse=True)
def a_real_desk(settings):
    settings.ENV = settings.ENV.model_copy(update={"allow_private_addresses": False})


@pytest.mark.parametrize("url", GOOD)
def test_what_browsers_give_is_kept(url):
    assert endpoints.as_given(url, POINT, SECRET).url == url


def test_both_alphabets_and_padding_are_read_and_one_is_kept():
    other = POINT.replace("-", "+").replace("_", "/") + "="

    assert endpoints.as_given(GOOD[0], other, SECRET + "==").p256dh == POINT


@pytest.mark.parametrize("url", BAD)
def test_what_leads_elsewhere_is_not(url):
    with pytest.raises(endpoints.NoEndpoint):
        endpoints.as_given(url, POINT, SECRET)


@pytest.mark.parametrize(("point", "secret"), BAD_KEYS)
def test_keys_that_nothing_can_be_sealed_with_are_not(point, secret):
    with pytest.raises(endpoints.NoEndpoint):
        endpoints.as_given(GOOD[0], point, secret)


@pytest.mark.parametrize("url", ["https://fcm.googleapis.com.evil.example/x",
                                 "https://evilpush.apple.com.example/x",
                                 "https://notify.windows.com.example/x"])  # fmt: skip
def test_only_the_large_services_themselves_are_large(url):
    assert all(map(endpoints.is_large, GOOD[:4]))
    assert not endpoints.is_large(url)
