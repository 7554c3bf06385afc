"""Spark gives the moments the embedded engine gives."""

import random
import shutil
from json import dumps

import pytest

from commonground.hear.engine.heard import Told, upstream_of
from commonground.hear.engine.phrasebook import phrasebook
from commonground.spot.engine.detector import Detector
from commonground.spot.engine.lexicon import lexicon
from commonground.spot.engine.signs import Signs
from commonground.spot.engine.sketches import Plan
from commonground.spot.engine.watching import Judge, Watch

pytestmark = pytest.mark.peer
AT, MINUTE, PARTS = 1_714_521_600, 150, 2
EVENT = [
    "explosion at the mill", "heard a huge explosion", "mill is burning, smoke everywhere",
    "what exploded at the mill?", "injured people outside the mill", "mill blast broke windows",
]  # fmt: skip


def minutes(count: int, a_minute: int) -> list[list[tuple[str, bytes]]]:
    dice = random.Random(4)  # noqa: S311
    words = [f"word{n}" for n in range(300)]
    out = []
    for minute in range(count):
        said = [
            " ".join(dice.choices([*words, "police", "fire", "crash"], k=6))
            for _ in range(a_minute)
        ]
        if minute >= count - 6:
            said += [f"{text} {' '.join(dice.choices(words, k=5))}" for text in EVENT]
        out.append([
            (f"a{minute}.{n}", dumps({
                "id": f"{minute}.{n}", "ts": AT + MINUTE * minute + n * MINUTE / len(said),
                "text": text, "author": f"a{minute}.{n}"}).encode())
            for n, text in enumerate(said)
        ])  # fmt: skip
    return out


def plan() -> Plan:
    return Plan(lexicon(Signs.starter()), phrasebook([]), b"salt", AT + 10**6)


class Desk:
    def __init__(self):
        self.detector, self.found, self.slices = Detector(), [], []

    def take(self, handed):
        posts = [
            Told(upstream_of(o.post.id), o.post.at, o.post.text, "", "", o.post.author)
            for o in handed.posts
        ]
        self.slices.append((handed.until, handed.beside, [post.upstream for post in posts]))
        seen = self.detector.slice(posts, handed.until, beside=handed.beside)
        self.found += [f"{s.opened_at} {s.label} {s.why} {s.terms}" for s in seen.opened]


@pytest.fixture(scope="module")
def spark():
    if shutil.which("java") is None:
        pytest.skip("NOT TESTED on Spark: there is no java on this machine")
    pytest.importorskip(
        "pyspark", reason="NOT TESTED on Spark: pyspark is not installed (./run spark installs it)"
    )
    from tools import spark as tool

    running = tool.session()
    yield running
    running.stop()


@pytest.mark.filterwarnings("ignore")  # Spark's own
@pytest.mark.parametrize("capacity", [1000, 12])
def test_spark_with_two_executors_gives_the_moments_of_the_embedded_engine(
    spark, tmp_path, capacity
):
    from tools import spark as tool

    said = minutes(90, 15)
    alone, watch = Desk(), Watch(plan(), capacity, forgetful=True)
    folder = tmp_path / "landed"
    folder.mkdir()
    for n, posts in enumerate(said):
        until = AT + MINUTE * (n + 1.0)
        watch.take(b"\n".join(line for _, line in posts))
        alone.take(watch.close(until))
        tool.land(folder, until, posts, PARTS)
    cluster = Desk()
    listening = tool.Listening(plan(), PARTS, cluster.take, Judge(capacity))
    listening.listen(spark, folder, tmp_path / "checkpoint")
    assert len(cluster.slices) == 90
    assert cluster.slices == alone.slices
    assert cluster.found == alone.found
    assert len(listening.workers) == 2
    if capacity == 1000:
        assert any("mill" in moment.lower() for moment in alone.found)
