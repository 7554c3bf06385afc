"""Planted bugs: each breaks one rule in the text of the rules themselves.

The simulator must catch every one. A snippet that is no longer found fails loudly: then
the rule has moved, and its bug must move with it.
"""

from __future__ import annotations

import sys
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from types import ModuleType

from commonground.say.engine import delivering

SOURCE = Path(delivering.__file__).read_text()
number = count(1)


@dataclass(frozen=True, slots=True)
class Bug:
    rule: str  # of "proven delivery", by its number, or the promise
    right: str
    wrong: str


BUGS = {
    "no intent is written": Bug("2", "| Hindrance = yield Intend()", "| Hindrance = row"),
    "a new key for each attempt": Bug(
        "3", "yield Send(row.key)", 'yield Send(f"{row.key}{row.attempt}")'
    ),
    "a stale worker overwrites": Bug("4", 'OURS = ("epoch", "attempt")', "OURS = ()"),
    "a claim does not fence": Bug("4", '"epoch": row.epoch + 1', '"epoch": row.epoch'),
    "no fence before the first byte": Bug(
        "5", "Hindrance | None = yield Fence()", "Hindrance | None = None"
    ),
    "the kill switch is not asked": Bug("5", "if around.stopped:", "if False:"),
    "the words are not asked": Bug("5", "if not around.may_be_sent:", "if False:"),
    "its time is not asked": Bug("5", "if around.now > row.not_after:", "if False:"),
    "a stale intent is still sent": Bug("5", "around.now - row.last_tried_at > SLACK", "False"),
    "a held delivery is taken": Bug("6", "<= now and not held", "<= now"),
    "a lease longer than the takeover": Bug(
        "6", "LEASE = timedelta(seconds=75)", "LEASE = timedelta(seconds=200)"
    ),
    "no look after a doubt": Bug("7", "move = yield from settle(row)", "move = Move.SEND"),
    "a lost answer is a failure": Bug(
        "7", 'return Note("lose_sight", why, pause', 'return Note("put_back", why, pause'
    ),
    "a late no is believed": Bug("7", "case Heard.NO if doubted:", "case Heard.NO if False:"),
    "a busy network forgets the doubt": Bug(
        "7", '"lose_sight" if doubted else "put_back", answer', '"put_back", answer'
    ),
    "a no while something is on its way": Bug(
        "7", "elif found.blind or not is_settled(before, found.at):", "elif found.blind:"
    ),
    "absent too soon": Bug(
        "8", "now - row.last_tried_at >= IN_FLIGHT", "now - row.last_tried_at >= PAUSE"
    ),
    "one absence is the end": Bug(
        "8", "    settled = is_settled(row, now)\n", "    return Move.LET_GO\n"
    ),
    "a key is good for ever": Bug("9", "now - row.first_tried_at <= row.key_is_good_for", "True"),
    "blind networks are asked again": Bug(
        "1.2 D", "Move.LEAVE if row.settles == Settles.NEVER else Move.LOOK", "Move.LOOK"
    ),
    "a person is not told of a doubt": Bug("10", '"pass_by", "hand_over"):', '"pass_by"):'),
    "a person is not told of a no": Bug("10", 'in ("decline", "pass_by"', 'in ("pass_by"'),
    "out of attempts is a quiet end": Bug(
        "10", "case Move.LEAVE:\n            yield Note", "case Move.LEAVE:\n            () or Note"
    ),
    "nobody says that it is late": Bug(
        "11", "return is_open(row) and row.raised_at is None", "return False"
    ),
    "late is said too late": Bug("11", "- SWEEP_EVERY - SLACK", "+ SWEEP_EVERY"),
    "a yes is believed unseen": Bug(
        "P1", "yield from prove(intended, answer)", 'yield Note("see", receipt=answer.receipt)'
    ),
    "a far Retry-After outlives the post": Bug(
        "P3", "min(answer.again_at or pause(intended, answer.at), last_look(row))",
        "answer.again_at or pause(intended, answer.at)",
    ),
}  # fmt: skip

# What only a thread can break.
THREAD_BUGS = {
    "the next part leaves before the former is seen": Bug(
        "turn", "if not has_turn(row) and not is_left_behind(row, now):", "if False:"
    ),
    "a part that is only unsure counts as seen": Bug(
        "turn", "row.former in (None, S.SENT)", "row.former in (None, S.SENT, S.UNSURE)"
    ),
    "a part that was refused lets the next one go": Bug(
        "turn", "row.former in (None, S.SENT)", "row.former in (None, S.SENT, S.DECLINED)"
    ),
    "what waits behind a doubt is let go": Bug(
        "turn", "row.former in (S.DECLINED, S.LATE) and", "row.former not in (None, S.SENT) and"
    ),
    "what waits behind a refusal waits for ever": Bug(
        "11", "return row.former in (S.DECLINED, S.LATE) and is_over(row, now)", "return False"
    ),
    "only a first part that fails is told": Bug(
        "10", '"tell_at": now if has_turn(row) else None,',
        '"tell_at": now if row.former is None else None,',
    ),
    "a late thread goes on": Bug(
        "P3", "row.state == S.DECLINED and not is_over(row, now)",
        "row.state in (S.DECLINED, S.LATE)",
    ),
    "a late part takes its alarm along": Bug(
        "11", 'PASSED_ON = ("raised_at", "tell_at")', "PASSED_ON = ()"
    ),
    "what goes on stays in a person's hands": Bug(
        "11", '"lease_until": None, "handed_over_at": None,', '"lease_until": None,'
    ),
    "a part is sent again after a kill": Bug(
        "7", "move = yield from settle(row)", "move = Move.SEND"
    ),
}  # fmt: skip


def planted(name: str) -> ModuleType:
    """The rules with this one bug in them, as a module of its own."""
    bug = {**BUGS, **THREAD_BUGS}[name]
    if SOURCE.count(bug.right) != 1:
        raise LookupError(f"{name}: its rule stands {SOURCE.count(bug.right)} times in the source")
    module = ModuleType(f"planted_{next(number)}")
    sys.modules[module.__name__] = module  # dataclasses look their module up
    code = compile(SOURCE.replace(bug.right, bug.wrong), module.__name__, "exec")
    exec(code, module.__dict__)  # noqa: S102 - our own source, with one line changed
    return module
