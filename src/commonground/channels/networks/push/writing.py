"""Writes a notice as a device shows it: a title, the first words, and the page with the rest."""

from __future__ import annotations

import json
from datetime import datetime

from commonground.channels.engine import cut, one_line
from commonground.channels.networks.push.endpoints import Endpoint
from commonground.channels.networks.push.line import Parcel, sealed, seconds_left, signed
from commonground.channels.networks.push.models import Handover, Notice, Subscription

# Characters; phones show less of both. Even at four bytes each they stay far below the 4096 bytes
# that every push service must take (RFC 8030, 7.2).
TITLE, WORDS = 80, 240


def parcel_for(row: Handover, subscription: Subscription, now: datetime) -> Parcel:
    """One notice for one device, and how it is to be carried."""
    notice, where = row.issue, subscription.where
    to = Endpoint(where["url"], where["p256dh"], where["auth"])
    headers = {
        "TTL": str(seconds_left(notice.not_after, now)),
        "Urgency": "high" if notice.urgent else "normal",
        # One that still waits for a device that is off is replaced by what puts it right.
        "Topic": notice.topic,
        "Content-Encoding": "aes128gcm",
        "Content-Type": "application/octet-stream",
        **signed(notice.channel.voice.private, to),
    }
    return Parcel(to, sealed(to, words_of(notice)), headers)


def words_of(notice: Notice) -> bytes:
    said = one_line(notice.text)
    title = one_line(notice.title) or notice.channel.agency.name
    shown = {
        "title": cut(title, TITLE), "body": cut(said, WORDS), "url": notice.get_absolute_url(),
        "tag": notice.topic, "lang": notice.language, "urgent": notice.urgent,
    }  # fmt: skip
    return json.dumps(shown, ensure_ascii=False).encode()
