"""Which modules, with which tests; and which mistakes make no difference, and why."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Group:
    modules: Sequence[str]  # a package: all that stands in it
    tests: Sequence[str]


@dataclass(frozen=True, slots=True)
class Same:
    """A change after which the code does the same: no test can notice it."""

    module: str
    text: str  # the line, as it stands
    what: str
    why: str


GROUPS: Mapping[str, Group] = {
    "record": Group(
        ("commonground.record.engine", "commonground.record.states"),
        ("src/commonground/record/tests",),
    ),
    "crypto": Group(
        (
            "commonground.kit.envelope", "commonground.kit.sealed", "commonground.kit.lasting",
            "commonground.kit.rewrapping", "commonground.kit.marks", "commonground.kit.sessions",
        ),
        (
            "src/commonground/kit/tests", "src/commonground/channels/tests/test_sealed.py",
            "src/commonground/channels/tests/test_new_key.py", "src/commonground/record/tests",
            "tests/house",
        ),
    ),
    "rules": Group(
        (
            "commonground.agency.rules", "commonground.answer.rules", "commonground.protect.rules",
            "commonground.say.rules", "commonground.agency.states", "commonground.answer.states",
            "commonground.protect.states", "commonground.say.states", "commonground.kit.workflow",
        ),
        (
            "src/commonground/agency/tests", "src/commonground/answer/tests",
            "src/commonground/protect/tests", "src/commonground/say/tests", "tests/house",
        ),
    ),
}  # fmt: skip

SAME: Sequence[Same] = (
    Same(
        "commonground.record.engine.leaves", "left.remove(digest(one))", "left out",
        "whoever shows one twice shows its name twice, which is refused already",
    ),
    Same(
        "commonground.kit.marks", "return f\"{name.partition('+')[0]}@{host.rstrip('.')}\"",
        "'.' changed", "what is stripped besides is a capital letter, and all are small by then",
    ),
    Same(
        "commonground.kit.sessions", 'cookie = self.session_key or ""', "'' changed",
        "neither is a cookie that anybody has, and no row is found by the digest of either",
    ),
    Same(
        "commonground.kit.rewrapping",
        "return Counter(called for one in held.iterator(2000) for called in self.called(one))",
        "2000 -> 2001", "how many are fetched at once; all are counted",
    ),
)  # fmt: skip
