"""The same hostile world for a thread: parts that go out one after the other, or a person knows.

Each part is a delivery of its own and obeys the very rules of one; what is new is their order,
and the person who is told that a thread is half out, looks, goes on or takes it back.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from typing import Any

from commonground.say.states import DELIVERY
from tests.delivery.network import Network
from tests.delivery.world import T0, Worker, World, seconds

MOST_TO_GO_ON = 3  # times; a person gives up as well


class ThreadWorld(World):
    """Two to four parts, up to two workers, one account, and one person."""

    def make(self) -> None:
        self.part, self.rows, self.networks = 0, [], []
        super().make()
        first, network = self.rows[0], self.networks[0]
        for number in range(1, self.rng.choice((2, 3, 4))):
            self.part = number
            self.row = replace(first, key=f"k{number}")
            self.network = Network(first.settles, self.rng)
            self.network.likely, self.network.lag = network.likely, network.lag
        self.part, self.went_on, self.acts = 0, 0, self.rng.random() < 0.7
        self.no_person, self.decided_at = self.rng.random() < 0.2, T0 - seconds(3600)
        self.epochs_of = [set() for _ in self.rows]
        self.sweeping = True
        self.seen_at = [T0 for _ in self.rows]
        self.at(5, self.look_in)

    MOST_EVENTS = 8_000

    # -- the row and the account of whichever part is being spoken of ---------------------------

    @property
    def row(self) -> Any:
        row = self.rows[self.part]
        return replace(row, former=self.rows[self.part - 1].state if self.part else None)

    @row.setter
    def row(self, row: Any) -> None:
        if self.part == len(self.rows):
            self.rows.append(row)
        self.rows[self.part] = row

    @property
    def network(self) -> Any:
        return self.networks[self.part]

    @network.setter
    def network(self, network: Any) -> None:
        if self.part == len(self.networks):
            self.networks.append(network)

    def each(self, first: int = 0) -> Iterator[int]:
        """One part after the other, each the one that is spoken of."""
        for number in range(first, len(self.rows)):
            self.part = number
            yield number

    def say(self, words: str, *things: Any) -> None:
        super().say(f"part {self.part + 1}: {words}", *things)

    # -- the workers ---------------------------------------------------------------------------

    def work(self, worker: Any) -> None:
        if worker.steps is not None:
            self.part = worker.part
        super().work(worker)

    def begin(self, worker: Any) -> None:
        """Take the first part that is free, as a worker's list of what is ready gives it."""
        for _ in self.each():
            if self.rules.is_free(self.row, self.now):
                worker.part = self.part
                super().begin(worker)
                return
        if wakes := [at for row in self.rows if (at := self.may_be_free(row))]:
            wait = max((min(wakes) - self.now).total_seconds(), 0.3)
            self.at(wait + self.rng.uniform(0.05, 1.2), self.work, worker)

    def may_be_free(self, row: Any) -> datetime | None:
        """When to look at it again; None: not before somebody acts, who wakes a worker."""
        if not self.rules.is_open(row) or row.handed_over_at:
            return None
        before = [former.state for former in self.rows[: self.rows.index(row)]][-1:]
        if before and before[0] in ("waiting", "sending", "unsure"):
            return None  # whoever settles that one comes by here
        left = before and before[0] != "sent"
        return row.not_after if left else max(row.next_at, row.lease_until or self.now)

    def goes_on(self, beyond: float) -> bool:
        """Whether anything may still happen to it."""
        done = all(row.state == "sent" for row in self.rows)
        return not done and self.now < self.rows[0].not_after + seconds(beyond)

    def claim(self, worker: Any, step: Any) -> Any:
        self.died_at = None  # how soon another takes over, the world of one delivery asks
        self.epochs = self.epochs_of[self.part]
        return super().claim(worker, step)

    def send(self, worker: Any, step: Any, thawed: bool) -> tuple[float, Any]:
        if any(row.state != "sent" for row in self.rows[: self.part]):
            self.breaks("a part left before the one before it was seen")
        return super().send(worker, step, thawed)

    def note(self, worker: Any, step: Any) -> bool:
        before = self.row
        written = super().note(worker, step)
        if step.verb == "see":
            self.seen_at[self.part] = self.now
        if written and step.verb == "see" and before.raised_at and self.part + 1 < len(self.rows):
            alarm = {name: getattr(before, name) for name in self.rules.PASSED_ON}
            self.rows[self.part + 1] = replace(self.rows[self.part + 1], **alarm)
        return written

    # -- the person ----------------------------------------------------------------------------

    def look_in(self) -> None:
        """Whoever was told looks at what is out there, and decides; not everybody does."""
        for _ in self.each():
            if not self.no_person and self.row.tell_at and self.rng.random() < 0.3:
                self.decide()
        if self.goes_on(600):
            self.at(self.rng.uniform(20, 90), self.look_in)

    def decide(self) -> None:
        row, rules = self.row, self.rules
        tried = row.last_tried_at or row.due_at
        if row.state == "unsure" and row.handed_over_at and self.now - tried > seconds(120):
            seen = bool(self.network.effects)
            self.say("a person looked: {}", "it is there" if seen else "it is not there")
            state = DELIVERY.after("confirm" if seen else "rule_out", row.state)
            self.row = replace(row, state=state, tell_at=None if seen else row.tell_at)
            self.seen_at[self.part] = self.now
            self.wake()
        elif self.acts and rules.may_go_on(row, self.now) and self.went_on < MOST_TO_GO_ON:
            self.say("a person lets part {} go on", self.part + 1)
            self.went_on += 1
            self.wake()
            state = DELIVERY.after("go_on", row.state)
            for _ in self.each(self.part):
                keeps = state if self.row.state == "declined" else self.row.state
                known = {k: v for k, v in rules.anew(self.now).items() if hasattr(row, k)}
                self.row = replace(self.row, state=keeps, **known)
                self.at(self.within.total_seconds(), self.check_promise)

    def wake(self) -> None:
        self.decided_at = self.now
        self.at(0.2, self.work, Worker("worker 3"))
        if not self.sweeping:
            self.sweeping = True
            self.at(15, self.sweep)

    # -- what was promised ---------------------------------------------------------------------

    def sweep(self) -> None:
        for _ in self.each():
            if self.rules.is_overdue(self.row, self.now):
                self.row = replace(self.row, raised_at=self.now, tell_at=self.now)
        self.sweeping = any(self.rules.is_open(row) for row in self.rows) and self.hurries()
        if self.sweeping:
            self.at(15, self.sweep)

    def hurries(self) -> bool:
        """Whether the promised time may soon be over; else a sweep would find nothing to do."""
        return self.now - max(self.decided_at, T0) < seconds(1200)

    def check_promise(self) -> None:
        """All of it was seen, or a person knows of some part."""
        late = [r for r in self.rows if self.now - r.due_at >= self.within and r.state != "sent"]
        told = any(row.raised_at and row.tell_at for row in self.rows)
        if late and not told and self.now - self.decided_at > seconds(20):
            self.breaks("a thread is not all out in time, and nobody was told")

    def check_end(self) -> None:
        """Only what waits for a person may be open: handed over, or behind such a part."""
        for row in self.rows:
            if row.handed_over_at and row.state == "unsure":
                return
            if self.rules.is_open(row):
                self.breaks("not settled a quarter of an hour after its time")

    def must_be_told(self) -> None:
        super().must_be_told()
        if self.rules.has_turn(self.row) and self.row.tell_at is None:
            self.breaks("a thread broke off, and nobody was told")

    def had_no_time(self) -> bool:
        """Its turn came, or a person let it go on, when hardly any time was left."""
        turn = max(self.decided_at, self.seen_at[self.part - 1] if self.part else T0)
        return turn > self.row.not_after - seconds(400)

    def judge(self) -> None:
        states = [row.state for row in self.rows]
        for _ in self.each():
            before, excused = states[: self.part], self.excused
            self.excused |= any(state != "sent" for state in before) or self.had_no_time()
            if "unsure" not in before:  # a person has still to look; what is behind waits
                super().judge()
            self.excused = excused
        self.part = 0
        broken_at = next((n for n, state in enumerate(states) if state != "sent"), None)
        if broken_at is not None and not self.wrong and self.rows[broken_at].tell_at is None:
            self.breaks("a thread is half out, and nobody was told")
        if broken_at is not None and "sent" in states[broken_at:] and not self.wrong:
            self.breaks("a part is out, and one before it is not")
