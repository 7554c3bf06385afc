"""A desk of an older version with people's work in it, and newer versions to go over to.

No version was released before this one. So the desk has one part more, of the tests' own, whose
migrations lie in a folder: the older version brings the first of them, and "installing" the newer
one puts more beside it, as installing a package does. All else is the product itself, as processes
of their own on a real file or server.
"""

from __future__ import annotations

import json
import os
import sqlite3
import subprocess
import sys
import textwrap
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.peers.postgres import programs

ROOT = Path(__file__).parents[2]
SETTINGS = """
from commonground.settings import *
INSTALLED_APPS = [*INSTALLED_APPS, "coming"]
STORAGES["staticfiles"]["BACKEND"] = "django.contrib.staticfiles.storage.StaticFilesStorage"
"""
FIRST = """
from django.db import migrations, models


def fill(apps, _):
    Note = apps.get_model("coming", "Note")
    Note.objects.bulk_create(Note(text=f"Road {n} is closed.") for n in range(200))


class Migration(migrations.Migration):
    initial = True
    operations = [
        migrations.CreateModel("Note", [
            ("id", models.BigAutoField(primary_key=True)),
            ("text", models.CharField(max_length=80)),
        ]),
        migrations.RunPython(fill),
    ]
"""
# Each is what a newer version brings, and what it does to the desk.
NEWER = {
    "works": """
def fill(apps, _):
    apps.get_model("coming", "Note").objects.filter(id__lte=100).update(urgent=True)


class Migration(migrations.Migration):
    dependencies = [("coming", "0001_initial")]
    operations = [
        migrations.AddField("Note", "urgent", models.BooleanField(default=False)),
        migrations.RunPython(fill),
    ]
""",
    # What it did before it failed stays in the database, as a half of it would on many others.
    "fails halfway": """
def half(apps, editor):
    editor.execute("UPDATE coming_note SET text = 'half of it' WHERE id <= 100")
    raise RuntimeError("the disk of this test is full")


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("coming", "0001_initial")]
    operations = [
        migrations.AddField("Note", "urgent", models.BooleanField(default=False)),
        migrations.CreateModel("Left", [("id", models.BigAutoField(primary_key=True))]),
        migrations.RunPython(half),
    ]
""",
    "loses rows": """
def lose(apps, _):
    apps.get_model("coming", "Note").objects.filter(id__gt=150).delete()


class Migration(migrations.Migration):
    dependencies = [("coming", "0001_initial")]
    operations = [migrations.RunPython(lose)]
""",
    "says which rows go": """
def lose(apps, _):
    apps.get_model("coming", "Note").objects.filter(id__gt=150).delete()


class Migration(migrations.Migration):
    dependencies = [("coming", "0001_initial")]
    rows_may_go = {"coming_note": "Notes of roads that were opened again are no longer kept."}
    operations = [migrations.RunPython(lose)]
""",
    "breaks the record": """
def touch(apps, editor):
    editor.execute("UPDATE commonground_record_kept SET sealed = (SELECT sealed FROM "
                   "commonground_record_kept ORDER BY entry_id LIMIT 1)")


class Migration(migrations.Migration):
    dependencies = [("coming", "0001_initial"), ("commonground_record", "0001_initial")]
    operations = [migrations.RunPython(touch)]
""",
    "takes long": """
import time


def wait(apps, _):
    time.sleep(8)


class Migration(migrations.Migration):
    dependencies = [("coming", "0001_initial")]
    operations = [migrations.RunPython(wait)]
""",
}
# Somebody's work, in the tables of the product itself.
WORK = """
import django
django.setup()
from datetime import timedelta
from django.test import Client
from django.utils import timezone
from commonground.hear.models import Overheard, Source
from commonground.record.actions import publish
from tests import given
author = given.a_member()
channel = given.a_channel(
    agency=author.agency, network={network!r}, address={address!r}, secrets={secrets!r},
    authorised=[author],
)
for number in range({posts}):
    given.an_approved_post(by=author, channels=[channel], text=f"Road {{number}} is closed.")
given.a_post(by=author, channels=[channel], text="Not sent in yet.")
source = Source.objects.create(agency=author.agency, name="Gazette", kind="feed", on=False)
for number in range(3):
    Overheard.objects.create(
        agency=author.agency, source=source, upstream=str(number), at=timezone.now(), voice="x",
        text="overheard in the market", delete_at=timezone.now() + timedelta(hours=9),
    )
Client().force_login(author)
publish()
"""


@dataclass
class OldDesk:
    """One desk in a folder, on whatever database it is given."""

    folder: Path
    url: str
    more: dict[str, str] = field(default_factory=dict)

    @property
    def env(self) -> dict[str, str]:
        return {
            **os.environ, "PYTHONPATH": f"{self.folder}/parts", "PYTHONDONTWRITEBYTECODE": "1",
            "DJANGO_SETTINGS_MODULE": "coming.settings",
            "COMMONGROUND_DATABASE_URL": self.url,
            "COMMONGROUND_SECRET_KEY": "the key of this desk",
            "COMMONGROUND_RECORD_FOLDER": str(self.folder / "kept"),
            "COMMONGROUND_UNDO_SECONDS": "0", "COMMONGROUND_BURST": "0",
            "COMMONGROUND_FIRST_DEVICE": "no", "COMMONGROUND_ALLOW_PRIVATE_ADDRESSES": "yes",
            "PATH": f"{programs()}:{os.environ['PATH']}", **self.more,
        }  # fmt: skip

    def found(self, **work: Any) -> None:
        """The older version, with an agency, people, posts and a published record in it."""
        part = self.folder / "parts/coming"
        (part / "migrations").mkdir(parents=True)
        for file, text in {
            "__init__.py": "", "settings.py": SETTINGS, "migrations/__init__.py": "",
            "migrations/0001_initial.py": FIRST,
        }.items():  # fmt: skip
            (part / file).write_text(text)
        self.must("migrate", "--verbosity", "0")
        how = {"network": "rehearsal", "address": "", "secrets": {}, "posts": 5} | work
        self.python(WORK.format(**how))

    def install(self, version: str) -> None:
        """The files of a newer version, in the place of those that were there."""
        text = "from django.db import migrations, models\n" + textwrap.dedent(NEWER[version])
        (self.folder / "parts/coming/migrations/0002_newer.py").write_text(text)

    def python(self, text: str) -> str:
        done = subprocess.run(
            [sys.executable, "-c", text], env=self.env, cwd=ROOT, capture_output=True, text=True
        )
        assert done.returncode == 0, done.stderr[-2000:]
        return done.stdout

    def command(self, *words: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "commonground", *words],
            env=self.env, cwd=ROOT, capture_output=True, text=True, timeout=300,
        )  # fmt: skip

    def must(self, *words: str) -> str:
        done = self.command(*words)
        assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-2000:]
        return done.stdout

    def start(self, *words: str, **how: Any) -> subprocess.Popen[bytes]:
        with (self.folder / "log").open("ab") as log:
            return subprocess.Popen(
                [sys.executable, "-m", "commonground", *words],
                env=self.env, cwd=ROOT, **{"stdout": log, "stderr": log, **how},
            )  # fmt: skip

    def log(self) -> str:
        return (self.folder / "log").read_text()

    def rows(self, of: str) -> int:
        asked = f"""
import django
django.setup()
from django.db import connection
with connection.cursor() as cursor:
    cursor.execute("SELECT count(*) FROM {of}")
    print(cursor.fetchone()[0])
"""  # noqa: S608 - words of these tests
        return int(self.python(asked))

    def record(self) -> dict[str, Any]:
        done = self.command("record", "verify", "--json")
        found: dict[str, Any] = json.loads(done.stdout)
        return found

    def everything(self) -> str:
        """All that stands in the database, as its own tools write it down. Of PostgreSQL the rows,
        under their tables and columns: it spells a condition anew each time it reads it."""
        if self.url.startswith("sqlite"):
            with closing(sqlite3.connect(self.url.removeprefix("sqlite:///"))) as held:
                return "\n".join(sorted(held.iterdump()))
        done = subprocess.run(
            [programs() / "pg_dump", "--format=plain", "--data-only", self.url],
            capture_output=True, text=True, check=True,
        )  # fmt: skip
        # Newer versions fence each script by a word of chance.
        lines = [one for one in done.stdout.splitlines() if not one.startswith(("\\", "--"))]
        return "\n".join(sorted(lines))

    def mark_stands(self) -> bool:
        if self.url.startswith("sqlite"):
            return Path(self.url.removeprefix("sqlite:///") + ".upkeep").exists()
        return "True" in self.python(
            "import django; django.setup()\n"
            "from commonground.kit.upkeep import mark; print(mark.standing() is not None)"
        )
