"""verify.py and verify.html were written apart: of the same exports they say the same."""

import base64
from pathlib import Path
from random import Random

import pytest
from playwright.sync_api import expect, sync_playwright
from tools.bench.record_forgeries import Forger

from commonground.record.actions import THE_DESK, capture, keeping, publish, witness
from commonground.record.engine.capturing import Answer, Medium
from commonground.record.engine.outsider import verify
from commonground.record.models import Entry
from commonground.record.queries.exporting import OUTSIDER, Wish, export
from commonground.record.queries.log import log_key
from tests import given
from tests.journeys.conftest import CHROMIUM, QUIETLY

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.journey,
    pytest.mark.skipif(CHROMIUM is None, reason="NOT TESTED: no chromium on this machine"),
]
RECORDS, FORGERIES = 1_000, 300
# What a table and a canonical text may trip over: quotes, lines, signs of two halves, numbers.
ODD = [
    '=cmd|" /C', "two\r\nlines, and a comma", "Łódź 👮🏽 \u2028 \x7f", 1.5, 1e21, -0.0, None, True,
    [1, {"b": 2}],
]  # fmt: skip


@pytest.fixture
def officer():
    return given.a_member(roles=["records"], name="Records “Officer”")


PICTURE = Medium(b"\xff\xd8 a bridge", "image/jpeg", "A bridge under water")


def write(officer, records):
    thing = given.a_channel(agency=officer.agency)
    for body, type_ in [(b'{"id": "8"}', "application/json"), (b"<h1>\xff</h1>", "text/html"),
                        (b"", "text/plain")]:  # fmt: skip
        seen = Answer(body, type_, "https://social.example/8?a=\u00e9" if body else "")
        capture(thing, "published", seen, [PICTURE] if body else [], channel="Mastodon")
    while Entry.objects.count() < records - 1:
        odd = ODD[Entry.objects.count() % len(ODD)]
        witness("pause", thing, by=officer, reason="The bridge is closed.", odd=odd)
    keeping.erase([5, 6, 70], basis="GDPR 17", by=officer)
    return publish()


def some_withheld(entry):
    return {"who": "personal", "detail.reason": "security"} if entry.number % 3 else {}


def packed(bag):
    files = (file for file in sorted(bag.rglob("*")) if file.is_file())
    return [
        [file.relative_to(bag).as_posix(), base64.b64encode(file.read_bytes()).decode()]
        for file in files
    ]


def verdict(bag, **but):
    try:
        return list(verify.check(str(bag), **{"key": str(log_key(1)), **but}))
    except (verify.Failed, *verify.MALFORMED) as why:
        return [f"FAILED: {why}"]


ASK = """async ([files, asked]) => said(new Map(files.map(
    ([name, body]) => [name, Uint8Array.from(atob(body), (c) => c.charCodeAt(0))])), asked)"""


class Page:
    """The page an outsider opens from the folder, in a browser of its own."""

    def __enter__(self):
        self.playwright = sync_playwright().start()
        self.browser = self.playwright.chromium.launch(
            executable_path=CHROMIUM, chromium_sandbox=False, args=QUIETLY
        )
        self.page = self.browser.new_page()
        self.page.goto((OUTSIDER / "verify.html").as_uri())
        return self

    def __exit__(self, *_):
        self.browser.close()
        self.playwright.stop()

    def says(self, files, **asked):
        return self.page.evaluate(ASK, [files, asked])


def test_of_a_thousand_records_both_say_the_same(officer, tmp_path):
    shown = write(officer, RECORDS)
    export(Wish(1, RECORDS, some_withheld), shown, tmp_path / "bag")
    ours = verdict(tmp_path / "bag")
    with Page() as page:
        theirs = page.says(packed(tmp_path / "bag"), key=str(log_key(1)))

    assert ours[0] == f"OK. {RECORDS} records, from 1 to {RECORDS}, none missing."
    assert theirs == ours


def test_no_forgery_is_believed_by_one_and_not_by_the_other(officer, tmp_path):
    shown = write(officer, 80)
    export(Wish(1, 9, some_withheld), shown, tmp_path / "bag")
    forger, cases = Forger(tmp_path / "bag", Random(7)), []  # noqa: S311
    for turn in range(FORGERIES):
        kind, forged = forger.forge(turn % 2 == 1)
        cases.append((f"{kind}, turn {turn}", packed(forged), verdict(forged)[0]))
    with Page() as page:
        theirs = [page.says(files, key=str(log_key(1)))[0] for _, files, _ in cases]

    assert [kind for kind, _, said in cases if said[:6] != "FAILED"] == []
    assert [
        kind for (kind, _, _), said in zip(cases, theirs, strict=True) if said[:6] != "FAILED"
    ] == []


def test_the_page_is_used_by_hand_and_loads_nothing(officer, tmp_path):
    early = write(officer, 80).note
    for n in range(3):
        witness("finish", given.a_post(by=officer), by=THE_DESK, n=n)
    shown, place = publish(), tmp_path / "bag"
    export(Wish(1, shown.size, some_withheld, earlier=early), shown, place)
    with Page() as page:
        asked = []
        page.page.on("request", lambda request: asked.append(request.url))
        page.page.get_by_label("The folder you were sent").set_input_files(place)
        page.page.get_by_label("The key of the log").fill(str(log_key(1)))
        page.page.get_by_label("A checkpoint that you saw earlier").fill(early)
        page.page.get_by_role("button", name="Check").click()
        said = page.page.get_by_role("status")
        expect(said).to_contain_text("It continues the checkpoint you saw earlier.")
        whole = said.text_content()
        (place / "data/records.csv").write_bytes(b"number\r\n")
        page.page.get_by_label("The folder you were sent").set_input_files(place)
        page.page.get_by_role("button", name="Check").click()
        expect(said).to_contain_text("FAILED: data/records.csv is not what was sent.")

    assert whole.startswith(f"OK. {shown.size} records")
    assert [url for url in asked if not url.startswith("file:")] == []
    assert Path(place / "verify.html").read_bytes() == (OUTSIDER / "verify.html").read_bytes()
