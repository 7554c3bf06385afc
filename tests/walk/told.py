"""The commands that our pages tell a newcomer to type, read out of the pages."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]
# In the order in which somebody new would read them. Reference pages are looked up, not walked.
PAGES = (
    "README.md", "CONTRIBUTING.md", "docs/tutorial/first-moment.md", "docs/how-to/run-a-server.md",
    *sorted(
        str(page.relative_to(ROOT)) for page in ROOT.glob("docs/how-to/*.md")
        if page.name != "run-a-server.md"
    ),
)  # fmt: skip
FENCE = re.compile(r"^( *)```sh\n(.*?)^\1```", re.MULTILINE | re.DOTALL)
SAID_BESIDE = re.compile(r"^#.*$|\s+# .*$")  # what a page says about a command, not the command


@dataclass(frozen=True)
class Told:
    page: str
    command: str

    @property
    def first(self) -> str:
        """Its first line, by which it is known."""
        return self.command.splitlines()[0].rstrip("\\ ")

    def __str__(self) -> str:
        return f"{self.page}: {self.command}"


def told_on(page: str) -> list[Told]:
    """Every command of a page, in its order; one that goes over several lines is one."""
    found = []
    for indent, fence in FENCE.findall((ROOT / page).read_text()):
        lines = [line.removeprefix(indent) for line in fence.splitlines()]
        found += [Told(page, command) for command in whole(lines)]
    return found


def whole(lines: list[str]) -> list[str]:
    commands, begun = [], ""
    for line in lines:
        begun += SAID_BESIDE.sub("", line)
        if begun.endswith("\\") or begun.count("{") > begun.count("}"):
            begun += "\n"
        elif begun.strip():
            commands.append(begun)
            begun = ""
    return [*commands, *([begun] if begun.strip() else [])]


def all_told() -> list[Told]:
    return [told for page in PAGES for told in told_on(page)]
