"""The list of parts that goes with a release names every part of a desk, and nothing else."""

import json
import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
UV = ROOT / ".tools/bin/uv"


@pytest.fixture(scope="module")
def parts():
    if not UV.exists():
        pytest.skip("NOT TESTED: this folder has no uv of its own (./run lock fetches it)")
    made = subprocess.run(["sh", "run", "sbom"], cwd=ROOT, capture_output=True, check=True)
    return json.loads(made.stdout)


def locked():
    """What `requirements.lock` holds, names as the index writes them."""
    text = (ROOT / "requirements.lock").read_text()
    return dict(re.findall(r"^([a-z0-9._-]+)==([^\s;\\]+)", text, re.MULTILINE))


def test_every_part_stands_in_the_lock_with_the_same_version(parts):
    named = {part["name"]: part["version"] for part in parts["components"]}
    assert len(named.keys() & locked().keys()) > 60
    assert {n: v for n, v in named.items() if locked().get(n) != v and n in locked()} == {}


def test_every_library_a_desk_imports_is_on_the_list(parts):
    named = {part["name"] for part in parts["components"]}
    assert {"django", "cryptography", "granian", "msgspec", "atproto"} <= named


def test_every_part_has_a_digest(parts):
    bare = [
        part["name"] for part in parts["components"]
        if not any(one.get("hashes") for one in part.get("externalReferences", []))
    ]  # fmt: skip
    assert bare == []
