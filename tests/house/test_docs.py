"""What can drift is written by the code, or tested against it."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PAGES = [*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md")]


def test_the_reference_says_what_the_code_says():
    done = subprocess.run(
        [sys.executable, "-m", "tools.docs", "--check"], cwd=ROOT, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("page", PAGES, ids=lambda p: str(p.relative_to(ROOT)))
def test_every_link_and_picture_leads_somewhere(page):
    targets = re.findall(r"\]\(([^)#\s]+)", page.read_text())
    lost = [
        t for t in targets
        if not t.startswith(("http://", "https://", "mailto:")) and not (page.parent / t).exists()
    ]  # fmt: skip
    assert lost == []


@pytest.mark.parametrize("page", PAGES, ids=lambda p: str(p.relative_to(ROOT)))
def test_every_run_command_in_the_docs_exists(page):
    offered = set(re.findall(r"^    (\w+)\)", (ROOT / "run").read_text(), re.MULTILINE))
    used = set(re.findall(r"\./run (\w+)", page.read_text()))
    assert used <= offered | {"help"}


@pytest.mark.parametrize("page", PAGES, ids=lambda p: str(p.relative_to(ROOT)))
def test_every_test_the_docs_name_exists(page):
    named = set(re.findall(r"`(test_\w+)`", page.read_text()))
    written = "".join(
        f.read_text() for top in ("src", "tests") for f in (ROOT / top).rglob("*.py")
    ) if named else ""  # fmt: skip
    assert {name for name in named if f"def {name}(" not in written} == set()
