"""A channel with devices on it, and a push service that does exactly as it is told."""

from __future__ import annotations

import threading
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import timedelta
from functools import cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import http_ece
import time_machine
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec
from django.utils import timezone
from tests import given

from commonground.channels.contract import Login, Message
from commonground.channels.networks.push import endpoints
from commonground.channels.networks.push.adapter import Notices, voice_of
from commonground.channels.networks.push.models import Notice, Subscription
from commonground.channels.networks.push.sending import send_some
from commonground.kit.wire import trusted

AUTH = b"sixteen bytes 16"
HANGS_UP = -1


@cache
def browser_key():
    return ec.derive_private_key(20300, ec.SECP256R1())  # the same in every process of a test


def public_of_the_browser():
    point = browser_key().public_key().public_bytes(
        serialization.Encoding.X962, serialization.PublicFormat.UncompressedPoint
    )  # fmt: skip
    return endpoints.encoded(point)


def opened(body):
    """What a browser reads: with its own key, and none of ours."""
    return http_ece.decrypt(
        body, private_key=browser_key(), auth_secret=AUTH, version="aes128gcm"
    ).decode()


@dataclass
class Service:
    """What the push service was sent, and what it says to whom."""

    url: str = ""
    sent: list = field(default_factory=list)  # path, headers, body
    answers: dict = field(
        default_factory=dict
    )  # path: (status, headers) to give, the last for ever

    def next_for(self, path):
        said = self.answers.get(path, [(201, {})])
        return said.pop(0) if len(said) > 1 else said[0]

    def got(self, device):
        path = device.where["url"].removeprefix(self.url)
        return [one for one in self.sent if one[0] == path]

    def says(self, device, *answers):
        path = device.where["url"].removeprefix(self.url)
        self.answers[path] = [a if isinstance(a, tuple) else (a, {}) for a in answers]


@contextmanager
def a_push_service():
    trusted()  # reading the certificates takes a second
    service = Service()

    class Ears(BaseHTTPRequestHandler):
        def do_POST(self):
            length = int(self.headers["Content-Length"])
            body = self.rfile.read(length)
            if len(body) < length:  # whoever sent it died in the middle: nothing arrived
                return
            service.sent.append((self.path, dict(self.headers), body))
            status, headers = service.next_for(self.path)
            if status == HANGS_UP:
                self.connection.close()
                return
            self.send_response(status)
            for name, value in {"Content-Length": "0", **headers}.items():
                self.send_header(name, value)
            self.end_headers()

        def log_message(self, *said):
            pass

        def finish(self):
            with suppress(ValueError, OSError):
                super().finish()

    server = ThreadingHTTPServer(("127.0.0.1", 0), Ears)
    service.url = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield service
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def a_channel(**but):
    channel = given.a_channel(**{"network": "push", "name": "Notices", **but})
    voice_of(channel.pk)
    return channel


def a_device(channel, service=None, url="", **but):
    n = next(given.number)
    url = url or f"{service.url if service else 'https://push.example'}/device-{n}"
    where = {"url": url, "p256dh": public_of_the_browser(), "auth": endpoints.encoded(AUTH)}
    return Subscription.objects.create(
        channel=channel, device=endpoints.device(channel.pk, url), where=where, **but
    )


def notices_of(channel):
    return Notices(Login(str(channel.pk)))


def a_notice(channel, text="The bridge is closed.", **but):
    ours = notices_of(channel)
    key = ours.new_key(timezone.now())
    ours.publish(Message(text, **but), key=key)
    return Notice.objects.get(key=key)


def fates(notice):
    return dict(notice.fates())


def later(**time):
    return time_machine.travel(timezone.now() + timedelta(**time), tick=False)


def rounds(*minutes):
    """The worker's rounds, so many minutes from now."""
    start = timezone.now()
    for minute in minutes:
        with time_machine.travel(start + timedelta(minutes=minute, seconds=5), tick=False):
            send_some()
