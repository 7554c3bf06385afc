"""An outsider can check an export with one file and nothing installed."""

import csv
import hashlib
import io
import json
import subprocess
import sys
from itertools import count
from random import Random

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from hypothesis import (
    HealthCheck,
    given as any_of,
    settings as hypothesis_settings,
    strategies as st,
)
from tests import given
from tools.bench.record_forgeries import Forger

from commonground.record.actions import THE_DESK, publish, witness
from commonground.record.engine import notes
from commonground.record.engine.outsider import verify
from commonground.record.models import Entry
from commonground.record.queries.exporting import EVERYTHING, OUTSIDER, Wish, export
from commonground.record.queries.log import log_key, signing_key

pytestmark = pytest.mark.django_db
FACTS = ("at", "agency", "verb", "subject", "title", "who", "role", "detail.reason", "detail.n")
turn = count()


@pytest.fixture
def written():
    member = given.a_member(name="Officer Reyes")
    for n in range(12):
        witness("pause", given.a_channel(), by=member, reason="=cmd|' /C calc'!A0", n=n)
    witness("finish", given.a_post(by=member), by=THE_DESK)
    return publish()


@pytest.fixture
def bag(written, tmp_path):
    return exported(written, tmp_path)


def exported(shown, folder, first=1, last=13, **wish):
    place = folder / f"bag-{next(turn)}"
    export(Wish(first, last, **wish), shown, place)
    return place


def said(bag, **but):
    return list(verify.check(str(bag), **{"key": str(log_key(1)), **but}))


def fails(bag, **but):
    try:
        said(bag, **but)
    except verify.Failed as why:
        return str(why)
    except verify.MALFORMED as why:
        return f"malformed: {why}"
    return ""


def signed_anew(bag):
    """As a thief of the signing key could: every list and signature fits what is there now."""
    for name, files in [
        ("manifest-sha256.txt", sorted(f for f in (bag / "data").rglob("*") if f.is_file())),
        ("tagmanifest-sha256.txt", [bag / n for n in ("bag-info.txt", "bagit.txt",
         "manifest-sha256.txt", *(n for n in ("verify.html", "verify.py") if (bag / n).exists()))]),
    ]:  # fmt: skip
        lines = [
            f"{hashlib.sha256(f.read_bytes()).hexdigest()}  {f.relative_to(bag)}\n" for f in files
        ]
        (bag / name).write_text("".join(lines))
    text = (bag / "signed-by.txt").read_text().split("\n")
    listed = hashlib.sha256((bag / "tagmanifest-sha256.txt").read_bytes()).hexdigest()
    claim = "\n".join([*text[:3], listed]) + "\n"
    (bag / "signed-by.txt").write_text(notes.signed(claim, log_key(1).name, signing_key()))


def changed(bag, change):
    """One record of the bag, changed, and everything around it made to fit."""
    file = bag / "data/records.jsonl"
    lines = [json.loads(line) for line in file.read_text().splitlines()]
    lines = change(lines) or lines
    file.write_text("".join(verify.spelt(line) + "\n" for line in lines))
    signed_anew(bag)
    return bag


def test_it_runs_with_nothing_installed_and_says_what_it_found(bag):
    command = [sys.executable, "-I", "-S", str(bag / "verify.py"), str(bag)]
    done = subprocess.run(command, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout
    assert "OK. 13 records, from 1 to 13, none missing" in done.stdout
    assert str(log_key(1)) in done.stdout
    done = subprocess.run([*command, "--key", str(log_key(2))], capture_output=True, text=True)
    one, other = ("+".join(str(log_key(n)).split("+")[:2]) for n in (1, 2))
    assert done.returncode == 1
    assert done.stdout == f"FAILED: the export is signed with the key {one}, not with {other}.\n"


def test_the_command_exports_and_checks(written, tmp_path, capsys):
    call_command("record", "export", "--out", str(tmp_path / "x"), "--withhold", "who=personal")
    with pytest.raises(SystemExit) as ended:
        call_command("record", "verify", str(tmp_path / "x"))
    assert ended.value.code == 0
    assert "Withheld: 13 facts: personal information." in capsys.readouterr().out
    assert "Reyes" not in (tmp_path / "x/data/records.csv").read_text()
    for wrong in (["--withhold", "who=because"], ["--from", "0"], ["--to", "99"]):
        with pytest.raises(CommandError):
            call_command("record", "export", "--out", str(tmp_path / "y"), *wrong)


def test_another_agencys_records_show_that_they_are_there_and_no_more(written, tmp_path):
    ours = Entry.objects.get(number=3).agency
    call_command("record", "export", "--out", str(tmp_path / "x"), "--agency", ours)
    lines = said(tmp_path / "x")
    assert any("another agency's record" in line for line in lines)
    rows = list(csv.DictReader(io.StringIO((tmp_path / "x/data/records.csv").read_text())))
    assert [row["number"] for row in rows if row["verb"]] == ["3"]


@hypothesis_settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@any_of(st.data())
def test_every_selection_of_what_is_withheld_verifies(written, tmp_path, data):
    reasons = st.sampled_from(sorted(set(verify.REASONS) - {"erased"}))
    wishes = {
        number: data.draw(st.dictionaries(st.sampled_from((*FACTS, EVERYTHING)), reasons))
        for number in range(1, 14)
    }
    first = data.draw(st.integers(1, 13))
    last = data.draw(st.integers(first, 13))
    bag = exported(written, tmp_path, first, last, withhold=lambda e: wishes[e.number])
    assert said(bag)[0].startswith(f"OK. {last - first + 1} records")
    shown = (bag / "data/records.csv").read_text()
    hidden = all({"who", EVERYTHING} & wishes[n].keys() for n in range(first, last + 1))
    assert not (hidden and "Reyes" in shown)


def test_a_cell_of_the_table_is_never_a_formula(bag):
    rows = list(csv.reader(io.StringIO((bag / "data/records.csv").read_text())))
    assert not [cell for row in rows for cell in row if cell.startswith(("=", "+", "@"))]
    assert verify.disarmed("=1") == "'=1"


def drop_a_fact(lines):
    lines[4]["shown"].pop()


def drop_a_reason(lines):
    lines[4]["withheld"] = {}


def take_a_fact_from_another(lines):
    lines[4]["shown"][5] = lines[5]["shown"][5]


def swap_two(lines):
    lines[3], lines[4] = lines[4], lines[3]


def repeat_one(lines):
    lines[4] = lines[3]


def leave_one_out(lines):
    del lines[4]


def leave_the_last_out(lines):
    del lines[-1]


def hide_behind_the_seed(lines):
    lines[4]["seed"] = ""


def call_it_erased(lines):
    sd = json.loads(lines[4]["leaf"])["_sd"]
    lines[4] |= {"shown": [], "seed": "", "withheld": {"erased": sd}, "tombstone": 12}


def name_a_reason_nobody_knows(lines):
    lines[4]["withheld"] = {"because": [lines[4]["withheld"]["personal"][0]]}


def move_it(lines):
    lines[4]["index"] = 3


def cut_its_path(lines):
    lines[4]["path"].pop()


def write_base64_another_way(lines):
    step = lines[4]["path"][0]
    lines[4]["path"][0] = step[:-2] + chr(ord(step[-2]) + 1) + step[-1]


def change_the_leaf(lines):
    lines[4]["leaf"] = lines[4]["leaf"].replace('"inner"', '"outer"')


def add_a_part(lines):
    lines[4]["note"] = "x"


@pytest.mark.parametrize("change", [
    drop_a_fact, drop_a_reason, take_a_fact_from_another, swap_two, repeat_one, leave_one_out,
    leave_the_last_out, hide_behind_the_seed, call_it_erased, name_a_reason_nobody_knows, move_it,
    cut_its_path, write_base64_another_way, change_the_leaf, add_a_part,
])  # fmt: skip
def test_not_even_the_agency_itself_can_send_something_else(written, tmp_path, change):
    bag = exported(written, tmp_path, withhold=lambda _: {"who": "personal"})
    assert not fails(bag)
    signed_anew(bag)
    assert not fails(bag)
    assert fails(changed(bag, change))


def test_a_name_that_stands_twice_is_refused(bag):
    file = bag / "data/records.jsonl"
    file.write_text(file.read_text().replace('"seed":', '"index":99,"seed":', 1))
    signed_anew(bag)
    assert "stands twice" in fails(bag)


def test_a_table_that_says_something_else_is_refused(bag):
    file = bag / "data/records.csv"
    file.write_bytes(file.read_bytes().replace(b"Reyes", b"Jones"))
    signed_anew(bag)
    assert "the table says something else" in fails(bag)


def test_files_added_removed_or_changed_are_noticed(bag):
    (bag / "data/extra").write_text("x")
    assert "added" in fails(bag)
    (bag / "data/extra").unlink()
    (bag / "bag-info.txt").write_text("x")
    assert "bag-info.txt is not what was sent" in fails(bag)


def test_whoever_saw_an_earlier_checkpoint_can_tell_that_this_continues_it(tmp_path):
    member = given.a_member()
    for _ in range(5):
        witness("pause", given.a_channel(), by=member)
    old = publish().note
    for _ in range(8):
        witness("pause", given.a_channel(), by=member)
    bag = exported(publish(), tmp_path, earlier=old)
    assert "It continues the checkpoint you saw earlier." in said(bag, after=old)
    other = notes.Checkpoint(log_key(1).name, 5, b"x" * 32)
    forked = notes.signed(str(other), other.origin, signing_key())
    assert "not the log you saw earlier" in fails(bag, after=forked)
    assert "--earlier" in fails(exported(publish(), tmp_path), after=old)


def test_a_witness_that_was_named_must_have_signed(bag):
    stranger = notes.key_of("w.example", signing_key(), notes.BY_A_WITNESS)
    assert "did not sign" in fails(bag, witnesses=[str(stranger)])


def test_the_signature_check_is_that_of_another_program():
    key = signing_key()
    public = key.public_key().public_bytes_raw()
    for n in range(20):
        text = bytes([n]) * n
        good = key.sign(text)
        assert verify.is_signed(public, text, good)
        assert not verify.is_signed(public, text + b"x", good)
        assert not verify.is_signed(public, text, bytes([good[0] ^ 1]) + good[1:])
        over = int.from_bytes(good[32:], "little") + verify.ORDER
        assert not verify.is_signed(public, text, good[:32] + over.to_bytes(32, "little"))


def test_what_the_outsider_gets_imports_nothing_of_ours():
    code = (OUTSIDER / "verify.py").read_text()
    assert "commonground." not in code.replace("commonground.example", "")


def test_no_forgery_is_believed_not_even_by_whoever_holds_the_key(written, tmp_path):
    """A few of what `./run bench record` tries a hundred thousand of."""
    forger = Forger(
        exported(written, tmp_path, 5, 8, withhold=lambda _: {"who": "personal"}),
        Random(7),  # noqa: S311
    )
    kinds = set()
    for turn in range(120):
        kind, forged = forger.forge(turn % 2 == 1)
        kinds.add(kind)
        assert fails(forged), f"{kind}, turn {turn}"
    assert len(kinds) == 5


def test_a_key_that_signed_a_checkpoint_twice_is_refused(bag):
    file = bag / "data/checkpoint"
    text = file.read_text()
    file.write_text(text + text.split("\n\n")[1])
    signed_anew(bag)
    assert "twice" in fails(bag)
