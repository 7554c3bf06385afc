"""What the tests need besides Python: installs what it can, and says loudly what it cannot.

A browser for the journeys, GNU gettext for the catalogues, Node.js for the Bluesky server and the
fediverse's, Redis for Bluesky's AppView. PostgreSQL comes in a wheel, and the servers are started
by the tests themselves.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from dataclasses import dataclass


@dataclass(frozen=True)
class Need:
    programs: tuple[str, ...]
    package: str  # in Debian
    why: str

    def there(self) -> bool:
        return any(shutil.which(program) for program in self.programs)


NEEDS = [
    Need(("chromium", "google-chrome"), "chromium", "the journeys through a browser"),
    Need(("xgettext",), "gettext", "the check that every word is translated"),
    Need(("npm",), "npm", "the real Bluesky and fediverse servers"),
    Need(("redis-server",), "redis-server", "the AppView of Bluesky, which tells who wrote to us"),
]  # fmt: skip


def main() -> None:
    missing = [need for need in NEEDS if not need.there()]
    if missing and os.geteuid() == 0 and shutil.which("apt-get"):
        install([need.package for need in missing])
    for need in missing:
        if not need.there():
            say(f"!! {need.package} is not here: the tests of {need.why} WILL BE SKIPPED.")


def install(packages: list[str]) -> None:
    say(f"Installing {', '.join(packages)} for the tests (once) ...")
    quiet = {"env": {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}, "check": False}
    subprocess.run(["apt-get", "update", "-qq"], **quiet)  # type: ignore[call-overload]
    subprocess.run(  # type: ignore[call-overload]
        ["apt-get", "install", "-y", "-qq", "--no-install-recommends", *packages],
        stdout=subprocess.DEVNULL, **quiet,
    )  # fmt: skip


def say(line: str) -> None:
    sys.stderr.write(line + "\n")


if __name__ == "__main__":
    main()
