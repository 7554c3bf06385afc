"""Tries each mistake in a process of its own, against the tests that come by it.

The tests are loaded once and run once as they are, to see which lines each of them runs. For each
mistake a process is then forked, the code of the one function is exchanged in it, and those tests
run, until one fails. Its database is a copy; the time of each test is limited. Functions that keep
what they found (`cache`) forget it before each test, or a mistake in them would never be run.
"""

from __future__ import annotations
import __future__

import ast
import functools
import gc
import os
import resource
import shutil
import signal
import sys
import time
import types
import warnings
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from tools.mutants.planting import Mutant, codes, planted

LINE = sys.monitoring.events.LINE
TOOL = 4
MOST_TESTS = 150  # of one mistake: the quickest of those that come by it
LEAST, TIMES = 5, 6  # seconds of processor time a test gets: so many, and so often the usual
IDLE = 30  # and so many seconds of waiting besides
KILLED, SURVIVED, SLOW, UNREACHED = "killed", "survived", "timed out", "no test comes here"


@dataclass(slots=True)
class Found:
    mutant: Mutant
    came: str
    by: str = ""


@dataclass(eq=False)  # pytest keeps its plugins in sets
class Runner:
    """A plugin of pytest that runs mistakes in place of tests."""

    mutants: Sequence[Mutant]
    minutes: float
    tell: Callable[[str], None]
    found: list[Found] = field(default_factory=list)
    lines: dict[str, dict[str, set[int]]] = field(default_factory=dict)  # test, file -> lines
    took: dict[str, float] = field(default_factory=dict)
    failed: list[str] = field(default_factory=list)
    killers: dict[tuple[str, str], list[str]] = field(default_factory=lambda: defaultdict(list))
    outcome: str = ""

    @pytest.hookimpl(tryfirst=True)
    def pytest_collection(self) -> None:
        """The same cases each time, and no search for the smallest that fails."""
        import hypothesis  # not before pytest has seen to it

        phases = [hypothesis.Phase.explicit, hypothesis.Phase.generate]
        hypothesis.settings.register_profile(
            "mutants", parent=hypothesis.settings.get_profile("desk"), derandomize=True,
            database=None, phases=phases,
        )  # fmt: skip
        hypothesis.settings.load_profile("mutants")

    @pytest.hookimpl
    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if report.failed:
            self.outcome = "failed"
        elif report.skipped and not self.outcome:
            self.outcome = "skipped"

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        self.items = {item.nodeid: item for item in session.items}
        self.functions = functions_in({m.file for m in self.mutants})
        self.as_they_are(session.items)
        began, kept = time.monotonic(), keep_database()
        for number, mutant in enumerate(self.mutants, 1):
            if time.monotonic() - began > self.minutes * 60:
                self.tell(f"The time is over: {number - 1} of {len(self.mutants)} were tried.")
                break
            self.found.append(self.tried(mutant, kept))
            if number % 50 == 0:
                lived = sum(f.came in (SURVIVED, UNREACHED) for f in self.found)
                self.tell(f"{number} of {len(self.mutants)} tried, {lived} not noticed")
        if kept:
            kept.unlink()
        return True

    def as_they_are(self, items: Sequence[pytest.Item]) -> None:
        """Each test once, and what it comes by."""
        sys.monitoring.use_tool_id(TOOL, "mutants")
        seen: dict[str, set[int]] = defaultdict(set)

        def line(code: types.CodeType, number: int) -> Any:
            seen[code.co_filename].add(number)
            return sys.monitoring.DISABLE

        sys.monitoring.register_callback(TOOL, LINE, line)
        for held in self.functions.values():
            for code in {c for f in held for c in codes(f.__code__)}:
                sys.monitoring.set_local_events(TOOL, code, LINE)
        for number, item in enumerate(items):
            forget()
            seen.clear()
            sys.monitoring.restart_events()
            began = time.monotonic()
            came = self.run(item, items[number + 1] if number + 1 < len(items) else items[0])
            self.took[item.nodeid] = time.monotonic() - began
            if came == "":
                self.lines[item.nodeid] = {file: set(ones) for file, ones in seen.items()}
            elif came == "failed":
                self.failed.append(item.nodeid)
        sys.monitoring.free_tool_id(TOOL)

    def run(self, item: pytest.Item, following: pytest.Item) -> str:
        self.outcome = ""
        item.config.hook.pytest_runtest_protocol(item=item, nextitem=following)
        return self.outcome

    def tried(self, mutant: Mutant, kept: Path | None) -> Found:
        tests = self.tests_of(mutant)
        if not tests:
            return Found(mutant, UNREACHED)
        reading, writing = os.pipe()
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # that there may be threads: none of them is ours
            child = os.fork()
        if child == 0:
            os.close(reading)
            self.in_a_process_of_its_own(mutant, tests, kept, writing)
        os.close(writing)
        usual = sum(self.took[t] for t in tests)
        status = waited(child, IDLE + 4 * (LEAST + TIMES * usual))
        with os.fdopen(reading) as pipe:
            by = pipe.read()
        if kept:
            for file in kept.parent.glob(f"{kept.name}.{child}*"):
                file.unlink()
        if status is None or os.WIFSIGNALED(status):
            return Found(mutant, SLOW, by)
        if os.WEXITSTATUS(status) == 0:
            return Found(mutant, SURVIVED)
        self.killers[mutant.module, mutant.where].insert(0, by)
        return Found(mutant, KILLED, by)

    def tests_of(self, mutant: Mutant) -> list[str]:
        """Those that come by the line; first what noticed other mistakes there, then the quick."""
        if mutant.where:
            near = set(range(mutant.first, mutant.last + 1))
        else:
            near = self.lines_that_name(mutant)
        ones = [t for t, seen in self.lines.items() if seen.get(mutant.file, set()) & near]
        if not mutant.where and not ones:
            ones = [t for t, seen in self.lines.items() if mutant.file in seen]
        before = self.killers[mutant.module, mutant.where]
        rank = {test: n for n, test in reversed(list(enumerate(before)))}
        ones.sort(key=lambda t: (rank.get(t, len(before)), self.took[t]))
        return ones[:MOST_TESTS]

    def lines_that_name(self, mutant: Mutant) -> set[int]:
        """Where the functions stand that use what the module calls so."""
        found: set[int] = set()
        for held in self.functions.values():
            for code in (c for f in held for c in codes(f.__code__)):
                if code.co_filename == mutant.file and mutant.table in code.co_names:
                    found |= {line for _, _, line in code.co_lines() if line}
        return found

    def in_a_process_of_its_own(
        self, mutant: Mutant, tests: Sequence[str], kept: Path | None, writing: int
    ) -> None:
        """Never returns."""
        code = 2
        try:
            os.setsid()
            quiet = os.open(os.devnull, os.O_RDWR)
            for number in (0, 1, 2):
                os.dup2(quiet, number)
            if kept:
                take_database(kept)
            plant(mutant, self.functions)
            code = 1 if self.noticed(tests, writing) else 0
        except BaseException as why:
            os.write(writing, f"broke at once: {why!r}".encode()[:300])
            code = 1
        finally:
            os._exit(code)

    def noticed(self, tests: Sequence[str], writing: int) -> bool:
        ones = [self.items[t] for t in tests]
        away = next((i for i in self.items.values() if i is not ones[-1]), ones[-1])
        forget()
        ones[0].session._setupstate.teardown_exact(ones[0])  # what the last test left set up
        for number, item in enumerate(ones):
            forget()
            allow(LEAST + TIMES * self.took[item.nodeid])
            if self.run(item, ones[number + 1] if number + 1 < len(ones) else away) == "failed":
                os.write(writing, item.nodeid.encode())
                return True
        return False


def allow(seconds: float) -> None:
    """So much more processor time from now on; whoever hangs in one test waits for no other."""
    until = int(time.process_time() + seconds) + 1
    resource.setrlimit(resource.RLIMIT_CPU, (until, resource.RLIM_INFINITY))


def waited(child: int, seconds: float) -> int | None:
    """How it ended; None if it had to be ended, with all it began."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        done, status = os.waitpid(child, os.WNOHANG)
        if done:
            return status
        time.sleep(0.005)
    os.killpg(child, signal.SIGKILL)
    os.waitpid(child, 0)
    return None


type Functions = dict[tuple[str, str, int], list[types.FunctionType]]


def key_of(code: types.CodeType) -> tuple[str, str, int]:
    return code.co_filename, code.co_qualname, code.co_firstlineno


def functions_in(files: set[str]) -> Functions:
    """Every function there is of these files, under whatever decorators."""
    found: Functions = defaultdict(list)
    for one in gc.get_objects():
        # By its type alone: what stands for something else makes it when it is asked what it is.
        if type(one) is types.FunctionType and one.__code__.co_filename in files:
            found[key_of(one.__code__)].append(one)
    return found


def plant(mutant: Mutant, functions: Functions) -> None:
    source = Path(mutant.file).read_text(encoding="utf-8")
    tree = planted(source, mutant)
    if mutant.table:
        change_table(mutant, tree)
        return
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for code in codes(compile(tree, mutant.file, "exec")):
            outermost = code.co_qualname.partition(".<locals>")[0]
            for one in functions.get(key_of(code), []) if outermost == mutant.where else []:
                one.__code__ = code


def change_table(mutant: Mutant, tree: ast.Module) -> None:
    """The one statement again, and its value wherever the old one is known by that name."""
    module = sys.modules[mutant.module]
    statement = next(s for s in tree.body if s.lineno == mutant.first)
    names = dict(vars(module))
    old = names[mutant.table]
    flags = __future__.annotations.compiler_flag
    exec(compile(ast.Module([statement], []), mutant.file, "exec", flags), names)
    for one in list(sys.modules.values()):
        if getattr(one, "__dict__", {}).get(mutant.table, one) is old:
            setattr(one, mutant.table, names[mutant.table])


def caches() -> Iterator[Any]:
    for one in gc.get_objects():
        if type(one) is functools._lru_cache_wrapper and is_ours(one):
            yield one


def is_ours(one: Any) -> bool:
    return str(getattr(one, "__module__", "")).startswith("commonground.")


KNOWN: list[Any] = []


def forget() -> None:
    if not KNOWN:
        KNOWN.extend(caches())
    for one in KNOWN:
        one.cache_clear()
    lasting = sys.modules.get("commonground.kit.lasting")
    if lasting:
        lasting.READ.clear()


def database() -> dict[str, Any]:
    from django.db import connections

    return connections["default"].settings_dict


def keep_database() -> Path | None:
    """The tests' database as they left it: empty, with its tables."""
    from django.db import connections

    connections.close_all()
    name = Path(str(database()["NAME"]))
    if not name.is_absolute() or not name.exists():
        return None
    return Path(shutil.copy(name, f"{name}.kept"))


def take_database(kept: Path) -> None:
    own = f"{kept}.{os.getpid()}"
    shutil.copy(kept, own)
    database()["NAME"] = own
