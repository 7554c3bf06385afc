"""commonground protect stop, commonground protect status."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone, translation
from django.utils.module_loading import import_string

from commonground.agency.models import Agency, Member
from commonground.channels.models import Channel
from commonground.kit.refusals import MovedOn, Refused
from commonground.protect import actions, queries
from commonground.protect.engine import register
from commonground.protect.line.looking import our_key
from commonground.protect.models import Hold, Revocation, Said
from commonground.record.engine.notes import Key, NotANote


class Command(BaseCommand):
    help = (
        "Stop everything from the server, or see what a stop has done: only people at the desk, "
        "two of them, start it again. And check a register of accounts that somebody signed."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        verbs = parser.add_subparsers(dest="verb", required=True)
        stop = verbs.add_parser("stop", help="from this second nothing is sent")
        stop.add_argument("--reason", required=True, help="goes on the record")
        stop.add_argument("--agency", help="its short name; all on this desk if not given")
        stop.add_argument("--as", dest="email", help="your e-mail address, if you are a member")
        stop.add_argument(
            "--say", choices=[s.value for s in Said if s.value], default="",
            help="what the newsrooms say meanwhile: that we paused, or that it may not be us",
        )  # fmt: skip
        stop.add_argument(
            "--keep-sign-ins", action="store_true", help="nobody broke in: do not end them"
        )
        status = verbs.add_parser("status", help="what is stopped, and what became of it")
        status.add_argument("--agency", help="its short name; all on this desk if not given")
        for verb in (stop, status):
            verb.add_argument("--json", action="store_true", help="one line of JSON")
        check = verbs.add_parser(
            "verify",
            help="check a signed register, of any desk, without a line; exit 1 if it is bad",
        )
        check.add_argument("file", help="the register, as it was fetched; - for standard input")
        check.add_argument("--key", required=True, help="the key to believe, from its own source")
        check.add_argument("--at", default="", help="good at this time, as 2026-11-29T09:41:00Z")
        key = verbs.add_parser("key", help="print the key that our register is signed with")
        key.add_argument("--agency", help="its short name; the first one's if not given")

    def handle(self, *args: Any, verb: str, **options: Any) -> None:
        if verb in ("verify", "key"):
            self.stdout.write(checked(options) if verb == "verify" else key_of(options["agency"]))
            return
        agencies = named(options["agency"])
        if verb == "stop":
            by = member(options["email"])
            for agency in agencies:
                stop(agency, options, by if by and by.agency_id == agency.pk else None)
        told = [told_of(agency) for agency in agencies]
        if options["json"]:
            self.stdout.write(json.dumps(told))
        else:
            self.stdout.write("\n\n".join("\n".join(words(one)) for one in told))


def checked(options: dict[str, Any]) -> str:
    """What a register says, if its signature is right and it is good at that time."""
    at = options["at"]
    try:
        moment = register.at(at) if at else timezone.now()
        raw = sys.stdin.read() if options["file"] == "-" else Path(options["file"]).read_text()
        found = register.opened(raw, Key.read(options["key"].strip()), moment)
    except (OSError, UnicodeDecodeError, NotANote, register.NotGood) as why:
        raise CommandError(f"DO NOT RELY ON THIS REGISTER: {why}.") from why
    said = found.said
    lines = [
        f"Signed by {found.name}, for {printable(said['agency'])}.",
        f"Made {said['as_of']}, good until {said['good_until']}.",
        *(f"  speaks for it: {printable(one.get('url'))}" for one in said["accounts"]),
        *(f"  closed {printable(one.get('closed') or 'before')}: {printable(one.get('url'))}"
          for one in said["closed"]),
        *(f"  NOT theirs: {printable(one.get('url'))}" for one in said["not_ours"]),
    ]  # fmt: skip
    return "\n".join(lines)


def key_of(slug: str | None) -> str:
    return str(our_key(named(slug)[0] if slug else None))


def printable(word: object) -> str:
    """As plain letters: a name in another alphabet shows, and nothing moves a terminal's cursor."""
    return str(word).encode("unicode_escape").decode()


def named(slug: str | None) -> list[Agency]:
    """All that can reach the public, or the one that is named, be it for drills."""
    found = Agency.objects.filter(**({"slug": slug} if slug else {"drill": False})).order_by("name")
    if not found:
        raise CommandError(f"No agency here is called {slug}." if slug else "No agency is here.")
    return list(found)


def member(email: str | None) -> Member | None:
    if not email:
        return None
    found = Member.objects.filter(email__iexact=email, is_active=True).first()
    if found is None:
        raise CommandError(f"{email} is no member. Leave --as out: whoever runs the server may.")
    return found


def stop(agency: Agency, options: dict[str, Any], by: Member | None) -> None:
    """What is stopped already stays as it is: whoever is second must not be refused the list."""
    try:
        actions.stop(
            agency, reason=options["reason"][:300], by=by, keep=options["keep_sign_ins"],
            said=options["say"],
        )  # fmt: skip
    except MovedOn:
        return
    except Refused as refused:
        with translation.override("en"):
            raise CommandError(str(refused)) from refused


def told_of(agency: Agency) -> dict[str, Any]:
    hold = queries.standing_over(agency)
    silent = Channel.objects.open().filter(agency=agency).values_list("name", flat=True)
    wire: Iterable[str] = import_string(settings.ON_THE_WIRE)(agency.pk) if hold else ()
    return {
        "agency": agency.slug, "stopped": hold is not None,
        "since": hold.since.isoformat() if hold else None,
        "by": hold.who if hold else None, "reason": hold.reason if hold else "",
        "silent": list(silent) if hold else [], "on_the_wire": list(wire),
        "sign_ins": [told_of_sign_in(row) for row in queries.ending(hold)] if hold else [],
        "agreed_to_restart": agreed(hold),
    }  # fmt: skip


def agreed(hold: Hold | None) -> list[str]:
    return [hold.first_yes.name] if hold and hold.first_yes else []


def told_of_sign_in(row: Revocation) -> dict[str, Any]:
    state = "about to end" if row.done_at is None else "deleted here only"
    left = row.channel.kind.ended_at if row.done_at and not row.at_network else ""
    return {
        "channel": row.channel.name, "state": "ended at the network" if row.at_network else state,
        "by_hand": left, "trouble": row.trouble,
    }  # fmt: skip


def words(told: dict[str, Any]) -> list[str]:
    """The same for a person in a hurry."""
    if not told["stopped"]:
        return [f"{told['agency']}: nothing is stopped."]
    lines = [
        f"{told['agency']}: EVERYTHING IS STOPPED since {told['since']} by {told['by']}:"
        f" {told['reason']}",
        f"Silent: {', '.join(told['silent']) or 'no channel is open'}.",
        "On its way when it stopped:" if told["on_the_wire"] else "Nothing was on its way.",
        *(f"  {line}" for line in told["on_the_wire"]),
    ]
    for one in told["sign_ins"]:
        by_hand = f" End it by hand: {one['by_hand']}" if one["by_hand"] else ""
        lines.append(f"Sign-in of {one['channel']}: {one['state']}.{by_hand}")
    return [*lines, "Two people start it again, on the desk: /protect/stop/."]
