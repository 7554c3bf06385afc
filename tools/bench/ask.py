"""Common ground: fast, true to Polis where asked, and sturdy; beside red-dwarf and Community Notes.

Every row of the bar, with its figure. Times are processor seconds (and wall), least of three,
peers interleaved; one thread each. Real conversations are read from COMMONGROUND_VOTES.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator

import numpy as np

from tools.bench import ask_peers as peers, ask_worlds as worlds

SEED = 0


def least(run: Callable[[], object], times: int = 3) -> tuple[float, float]:
    """Processor and wall seconds, the least of several runs."""
    took = []
    for _ in range(times):
        wall, cpu = time.perf_counter(), time.process_time()
        run()
        took.append((time.process_time() - cpu, time.perf_counter() - wall))
    return min(c for c, _ in took), min(w for _, w in took)


def spread(values: list[float]) -> dict[str, float]:
    return {"median": float(np.median(values)), "mean": float(np.mean(values)),
            "least": float(np.min(values)), "most": float(np.max(values))}  # fmt: skip


def exact(names: list[str]) -> dict[str, object]:
    """Exact Polis mode beside red-dwarf: time and fidelity."""
    from scipy.stats import spearmanr

    from commonground.ask.engine.ballots import gathered
    from commonground.ask.engine.choosing import adjusted_rand
    from commonground.ask.engine.polis import polis_of

    if not peers.RED_DWARF:
        return {"not measured": "red-dwarf is not installed; it is in the group `bench`"}
    rows = {}
    for name in names:
        votes, out = worlds.raw(name)
        listed = [
            {"participant_id": int(p), "statement_id": int(s), "vote": int(v)} for p, s, v in votes
        ]
        voter, statement, vote = votes.T.copy()
        ours = lambda: polis_of(gathered(voter, statement, vote), out)  # noqa: B023, E731
        ours()
        mine, theirs = [], []
        for _ in range(3):
            theirs.append(least(lambda: peers.red_dwarf(listed, out), 1))  # noqa: B023
            mine.append(least(ours, 3))
        ballots, found = gathered(voter, statement, vote), ours()
        them = peers.red_dwarf(listed, out)
        people = them.participants_df.loc[ballots.voters]
        label = people["cluster_id"].fillna(-1).astype(int).to_numpy()
        agree = them.statements_df["group-aware-consensus-agree"].loc[ballots.statements]
        rows[name] = {
            "red-dwarf cpu s": min(theirs)[0], "ours cpu s": min(mine)[0],
            "ratio cpu": min(theirs)[0] / min(mine)[0],
            "ratio wall": min(w for _, w in theirs) / min(w for _, w in mine),
            "correlation": min(
                float(np.corrcoef(people[axis], found.place[:, i])[0, 1])
                for i, axis in enumerate("xy")
            ),
            "ari": adjusted_rand(label[label >= 0], found.group[label >= 0]),
            "consensus rho": float(spearmanr(agree, found.agree)[0]),
        }  # fmt: skip
    return summary(rows)


def notes(names: list[str]) -> dict[str, object]:
    """The Community Notes objective: time, and whose loss is lower."""
    from commonground.ask.engine.notes import notes_of

    rows = {}
    for name in names:
        ballots = worlds.ballots(name)
        said = ballots.votes != 0
        u = np.unique(ballots.rows[said], return_inverse=True)[1]
        n = np.unique(ballots.columns[said], return_inverse=True)[1]
        answered = worlds.half(ballots, said)
        peer, theirs, mine = peers.Notes(u, n, (ballots.votes[said] > 0) * 1.0), [], []
        notes_of(answered)
        for seed in range(3):
            theirs.append(peer.run(seed))
            mine.append(least(lambda: notes_of(answered), 3))  # noqa: B023
        peer.close()
        loss = notes_of(answered).loss
        rows[name] = {
            "descent cpu s": min(t[3] for t in theirs), "ours cpu s": min(mine)[0],
            "ratio cpu": min(t[3] for t in theirs) / min(mine)[0],
            "ratio wall": min(t[2] for t in theirs) / min(w for _, w in mine),
            "loss ours": loss, "loss theirs": min(t[0] for t in theirs),
            "never higher": float(loss <= min(t[0] for t in theirs)),
        }  # fmt: skip
    return {"peer": "torch" if peers.TORCH else "numpy (no torch here)", **summary(rows)}


def summary(rows: dict[str, dict[str, float]]) -> dict[str, object]:
    keys = next(iter(rows.values())) if rows else {}
    return {
        **{key: spread([row[key] for row in rows.values()]) for key in keys},
        "conversations": rows,
    }


def top(score: np.ndarray, eligible: np.ndarray) -> set[int]:
    return set(eligible[np.argsort(-score[eligible], kind="stable")[:10]].tolist())


def overlap(one: set[int], other: set[int]) -> float:
    return len(one & other) / len(one | other)


def quality(  # noqa: PLR0915
    names: list[str], draws: int
) -> dict[str, object]:
    """Order, half the votes, null data."""
    from scipy.stats import spearmanr

    from commonground.ask.engine.choosing import adjusted_rand
    from commonground.ask.engine.finding import found
    from commonground.ask.engine.telling import eligible

    rows = {}
    for name in names:
        ballots = worlds.ballots(name)
        whole = found(ballots)
        fit = ballots.statements[eligible(whole)]
        score = worlds.by_name(ballots, whole.bridge)
        group = dict(zip(ballots.voters.tolist(), whole.group.tolist(), strict=True))
        rng = np.random.default_rng(SEED)
        said = {
            "groups": whole.mixture.many,
            "flagged": float((whole.suspect | whole.crowd).mean()),
        }
        order = rng.permutation(len(ballots.votes))
        again = found(worlds.half(ballots, order))
        said["order"] = float(
            np.array_equal(again.group, whole.group) and np.array_equal(again.bridge, whole.bridge)
        )
        ari, jaccard, rho = [], [], []
        for _ in range(draws):
            kept = rng.random(len(ballots.votes)) < 0.5
            one, other = found(worlds.half(ballots, kept)), found(worlds.half(ballots, ~kept))
            both = [worlds.by_name(x.ballots, x.bridge) for x in (one, other)]
            known = fit[
                [
                    bool(f < min(map(len, both))) and all(np.isfinite(b[f]) for b in both)
                    for f in fit
                ]
            ]
            jaccard += [
                overlap(top(score, fit), top(np.nan_to_num(b, nan=-1), known)) for b in both
            ]
            rho.append(float(spearmanr(both[0][known], both[1][known])[0]))
            for x in (one, other):
                if whole.mixture.many > 1 and x.mixture.many > 1:
                    sure = x.ballots.per_voter >= 7
                    mine = np.array([group[v] for v in x.ballots.voters[sure].tolist()])
                    ari.append(adjusted_rand(mine, x.group[sure]))
        said |= {
            "top-10 Jaccard, half": float(np.mean(jaccard)),
            "split-half rho": float(np.mean(rho)),
        }
        if ari:
            said["ARI, half"] = float(np.mean(ari))
        said["false groups"] = float(
            np.mean([found(worlds.null(ballots, s)).mixture.many > 1 for s in range(draws)])
        )
        rows[name] = said
        print(name, json.dumps(said), file=sys.stderr, flush=True)
    keys = sorted({key for row in rows.values() for key in row})
    return {
        **{key: spread([row[key] for row in rows.values() if key in row]) for key in keys},
        "conversations": rows,
    }


def foresight(names: list[str]) -> dict[str, object]:
    """By how much groups foresee held-out votes better than averages and everybody's style do:
    the share of the squared error they take away, four folds. One group takes away none."""
    from commonground.ask.engine.choosing import FOLDS, Trial, folds, sampled, sum_of
    from commonground.ask.engine.finding import found

    rows = {}
    for name in names:
        ballots = worlds.ballots(name)
        many, sample = found(ballots).mixture.many, sampled(ballots)
        part, weight = folds(sample), np.ones(sample.shape[0])
        trials = [Trial(sample, part, fold, weight) for fold in range(FOLDS)]
        alone, together = (float(sum_of(trials, groups).sum()) for groups in (1, many))
        rows[name] = {"groups": float(many), "gain %": 100 * (1 - together / alone)}
    return summary(rows)


def attacks(names: list[str], seeds: int) -> dict[str, object]:
    """Five attacks by 5 % more voters: what is left of the top ten, and how far a target climbs."""
    from commonground.ask.engine.finding import found
    from commonground.ask.engine.telling import eligible

    rows: dict[str, dict[str, list[float]]] = {}
    for name in names:
        ballots = worlds.ballots(name)
        before = found(ballots)
        fit = ballots.statements[eligible(before)]
        score = worlds.by_name(ballots, before.bridge)
        for seed in range(seeds):
            for attack, target, new, votes in worlds.crowds(ballots, score, fit, seed):
                after = found(votes)
                now = worlds.by_name(votes, after.bridge)
                honest = after.ballots.voters < new
                said = rows.setdefault(
                    attack,
                    {"top-10 Jaccard": [], "climb": [], "crowd flagged": [], "honest flagged": []},
                )
                said["top-10 Jaccard"].append(overlap(top(score, fit), top(now, fit)))
                said["climb"].append(
                    float((now[fit] < now[target]).mean() - (score[fit] < score[target]).mean())
                )
                flagged = after.suspect | after.crowd
                said["crowd flagged"].append(float(flagged[~honest].mean()))
                said["honest flagged"].append(float(flagged[honest].mean()))
        print(
            name,
            {k: round(v["top-10 Jaccard"][-1], 2) for k, v in rows.items()},
            file=sys.stderr,
            flush=True,
        )
    return {
        attack: {key: spread(values) for key, values in said.items()}
        for attack, said in rows.items()
    }


def recovery(seeds: int) -> dict[str, object]:
    """Planted groups under style .6: ARI as a share of what a reader who knew the profiles gets."""
    from commonground.ask.engine.choosing import adjusted_rand
    from commonground.ask.engine.finding import found

    share, aris = [], []
    for seed in range(seeds):
        row, column, vote, group, (base, lean, own) = worlds.planted(1500, 120, 45_000, seed)
        finding = found(worlds.arranged(np.arange(1500), np.arange(120), row, column, vote))
        mine = finding.group[np.argsort(finding.ballots.voters)]
        told = np.zeros((1500, len(lean)))
        for g in range(len(lean)):
            p = 1 / (1 + np.exp(-(base[column] + lean[g, column] + own[row])))
            told[:, g] = np.bincount(
                row, np.where(vote > 0, np.log(p), np.where(vote < 0, np.log(1 - p), 0)), 1500
            )
        ceiling = adjusted_rand(group, told.argmax(axis=1))
        aris.append(adjusted_rand(group, mine))
        share.append(aris[-1] / ceiling)
    return {"ARI": spread(aris), "share of ceiling": spread(share)}


FRESH = """
import json, sys, time
import numpy as np
from tools.bench import ask_worlds as worlds
from commonground.ask.engine.ballots import arranged
from commonground.ask.engine import choosing, finding, notes, polis
what, voters, statements, votes = sys.argv[1], *map(int, sys.argv[2:5])
run = {"polis": polis.polis_of, "full": finding.found, "notes": notes.notes_of}[what]
def ballots(p, s, v, seed=0):
    make = worlds.planted_large if v > 2e7 else worlds.planted
    row, column, vote, group, *_ = make(p, s, v, seed)
    return (np.arange(p), np.arange(s), row, column, vote), group
def peak():
    return int(open("/proc/self/status").read().split("VmHWM:")[1].split()[0]) / 1e6
t = time.perf_counter()
run(arranged(*ballots(7000, 60, 90_000)[0]))   # compiles, or reads what was compiled
compiled = time.perf_counter() - t
def agreement(result, group):
    return choosing.adjusted_rand(result.group, group[result.ballots.voters])
given, group = ballots(voters, statements, votes)
open("/proc/self/clear_refs", "w").write("5")  # the peak counts from here, not from the making
before = peak()
took = []
for _ in range(3 if votes < 2e7 else 1):
    t, c = time.perf_counter(), time.process_time()
    table = arranged(*given); stored = time.process_time() - c
    result = run(table)
    took.append((time.process_time() - c, time.perf_counter() - t, stored))
print(json.dumps({
  "votes": len(given[2]), "cpu s": min(took)[0], "wall s": min(w for _, w, _ in took),
  "of it storing, cpu s": min(s for *_, s in took), "warming up s": compiled,
  "peak RSS GB": peak(), "RSS before GB": before,
  **({"groups": result.mixture.many, "ARI": agreement(result, group)} if what == "full" else {})}))
"""


def large(
    what: str, voters: int, statements: int, votes: int, plain: bool = False
) -> dict[str, object]:
    """One size in a fresh process."""
    surroundings = {**os.environ, "OPENBLAS_NUM_THREADS": "1", "PYTHONPATH": "src:."}
    if plain:
        surroundings["COMMONGROUND_PLAIN"] = "1"
    done = subprocess.run(
        [sys.executable, "-c", FRESH, what, *map(str, (voters, statements, votes))],
        capture_output=True, text=True, env=surroundings,
    )  # fmt: skip
    return json.loads(done.stdout) if done.returncode == 0 else {"failed": done.stderr[-300:]}


def quantiles(took: list[float]) -> dict[str, float]:
    return {f"p{100 * q:g}": float(np.quantile(took, q)) for q in (0.5, 0.99, 0.999)}


def live() -> dict[str, object]:
    """One vote into five million, by people who had voted before; and a warm refresh after it."""
    from commonground.ask.engine.ballots import arranged
    from commonground.ask.engine.chart import places
    from commonground.ask.engine.groups import firm
    from commonground.ask.engine.live import Live
    from commonground.ask.engine.loops import WIDTH

    row, column, vote, _, _ = worlds.planted(100_000, 2_000, 5_000_000, SEED)
    live = Live(arranged(np.arange(100_000), np.arange(2_000), row, column, vote))
    live.learn(
        firm(live.ballots, live.style, places(live.ballots, live.style, live.chart, WIDTH), 3)
    )
    rng = np.random.default_rng(SEED)
    told = {"groups": live.mixture.many}
    for many in (20_000, 20_000, 50_000):
        took = []
        voters, statements = rng.integers(0, 100_000, many), rng.integers(0, 2_000, many)
        values = rng.choice([-1, 0, 1], many)
        for one in zip(voters.tolist(), statements.tolist(), values.tolist(), strict=True):
            began = time.perf_counter_ns()
            live.vote(*one)
            took.append((time.perf_counter_ns() - began) / 1000)
        refresh = least(live.refresh, 1)
        told[f"{many} votes"] = {
            "one vote us": quantiles(took),
            "refresh cpu s": refresh[0], "refresh wall s": refresh[1],
        }  # fmt: skip
    return told


ATTACKED = (
    "american-assembly.bowling-green", "austria-climate.7z7ejpbmv5.2022-08-08", "vtaiwan.uberx",
    "scoop-hivemind.biodiversity", "scoop-hivemind.taxes", "brexit-consensus",
    "canadian-electoral-reform", "austria-climate.2vkxcncppn.2022-07-07",
)  # fmt: skip


def rows(arguments: argparse.Namespace) -> Iterator[tuple[str, Callable[[], object]]]:
    names = worlds.conversations()
    if not names:
        print(f"NOT MEASURED: no real conversations in {worlds.FOLDER}", file=sys.stderr)
    yield "exact", lambda: exact(names)
    yield "notes", lambda: notes(names)
    yield "5M-exact", lambda: large("polis", 100_000, 2_000, 5_000_000)
    yield "5M-exact-plain", lambda: large("polis", 100_000, 2_000, 5_000_000, plain=True)
    yield "5M-full", lambda: large("full", 100_000, 2_000, 5_000_000)
    yield "5M-notes", lambda: large("notes", 100_000, 2_000, 5_000_000)
    yield "live", live
    yield "recovery", lambda: recovery(arguments.draws)
    yield "foresight", lambda: foresight(names)
    yield "quality", lambda: quality(names, arguments.draws)
    yield "attacks", lambda: attacks([n for n in ATTACKED if n in names], arguments.draws)
    if arguments.huge:
        yield "100M-full", lambda: large("full", 1_000_000, 10_000, 100_000_000)


def measured(arguments: argparse.Namespace) -> int:
    told: dict[str, object] = {"seeds": list(range(arguments.draws)), "machine": os.cpu_count()}
    for name, measure in rows(arguments):
        if arguments.rows and name not in arguments.rows.split(","):
            continue
        told[name] = measure()
        short = {k: v for k, v in told[name].items() if k != "conversations"}
        print(f"{name}: {json.dumps(short, default=float)}", file=sys.stderr, flush=True)
    print(json.dumps(told))
    return 0


def main(words: list[str]) -> int:
    if "--http" in words:
        from tools.bench import asking

        return asking.main([word for word in words if word != "--http"])
    asked = argparse.ArgumentParser(prog="./run bench ask", description=__doc__)
    asked.add_argument("--rows", help="only these, with commas between: exact,notes,live ...")
    asked.add_argument(
        "--draws", type=int, default=2, help="random draws in every row that has any"
    )
    asked.add_argument("--huge", action="store_true", help="also 100 million votes (3 GB)")
    return measured(asked.parse_args(words))
