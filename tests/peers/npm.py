"""What a peer needs from npm: one installation a machine, whoever asks first.

python -m tests.peers.npm installs all of it, beside tests that need none of it yet.
"""

from __future__ import annotations

import fcntl
import hashlib
import shutil
import subprocess
from contextlib import suppress
from pathlib import Path

from tests.peers.starting import KEPT, Unavailable

HERE = Path(__file__).parent
ALL = {  # of each peer its package.json, and what lies beside it
    "bluesky": ["package.json"],
    "fedify": ["fedify/package.json", "fedify/peer.mjs"],
    "push": ["push.json"],
}
INSTALLING = 15 * 60  # seconds; something may have to be compiled


def node() -> str:
    found = shutil.which("node")
    if not found or not shutil.which("npm"):
        raise Unavailable("node and npm are not installed; this server needs both")
    return found


def ready(name: str) -> Path:
    """The folder with a peer's packages."""
    return installed(name, *(HERE / file for file in ALL[name]))


def installed(name: str, *wanted: Path) -> Path:
    """The folder with these packages. The first file wanted is their package.json."""
    node()
    print_of = hashlib.sha256(b"".join(file.read_bytes() for file in wanted)).hexdigest()
    place = KEPT / name
    place.mkdir(parents=True, exist_ok=True)
    with (place / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # the other workers wait for the first
        done = place / "installed"
        if not done.exists() or done.read_text() != print_of:
            shutil.copy(wanted[0], place / "package.json")
            for file in wanted[1:]:
                shutil.copy(file, place / file.name)
            install(name, place)
            done.write_text(print_of)
    return place


def install(name: str, place: Path) -> None:
    quiet = ["--no-audit", "--no-fund", "--no-package-lock", "--loglevel=error"]
    try:
        subprocess.run(
            ["npm", "install", *quiet], cwd=place, check=True, timeout=INSTALLING,
            stdin=subprocess.DEVNULL, capture_output=True,
        )  # fmt: skip
    except subprocess.SubprocessError as error:
        said = (getattr(error, "stderr", b"") or b"").decode(errors="replace")
        raise Unavailable(f"npm could not install the {name} server: {said[-600:]}") from error


def main() -> None:
    for name in ALL:
        with suppress(Unavailable):  # whoever needs it says so
            ready(name)


if __name__ == "__main__":
    main()
