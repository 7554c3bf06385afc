"""Kills the worker that hands notices to a push service: see killing_rows.

Run by test_killed_notices.py as a process of its own, because it forks.

    python -m tests.peers.killing_notices '{"url": "http://127.0.0.1:8990"}' FOLDER
"""

from __future__ import annotations

import json
import sys

from tests.peers.killing_rows import Victim, kill_everywhere

# isort: split
import pywebpush  # noqa: F401 - it is slow to load, and would be in every fork

from commonground.channels.models import Channel
from commonground.channels.networks.push.models import Handover
from commonground.channels.networks.push.sending import send_some
from commonground.channels.networks.push.tests.world import a_channel, a_device, a_notice
from commonground.kit.wire import trusted

DEVICES = ("/ana", "/ben")


def people() -> None:
    channel = a_channel()
    for path in DEVICES:
        a_device(channel, url=json.loads(sys.argv[1])["url"] + path)


def fates() -> dict[str, str]:
    rows = Handover.objects.select_related("reader")
    return {"/" + r.reader.where["url"].rpartition("/")[2]: r.fate for r in rows}


if __name__ == "__main__":
    trusted()
    kill_everywhere(
        Victim(people, lambda title: a_notice(Channel.objects.get(), title=title), send_some, fates)
    )
