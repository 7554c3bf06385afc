"""The figures of the desk in the words of Prometheus and OpenMetrics.

Every figure is asked of the database when somebody asks for it, so that each of several web
processes tells the same; only what is about the process itself differs.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from prometheus_client import CollectorRegistry, ProcessCollector
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily
from prometheus_client.exposition import choose_encoder

from commonground.kit.watching import Gauge, told

PREFIX = "commonground_"


class Figures:
    """What the rooms tell, as the library wants it."""

    def collect(self) -> Iterator[Any]:
        for gauge, figures in told():
            yield as_family(gauge, figures)


def as_family(gauge: Gauge, figures: dict[str, float]) -> Any:
    kind = CounterMetricFamily if gauge.adds_up else GaugeMetricFamily
    labels = [gauge.label] if gauge.label else []
    family = kind(PREFIX + gauge.name, gauge.about, labels=labels)
    for word, figure in figures.items():
        family.add_metric([word] if labels else [], figure)
    return family


def exposed(accept: str) -> tuple[bytes, str]:
    """All figures, and what kind of text that is: what whoever asks can read best."""
    registry = CollectorRegistry(auto_describe=False)
    registry.register(Figures())
    ProcessCollector(registry=registry)  # memory, processor and files of this process
    encode, kind = choose_encoder(accept)
    return encode(registry), kind
