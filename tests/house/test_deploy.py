"""What stands in deploy/ fits the product: paths, commands, settings, and what units may touch."""

import configparser
import re
import shlex
import shutil
import subprocess
from pathlib import Path

import pytest
from django.core.management import get_commands, load_command_class

from commonground.kit.environment import Env
from commonground.kit.management.commands.up import A_PERSON_MUST_SEE

ROOT = Path(__file__).parents[2]
DEPLOY = ROOT / "deploy"
UNITS = sorted(DEPLOY.glob("*.service"))
HARD = {
    "NoNewPrivileges": "yes", "ProtectSystem": "strict", "ProtectHome": "yes", "PrivateTmp": "yes",
    "PrivateDevices": "yes", "CapabilityBoundingSet": "", "UMask": "0077",
    "SystemCallFilter": "@system-service", "ReadWritePaths": "/var/lib/commonground",
}  # fmt: skip
BIN = "/opt/commonground/.venv/bin/"


def read(unit):
    held = configparser.RawConfigParser(strict=False, interpolation=None)
    held.optionxform = str
    held.read(unit)
    return held


def understood(words):
    """Whether the command line is one that the product takes."""
    program, *rest = words
    assert program.startswith(BIN)
    if program.removeprefix(BIN) == "granian":
        assert rest[-1] == "commonground.asgi:application"
        options = {word for word in rest if word.startswith("--")}
        said = subprocess.run(
            [Path(shutil.which("granian") or ROOT / ".venv/bin/granian"), "--help"],
            capture_output=True, text=True, check=True,
        ).stdout  # fmt: skip
        return all(option in said for option in options)
    name, *more = rest
    parser = load_command_class(get_commands()[name], name).create_parser("commonground", name)
    return parser.parse_args(more) is not None


@pytest.mark.parametrize("unit", UNITS, ids=lambda unit: unit.name)
def test_a_unit_starts_what_there_is_and_may_touch_its_own_folder_only(unit):
    service = read(unit)["Service"]
    assert {name: service[name] for name in HARD} == HARD
    assert service["User"] == "commonground"
    assert understood(shlex.split(service["ExecStart"]))


def test_a_worker_has_time_to_finish_what_it_has_in_hand():
    for name in ("commonground", "commonground-work"):
        service = read(DEPLOY / f"{name}.service")["Service"]
        assert int(service["TimeoutStopSec"]) > 45
        assert service["SuccessExitStatus"] == "75"
        assert service["Restart"] == "always"


def test_an_upgrade_that_failed_is_not_tried_again_and_again():
    service = read(DEPLOY / "commonground.service")["Service"]
    assert int(service["RestartPreventExitStatus"]) == A_PERSON_MUST_SEE


@pytest.mark.skipif(not shutil.which("systemd-analyze"), reason="there is no systemd to ask")
@pytest.mark.parametrize("unit", [*UNITS, DEPLOY / "commonground-backup.timer"],
                         ids=lambda unit: unit.name)  # fmt: skip
def test_systemd_understands_each_unit(unit, tmp_path):
    for other in DEPLOY.glob("commonground*.*"):
        text = other.read_text()
        # What it starts is not installed where the tests run.
        (tmp_path / other.name).write_text(re.sub(rf"{BIN}\w+", "/bin/true", text))
    done = subprocess.run(
        ["systemd-analyze", "verify", "--man=no", tmp_path / unit.name],
        capture_output=True, text=True,
    )  # fmt: skip
    ours = [line for line in done.stderr.splitlines() if "commonground" in line]
    assert done.returncode == 0, done.stderr
    assert ours == []


def test_the_file_of_settings_names_settings():
    lines = (DEPLOY / "commonground.env").read_text().splitlines()
    names = [line.partition("=")[0] for line in lines if line and not line.startswith("#")]
    known = {f"COMMONGROUND_{name.upper()}" for name in Env.model_fields}
    known |= {f"{name}_FILE" for name in known} | {"COMMONGROUND_STATIC_ROOT"}
    assert set(names) <= known
    assert len(names) > 5


def test_the_containerfile_copies_and_starts_what_is_there():
    text = (DEPLOY / "Containerfile").read_text().replace("\\\n", " ")
    assert "NOT BUILT" in text
    for line in re.findall(r"^COPY (.+)$", text, re.MULTILINE):
        for name in line.split()[:-1]:
            assert (ROOT / name).exists(), name
    command = re.findall(r"^CMD \[(.+)\]$", text, re.MULTILINE)[-1]
    words = [word.strip().strip('"') for word in command.split(",")]
    assert understood([BIN + words[0], *words[1:]])
    python = (ROOT / ".python-version").read_text().strip()
    assert f"python:{python}-slim" in text
    named = set(re.findall(r"COMMONGROUND_\w+", text))
    known = {f"COMMONGROUND_{name.upper()}" for name in Env.model_fields}
    assert named <= known | {"COMMONGROUND_STATIC_ROOT"}
