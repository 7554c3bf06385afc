"""commonground record: prove it, show it, begin anew after a loss."""

from __future__ import annotations

import json
import sys
from contextlib import suppress
from pathlib import Path
from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.urls import reverse

from commonground.kit.refusals import Refused
from commonground.record import actions
from commonground.record.actions.guarding import what_is_wrong
from commonground.record.actions.packing import told_in_words
from commonground.record.actions.reconciling import lost_now
from commonground.record.engine import tree
from commonground.record.engine.notes import Key, NotANote
from commonground.record.engine.outsider import verify as outsider
from commonground.record.listening import Folder, WitnessServer
from commonground.record.models import Entry, Head
from commonground.record.queries.exporting import EVERYTHING, Wish, export
from commonground.record.queries.log import epoch, log_key, nodes

REASONS = outsider.REASONS
GIVEN = set(REASONS) - {"erased"}  # what was erased says so by itself


class Command(BaseCommand):
    help = "The record: prove it, publish where it stands, begin anew after a loss."

    def add_arguments(self, parser: CommandParser) -> None:
        verbs = parser.add_subparsers(dest="verb", required=True)
        walk = verbs.add_parser(
            "verify", help="walk the whole record, or check an export; exit 1 if it is broken"
        )
        walk.add_argument("bag", nargs="?", help="the folder of an export, from any desk")
        walk.add_argument("--key", default="", help="the key to believe, where a folder is checked")
        walk.add_argument("--json", action="store_true", help="one line of JSON")
        verbs.add_parser("publish", help="sign a checkpoint now, and print it")
        verbs.add_parser("key", help="print the key that outsiders check our checkpoints with")
        verbs.add_parser(
            "reconcile", help="say what was lost, and where two administrators own up to it"
        )

        give = verbs.add_parser(
            "export", help="write part of the record as a folder others can check"
        )
        give.add_argument("--from", dest="first", type=int, default=1, help="first entry number")
        give.add_argument(
            "--to", dest="last", type=int, help="last entry number; by default the newest"
        )
        give.add_argument(
            "--out", type=Path, required=True, help="the folder, which must not exist"
        )
        give.add_argument(
            "--agency", default="", help="the slug or key of the agency that gives it"
        )
        give.add_argument("--about", action="append", default=[], help="only this, as post:6f1c...")
        give.add_argument(
            "--withhold", action="append", default=[], metavar="FACT=REASON",
            help="do not show this fact: who=personal; reasons: " + ", ".join(sorted(REASONS)),
        )  # fmt: skip
        give.add_argument("--earlier", type=Path, help="a checkpoint that whoever asks holds")

        self.add_witness(verbs)

    def add_witness(self, verbs: Any) -> None:
        see = verbs.add_parser("witness", help="sign that the logs of others only ever grow")
        see.add_argument("--name", required=True, help="what it is called, as example.org/witness")
        see.add_argument("--folder", type=Path, required=True, help="its key and what it has seen")
        see.add_argument("--log", action="append", default=[], help="the key of a log to watch")
        see.add_argument("--host", default="127.0.0.1", help="where to listen")
        see.add_argument("--port", type=int, default=8090)

    def handle(self, *args: Any, verb: str, **options: Any) -> None:
        try:
            getattr(self, verb)(**options)
        except Refused as why:
            raise CommandError(str(why)) from why

    def verify(self, bag: str | None = None, **options: Any) -> None:
        if bag:
            sys.exit(outsider.main([bag, *(["--key", options["key"]] if options["key"] else [])]))
        broken = actions.verify()
        head = Head.objects.get()
        told = {
            "verified": broken is None,
            "entries": head.count,
            "root": "" if broken else tree.root(head.count, nodes()).hex(),
            "broken_at": broken.number if broken else None,
            "why": broken.why if broken else "",
        }
        self.stdout.write(json.dumps(told) if options["json"] else sentence(told))
        if broken:
            sys.exit(1)

    def publish(self, **_: Any) -> None:
        shown = actions.publish()
        self.stdout.write(shown.note if shown else "Nothing has been written yet.")

    def witness(
        self, *, name: str, folder: Path, log: list[str], host: str, port: int, **_: Any
    ) -> None:
        try:
            server = WitnessServer((host, port), name, Folder(folder), [Key.read(k) for k in log])
        except (NotANote, OSError) as why:
            raise CommandError(str(why)) from why
        self.stdout.write(f"This witness signs with the key {server.witness.key}")
        if not log:
            self.stdout.write("It watches no log yet: start it again with --log KEY.")
            server.server_close()
            return
        self.stdout.write(f"It listens at http://{host}:{server.server_port}/ and stops on Ctrl-C.")
        self.stdout.flush()
        with suppress(KeyboardInterrupt):
            server.serve_forever()

    def export(self, *, first: int, last: int | None, out: Path, **wish: Any) -> None:
        shown = actions.publish()
        if shown is None or not 1 <= first <= (last or shown.size) <= shown.size:
            raise CommandError("There are no such entries.")
        wish["agency"] = key_of(wish["agency"])
        kept_back = dict(pair.partition("=")[::2] for pair in wish["withhold"])
        if strange := set(kept_back.values()) - GIVEN:
            raise CommandError(f"No such reason: {', '.join(sorted(strange))}.")

        def withhold(entry: Entry) -> dict[str, str]:
            if wish["agency"] and entry.agency != wish["agency"]:
                return {EVERYTHING: "other-agency"}
            if wish["about"] and entry.subject not in wish["about"]:
                return {EVERYTHING: "not-asked"}
            return kept_back

        earlier = wish["earlier"].read_text() if wish["earlier"] else ""
        told = told_in_words(f"{log_key(shown.epoch).name}: {first}–{last or shown.size}")
        wanted = Wish(
            first, last or shown.size, withhold, earlier, agency=wish["agency"], told=told
        )
        try:
            export(wanted, shown, out)
        except (FileExistsError, ValueError) as why:
            raise CommandError(str(why)) from why
        self.stdout.write(f"Written to {out}. Check it: python3 -I -S {out}/verify.py {out}")

    def key(self, **_: Any) -> None:
        self.stdout.write(str(log_key(epoch())))

    def reconcile(self, **_: Any) -> None:
        """A name that is typed proves nobody: two people who are signed in decide, on the desk."""
        lost_now()
        address = settings.ENV.site_url.rstrip("/") + reverse("record:reconcile")
        self.stdout.write(what_is_wrong())
        self.stdout.write(f"Two administrators sign in and decide it: {address}")


def key_of(agency: str) -> str:
    """Entries name an agency by its key; people know its slug, and so do its members."""
    if not agency or is_key(agency):
        return agency
    member = get_user_model()._default_manager.filter(agency__slug=agency).first()
    if member is None:
        raise CommandError(f"No agency on this desk is called {agency}.")
    return str(member.agency_id)


def is_key(agency: str) -> bool:
    with suppress(ValueError):
        return bool(UUID(agency))
    return False


def sentence(told: dict[str, Any]) -> str:
    if told["verified"]:
        return f"The record is whole: {told['entries']} entries, root {told['root'][:16]}."
    return f"THE RECORD IS BROKEN at entry {told['broken_at']}: {told['why']}."
