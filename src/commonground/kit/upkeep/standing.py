"""Standing still while the mark of an upgrade stands: the worker, the listener, and the pages."""

from __future__ import annotations

import json
import logging
import time
from collections.abc import Callable
from threading import Event, Lock, Thread

from django.db import DatabaseError, close_old_connections, connection
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.deprecation import MiddlewareMixin

from commonground.kit.upkeep import mark
from commonground.kit.upkeep.versions import applied, brought, unapplied, unknown

log = logging.getLogger(__name__)

LOOK_EVERY = 1.0  # seconds; whoever upgrades waits longer than this for the pages
COME_BACK_IN = 30  # seconds, told to whoever asked for a page
# EX_TEMPFAIL of sysexits.h. Whoever looks after processes starts this one again at once: it
# waits, and then runs the code that is there by then.
STOOD_DOWN = 75


def wait_until_it_is_gone(over: Event | None = None) -> None:
    """A process that starts while the mark stands does nothing until it is gone."""
    if not is_up():
        return
    log.warning("An upgrade is under way: waiting until it has ended. Nothing is sent.")
    over = over or Event()
    while is_up() and not over.wait(LOOK_EVERY):
        connection.close()


def is_up() -> bool:
    """A database that is away says nothing of an upgrade; who needs it will notice."""
    try:
        return mark.standing() is not None
    except (DatabaseError, OSError):
        return False


class StandDown(Thread):
    """Calls `stop` as soon as the mark stands, once; `told` says afterwards whether it did."""

    def __init__(self, stop: Callable[[], object]) -> None:
        super().__init__(name="upkeep", daemon=True)
        self.stop, self.told, self.over = stop, False, Event()

    def run(self) -> None:
        while not self.over.wait(LOOK_EVERY):
            close_old_connections()  # one that was lost would say for ever that no mark stands
            if is_up():
                self.told = True
                log.info("An upgrade is under way: what is in hand is finished, then we stop.")
                self.stop()
                break
        connection.close()


class Pages:
    """Whether pages are shown. Looked after by a thread of the web process, for a page must not
    cost a question more; where there is no such thread, as in tests, they are.

    Once a process knows that its database is of its own version, only an upgrade can change that.
    """

    def __init__(self) -> None:
        self.closed, self.of_our_version, self.thread = False, False, Lock()
        self.said = ""

    def watch(self) -> None:
        """Begin to look, in a process that answers pages. Once."""
        if self.thread.acquire(blocking=False):
            Thread(target=self.keep_looking, name="upkeep", daemon=True).start()

    def keep_looking(self) -> None:
        while True:
            close_old_connections()
            try:
                self.look()
            except Exception as why:  # else nobody would look any more, and all stay as it is
                if str(why) != self.said:
                    log.warning("Whether an upgrade is under way cannot be told: %s", why)
                self.said = str(why)
            time.sleep(LOOK_EVERY)

    def look(self) -> None:
        """Raises what the database raises that is away: then all stays as it was known last."""
        if mark.standing():
            self.closed, self.of_our_version = True, False
            return
        if not self.of_our_version:
            said = other_version()
            if said and said != self.said:
                log.error("The pages are closed: %s", said)
            self.said, self.of_our_version = said, not said
        self.closed = not self.of_our_version


def other_version() -> str:
    """A process that an upgrade left behind writes nothing into tables it does not know."""
    done = applied()
    if unknown(done):
        return "The database is of a newer version than this process: start it anew."
    if done and unapplied():  # an empty one is of no version
        return "The database is of an older version than this process: commonground upgrade"
    return ""


PAGES = Pages()


class WhileUpgrading(MiddlewareMixin):
    """No page is shown and no form is taken while the database is being changed: what somebody
    wrote meanwhile would be lost if it had to be put back."""

    async_capable = False

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        super().__init__(get_response)
        brought()  # now, while the files are still those that we run

    def process_request(self, request: HttpRequest) -> HttpResponse | None:
        if not PAGES.closed:
            return None
        if request.path.startswith("/api/"):
            said = {"type": "about:blank", "title": "An upgrade is under way.", "status": 503}
            answer = HttpResponse(json.dumps(said), content_type="application/problem+json")
        else:
            with translation.override(translation.get_language_from_request(request)):
                answer = HttpResponse(render_to_string("kit/upgrading.html"))
        answer.status_code = 503
        answer["Retry-After"], answer["Cache-Control"] = str(COME_BACK_IN), "no-store"
        return answer
