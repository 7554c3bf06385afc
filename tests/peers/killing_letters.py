"""Kills the worker that hands letters to a mail server: see killing_rows.

Run by test_killed_letters.py as a process of its own, because it forks.

    python -m tests.peers.killing_letters '{"port": 2525}' FOLDER
"""

from __future__ import annotations

import json
import sys

from tests.peers.killing_rows import Victim, kill_everywhere

# isort: split
from django.conf import settings

from commonground.channels.models import Channel
from commonground.channels.networks.mail.models import Recipient
from commonground.channels.networks.mail.sending import send_some
from commonground.channels.networks.mail.tests.world import a_letter, a_list, a_reader, name_it

PEOPLE = ("ana@people.example", "ben@people.example")


def people() -> None:
    channel = a_list()
    for address in PEOPLE:
        a_reader(channel, address)


def fates() -> dict[str, str]:
    rows = Recipient.objects.select_related("reader")
    return {row.reader.address: row.fate for row in rows if row.reader}


if __name__ == "__main__":
    name_it(settings, json.loads(sys.argv[1])["port"])
    kill_everywhere(
        Victim(people, lambda title: a_letter(Channel.objects.get(), title=title), send_some, fates)
    )
