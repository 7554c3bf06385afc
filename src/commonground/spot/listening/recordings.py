"""Recorded streams for the back-test, read by the same reader as any stream."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Sequence
from functools import partial
from pathlib import Path

from commonground.agency.models import Member
from commonground.hear.engine.heard import Heard, Told, upstream_of
from commonground.hear.engine.matching import Matcher, Watch
from commonground.hear.engine.reducing import voice
from commonground.hear.listening.replay import recorded
from commonground.spot import actions
from commonground.spot.engine.backtest import Result, backtest
from commonground.spot.engine.detector import Detector, Settings
from commonground.spot.engine.laying import Recording
from commonground.spot.engine.measures import measured
from commonground.spot.engine.resources import Library
from commonground.spot.engine.truth import Truth, TruthWrong, truth_from
from commonground.spot.engine.written import suite, towns

LONGEST_TRUTH = 5_000_000  # bytes
SALT = b"a back-test keeps nothing, and must give the same twice"

type Say = Callable[[str], object]


def truth_in(path: Path) -> Truth:
    """The truth file, understood; `TruthWrong` says in words why it cannot be."""
    try:
        raw = path.read_bytes()
    except FileNotFoundError:
        raise TruthWrong(f"There is no file {path}.") from None
    except OSError as error:
        raise TruthWrong(f"{path} cannot be read: {error.strerror}.") from None
    if len(raw) > LONGEST_TRUTH:
        raise TruthWrong(f"{path} is too long for a truth file.")
    try:
        return truth_from(json.loads(raw))
    except (UnicodeDecodeError, json.JSONDecodeError):
        raise TruthWrong(f"{path} is not JSON.") from None
    except RecursionError:
        raise TruthWrong(f"{path} is nested beyond reason.") from None


def files_for(truth: Truth, given: Sequence[Path], beside: Path) -> dict[str, Path]:
    """Every file by the name the truth knows it by; those not given are looked for beside it."""
    found = {path.name: path for path in given}
    for name in dict.fromkeys([*(e.file for e in truth.events), *truth.background]):
        if name not in found:
            found[name] = found.pop(Path(name).name, beside / name)
    return found


def recording(name: str, path: Path, matcher: Matcher) -> Recording:
    """All posts of a file in order; authors become voices that mean nothing elsewhere."""
    try:
        items = [i for i in recorded(path) if isinstance(i, Heard) and not i.deleted]
    except FileNotFoundError:
        raise TruthWrong(f"There is no file {path}.") from None
    except OSError as error:
        raise TruthWrong(f"{path} cannot be read: {error.strerror}.") from None
    if not items:
        raise TruthWrong(f"{path} holds no posts that can be read.")
    items.sort(key=lambda item: (item.at, item.id))
    posts = tuple(told(item, matcher) for item in items)
    return Recording(name, posts, tuple(item.label for item in items))


def told(item: Heard, matcher: Matcher) -> Told:
    topics = matcher.topics_of(item.text, item.lang)
    said_by = voice(item.author, item.id, SALT)
    return Told(upstream_of(item.id), item.at, item.text, item.lang, item.url, said_by, topics)


def backtested(
    truth: Truth, files: dict[str, Path], alarms_per_day: float, say: Say
) -> dict[str, object]:
    """Read the files, play them, and tell every figure; ready for JSON."""
    matcher = Matcher(Watch(name, terms) for name, terms in truth.topics.items())
    recordings = {}
    for name, path in files.items():
        say(f"reading {name}")
        recordings[name] = recording(name, path, matcher)
    settings = Settings(alarms_per_day=alarms_per_day, topics=tuple(truth.topics))
    result = backtest(truth, recordings, lambda: Detector(settings), Library.starter(), say)
    return report(result, alarms_per_day)


def written_backtested(
    alarms_per_day: float, say: Say, *, seed: int = 1, only: Sequence[str] = ()
) -> dict[str, object]:
    """The suite that ships, town by town, then all together; ready for JSON."""
    results = {}
    for name, town in towns().items():
        if not only or name in only:
            say(f"the town {name}")
            written = suite(name, town, seed=seed)
            chosen = Settings(alarms_per_day=alarms_per_day, topics=tuple(written.truth.topics))
            results[name] = backtest(
                written.truth, written.recordings, partial(Detector, chosen), Library.starter(), say
            )
    told = {name: report(result, alarms_per_day) for name, result in results.items()}
    return {**report(together(results.values()), alarms_per_day), "seed": seed, "towns": told}


def together(results: Iterable[Result]) -> Result:
    listed = list(results)
    return Result(
        tuple(o for r in listed for o in r.outcomes), tuple(f for r in listed for f in r.false),
        sum(r.days for r in listed), sum(r.posts for r in listed),
        sum(r.learned_on for r in listed),
    )  # fmt: skip


def kept(
    truth: Truth, files: dict[str, Path], alarms_per_day: float, say: Say, *, by: Member, name: str
) -> dict[str, object]:
    """The same, and the desk keeps it: that it runs, how far it is, and what came of it."""
    settings = {
        "alarms_per_day": alarms_per_day, "seeds": list(truth.seeds), "events": len(truth.events),
        "files": sorted(files), "topics": sorted(truth.topics),
    }  # fmt: skip
    test = actions.begin_backtest(name, settings=settings, by=by)

    def tell(said: str) -> None:
        actions.tell_progress(test, said)
        say(said)

    try:
        told = backtested(truth, files, alarms_per_day, tell)
    except BaseException as trouble:
        # Also when somebody presses Ctrl-C: a run that ended must not look like one that runs.
        actions.fail_backtest(test, str(trouble) or type(trouble).__name__)
        raise
    actions.finish_backtest(test, told)
    return told


def report(result: Result, alarms_per_day: float) -> dict[str, object]:
    bursts = [o for o in result.outcomes if not o.slow]
    slow = [o for o in result.outcomes if o.slow]
    false = [one for one in result.false if not one.about]
    return {
        "alarms_per_day_asked": alarms_per_day,
        "false_alarms_per_day": a_day(len(false), result.days),
        "false_alarms": len(false),
        "false_alarms_per_day_by_label_alone": a_day(len(result.false), result.days),
        "counted_on_days": round(result.days, 2),
        "learned_on_days": round(result.learned_on, 2),
        "background_posts": result.posts,
        "bursts": measured(bursts) if bursts else None,
        "slow": measured(slow) if slow else None,
        "by_language": {code: measured(held) for code, held in by_language(result.outcomes)},
        "false_moments": [row(one) for one in false],
        "moments_of_the_background_s_own_events": [row(one) for one in result.false if one.about],
        "outcomes": [row(one) for one in result.outcomes],
    }


def a_day(count: int, days: float) -> float | None:
    return round(count / days, 3) if days else None


def by_language[T](outcomes: Iterable[T]) -> list[tuple[str, list[T]]]:
    groups: dict[str, list[T]] = {}
    for outcome in outcomes:
        if code := outcome.language:  # type: ignore[attr-defined]
            groups.setdefault(code, []).append(outcome)
    return sorted(groups.items())


def row(one: object) -> dict[str, object]:
    fields = type(one).__dataclass_fields__  # type: ignore[attr-defined]
    return {name: getattr(one, name) for name in fields}
