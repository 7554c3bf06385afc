"""Looks over a database from a process of its own: `python -m commonground.kit.upkeep.looking`.

The process that upgrades a desk has the tables of the new version in mind; the one that looks at a
copy must not have our settings' database open. So each look is a process, and the answer JSON.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from typing import Any

from django.conf import settings

# Would be read before what we say in their place.
FILED = ("DATABASE_URL", "SECRET_KEY", "RECORD_FOLDER")
MARK = "looked over: "


def look(url: str = "", *, folder: str = "", migrate: bool = False, said: Any = None) -> Any:
    """What was found: `trouble` (empty if all is well), `entries`, `keys`, `missing`, `rows`.

    At another address, the guard of the record looks into `folder` and not into the desk's own.
    """
    env = dict(os.environ)
    if url:
        for name in FILED:
            env.pop(f"COMMONGROUND_{name}_FILE", None)
        env |= {"COMMONGROUND_DATABASE_URL": url, "COMMONGROUND_RECORD_FOLDER": folder}
        # By default it lies beside the database, where the copy has none.
        env["COMMONGROUND_SECRET_KEY"] = settings.SECRET_KEY
    asked = json.dumps({"migrate": migrate, "said": said})
    done = subprocess.run(  # noqa: S603 - ourselves
        [sys.executable, "-m", "commonground.kit.upkeep.looking", asked],
        env=env, capture_output=True, text=True,
    )  # fmt: skip
    lines = [line for line in done.stdout.splitlines() if line.startswith(MARK)]
    if done.returncode or not lines:
        return {"trouble": (done.stderr or done.stdout).strip()[-2000:] or "it ended silently"}
    return json.loads(lines[-1].removeprefix(MARK))


def main(asked: dict[str, Any]) -> dict[str, Any]:
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "commonground.settings")
    django.setup()
    from django.core.management import call_command
    from django.utils.module_loading import import_string

    from commonground.kit.upkeep.stores import store

    if asked["migrate"]:
        call_command("migrate", interactive=False, verbosity=0)
    found: dict[str, Any] = import_string(settings.RECORD_WHOLE)(asked["said"] or {})
    return {**found, "rows": store().rows()}


if __name__ == "__main__":
    sys.stdout.write(MARK + json.dumps(main(json.loads(sys.argv[1]))) + "\n")
