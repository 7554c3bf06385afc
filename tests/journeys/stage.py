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

NOW = datetime(2026, 3, 7, 1, 50, tzinfo=UTC)  # ten to ten on a Friday night in Port Sable
FOLDER = Path(sys.argv[1]) if __name__ == "__main__" else Path()


def free_port() -> int:
    with closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def settle(port: int) -> None:
    """The settings of a desk as shipped; only its places and its patience are a test's."""
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
        from tests.journeys import (
            afterwards,
            doubles,
            hidden,
            learning,
            newspapers,
            papers,
            people_write,
            pictured,
            plans,
            scene,
            trusting,
            versions,
            warnings_and_corrections,
        )

        self.clock, self.scene, self.put_right = clock, scene, warnings_and_corrections
        self.pictured, self.plans, self.papers = pictured, plans, papers
        self.newspapers, self.trusting = newspapers, trusting
        self.writing, self.doubles, self.versions = people_write, doubles, versions
        self.hidden, self.learning, self.afterwards = hidden, learning, afterwards
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

    def sessions(self) -> dict[str, str]:
        return self.signed_in

    def addresses(self) -> dict[str, str]:
        return self.scene.addresses()

    def stop_everything(self) -> None:
        self.scene.stop_everything()

    def meet_trouble(self) -> str:
        return self.scene.meet_trouble()

    def keep_areas(self) -> str:
        return self.versions.keep_areas()

    def say_it_twice(self) -> str:
        return self.versions.say_it_twice()

    def french_of_it(self) -> str:
        return self.versions.french_of_it()

    def ask_for_two_languages(self) -> str:
        return self.versions.ask_for_two_languages()

    def said_twice(self) -> str:
        return self.versions.said_twice()

    def write_a_thread(self) -> str:
        return self.scene.write_a_thread()

    def ask_for_a_thread(self) -> str:
        return self.scene.ask_for_a_thread()

    def break_a_thread(self) -> str:
        return self.scene.break_a_thread()

    def keep_a_list(self) -> str:
        return self.scene.keep_a_list()

    def run_a_list(self) -> str:
        return self.scene.run_a_list()

    def ask_for_records(self) -> str:
        return self.papers.ask_for_records()

    def read_records(self) -> str:
        return self.papers.read_records()

    def miss_something(self) -> None:
        self.papers.miss_something()

    def keep_notices(self) -> str:
        return self.scene.keep_notices()

    def meet_a_stranger(self) -> str:
        return self.scene.meet_a_stranger()

    def call_it_grave(self) -> None:
        self.scene.call_it_grave()

    def break_the_glass(self) -> str:
        return self.scene.break_the_glass()

    def ask_a_company(self) -> None:
        self.scene.ask_a_company()

    def ask_two_people(self) -> None:
        self.scene.ask_two_people()

    def let_dov_alone(self) -> None:
        self.scene.let_dov_alone()

    def draft_the_crash(self) -> str:
        return self.scene.draft_the_crash()

    def send_for_approval(self) -> None:
        self.scene.send_for_approval()

    def agree(self) -> None:
        self.scene.agree()

    def close_the_harbour(self) -> None:
        self.scene.close_the_harbour()

    def prepare_a_text(self) -> str:
        return self.scene.prepare_a_text()

    def forget_us(self) -> None:
        """Mastodon takes our token back."""
        self.places[0].signed_out = True

    def let_us_in(self) -> None:
        self.places[0].signed_out = False

    def wait_three_minutes(self) -> None:
        self.clock.shift(180)

    def follow_the_news(self) -> str:
        return self.newspapers.follow_the_news()

    def read_the_news(self) -> str:
        return self.newspapers.read_the_news()

    def read_outlets(self) -> str:
        return self.newspapers.read_outlets()

    def an_outlet(self) -> str:
        return self.newspapers.an_outlet()

    def a_silent_outlet(self) -> str:
        return self.newspapers.a_silent_outlet()

    def suspect_a_mistake(self) -> str:
        return self.newspapers.suspect_a_mistake()

    def ask_for_a_correction(self) -> str:
        return self.newspapers.ask_for_a_correction()

    def look_back(self) -> str:
        return self.newspapers.look_back()

    def freeze_a_report(self) -> str:
        return self.newspapers.freeze_a_report()

    def hang_a_picture(self) -> str:
        return self.pictured.hang_a_picture()

    def picture_page(self) -> str:
        return self.pictured.picture_page()

    def what_is_public(self) -> list[list[int]]:
        return self.pictured.what_is_public()

    def draft_a_warning(self) -> str:
        return self.put_right.draft_a_warning()

    def ask_for_a_warning(self) -> str:
        return self.put_right.ask_for_a_warning()

    def warn_people(self) -> str:
        return self.put_right.warn_people()

    def correct_what_we_said(self) -> str:
        return self.put_right.correct_what_we_said()

    def people_write(self) -> str:
        return self.writing.people_write()

    def somebody_answers(self) -> str:
        return self.writing.somebody_answers()

    def moderate(self) -> dict[str, list[object]]:
        """One round of the worker for measures, and what the network then holds of them."""
        from commonground.answer.tasks import measures

        measures.tell_authors()
        measures.carry_out_measures()
        social = self.places[0]
        return {"told": [words for _, words in social.told.values()],
                "acts": [[*one] for one in sorted(social.acts)]}  # fmt: skip

    def propose_a_deed(self) -> str:
        return self.afterwards.propose_a_deed()

    def publish_a_deed(self) -> str:
        return self.afterwards.publish_a_deed()

    def draft_a_round(self) -> str:
        return self.trusting.draft_a_round()

    def open_a_round(self) -> str:
        return self.trusting.open_a_round()

    def count_rounds(self) -> str:
        return self.trusting.count_rounds()

    def count_a_round_of_few(self) -> str:
        return self.trusting.count_a_round_of_few()

    def plan_an_experiment(self) -> str:
        return self.trusting.plan_an_experiment()

    def register_an_experiment(self) -> str:
        return self.trusting.register_an_experiment()

    def end_experiments(self) -> str:
        return self.trusting.end_experiments()

    def be_measured(self) -> str:
        return self.trusting.be_measured()

    def be_asked(self) -> str:
        return self.afterwards.be_asked()

    def have_said_how(self) -> str:
        return self.afterwards.have_said_how()

    def many_said_how(self) -> str:
        return self.afterwards.many_said_how()

    def write_a_policy(self) -> str:
        return self.hidden.write_a_policy()

    def have_a_policy(self) -> str:
        return self.hidden.have_a_policy()

    def ask_for_a_measure(self) -> str:
        return self.hidden.ask_for_a_measure()

    def hide_something(self) -> str:
        return self.hidden.hide_something()

    def be_hidden(self) -> str:
        return self.hidden.be_hidden()

    def object_to_a_measure(self) -> str:
        return self.hidden.object_to_a_measure()

    def have_objected(self) -> str:
        return self.hidden.have_objected()

    def course_read(self) -> str:
        return self.learning.course_read()

    def course_missed(self) -> str:
        return self.learning.course_missed()

    def course_passed(self) -> str:
        return self.learning.course_passed()

    def hold_a_drill(self) -> str:
        return self.learning.hold_a_drill()

    def look_back_on_a_drill(self) -> str:
        return self.learning.look_back_on_a_drill()

    def plan_a_series(self) -> str:
        return self.plans.plan_a_series()

    def run_a_campaign(self) -> str:
        return self.plans.run_a_campaign()

    def ask_a_machine(self) -> str:
        return self.plans.ask_a_machine()

    def offer_a_post(self) -> str:
        return self.plans.offer_a_post()

    def pass_a_post_on(self) -> str:
        return self.plans.pass_a_post_on()

    def hold_a_campaign(self) -> str:
        return self.plans.hold_a_campaign()

    def open_in_the_fediverse(self) -> str:
        return self.scene.open_in_the_fediverse()

    def take_a_note_back(self) -> str:
        return self.scene.take_a_note_back()

    def prove_accounts(self) -> None:
        self.doubles.prove_accounts()

    def meet_a_double(self) -> str:
        return self.doubles.meet_a_double()

    def report_a_double(self) -> str:
        return self.doubles.report_a_double()

    def name_an_account(self) -> str:
        return self.scene.name_an_account()

    def make_a_code(self) -> str:
        return self.scene.make_a_code()

    def draw_pictures(self) -> None:
        from commonground.ask import tasks

        tasks.WATCHED.clear()  # the stage went back to how it was built; memory must too
        tasks.draw_pictures()
        tasks.settle_pictures()

    def newest_page(self) -> str:
        return self.scene.newest_page()

    def record_is_whole(self) -> bool:
        from commonground.record import actions

        return actions.verify() is None

    def seen_by_networks(self) -> list[str]:
        """The texts the pretended networks show to the public."""
        return [held.message.text for place in self.places for held in place.posts.values()]


def serve(port: int) -> None:
    from granian.constants import Interfaces
    from granian.server.embed import Server

    from commonground.asgi import application

    server = Server(
        application, address="127.0.0.1", port=port, interface=Interfaces.ASGINL,
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
    return getattr(stage, wish)  # type: ignore[no-any-return]


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
