"""`./run demo`: a desk with a demo agency, and a moment that happens while you watch.

./run demo          until Ctrl-C, on http://localhost:8000
./run demo --once   headless: the whole main job to its end, then one JSON summary
"""

from __future__ import annotations

import argparse
import contextlib
import signal
import sys
import time
from datetime import UTC, datetime, timedelta

from tools.demo.once import once
from tools.demo.stage import HOME, PASSWORD, desk, installed, networks, replay, write_stream

CRASH_AT = timedelta(hours=63)  # into the scenario: what a visitor sees happen
SEEN_AHEAD = timedelta(minutes=45)  # of stream time, played fast, before it meets the clock
SPEED = 30


def main() -> None:
    arguments = parsed()
    # Both ways of being told to stop unwind the same way, so that no child outlives us.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    with contextlib.suppress(KeyboardInterrupt):
        once(arguments.port) if arguments.once else show(arguments.port)


def parsed() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="./run demo", description=__doc__)
    parser.add_argument("--once", action="store_true", help="headless, to its end")
    parser.add_argument("--port", type=int, default=8000)
    return parser.parse_args()


def show(port: int) -> None:
    """For a person: the past at once, the crash of tonight at thirty times its pace, then live."""
    began = time.monotonic()
    now = datetime.now(UTC)
    with desk(port) as processes:
        tell(port, time.monotonic() - began)
        with networks(processes, patient=installed("bluesky")) as states:
            for name, state in states.items():
                print(f"  {name}: {state}", flush=True)
            processes.start("worker", [sys.executable, "-m", "commonground", "work"])
            write_stream(processes, now - CRASH_AT - SEEN_AHEAD / 3)
            live_from = (now - SEEN_AHEAD).isoformat()
            pace = ["--speed", str(SPEED), "--live-from", live_from]
            processes.start("stream", replay(*pace))
            print("\nThe stream is running. Ctrl-C stops all of it.", flush=True)
            while not (ended := processes.ended()):
                time.sleep(0.5)
            sys.exit(f"The {ended} process ended by itself: see {HOME}/logs/{ended}.log")


def tell(port: int, seconds: float) -> None:
    print(f"""
Commonground is running (ready in {seconds:.0f} s):  http://localhost:{port}

  Sign in with the password  {PASSWORD}
    luc.tremaine@harbour.example     writes posts (in French, if you like)
    ines.calloway@harbour.example    approves them
    jonas.petrie@harbour.example     administrator: channels, sources, members
    hana.quill@harbour.example       records officer
    ruth.ansel@harbour.example       auditor: sees all, changes nothing
  What the public sees needs no sign-in: http://localhost:{port}/newsroom/
  and a question it votes on: http://localhost:{port}/ask/harbour
  A flood five days ago is over: what three papers made of it, and the report written
  from its record, are under http://localhost:{port}/learn/

A city's last three days are being replayed. A video has been everywhere since yesterday;
within two minutes a crash will be. Open http://localhost:{port} and see what you would say.
""", flush=True)  # fmt: skip


if __name__ == "__main__":
    main()
