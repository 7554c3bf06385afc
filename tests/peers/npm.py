"""Servers that npm has: each is installed once, whoever asks first."""

from __future__ import annotations

import fcntl
import hashlib
import shutil
import subprocess
from pathlib import Path

from tests.peers.starting import KEPT, Unavailable

INSTALLING = 15 * 60  # seconds; a database driver may have to be compiled


def installed(name: str, wanted: Path) -> Path:
    """The folder with a peer's packages, as its description wants them."""
    node, npm = shutil.which("node"), shutil.which("npm")
    if not node or not npm:
        raise Unavailable(f"node and npm are not installed; the peer {name} needs both")
    print_of = hashlib.sha256(wanted.read_bytes()).hexdigest()
    place = KEPT / name
    place.mkdir(parents=True, exist_ok=True)
    with (place / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # the other workers wait for the first
        done = place / "installed"
        if not done.exists() or done.read_text() != print_of:
            shutil.copy(wanted, place / "package.json")
            install(npm, place)
            done.write_text(print_of)
    return place


def install(npm: str, place: Path) -> None:
    quiet = ["--no-audit", "--no-fund", "--no-package-lock", "--loglevel=error"]
    try:
        subprocess.run(
            [npm, "install", *quiet], cwd=place, check=True, timeout=INSTALLING,
            stdin=subprocess.DEVNULL, capture_output=True,
        )  # fmt: skip
    except subprocess.SubprocessError as error:
        said = (getattr(error, "stderr", b"") or b"").decode(errors="replace")
        raise Unavailable(f"npm could not install {place.name}: {said[-600:]}") from error
