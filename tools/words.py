"""The catalogues: collect what the code says, compile what was translated, check both.

./run words           collect new words into the catalogues, and compile them
./run words --check   fail if a word is missing, untranslated, fuzzy, or not compiled
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import polib

PACKAGE = Path(__file__).parents[1] / "src/commonground"
LOCALE = PACKAGE / "locale"
LANGUAGES = ["es", "fr"]


def collect() -> None:
    (LOCALE).mkdir(exist_ok=True)
    languages = [part for code in LANGUAGES for part in ("-l", code)]
    subprocess.run(
        [sys.executable, "-m", "django", "makemessages", *languages, "--no-obsolete",
         "--no-wrap", "--add-location", "file", "-v", "0", "--ignore", "tests/*"],
        env={**os.environ, "DJANGO_SETTINGS_MODULE": "commonground.settings"},
        cwd=PACKAGE, check=True,
    )  # fmt: skip


def catalogues() -> list[tuple[Path, polib.POFile]]:
    return [(path, polib.pofile(path)) for path in sorted(LOCALE.glob("*/LC_MESSAGES/django.po"))]


def compile_all() -> None:
    for path, catalogue in catalogues():
        catalogue.save_as_mofile(path.with_suffix(".mo"))


def wrong() -> list[str]:
    """Everything that would show a reader the wrong language."""
    found = []
    for path, catalogue in catalogues():
        here = path.relative_to(LOCALE)
        found += [f"{here}: not translated: {e.msgid!r}" for e in catalogue.untranslated_entries()]
        found += [f"{here}: fuzzy: {e.msgid!r}" for e in catalogue.fuzzy_entries()]
        compiled = path.with_suffix(".mo")
        if not compiled.exists() or said(polib.mofile(compiled)) != said(catalogue):
            found.append(f"{here}: the compiled catalogue is not the written one")
    return found


def said(catalogue: polib.POFile | polib.MOFile) -> dict[tuple[str | None, str], str]:
    return {
        (e.msgctxt, e.msgid): e.msgstr or str(e.msgstr_plural)
        for e in catalogue if e.msgid and not e.obsolete
    }  # fmt: skip


def missing() -> list[str]:
    """Words the code says that no catalogue knows. Collecting must change nothing."""
    if not shutil.which("xgettext"):
        sys.stderr.write("!! xgettext is not here: new words were NOT looked for.\n")
        return []
    before = {path: path.read_text() for path, _ in catalogues()}
    collect()
    after = {path: {e.msgid for e in catalogue} for path, catalogue in catalogues()}
    found = []
    for path, text in before.items():
        new = after[path] - {e.msgid for e in polib.pofile(text)}
        found += [f"{path.relative_to(LOCALE)}: new: {msgid!r}" for msgid in sorted(new)]
        path.write_text(text)
    return found


def main() -> None:
    if "--check" not in sys.argv:
        collect()
        compile_all()
    problems = [*wrong(), *missing()] if "--check" in sys.argv else wrong()
    for problem in problems:
        sys.stderr.write(problem + "\n")
    if "--check" in sys.argv and problems:
        sys.exit(
            f"{len(problems)} words need a translator: ./run words, then translate the .po files."
        )


if __name__ == "__main__":
    main()
