"""The desk that the journeys visit: the real web server on a database of its own, at a time
of its own, with two networks that exist only in its memory.

    python -m tests.journeys.stage FOLDER

A process of its own: it takes one wish a line (JSON) and answers each with one line. It ends
when its input does, however many live pages are still open, so it can never outlive a test run.
"""

from __future__ import annotations

import asyncio
import json
import os
import socket
import sqlite3
import sys
import threading
import traceback
from collections.abc import Callable
from contextlib import closing, suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import time_machine

from tests.journeys import pseudo

NOW = datetime(2026, 3, 7, 1, 50, tzinfo=UTC)  # ten to ten on a Friday night in Port Sable
FOLDER = Path(sys.argv[1]) if __name__ == "__main__" else Path()


def free_port() -> int:
    with closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def settle(port: int) -> None:
    """The settings of a desk as shipped; only its places and its patience are a test's."""
    pseudo.write_catalogue(FOLDER / "pseudo")
    os.environ |= {
        "DJANGO_SETTINGS_MODULE": "tests.journeys.settings",
        "COMMONGROUND_SECRET_KEY": "for tools and tests only",
        "COMMONGROUND_DATABASE_URL": f"sqlite:///{FOLDER}/desk.sqlite3",
        "COMMONGROUND_SITE_URL": f"http://localhost:{port}",
        "COMMONGROUND_HOSTS": "localhost",
        "COMMONGROUND_STATIC_ROOT": f"{FOLDER}/static",
        "COMMONGROUND_ALLOW_PRIVATE_ADDRESSES": "yes",
        "COMMONGROUND_UNDO_SECONDS": "0",
        "COMMONGROUND_FIRST_DEVICE": "no",  # every browser of a journey is a new one
    }


class Stage:
    """What a journey may wish for besides pages."""

    def __init__(self, clock: time_machine.Traveller) -> None:
        from tests.journeys import plans, scene
        from tests.journeys.players import PLAYERS

        self.clock, self.plans = clock, plans
        self.players = PLAYERS
        self.places = scene.pretend()
        scene.Building(clock, NOW).build()
        self.signed_in = scene.sessions()
        self.live, self.kept = FOLDER / "desk.sqlite3", FOLDER / "as-built.sqlite3"
        with closing(sqlite3.connect(self.live)) as live:
            live.execute("VACUUM INTO ?", [str(self.kept)])

    def again(self) -> None:
        """Everything as it was when the stage was built, and the clock too."""
        from commonground.record.views import PULSE

        with closing(sqlite3.connect(self.kept)) as kept, closing(sqlite3.connect(self.live)) as to:
            kept.backup(to)
        for place in self.places:
            place.posts.clear()
            place.acts.clear()
            place.told.clear()
            place.signed_out = False
        self.plans.forget_the_machine()
        PULSE.mark = -1  # the record has become shorter, which it never does on a real desk
        self.clock.move_to(NOW)

    def work(self) -> None:
        """One round of the worker for everything that is said."""
        from commonground.say import tasks

        tasks.go_out()
        tasks.take_back()

    def drill(self) -> None:
        """A minute of the clock, round by round, for drills and all that is said in them."""
        from django.utils import timezone

        from commonground.answer import tasks as answering
        from commonground.train import tasks as training

        for _ in range(15):
            self.clock.shift(4)
            training.go_on_with_drills()
            training.hear_in_drills()
            self.work()
        for line in answering.lines_due(timezone.now()):
            answering.hear(line)

    def sessions(self) -> dict[str, str]:
        return self.signed_in

    def forget_us(self) -> None:
        """Mastodon takes our token back."""
        self.places[0].signed_out = True

    def let_us_in(self) -> None:
        self.places[0].signed_out = False

    def wait_three_minutes(self) -> None:
        self.clock.shift(180)

    def moderate(self) -> dict[str, list[object]]:
        """One round of the worker for measures, and what the network then holds of them."""
        from commonground.answer.tasks import measures

        measures.tell_authors()
        measures.carry_out_measures()
        social = self.places[0]
        return {"told": [words for _, words in social.told.values()],
                "acts": [[*one] for one in sorted(social.acts)]}  # fmt: skip

    def draw_pictures(self) -> None:
        from commonground.ask import tasks

        tasks.WATCHED.clear()  # the stage went back to how it was built; memory must too
        tasks.draw_pictures()
        tasks.settle_pictures()

    def record_is_whole(self) -> bool:
        from commonground.record import actions

        return actions.verify() is None

    def seen_by_networks(self) -> list[str]:
        """The texts the pretended networks show to the public."""
        return [held.message.text for place in self.places for held in place.posts.values()]


def serve(port: int) -> None:
    from granian.constants import Interfaces
    from granian.server.embed import Server

    from commonground.kit.serving import Desk

    server = Server(
        Desk(), address="127.0.0.1", port=port, interface=Interfaces.ASGINL,
        websockets=False, log_enabled=False,
    )  # fmt: skip
    asyncio.run(server.serve())


def wait_until_it_listens(port: int) -> None:
    """The first visitor must not come before the door is open."""
    for _ in range(600):
        with suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
            return
        threading.Event().wait(0.1)
    raise TimeoutError("the web server did not come up")


def obey(stage: Stage) -> None:
    wait_until_it_listens(int(os.environ["COMMONGROUND_SITE_URL"].rpartition(":")[2]))
    for line in sys.stdin:
        wish = json.loads(line)
        try:
            told: dict[str, Any] = {"said": act_of(stage, wish["wish"])()}
        except Exception:
            told = {"trouble": traceback.format_exc()}
        tell(told)
    os._exit(0)  # not even an open live line keeps us


def tell(answer: dict[str, Any]) -> None:
    sys.stdout.write(json.dumps(answer) + "\n")
    sys.stdout.flush()


def act_of(stage: Stage, wish: str) -> Callable[[], object]:
    from django.db import close_old_connections

    close_old_connections()
    if own := getattr(stage, wish, None):
        return own  # type: ignore[no-any-return]
    plays = [vars(player).get(wish) for player in stage.players]
    (found,) = [one for player, one in zip(stage.players, plays, strict=True)
                if getattr(one, "__module__", "") == player.__name__]  # fmt: skip
    return found  # type: ignore[return-value]


def main() -> None:
    port = free_port()
    settle(port)
    import django
    from django.core.management import call_command

    clock = time_machine.travel(NOW).start()
    django.setup()
    call_command("migrate", verbosity=0)
    call_command("collectstatic", interactive=False, verbosity=0)
    stage = Stage(clock)
    tell({"said": f"http://localhost:{port}"})
    threading.Thread(target=obey, args=[stage], daemon=True).start()
    serve(port)


if __name__ == "__main__":
    main()
