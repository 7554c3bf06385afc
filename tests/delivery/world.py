"""A small world in which deliveries go wrong: one row, two workers, a network, a clock.

The workers run the desk's own rules (say.engine.delivering), unchanged or with a planted
bug. Everything around them is pretended and hostile: the machine kills and freezes them
between any two steps, the database refuses or loses its answer, the network loses, delays,
repeats, refuses and lies. Whatever happens follows from one seed.
"""

from __future__ import annotations

import heapq
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from random import Random
from types import ModuleType
from typing import Any

from commonground.channels.contract import Receipt, Settles, Sighting
from commonground.say.states import DELIVERY
from tests.delivery.network import Network

T0 = datetime(2026, 11, 1, 12, 0, tzinfo=UTC)
MOST_FAULTS = 5
HORIZON = timedelta(hours=6)


def seconds(n: float) -> timedelta:
    return timedelta(seconds=n)


class Worker:
    """One process: what it is doing, and which step it does next."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.steps: Any = None
        self.next_step: Any = None
        self.mine: Any = None  # the row as this worker believes it holds it
        self.thawed = False  # was frozen just before the step it is about to do
        self.until = T0  # when its request is given up, counted from the fence

    def drop(self) -> None:
        self.steps = self.next_step = self.mine = None
        self.thawed = False


class World:
    """One schedule, from its seed to its end; `wrong` says what it broke, if anything."""

    MOST_EVENTS = 3_000

    def __init__(
        self, seed: int, rules: ModuleType, skipped: frozenset[int] = frozenset(),
        tell: Callable[[str], None] | None = None,
    ) -> None:  # fmt: skip
        self.rng = Random(seed)  # noqa: S311 - chance we can have again
        self.rules, self.skipped, self.tell = rules, skipped, tell
        self.asked, self.fired = 0, []
        self.now, self.events, self.count = T0, [], 0
        self.wrong: list[str] = []
        self.make()

    def make(self) -> None:
        rng = self.rng
        settles = rng.choice(list(Settles))
        self.urgent = rng.random() < 0.4
        usual = 900 if self.urgent else 14_400
        good_for = seconds(rng.uniform(20, 300) if rng.random() < 0.2 else usual)
        self.network = Network(settles, rng)
        self.row = self.rules.Row(
            settles=settles, key="k", due_at=T0, not_after=T0 + good_for, next_at=T0,
            key_is_good_for=seconds(1800), urgent=self.urgent,
        )  # fmt: skip
        self.hostile = rng.choice((0.03, 0.08, 0.15))  # how often the machine itself fails
        self.stopped = self.span(0.12, 60, 400)
        self.no_line = self.span(0.08, 120, 900)
        self.other_words = self.span(0.04, 90, 1e6)
        self.died_at: datetime | None = None
        usual_time = good_for.total_seconds() == usual
        held = min(self.stopped[0], self.no_line[0], self.other_words[0]).year < 9999
        self.excused = held or not usual_time  # then it may be let go by no fault of the rules
        self.froze = False  # then nobody may be left to take over at once
        asleep = rng.uniform(0, 1500) if rng.random() < 0.06 else 0.0
        self.excused |= asleep > 100
        for name in ("worker 1", "worker 2")[: rng.choice((1, 2, 2))]:
            self.at(asleep + rng.uniform(0, 2), self.work, Worker(name))
        within = self.rules.TOLD_WITHIN[self.urgent]
        self.within = seconds(60 if self.urgent else 300)
        first = max((within - seconds(20)).total_seconds(), 0)
        self.at(first + rng.uniform(0, 15), self.sweep)
        self.at(self.within.total_seconds(), self.check_promise)
        self.at(max(good_for.total_seconds(), asleep) + 900, self.check_end)
        self.epochs: set[int] = set()

    def span(self, chance: float, latest: float, longest: float) -> tuple[datetime, datetime]:
        """Some time from then to then, or none at all."""
        if self.rng.random() >= chance:
            return (datetime.max.replace(tzinfo=UTC),) * 2
        start = T0 + seconds(self.rng.uniform(0, latest))
        return start, start + seconds(self.rng.uniform(5, longest))

    # -- the clock -------------------------------------------------------------------------

    def at(self, delay: float, act: Callable[..., None], *what: Any) -> None:
        self.count += 1
        heapq.heappush(self.events, (self.now + seconds(delay), self.count, act, what))

    def run(self) -> list[str]:
        """Let it happen. What was broken, in words; nothing if every promise held."""
        while self.events and self.count < self.MOST_EVENTS and not self.wrong:
            self.now, _, act, what = heapq.heappop(self.events)
            if self.now > T0 + HORIZON:
                break
            act(*what)
        self.judge()
        return self.wrong

    def fault(self, chance: float) -> bool:
        """Whether something fails here; each chance has a number, so that it can be left out."""
        self.asked += 1
        hit = self.rng.random() < chance and len(self.fired) < MOST_FAULTS
        if hit and self.asked not in self.skipped:
            self.fired.append(self.asked)
            return True
        return False

    def say(self, words: str, *things: Any) -> None:
        if self.tell:
            told = words.format(*map(brief, things))
            self.tell(f"{(self.now - T0).total_seconds():8.1f} s  {told}")

    # -- the workers -----------------------------------------------------------------------

    def work(self, worker: Worker) -> None:
        """One step of a worker, or a look whether there is anything to do."""
        if worker.steps is None:
            self.begin(worker)
            return
        if self.fault(self.hostile / 2):
            self.kill(worker, "before it could", worker.next_step)
            return
        if not worker.thawed and self.fault(self.hostile / 3):
            nap = self.rng.uniform(*self.rng.choice(((1, 29), (30, 74), (75, 77), (76, 260))))
            self.say(f"{worker.name} is frozen for {nap:.0f} s before: {{}}", worker.next_step)
            worker.thawed = self.froze = True
            self.at(nap, self.work, worker)
            return
        self.obey(worker)

    def begin(self, worker: Worker) -> None:
        rules, rng = self.rules, self.rng
        if not rules.is_open(self.row) or self.row.handed_over_at:
            return  # nothing will ever be to do
        if rules.is_free(self.row, self.now):
            worker.steps = rules.carry()
            self.advance(worker, None)
            return
        wake = max(self.row.next_at, self.row.lease_until or self.now, self.now) - self.now
        self.at(wake.total_seconds() + rng.uniform(0.05, 1.2), self.work, worker)

    def advance(self, worker: Worker, answer: Any, took: float = 0.0) -> None:
        """Tell the rules what came of a step, and learn what they want next."""
        try:
            worker.next_step = worker.steps.send(answer)
        except StopIteration:
            worker.drop()
        self.at(took + self.rng.uniform(0.01, 0.3), self.work, worker)

    def kill(self, worker: Worker, when: str, step: Any) -> None:
        self.say(f"{worker.name} is killed {when}: {{}}", step)
        held = worker.mine is not None and worker.mine.epoch == self.row.epoch
        if held or self.died_at:
            self.died_at = self.now
        worker.drop()
        self.at(self.rng.uniform(1, 40), self.work, worker)

    def obey(self, worker: Worker) -> None:
        step, thawed = worker.next_step, worker.thawed
        worker.thawed = False
        kind = type(step).__name__
        if kind in ("Look", "Send"):
            self.speak(worker, step, thawed)
            return
        if self.fault(self.hostile / 4):
            self.say("the database refuses {}: {}", worker, step)
            self.abandon(worker)
            return
        answer = getattr(self, kind.lower())(worker, step)
        self.say("{}: {} -> {}", worker, step, answer)
        if self.fault(self.hostile / 4):
            self.say("{} never hears that this was written", worker)
            self.abandon(worker)
        elif self.fault(self.hostile / 4):
            self.kill(worker, "right after", step)
        elif kind == "Note" and answer is False:
            self.abandon(worker)
        else:
            self.advance(worker, answer)

    def abandon(self, worker: Worker) -> None:
        worker.drop()
        self.at(self.rng.uniform(0.2, 2), self.work, worker)

    # -- the database: each of these is one transaction ---------------------------------------

    def claim(self, worker: Worker, step: Any) -> Any:
        if not self.rules.is_free(self.row, self.now):
            return None
        if self.row.lease_until and self.row.lease_until > self.now:
            self.breaks("taken out of the hands of a worker")
        if self.died_at:
            self.check_takeover()
        self.row = worker.mine = replace(self.row, **self.rules.claimed(self.row, self.now))
        if self.row.epoch in self.epochs:
            self.breaks("two workers hold the same epoch")
        self.epochs.add(self.row.epoch)
        return self.row

    def around(self) -> Any:
        return self.rules.Around(
            now=self.now, stopped=self.within_span(self.stopped),
            line_open=not self.within_span(self.no_line),
            publishing=True, may_be_sent=not self.within_span(self.other_words),
        )  # fmt: skip

    def within_span(self, span: tuple[datetime, datetime], slack: float = 0.0) -> bool:
        return span[0] + seconds(slack) <= self.now < span[1] if span[0].year < 9999 else False

    def intend(self, worker: Worker, step: Any) -> Any:
        hindrance = self.rules.hindrance_to(self.row, worker.mine, self.around())
        if hindrance:
            return hindrance
        state = DELIVERY.after("attempt", self.row.state)
        self.row = replace(self.row, state=state, **self.rules.intent(self.row, self.now))
        worker.mine = self.row
        return self.row

    def fence(self, worker: Worker, step: Any) -> Any:
        worker.until = self.now + seconds(30)
        return self.rules.fence_against(self.row, worker.mine, self.around())

    def note(self, worker: Worker, step: Any) -> bool:
        unchanged = ("state", *self.rules.OURS)
        if any(getattr(self.row, f) != getattr(worker.mine, f) for f in unchanged):
            return False
        if step.verb != "wait" and DELIVERY.after(step.verb, self.row.state) is None:
            return False
        self.row = self.rules.noted(step, self.row, self.now)
        worker.mine = None
        if self.row.handed_over_at or self.row.state in ("declined", "late"):
            self.must_be_told()
        return True

    # -- the network ------------------------------------------------------------------------

    def speak(self, worker: Worker, step: Any, thawed: bool) -> None:
        if type(step).__name__ == "Look":
            took, answer = self.look(step)
        else:
            took, answer = self.send(worker, step, thawed)
        self.say("{}: {} -> {} after {} s", worker, step, answer, round(took, 1))
        if self.fault(self.hostile / 2):
            self.kill(worker, "while it heard the answer to", step)
            return
        if type(step).__name__ == "Send":
            answer = replace(answer, at=self.now + seconds(took))
        self.advance(worker, answer, took)

    def look(self, step: Any) -> tuple[float, Any]:
        blind = self.fault(self.network.often("blind"))
        if blind:
            return self.rng.choice((0.1, 30.0)), self.rules.Looked(self.now, blind="no answer")
        seen = self.network.shows(step.key, self.now)
        receipt = Receipt("1", "https://n.example/1")
        sighting = Sighting(receipt, "words") if seen else None
        took = 29.0 if self.rng.random() < 0.05 else self.rng.uniform(0.05, 1)
        return took, self.rules.Looked(self.now, sighting)

    def send(self, worker: Worker, step: Any, thawed: bool) -> tuple[float, Any]:
        """One request, given up a deadline after the fence; if it is over already, not made.

        Only a process that is frozen between its very last look at the clock and the first
        byte sends all the same: that is beyond any rule, and counted.
        """
        fenced = self.now <= worker.until
        beyond = thawed and not fenced and self.rng.random() < 0.1
        if worker.until > T0 and not fenced and not beyond:
            return 0.0, self.rules.Answer(self.rules.Heard("not now"), self.now, "never left")
        if not thawed:
            self.check_send()
        self.network.seen.setdefault(step.key, self.now)
        outcome = self.network.choose(self.fault)
        took, heard, effect = self.network.answer(outcome, self.rng)
        if took >= 30 and not beyond:  # until the deadline, and no longer
            took = max((worker.until - self.now).total_seconds(), 0.0)
            effect = took + self.rng.uniform(1, 59) if effect is not None else None
        if effect is not None:
            self.at(effect, self.network.act, self, step.key, beyond)
        again = self.rng.choice((None, 1, 30, 400, 3600)) if heard == "not now" else None
        self.excused |= (again or 0) > 100
        answer = self.rules.Answer(
            self.rules.Heard(heard), self.now, outcome,
            again_at=self.now + seconds(again) if again else None,
            receipt=Receipt("1", "https://n.example/1") if heard == "took" else None,
        )  # fmt: skip
        return took, answer

    # -- the sweeper, and what was promised ----------------------------------------------------

    def sweep(self) -> None:
        if self.rules.is_overdue(self.row, self.now):
            self.say("the sweeper tells a person: it is late")
            self.row = replace(self.row, raised_at=self.now)
        elif self.rules.is_open(self.row) and not self.row.raised_at:
            self.at(15, self.sweep)

    def check_promise(self) -> None:
        if self.row.state != "sent" and self.row.raised_at is None:
            self.breaks(f"untold {self.within.total_seconds():.0f} s after it was due")

    def check_end(self) -> None:
        if self.rules.is_open(self.row) and not self.row.handed_over_at:
            self.breaks("not settled a quarter of an hour after its time")

    def check_takeover(self) -> None:
        free_since = max(self.row.next_at, self.died_at)
        if self.now - free_since > seconds(90) and not self.froze:
            self.breaks("nobody took over within 90 s")
        self.died_at = None

    def check_send(self) -> None:
        if self.within_span(self.stopped, 5):
            self.breaks("sent while everything was stopped")
        if self.within_span(self.other_words, 5):
            self.breaks("sent words that were not approved")
        if self.now > self.row.not_after + seconds(5):
            self.breaks("sent past its time")

    def must_be_told(self) -> None:
        if self.row.raised_at is None:
            self.breaks(f"ended {self.row.state.value}, and nobody was told")

    def breaks(self, words: str) -> None:
        self.wrong.append(words)
        self.say(f"BROKEN: {words}")

    def judge(self) -> None:
        """What the public would see, against what the desk says, once all is over."""
        there, state = self.network.effects, self.row.state.value
        by_rule = [e for e in there if not e.thawed]
        never_twice = self.network.settles == Settles.BY_OWN_ID
        open_ = self.rules.is_open(self.row)
        verdicts = {
            f"it stands there {len(there)} times": len(there if never_twice else by_rule) > 1,
            "the desk says it was seen, and it is not there": state == "sent" and not there,
            f"the desk says {state}, and it is there": state in ("declined", "late") and by_rule,
            "let go although it could have been sent": state == "late" and not self.excused,
            f"never settled: {state}": open_ and not self.row.handed_over_at,
            "handed to a person who was not told": open_ and self.row.raised_at is None,
        }
        for words, broken in verdicts.items():
            if broken and not self.wrong:
                self.breaks(words)


def brief(thing: Any) -> str:
    """A step or an answer in few words."""
    kind = type(thing).__name__
    if kind == "Worker":
        return str(thing.name)
    if kind == "Note":
        return f"note {thing.verb} ({thing.why})" if thing.why else f"note {thing.verb}"
    if kind == "Row":
        return f"row {thing.state.value}, attempt {thing.attempt}, epoch {thing.epoch}"
    if kind == "Looked":
        return thing.blind or ("it is there" if thing.sighting else "it is not there")
    if kind == "Answer":
        return f"{thing.why}: {thing.heard.value}"
    return kind.lower() if kind in ("Claim", "Look", "Intend", "Fence", "Send") else str(thing)
