"""What others would do with the same posts, on one core: each as its own documentation has it."""

from __future__ import annotations

import json
import math
import os
import re
import statistics
import tempfile
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from functools import partial
from itertools import pairwise
from pathlib import Path
from typing import Any

from commonground.hear.engine.stopwords import STOPWORDS
from tools.bench.crowd import Second
from tools.bench.listener import ABOUT, desk, on_core, phrases
from tools.bench.stages import parts

WORD = re.compile(r"\w+")
SLICE = 5_000
SLICES, SLICE_OF_OURS = 4, 143_199
POSTS = {"naive": 20_000, "river": 10_000, "bertopic": 6_000}
DIMENSIONS = 64


def naive(lines: Sequence[bytes]) -> None:
    """json, re, dictionaries: distinct voices, a fading mean and spread, watch phrases."""
    mean: dict[Any, float] = defaultdict(float)
    spread: dict[Any, float] = defaultdict(float)
    topics = [set(text.split()) for text in ABOUT]
    phrases = phrases_by_word()
    for begin in range(0, len(lines), SLICE):
        counts: Counter[Any] = Counter()
        seen: set[Any] = set()
        posts = []
        for line in lines[begin : begin + SLICE]:
            post = json.loads(line)
            words = told(post)
            held = set(words)
            hits = sum(set(p) <= held for w in held for p in phrases.get(w, ()))
            for term in [*words, *pairwise(words)]:
                if (term, post["did"]) not in seen:
                    seen.add((term, post["did"]))
                    counts[term] += 1
            posts.append((held, hits, max(len(held & topic) for topic in topics)))
        hot = {term for term in counts.keys() | mean.keys() if faded(term, counts, mean, spread)}
        [post for post in posts if post[2] and len(post[0] & hot) >= 2]


def told(post: Any) -> list[str]:
    record = post["commit"].get("record")
    return [w for w in WORD.findall(record["text"].lower()) if w not in STOPWORDS] if record else []


def phrases_by_word() -> dict[str, list[list[str]]]:
    out: dict[str, list[list[str]]] = defaultdict(list)
    for phrase in phrases(1000):
        out[phrase.split()[0]].append(phrase.split())
    return out


def faded(
    term: Any, counts: Counter[Any], mean: dict[Any, float], spread: dict[Any, float]
) -> bool:
    count, usual, about = counts.get(term, 0), mean[term], spread[term]
    apart = count - usual
    mean[term] = usual + 0.15 * apart
    spread[term] = 0.85 * (about + 0.15 * apart * apart)
    return count >= 10 and (count - max(usual, 4)) / (math.sqrt(about) + 4) > 4


def river(lines: Sequence[bytes]) -> None:
    """river: a bag of words and pairs, a fading mean and variance for each."""
    from river import feature_extraction, stats

    bag = feature_extraction.BagOfWords(lowercase=True, ngram_range=(1, 2))
    known: dict[Any, Any] = defaultdict(lambda: (stats.EWMean(0.15), stats.EWVar(0.15)))
    for begin in range(0, len(lines), SLICE):
        counts: Counter[Any] = Counter()
        for line in lines[begin : begin + SLICE]:
            record = json.loads(line)["commit"].get("record")
            if record:
                counts.update(bag.transform_one(record["text"]))
        for term, count in counts.items():
            mean, spread = known[term]
            if count >= 10:
                (count - mean.get()) / (math.sqrt(max(spread.get(), 0)) + 4)
            mean.update(count)
            spread.update(count)


def bertopic(lines: Sequence[bytes]) -> None:
    """BERTopic, online, with the same static word vectors we use."""
    import wordllama
    from bertopic import BERTopic
    from bertopic.vectorizers import OnlineCountVectorizer
    from sklearn.cluster import MiniBatchKMeans
    from sklearn.decomposition import IncrementalPCA

    model = wordllama.WordLlama.load(
        cache_dir=Path(wordllama.__file__).parent, disable_download=True
    )
    topics = BERTopic(
        embedding_model=None, umap_model=IncrementalPCA(n_components=5),
        hdbscan_model=MiniBatchKMeans(n_clusters=50, random_state=0),
        vectorizer_model=OnlineCountVectorizer(stop_words="english", decay=0.01),
    )  # fmt: skip
    posts = [r["text"] for line in lines if (r := json.loads(line)["commit"].get("record"))]
    for begin in range(0, len(posts) - 1000, 2000):
        held = posts[begin : begin + 2000]
        topics.partial_fit(held, embeddings=model.embed(held, norm=True).astype(float))


def ours(blocks: Sequence[bytes], made: Any) -> None:
    for block in blocks:
        for part in parts(block):
            made.watch.take(part)
        made.close(time.time())


PEERS: dict[str, Callable[[Sequence[bytes]], None]] = {
    "naive": naive, "river": river, "bertopic": bertopic,
}  # fmt: skip


def peers(rounds: int, seed: int, core: int) -> dict[str, Any]:
    """Posts a second of processor time, ours and each peer's, in turns on the same posts.

    Ours is given slices as large as in the record minute, each peer as many of their posts as it
    can read in about as long. The first round warms everybody up and does not count; what it
    gives, with all that a peer imports and compiles at its start, is told as cold.
    """
    os.environ["TOKENIZERS_PARALLELISM"] = "false"
    on_core(core)
    made = desk(Path(tempfile.mkdtemp(prefix="commonground-bench-")), 1000, seed)
    second = Second(SLICE_OF_OURS, seed)
    speeds: dict[str, list[float]] = defaultdict(list)
    missing: dict[str, str] = {}
    for n in range(rounds + 1):
        blocks = [bytes(second.renew(time.time() + n, SLICE_OF_OURS)) for _ in range(SLICES)]
        speeds["ours"].append(speed(partial(ours, blocks, made), SLICES * SLICE_OF_OURS))
        lines = blocks[0].splitlines(keepends=True)
        for name, peer in PEERS.items():
            if name in missing:
                continue
            try:
                speeds[name].append(speed(partial(peer, lines[: POSTS[name]]), POSTS[name]))
            except ImportError as why:
                missing[name] = str(why)
        if n == 0:
            cold = {name: held[0] for name, held in speeds.items() if name != "ours"}
            speeds.clear()
    mine = statistics.median(speeds["ours"])
    return {
        "posts_a_core_second": {n: round(statistics.median(s)) for n, s in speeds.items()},
        "runs": {name: [round(s) for s in held] for name, held in speeds.items()},
        "ratio": {
            n: round(mine / statistics.median(s), 1) for n, s in speeds.items() if n != "ours"
        },
        "ratio_cold": {name: round(mine / held, 1) for name, held in cold.items()},
        "missing": missing,
    }  # fmt: skip


def speed(work: Callable[[], None], posts: int) -> float:
    began = time.process_time()
    work()
    return posts / (time.process_time() - began)
