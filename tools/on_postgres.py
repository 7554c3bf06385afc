"""Runs the tests on a PostgreSQL server of their own, which goes when they end.

python -m tools.on_postgres [arguments of pytest]
"""

from __future__ import annotations

import os
import subprocess
import sys

from tests.peers.peers import Unavailable, postgresql


def main() -> None:
    try:
        with postgresql() as server:
            sys.stderr.write("On PostgreSQL\n")
            command = [sys.executable, "-m", "pytest", *sys.argv[1:]]
            env = {**os.environ, "COMMONGROUND_DATABASE_URL": server.url()}
            sys.exit(subprocess.run(command, env=env, check=False).returncode)
    except Unavailable as why:
        sys.exit(f"!! NO POSTGRESQL HERE: {why}")


if __name__ == "__main__":
    main()
