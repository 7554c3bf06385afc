"""The list of parts that goes with a release names every part in the lock, and nothing else."""

import json
import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def parts():
    if not (ROOT / ".tools/bin/uv").exists():
        pytest.skip(
            "NOT TESTED: this folder has no uv of its own (./run fetches it where it lacks)"
        )
    made = subprocess.run(["sh", "run", "sbom"], cwd=ROOT, capture_output=True, check=True)
    return json.loads(made.stdout)["components"]


def locked():
    text = (ROOT / "requirements.lock").read_text()
    return set(re.findall(r"^([a-zA-Z0-9._-]+)==([^\s;\\]+)", text, re.MULTILINE))


def test_every_part_in_the_lock_is_on_the_list_with_its_version(parts):
    assert len(locked()) > 100
    assert {(part["name"], part["version"]) for part in parts} == locked()


def test_every_part_has_its_digests(parts):
    bare = [
        part["name"] for part in parts
        if not any(one.get("hashes") for one in part.get("externalReferences", []))
    ]  # fmt: skip
    assert bare == []
