"""What Meta's networks have in common: how their Graph API is asked, and how it says no.

From "Handling errors", "Rate limits", "Debug token" and "Paginated results" of the Graph API.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from commonground.channels.contract import Busy, Declined, Receipt, Sighting
from commonground.channels.line import Line, Looking, Manners, Page, moment_of, our_id, secret_of

VERSION = "v26.0"
PAGE = 100
LONG_AGO = datetime.fromisoformat("2004-02-04T00:00:00+00:00")  # before the first post there

# Codes mean more than the status, which is 400 for nearly everything.
NOT_LET_IN = {3, 10, 102, 190, *range(200, 300)}  # a token that ended, or a right that is missing
# Limits; then what passes while Meta fetches pictures: too slow, not fetched, not ready.
NOT_NOW = {4, 9, 17, 32, 341, 613, *range(80_000, 80_015), -2, 9004, 9007}
BROKEN = {-1, 1, 2}  # it went wrong in there: whether before or after the act nobody says
# The same words again (506), and words or an account held for misuse (368): a person must look.
NEVER = {368, 506}
TAKEN_FOR_SPAM = 2207051  # a subcode, under a code that elsewhere only means "too many"
ABSENT = (100, 33)  # "does not exist, or you may not": code and subcode


def code_in(said: Mapping[str, Any]) -> tuple[int, int]:
    """Code and subcode of an error; zeros for what is none."""
    error = said.get("error")
    codes = [error.get(k) for k in ("code", "error_subcode")] if isinstance(error, dict) else []
    code, subcode = [c if isinstance(c, int) else 0 for c in codes] or [0, 0]
    return code, subcode


def status_of(status: int, said: Mapping[str, Any]) -> int:
    """The status that the answer should have had."""
    code, subcode = code_in(said)
    if subcode == TAKEN_FOR_SPAM:
        return 422
    kinds = ((NEVER, 422), (NOT_LET_IN, 401), (NOT_NOW, 429), (BROKEN, 503))
    right = next((right for codes, right in kinds if code in codes), None)
    if right:
        return right
    transient = isinstance(said.get("error"), dict) and said["error"].get("is_transient") is True
    return 503 if transient else status


def words_in(said: Mapping[str, Any]) -> object:
    error = said["error"]
    return error if isinstance(error, str) else error.get("error_user_msg") or error["message"]


def waits(headers: Mapping[str, str]) -> list[str | None]:
    """Minutes until it opens again stand deep inside a header of their own."""
    asked: list[str | None] = [headers.get("retry-after")]
    try:
        usage = json.loads(headers.get("x-business-use-case-usage", "{}"))
        minutes = [u["estimated_time_to_regain_access"] for kind in usage.values() for u in kind]
        asked += [str(float(max(minutes)) * 60)] if any(minutes) else []
    except (ValueError, TypeError, AttributeError, KeyError):
        pass  # a header that says nothing we know
    return asked


MANNERS = Manners(words_in, status_of, waits)


class Graph(Line):
    """One errand to the Graph API. The token goes where Meta's documents put it."""

    def __init__(self, home: str, patience: float, token: str, version: str = VERSION) -> None:
        super().__init__(home, patience, MANNERS, hidden=(token,))
        self.token, self.version = token, version

    def look(self, path: str, **wanted: str) -> Any:
        said = {**wanted, "access_token": self.token}
        return self.ask("GET", f"/{self.version}{path}", params=said)

    def act(
        self, path: str, said: Mapping[str, str], files: Mapping[str, Any] | None = None
    ) -> Any:
        form = {**said, "access_token": self.token}
        return self.ask("POST", f"/{self.version}{path}", data=form, files=files)

    def pages(
        self, path: str, fields: str, sighting: Callable[[Mapping[str, Any]], Sighting],
        but: tuple[str, ...] = (),
    ) -> Callable[[str], Page]:  # fmt: skip
        """A way through a list, from mark to mark, past all kinds of media in `but`."""

        def page_after(mark: str) -> Page:
            after = {"after": mark} if mark else {}
            said = self.look(path, fields=fields, limit=str(PAGE), **after)
            paging = said.get("paging") or {}
            more = str(paging["cursors"]["after"]) if "next" in paging else ""
            ours = [post for post in said["data"] if post.get("media_type") not in but]
            return [sighting(post) for post in ours], more

        return page_after

    def remove(self, name: str) -> bool:
        """Delete it. False: it is not there, or we may not, and Meta does not say which."""
        try:
            with self.asking(acting=True):
                said = self.ask(
                    "DELETE", f"/{self.version}/{name}", params={"access_token": self.token}
                )
                if said["success"] is not True:
                    raise ValueError("an answer about something else")
        except Declined:
            if not self.is_absent():
                raise
            return False
        return True

    def is_absent(self) -> bool:
        try:
            said = json.loads(self.errand.answer.content if self.errand.answer else b"")
            return code_in(said) == ABSENT
        except (ValueError, AttributeError):
            return False

    def ends(self) -> datetime | None:
        """When the token ends, or what it may read, if Meta tells us. Zero means never."""
        try:
            with self.asking():
                said = self.look("/debug_token", input_token=self.token)["data"]
                known = [said.get("expires_at"), said.get("data_access_expires_at")]
                return min((moment_of(at) for at in known if at), default=None)
        except (Declined, Busy):
            return None  # it tells only those who belong to the app


class OnGraph(Looking[Graph]):
    """An account whose posts the Graph API publishes, lists and removes."""

    VERSION = VERSION

    def line(self) -> Graph:
        return Graph(self.home, self.patience, secret_of(self.login), self.VERSION)

    def withdraw(self, receipt: Receipt, *, why: str = "") -> None:
        """After "not there, or you may not" we look, before anybody believes that it is gone."""
        name = our_id(receipt)
        if not self.line().remove(name) and any(
            seen.receipt.network_id == name for seen in self.standing(since=LONG_AGO)
        ):
            raise Declined("It still stands: this sign-in may not withdraw it.")
