"""Many things out of one spreadsheet: each row's fate is seen first, all is taken at once, and
undone until something came of it."""

from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import translation
from tests import given

from commonground.agency import actions
from commonground.agency.models import Sheet
from commonground.channels.models import Channel
from commonground.kit.refusals import MovedOn, NotYours, Refused
from commonground.kit.sheets import sheets
from commonground.record.models import Entry
from commonground.spot.models import Match, Resource

pytestmark = pytest.mark.django_db

HELP = """Name,What it offers,Phone,Postal address,Languages spoken there,Hours,Area served
Refuge,A safe bed.,+1 902 555 0100,"5 Mill Road, Port Sable","English, French",always,Harbour
Legal aid,Free advice.,,,en;es,,
"""


def an_administrator(**but):
    return given.a_member(roles=["admin", "author"], **but)


def brought(text, by, kind="resources"):
    return actions.bring_sheet(sheets()[kind], "help.csv", text.encode(), by=by)


def lines(sheet):
    from commonground.kit.sheets import lines_of

    return lines_of(sheets()[sheet.kind], sheet.agency, sheet.header, sheet.rows)


def taken(sheet, by):
    new = sum(line.is_new for line in lines(sheet)[0])
    return actions.take_sheet(sheets()[sheet.kind], sheet, new=new, by=by)


def test_nothing_is_kept_until_its_person_says_so_and_then_all_of_it():
    by = an_administrator()
    sheet = brought(HELP, by)
    assert not Resource.objects.exists()
    taken(sheet, by)
    refuge = Resource.objects.get(name="Refuge")
    assert (refuge.agency, refuge.phone) == (by.agency, "+1 902 555 0100")
    assert refuge.address == "5 Mill Road, Port Sable"
    assert (refuge.languages, refuge.area, refuge.hours) == (["en", "fr"], "Harbour", "always")
    assert Resource.objects.get(name="Legal aid").languages == ["en", "es"]
    verbs = Entry.objects.of(by.agency_id).values_list("verb", flat=True)
    assert sorted(verbs) == ["add_resource", "add_resource", "take_sheet"]
    assert Sheet.objects.get().rows == []


def test_each_row_has_its_fate_and_each_mistake_its_number_and_its_words():
    by = an_administrator()
    given.a_resource(agency=by.agency, name="legal AID")
    text = HELP + "Refuge,Again.,,,,,\nHotline,,,,,,\nMap,A map.,,,Klingonish,,\n"
    found, strange = lines(brought(text, by))
    assert [(line.number, line.is_new, line.there) for line in found] == [
        (2, True, False), (3, False, True), (4, False, False), (5, False, False), (6, False, False),
    ]  # fmt: skip
    assert found[2].wrong == ["This stands twice in your sheet."]
    assert found[3].wrong == ["What it offers: This field is required."]
    assert found[4].wrong == ["Languages spoken there: Not a language code: klingonish"]
    assert strange == []


def test_headings_are_understood_in_each_language_and_what_nobody_knows_is_told():
    by = an_administrator()
    for code in ("en", "fr", "es"):
        with translation.override(code):
            header = [str(column.label) for column in sheets()["resources"].columns]
        text = ";".join([*header[:2], "Mood"]) + f"\nRefuge {code};A safe bed.;good\n"
        found, strange = lines(brought(text, by))
        assert found[0].is_new, (code, found)
        assert strange == ["Mood"]


def test_a_sheet_without_a_column_that_must_be_there_is_refused_at_once():
    by = an_administrator()
    with pytest.raises(Refused, match="A column is missing: What it offers"):
        brought("Name,Phone\nRefuge,1\n", by)
    with pytest.raises(Refused, match="same heading"):  # in two languages, and yet the same
        brought("Name,name_,What it offers,about\na,b,c,d\n", by)


@pytest.mark.parametrize("begins", ["=", "+", "-", "@", "\t=", "|", "%"])
def test_a_cell_that_a_spreadsheet_would_run_is_not_taken(begins):
    by = an_administrator()
    cell = f"{begins}cmd|' /C calc'!A0".strip()
    (found,), _ = lines(brought(f'Name,What it offers\n"{cell}",A bed.\n', by))
    assert "a spreadsheet would run it" in found.wrong[0]
    (found,), _ = lines(brought(f'Name,What it offers\nRefuge,"{cell}"\n', by))
    assert not found.is_new


def test_a_cell_that_calculates_is_not_taken():
    import xlsxwriter

    out = BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, ["Name", "What it offers"])
        sheet.write_row(1, 0, ["Refuge", '="A bed"'])
    by = an_administrator()
    brought_ = actions.bring_sheet(sheets()["resources"], "x.xlsx", out.getvalue(), by=by)
    (found,), _ = lines(brought_)
    assert found.wrong == ["What it offers: the cell calculates. Put in what it shows."]


def test_what_changed_since_one_looked_is_looked_at_again():
    by = an_administrator()
    sheet = brought(HELP, by)
    given.a_resource(agency=by.agency, name="Refuge")
    with pytest.raises(MovedOn, match="Look at each row again"):
        actions.take_sheet(sheets()["resources"], sheet, new=2, by=by)
    assert Sheet.objects.get().taken_at is None
    assert Resource.objects.count() == 1
    taken(sheet, by)
    with pytest.raises(MovedOn, match="taken already"):
        actions.take_sheet(sheets()["resources"], sheet, new=1, by=by)


def test_it_is_undone_as_a_whole_until_something_came_of_it():
    by = an_administrator()
    sheet = taken(brought(HELP, by), by)
    kind = sheets()["resources"]
    actions.undo_sheet(kind, sheet, by=by)
    assert not Resource.objects.exists()
    undone = Entry.objects.of(by.agency_id).first()
    assert (undone.verb, undone.detail["names"]) == ("undo_sheet", ["Legal aid", "Refuge"])
    with pytest.raises(MovedOn):
        actions.undo_sheet(kind, sheet, by=by)

    sheet = taken(brought(HELP, by), by)  # the same names are free again
    refuge = Resource.objects.get(name="Refuge")
    Match.objects.create(moment=given.a_moment(agency=by.agency), resource=refuge, score=1)
    with pytest.raises(Refused, match="“Refuge” was used since"):
        actions.undo_sheet(kind, sheet, by=by)
    assert Resource.objects.count() == 2


def test_what_somebody_changed_since_is_not_undone():
    from commonground.spot.actions import check_resource

    by = an_administrator()
    sheet = taken(brought(HELP, by), by)
    check_resource(Resource.objects.get(name="Legal aid"), by=by)
    with pytest.raises(Refused, match="“Legal aid” was used since"):
        actions.undo_sheet(sheets()["resources"], sheet, by=by)


ACCOUNTS = """Name,Network,Handle,Server,Unit,Purpose,Topics,Language
Traffic,Mastodon,@traffic@social.example,https://social.example,traffic services,Roads,Crashes,en
Chief,bluesky,chief.example,,,,,FR
Newsroom,Our newsroom,,,,,,
Ghost,Myspace,,,,,,
Lost,X,,,No such unit,,,
"""


def test_accounts_become_channels_that_wait_to_be_signed_in():
    by = an_administrator()
    unit = by.agency.units.create(name="Traffic Services")
    sheet = brought(ACCOUNTS, by, "accounts")
    fates = {line.title: line.wrong for line in lines(sheet)[0]}
    assert fates["Traffic"] == fates["Chief"] == []
    assert "opened on its own page" in fates["Newsroom"][0]
    assert "No such network here" in fates["Ghost"][0]
    assert "no unit of this name" in fates["Lost"][0]
    taken(sheet, by)
    traffic = Channel.objects.get(name="Traffic")
    assert (traffic.network, traffic.state, traffic.unit) == ("mastodon", "new", unit)
    assert (traffic.handle, traffic.address) == (
        "@traffic@social.example",
        "https://social.example",
    )
    assert (traffic.purpose, traffic.topics) == ("Roads", "Crashes")
    assert Channel.objects.get(name="Chief").language == "fr"

    page = reverse("channels:channel", args=[traffic.pk])
    assert page  # and whoever authorises somebody there begins with its topics
    from commonground.channels.forms import AuthoriseForm

    assert AuthoriseForm(channel=traffic, by=by).fields["topics"].initial == "Crashes"


def test_accounts_are_undone_until_one_is_lent_to_somebody():
    by = an_administrator()
    by.agency.units.create(name="Traffic Services")
    sheet = taken(brought(ACCOUNTS, by, "accounts"), by)
    from commonground.channels.actions import authorise

    officer = given.a_member(agency=by.agency)
    authorise(Channel.objects.get(name="Chief"), officer, by=by, decision="The chief agreed.")
    with pytest.raises(Refused, match="“Chief” was used since"):
        actions.undo_sheet(sheets()["accounts"], sheet, by=by)


def test_only_who_may_add_one_may_bring_many():
    author = given.a_member()
    with pytest.raises(NotYours):
        brought(ACCOUNTS, author, "accounts")
    with pytest.raises(NotYours):
        brought(HELP, given.a_member(roles=["auditor"]))


def test_from_the_file_to_the_library_by_hand(client):
    by = an_administrator()
    client.force_login(by)
    bring = reverse("agency:bring_resources")
    assert "Template, XLSX" in client.get(bring).content.decode()
    text = HELP + "Broken,,,,,,\n"
    answer = client.post(bring, {"file": SimpleUploadedFile("help.csv", text.encode())})
    page = client.get(answer["Location"]).content.decode()
    assert "Row 4: <bdi>Broken</bdi>" in page
    assert "Take 2 rows" in page
    sheet = Sheet.objects.get()
    answer = client.post(reverse("agency:take_sheet", args=[sheet.pk]), {"new": "2"}, follow=True)
    assert "2 rows were taken" in answer.content.decode()
    assert Resource.objects.count() == 2
    answer = client.post(reverse("agency:undo_sheet", args=[sheet.pk]), follow=True)
    assert "2 rows were taken, and undone" in answer.content.decode()
    assert not Resource.objects.exists()


def test_a_sheet_that_nobody_took_is_its_persons_alone_and_the_next_one_takes_its_place(client):
    by = an_administrator()
    first = brought(HELP, by)
    client.force_login(an_administrator(agency=by.agency))
    assert client.get(reverse("agency:sheet", args=[first.pk])).status_code == 404
    brought(HELP, by)
    assert Sheet.objects.count() == 1
    client.force_login(by)
    client.post(reverse("agency:drop_sheet", args=[Sheet.objects.get().pk]))
    assert not Sheet.objects.exists()


@pytest.mark.parametrize("language", ["en", "fr", "es"])
@pytest.mark.parametrize("kind", ["accounts", "resources"])
def test_the_template_is_in_the_readers_language_and_can_be_brought_back(client, kind, language):
    by = an_administrator()
    client.force_login(by)
    client.cookies["django_language"] = language
    for way in ("", "?as=csv"):
        made = client.get(reverse(f"agency:template_of_{kind}") + way)
        assert "attachment" in made["Content-Disposition"]
        sheet = actions.bring_sheet(sheets()[kind], "x", made.content, by=by)
        with translation.override(language):
            assert sheet.header == [str(column.label) for column in sheets()[kind].columns]
        assert lines(sheet) == ([], [])


def test_a_full_sheet_is_read_judged_and_taken():
    by = an_administrator()
    text = "Name,What it offers\n" + "".join(f"Help {n},Somebody.\n" for n in range(500))
    taken(brought(text, by), by)
    assert Resource.objects.count() == 500
