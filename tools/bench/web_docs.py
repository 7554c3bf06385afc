"""The part of docs/explanation/speed.md about pages at three sizes, and its picture."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from tools.bench.triage import table

DOCS = Path(__file__).parents[2] / "docs/explanation/speed.md"
PICTURE = DOCS.parent / "pages-at-size.svg"
BEGIN, END = "<!-- written by ./run bench web --docs -->", "<!-- so far -->"
SHOWN = 15  # the slowest of each kind
LOOK = (
    "text{font:13px system-ui,sans-serif;fill:#444}path{fill:none;stroke:#2f7d4f;opacity:.35}"
    ".bar{stroke:#a33;stroke-dasharray:5 4;opacity:1}.free{stroke:#888;stroke-width:3;opacity:.7}"
    "@media(prefers-color-scheme:dark){text{fill:#bbb}}"
)
WIDE, HIGH, LEFT, TOP, MOST_MS = 640, 360, 60, 20, 1_000.0


def write(told: Mapping[str, Any]) -> None:
    PICTURE.write_text(drawn(told))
    before, _, rest = DOCS.read_text(encoding="utf-8").partition(BEGIN)
    _, _, after = rest.partition(END)
    DOCS.write_text(f"{before}{BEGIN}\n\n{text(told)}\n{END}{after}", encoding="utf-8")


def text(told: Mapping[str, Any]) -> str:
    pages: Mapping[str, Mapping[str, Any]] = told["pages"]
    largest = list(told["rows"].values())[-1]
    rows = ", ".join(f"{many:,} {name}" for name, many in largest.items())
    parts = [
        f"{len(pages)} pages, {told['rounds']} looks each, on {told['database']}, {told['cores']} "
        f"cores at load {told['load']:.1f}. At the largest size the database holds {rows}.",
        f"![Each page's time at three sizes]({PICTURE.name})",
        "From a hundredth of it to all of it the processor's time of the middle page grew "
        f"{middle_growth(pages):.2f} times; n log n would be {n_log_n(told):,.0f} times. "
        f"{steep(pages)} grew fifty times or more. Over a bar: "
        + ("; ".join(told["over"]) or "none") + ".",
        *(f"The slowest {name}:\n\n" + slowest(pages, public) for name, public in
          (("of the desk", False), ("public ones", True))),
    ]  # fmt: skip
    return "\n\n".join(parts) + "\n"


def slowest(pages: Mapping[str, Mapping[str, Any]], public: bool) -> str:
    mine = [(name, list(sizes.values())) for name, sizes in pages.items()]
    mine = [one for one in mine if one[1][-1]["public"] is public]
    mine.sort(key=lambda one: -one[1][-1]["p95_ms"])
    return table(
        ["page", "processor ms at 1/100, 1/10, 1", "middle ms", "p95 ms", "questions"],
        [[name, " / ".join(f"{row['processor_ms']:g}" for row in rows), f"{rows[-1]['p50_ms']:g}",
          f"{rows[-1]['p95_ms']:g}", str(rows[-1]["queries"])]
         for name, rows in mine[:SHOWN]],
    )  # fmt: skip


def growths(pages: Mapping[str, Mapping[str, Any]]) -> list[float]:
    ends = [list(sizes.values()) for sizes in pages.values()]
    return sorted(rows[-1]["processor_ms"] / rows[0]["processor_ms"] for rows in ends)


def middle_growth(pages: Mapping[str, Mapping[str, Any]]) -> float:
    found = growths(pages)
    return found[len(found) // 2]


def steep(pages: Mapping[str, Mapping[str, Any]]) -> int:
    return sum(growth >= 50 for growth in growths(pages))


def n_log_n(told: Mapping[str, Any]) -> float:
    first, *_, last = (sum(rows.values()) for rows in told["rows"].values())
    return float(last * math.log(last) / (first * math.log(first)))


def drawn(told: Mapping[str, Any]) -> str:
    """A line for each page, both scales by tens; the bars of the desk and of the public site."""
    pages = told["pages"].values()
    lines = "".join(
        f'<path d="{path([row["processor_ms"] for row in sizes.values()])}"/>' for sizes in pages
    )
    first = min(row["processor_ms"] for sizes in pages for row in list(sizes.values())[:1])
    free = path([first, first * 10 * 1.2, first * 100 * 1.4])
    marks = "".join(
        f'<text x="{LEFT - 8}" y="{y(ms) + 4:.0f}" text-anchor="end">{ms}</text>'
        for ms in (1, 10, 100, 1000)
    )
    sizes = "".join(
        f'<text x="{x(n):.0f}" y="{HIGH + TOP + 20}" text-anchor="middle">{name}</text>'
        for n, name in enumerate(("1/100", "1/10", "1"))
    )
    box = f"0 0 {WIDE + LEFT + 30} {HIGH + TOP + 34}"
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="{box}"'
        ' role="img"><title>Processor milliseconds of each page at three sizes of a desk</title>'
        "<desc>Nearly flat lines, one a page; the thick one is n log n, the dashed one 200 ms."
        f"</desc><style>{LOOK}</style>{lines}"
        f'<path class="bar" d="{path([200, 200, 200])}"/><path class="free" d="{free}"/>'
        f"{marks}{sizes}</svg>\n"
    )


def path(times: Sequence[float]) -> str:
    points = (f"{x(n):.1f},{y(ms):.1f}" for n, ms in enumerate(times) if ms <= MOST_MS)
    return "M" + "L".join(points)


def x(n: int) -> float:
    return LEFT + 20 + n * (WIDE - 40) / 2


def y(ms: float) -> float:
    return TOP + HIGH * (1 - math.log(max(1.0, ms)) / math.log(MOST_MS))
