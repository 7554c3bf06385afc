"""The same engine on Spark Structured Streaming: many machines hear, one judges.

A folder receives files `<end of slice>-<part>.ndjson`: all lines of one slice whose authors
are in one part (`sketches.shard_of(author) % parts`), as a log keyed by author gives them.
Executors make sketches, and later offer the best posts of the same files; sketches and few
posts are all that reaches the driver, which judges and gives each slice on in order of time.
"""

from __future__ import annotations

import os
import pickle
import sys
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from commonground.hear.engine.heard import Heard
from commonground.spot.engine.sieve import Offer
from commonground.spot.engine.significance import Levels
from commonground.spot.engine.sketches import Plan, shard_of
from commonground.spot.engine.spreading import Part, judged, offers_of, sketch_of
from commonground.spot.engine.watching import Handed, Judge

CLUSTER = "local-cluster[2,1,1500]"  # two executors of one core and 1500 MB


def land(folder: Path, until: float, lines: Sequence[tuple[str, bytes]], parts: int) -> None:
    """Write one slice, given as (author, line), as its parts. A name appears only whole."""
    shared: dict[int, list[bytes]] = {part: [] for part in range(parts)}
    for author, line in lines:
        shared[shard_of(author.encode()) % parts].append(line)
    for part, held in shared.items():
        path = folder / f"{until:017.6f}-{part}.ndjson"
        path.with_suffix(".part").write_bytes(b"\n".join(held) + b"\n")
        path.with_suffix(".part").rename(path)


def session(master: str = CLUSTER) -> Any:
    from pyspark.sql import SparkSession

    os.environ["PYSPARK_PYTHON"] = sys.executable
    built = (
        SparkSession.builder.master(master).appName("commonground")
        .config("spark.ui.enabled", "false").config("spark.executor.memory", "1g")
        .config("spark.driver.bindAddress", "127.0.0.1").config("spark.driver.host", "127.0.0.1")
        # A file is one part, so it must not be cut; and there are as many tasks as executors.
        .config("spark.sql.files.maxPartitionBytes", str(1 << 30))
        .config("spark.sql.shuffle.partitions", "2").config("spark.default.parallelism", "2")
        .config("spark.sql.files.minPartitionNum", "2")
        .config("spark.ui.showConsoleProgress", "false")
        .config("spark.sql.execution.arrow.maxRecordsPerBatch", "50000")
        .config("spark.executorEnv.PYTHONPATH", os.pathsep.join(p for p in sys.path if p))
        .getOrCreate()
    )  # fmt: skip
    built.sparkContext.setLogLevel("ERROR")
    return built


def parts_of(batches: Iterator[Any]) -> list[Part]:
    """Lines and their files' names, as Arrow record batches, put together again."""
    lines: dict[str, list[str]] = defaultdict(list)
    for batch in batches:
        for line, name in zip(*(c.to_pylist() for c in batch.columns), strict=True):
            lines[name].append(line)
    return [
        Part(float(name.rsplit("-", 1)[0]), "\n".join(held).encode())
        for name, held in sorted(lines.items())
    ]


@dataclass
class Listening:
    """The driver's part. `give` gets each slice, in order."""

    plan: Plan
    parts: int
    give: Callable[[Handed], object]
    judge: Judge = field(default_factory=Judge)
    waiting: dict[float, list[str]] = field(default_factory=lambda: defaultdict(list))
    workers: set[str] = field(default_factory=set)

    def listen(self, spark: Any, folder: Path, checkpoint: Path) -> None:
        """Take all files that are there, and those that come, until the query is stopped."""
        files = (
            spark.readStream.format("text").option("maxFilesPerTrigger", 64)
            .option("pathGlobFilter", "*.ndjson").load(str(folder))
            .selectExpr("_metadata.file_path AS path").distinct()
        )  # fmt: skip
        query = (
            files.writeStream.foreachBatch(lambda batch, _: self.batch(spark, batch))
            .option("checkpointLocation", str(checkpoint)).trigger(availableNow=True).start()
        )  # fmt: skip
        query.awaitTermination()

    def batch(self, spark: Any, batch: Any) -> None:
        for row in batch.collect():
            name = row.path.rsplit("/", 1)[1]
            self.waiting[float(name.rsplit("-", 1)[0])].append(row.path)
        ready = sorted(u for u, paths in self.waiting.items() if len(paths) == self.parts)
        if ready:
            paths = [path for until in ready for path in self.waiting.pop(until)]
            lines = spark.read.text(sorted(paths)).selectExpr("value", "_metadata.file_name")
            self.slices(spark, ready, lines)

    def slices(self, spark: Any, ready: list[float], lines: Any) -> None:
        plan = spark.sparkContext.broadcast(pickle.dumps(self.plan))
        packed: dict[float, list[bytes]] = defaultdict(list)
        for row in lines.mapInArrow(
            lambda held: sketched(held, plan), "until double, sketch binary, worker string"
        ).collect():
            packed[row.until].append(bytes(row.sketch))
            self.workers.add(row.worker)
        verdicts = {until: judged(self.judge, until, packed[until]) for until in ready}
        capacity = self.judge.capacity
        levels = spark.sparkContext.broadcast(
            {until: found.packed() if found else None for until, (found, _) in verdicts.items()}
        )
        offers: dict[float, list[list[Offer]]] = defaultdict(list)
        for row in lines.mapInArrow(
            lambda held: offered(held, plan, levels, capacity), "until double, offers binary"
        ).collect():
            offers[row.until].append([as_offer(one) for one in pickle.loads(row.offers)])
        for until in ready:
            self.give(self.judge.handed(offers[until], verdicts[until][1], until)[0])


def sketched(held: Iterator[Any], plan: Any) -> Iterator[Any]:
    import pyarrow

    ready = pickle.loads(plan.value)
    for part in parts_of(held):
        yield pyarrow.RecordBatch.from_pydict(
            {"until": [part.until], "sketch": [sketch_of(part, ready)], "worker": [worker_name()]}
        )


def offered(held: Iterator[Any], plan: Any, levels: Any, capacity: int) -> Iterator[Any]:
    import pyarrow

    ready = pickle.loads(plan.value)
    for part in parts_of(held):
        packed = levels.value[part.until]
        found = None if packed is None else Levels.unpacked(packed)
        best = offers_of(part, ready, found, capacity)
        rows = [(o.level, o.topics, tuple(getattr(o.post, n) for n in FIELDS)) for o in best]
        yield pyarrow.RecordBatch.from_pydict(
            {"until": [part.until], "offers": [pickle.dumps(rows)]}
        )


FIELDS = ("id", "at", "text", "lang", "author", "url")


def as_offer(row: Any) -> Offer:
    level, topics, values = row
    return Offer(level, Heard(**dict(zip(FIELDS, values, strict=True))), topics)


def worker_name() -> str:
    """Which executor this is: each of a local cluster works in a folder of its own."""
    return os.environ.get("SPARK_EXECUTOR_DIRS", "") or str(os.getppid())
