"""Proofs that accounts are ours, and an account that pretends to be us."""

from __future__ import annotations

from django.utils import timezone

from commonground.channels.contract.profile import Profile
from commonground.protect import actions
from commonground.protect.actions import impostors
from commonground.protect.engine.impostors import Likeness, Match
from commonground.protect.engine.ties import THERE, Kind, Look, Why, absent
from commonground.protect.line.looking import Account, Eyes, our_key
from tests.journeys.scene import person


class Seen(Eyes):
    """Eyes that see all proofs of Mastodon, and of Bluesky none in the DNS."""

    def look(self, kind: Kind, account: Account) -> Look:
        return absent(Why.NO_RECORD) if kind == Kind.NAME else THERE


def prove_accounts() -> None:
    actions.know_proofs()
    seen = Seen("https://portsable.example", "portsable.example", our_key(person("ines").agency))
    while actions.look_at_next_proof(seen):
        pass


def meet_a_double() -> str:
    seen = Profile("@p0rtsable", "https://evil.example/@p0rtsable", "Port Sable Police (Official)")
    agency, match = person("ines").agency, Match(Likeness.LOOKS, "@portsable@social.example")
    case = impostors.notice(agency, seen, "mastodon", match, found_by="search")
    return case.get_absolute_url() if case else ""


def report_a_double() -> str:
    meet_a_double()
    ines = person("ines")
    case = ines.agency.impostors.get()
    impostors.report(impostors.look_into(case, by=ines), number="T-4711", by=ines)
    case.missing_since = timezone.now()
    case.save(update_fields=["missing_since"])
    return case.get_absolute_url()
