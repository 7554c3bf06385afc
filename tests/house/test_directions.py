"""What the import contracts cannot see: foreign keys by name, borrowed templates, pure imports."""

import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
from django.apps import apps

ROOT = Path(__file__).parents[2]
SRC = ROOT / "src/commonground"
CONTRACTS = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"][
    "contracts"
]
HEIGHT = {room: height for height, room in enumerate(reversed(CONTRACTS[0]["layers"]))}


def room_of(model):
    return model.__module__.split(".")[1]


def test_foreign_keys_look_back_never_ahead():
    ahead = [
        f"{model.__name__}.{field.name} -> {field.related_model.__name__}"
        for model in apps.get_models()
        if model.__module__.startswith("commonground.")
        for field in model._meta.get_fields()
        if field.is_relation and not field.auto_created
        if field.related_model.__module__.startswith("commonground.")
        if HEIGHT[room_of(field.related_model)] > HEIGHT[room_of(model)]
    ]
    assert ahead == []


def test_templates_are_borrowed_only_from_behind():
    ahead = [
        f"{page.relative_to(ROOT)} takes {name}"
        for page in SRC.rglob("templates/**/*.html")
        for name in re.findall(r"{%\s*(?:include|extends)\s+[\"']([^\"']+)", page.read_text())
        if name.split("/")[0] in HEIGHT
        if HEIGHT[name.split("/")[0]] > HEIGHT[page.relative_to(SRC).parts[0]]
    ]
    assert ahead == []


def test_no_room_imports_a_room_ahead_inside_a_function():
    """The linter reads every import; this keeps anyone from hiding one in a string."""
    hidden = [
        f"{path.relative_to(SRC)}: {room}"
        for path in SRC.rglob("*.py")
        if "tests" not in path.parts and path.parent != SRC
        for room in re.findall(r"import_module\(\s*[\"']commonground\.(\w+)", path.read_text())
        if HEIGHT[room] > HEIGHT[path.relative_to(SRC).parts[0]]
    ]
    assert hidden == []


ENGINES = sorted(
    ".".join(path.relative_to(SRC.parent).with_suffix("").parts).removesuffix(".__init__")
    for path in [*SRC.glob("*/engine.py"), *SRC.glob("*/engine/*.py"), *SRC.glob("*/states.py")]
)
REFUSE_DJANGO = """
import importlib, sys
class NoDjango:
    def find_spec(self, name, *rest):
        if name.partition(".")[0] in ("django", "requests", "httpx2", "atproto", "mastodon"):
            raise ImportError(f"an engine asked for {name}")
sys.meta_path.insert(0, NoDjango())
for name in sys.argv[1:]:
    importlib.import_module(name)
"""


def test_engines_import_where_there_is_no_django():
    done = subprocess.run(
        [sys.executable, "-c", REFUSE_DJANGO, *ENGINES], capture_output=True, text=True, cwd=ROOT
    )
    assert done.returncode == 0, done.stderr[-800:]


BREACHES = {
    "a room looks ahead": ("hear/rules.py", "from commonground.say import states"),
    "an engine asks Django": ("spot/engine/breach.py", "import django"),
    "a drawer called utils": ("say/utils.py", ""),
    "one network knows another": (
        "channels/networks/site/breach.py",
        "from commonground.channels.networks.mastodon import adapter",
    ),
    "models lean on actions": ("record/breach.py", "from commonground.record import actions"),
}


@pytest.mark.parametrize("breach", BREACHES, ids=str)
def test_the_contracts_fail_when_they_are_broken(breach, tmp_path):
    """Breaks one contract in a copy of the source: the check must notice."""
    place, line = BREACHES[breach]
    copy = tmp_path / "src/commonground"
    copy.parent.mkdir(exist_ok=True)
    subprocess.run(["cp", "-r", str(SRC), str(copy.parent)], check=True)
    subprocess.run(["cp", str(ROOT / "pyproject.toml"), str(tmp_path)], check=True)
    broken = copy / place
    broken.write_text((broken.read_text() if broken.exists() else "") + f"\n{line}\n")
    done = subprocess.run(
        [str(Path(sys.executable).with_name("lint-imports")), "--no-cache"],
        cwd=tmp_path, env={"PYTHONPATH": str(tmp_path / "src"), "PATH": "/usr/bin:/bin"},
        capture_output=True, text=True,
    )  # fmt: skip
    assert done.returncode == 1, done.stdout[-1500:] + done.stderr[-500:]
    assert "BROKEN" in done.stdout or "not listed as layers" in done.stdout
