"""What lies in a backup, and what it must be when it is read again."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

NAME = "manifest.json"
FORMAT = 1
UNTOLD = ("for-minutes",)  # lies here for as long as an upgrade takes: see kit.upkeep.stores
AT_ONCE = 1 << 20  # bytes


class NotWhole(Exception):
    """This is no backup of ours, or not what was written."""


@dataclass(frozen=True, slots=True)
class Manifest:
    """One backup, described."""

    product: str  # the version that wrote it
    made_at: str
    database: str  # sqlite, postgresql
    site: str
    migrations: list[str]
    record: dict[str, Any]  # epoch, entries, checkpoint: at least so much is in it
    keys: list[str]  # what the seal keys were called, the newest first; the keys are not in it
    rows: dict[str, int]
    files: dict[str, dict[str, Any]]  # name -> sha256, bytes
    format: int = field(default=FORMAT)

    def write(self, folder: Path) -> str:
        """Its own digest: kept elsewhere, it shows that not even the manifest was changed."""
        text = json.dumps(asdict(self), indent=1, sort_keys=True)
        (folder / NAME).write_text(text + "\n")
        return digest(folder / NAME)


def read(folder: Path) -> Manifest:
    """Raises NotWhole."""
    try:
        held = json.loads((folder / NAME).read_text())
    except FileNotFoundError:
        raise NotWhole(f"{folder} is no backup: there is no {NAME} in it.") from None
    except (OSError, ValueError) as error:
        raise NotWhole(f"{folder / NAME} cannot be read: {error}") from error
    if not isinstance(held, dict) or held.get("format") != FORMAT:
        raise NotWhole(f"{folder} is a backup of another form than this version reads.")
    try:
        return Manifest(**held)
    except TypeError:
        raise NotWhole(f"{folder / NAME} is not as this version writes it.") from None


def must_be_whole(folder: Path, said: Manifest) -> None:
    """Every file is there, is what it was, and there is no other. Raises NotWhole."""
    here = {path.name for path in folder.iterdir()} - {NAME, *UNTOLD}
    if missing := said.files.keys() - here:
        raise NotWhole(f"Missing in the backup: {', '.join(sorted(missing))}.")
    if strange := here - said.files.keys():
        raise NotWhole(f"In the backup and not in its manifest: {', '.join(sorted(strange))}.")
    for name, told in said.files.items():
        if digest(folder / name) != told["sha256"]:
            raise NotWhole(f"{name} is not what was written: its digest is another.")


def described(folder: Path) -> dict[str, dict[str, Any]]:
    return {
        path.name: {"sha256": digest(path), "bytes": path.stat().st_size}
        for path in sorted(folder.iterdir())
        if path.name not in (NAME, *UNTOLD)
    }


def digest(path: Path) -> str:
    found = hashlib.sha256()
    with path.open("rb") as file:
        while block := file.read(AT_ONCE):
            found.update(block)
    return found.hexdigest()
