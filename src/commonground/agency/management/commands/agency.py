"""commonground agency found, commonground agency list."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.text import slugify

from commonground.agency.actions import found
from commonground.agency.forms import FoundForm
from commonground.agency.models import Agency
from commonground.agency.signin import first_sign_in


class Command(BaseCommand):
    help = (
        "Found an agency, with the one person who lets in all others; an installation may have "
        "several, each with people, channels and words of its own. Or list them."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        verbs = parser.add_subparsers(dest="verb", required=True)
        new = verbs.add_parser("found", help="found an agency; prints its first sign-in link")
        new.add_argument("name", help="as the public knows it: Port Sable Police")
        new.add_argument("--administrator", required=True, help="the first person's name")
        new.add_argument("--email", required=True, help="what they sign in with")
        new.add_argument("--time-zone", required=True, help="whose clocks it keeps: Europe/Paris")
        new.add_argument("--languages", default="en", help="its public's, most spoken first: en,fr")
        new.add_argument("--emergency-number", default="911", help="shown on every public page")
        new.add_argument("--slug", help="its name in commands; made from its name if not given")

        verbs.add_parser("list", help="every agency, and where the public finds it")

    def handle(self, *args: Any, verb: str, **options: Any) -> None:
        if verb == "list":
            self.stdout.write("\n".join(told() or ["No agency is founded here yet."]))
            return
        options["slug"] = options["slug"] or slugify(options["name"])[:40]
        form = FoundForm(options)
        if not form.is_valid():
            wrong = [
                f"--{name.replace('_', '-')}: {' '.join(map(str, why))}"
                for name, why in form.errors.items()
            ]
            raise CommandError("\n".join(wrong))
        first = found(**form.cleaned_data)
        link = settings.ENV.site_url.rstrip("/") + first_sign_in(first)
        self.stdout.write(
            f"{first.agency} is founded. {first.name} chooses a password here, within three days:"
            f"\n\n  {link}\n\nWhoever opens it first can enter in their name."
        )
        if not first.agency.found_at:
            self.stdout.write(f"\n{no_address(first.agency)}")


def told() -> list[str]:
    """Each agency in a line; and what the settings name that is not here."""
    real = list(Agency.objects.in_public())
    lines = [f"{one.slug}: {one.name}, {one.found_at or no_address(one)}" for one in real]
    drills = Agency.objects.filter(drill=True).order_by("name")
    lines += [f"{one.slug}: {one.name}, for drills: no public ever sees it" for one in drills]
    unknown = settings.PUBLIC_SITES.keys() - {one.slug for one in real}
    return lines + [
        f"COMMONGROUND_PUBLIC_SITES names {slug}, which is no agency." for slug in sorted(unknown)
    ]


def no_address(agency: Agency) -> str:
    return (
        f"the public finds it nowhere yet: give it an address of its own, "
        f"COMMONGROUND_PUBLIC_SITES={agency.slug}=https://news.example.org"
    )
