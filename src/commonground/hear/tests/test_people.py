"""Topics, never people: hostile tries, and everything that must not be refused."""

import subprocess
import sys

import pytest
from hypothesis import given as supposing, strategies as st

from commonground.hear.engine.people import Sign, person_in, split_person

PEOPLE = {
    Sign.ACCOUNT: [
        "@someone", "posts by @a.b.social", "＠someone", "jane.doe@example.org",
        "jane (at) example (dot) org", "jane at example dot com",
        "jane arroba example punto es",
        "jane.bsky.social", "https://example.org/jane", "did:plc:abc234", "u/janedoe",
        "in/jane-doe", "www.jane-doe.ca", "j\u200bane@example.org",
],
    Sign.TELEPHONE: [
        "403 555 0199", "+1 (403) 555-0199", "4035550199", "403.555.0199", "06 12 34 56 78",
        "555-0199 403", "４０３５５５０１９９", "four oh three five five five zero one",
        "SIN 046 454 286",
        "+49 170 1234567", "badge 4521", "badge number 4521", "Constable 4521",
        "matricule n° 88213", "born 12.03.1994", "DOB 12/03/94", "né le 12-03-1994",
],
    Sign.PLATE: [
        "ABC 1234", "ABC-123", "abc1234", "AB12 CDE", "AB-123-CD", "7ABC123", "1234 BCD",
        "plate XQ 81", "licence plate 44 KOT", "plaque R2D 77", "B-MW 1234",
        "white van BXY 9021", "KFZ M-AB 1234",
],
    Sign.HIDDEN: [
        "J a n e D o e", "j-a-n-e d-o-e", "J.a.n.e", "j_a_n_e", "J*a*n*e*D*o*e", "Jаne Doe",
        "Jane Dοe", "Ѕarah", "ｊ ａ ｎ ｅ", "m a r t i n e z",
],
    Sign.NAME: [
        "Jane Doe", "jane doe", "JANE DOE", "Doe, Jane", "doe jane", "what jane doe says",
        "Jane Doe's house", "Jane Doe’s", "janes house", "justice for jane", "where is jane",
        "Jean-Luc Martin", "jean-luc martin", "José Núñez", "jose nunez",
        "Jo\u0301se\u0301 nu\u0301n\u0303ez", "l'affaire d'Emmanuelle", "Mr Zabrowny",
        "mrs zabrowny", "Ms. Z", "Dr. Zabrowny", "Constable Zabrowny", "Sgt. Zabrowny",
        "judge hernandez", "Mme Zabrowny", "Herr Zabrowny", "señora zabrowny", "J. Baker",
        "JaneDoe", "#JaneDoe", "jane_doe", "jane.doe", "janedoe", "doejane",
        "J4ne Doe", "j4n3",
        "Maria de la Cruz", "maria von trapp", "Mark Wood", "Rose Miller", "Grace Wong",
        "christian martinez", "smith", "the smiths", "Ｊａｎｅ", "𝐉𝐚𝐧𝐞 𝐃𝐨𝐞", "ᴊᴀɴᴇ",
        "j\u200bane doe", "ja\u00adne", "Владимир", "محمد", "Łukasz Kowalski", "O'Neill",
        "#justiceforjane", "#justiceforjanedoe", "findjanedoe", "Miller family", "the Miller boy",
        "familia Hernandez",
        "jane  \u00a0 doe", "jane/doe", "Jane M. Doe", "Nguyen",
],
    Sign.ADDRESS: [
        "12 Mill Street", "14 Oak Ave", "the man at 14 Oak Avenue", "221b Baker Street",
        "22 Harbour Hill Road", "mill street 12", "Mill Street no. 12", "apt 4, Mill Lane",
        "14, rue des Lilas", "14 bis rue des Lilas", "calle Mayor 12", "avenida de la Paz 3",
        "Lindenstraße 4", "SW1A 1AA", "K1A 0B1", "J.D. Mill Street", "J. D. of Mill Street",
        "JD oak avenue", "1\u200b2 Mill Street", "１２ Mill Street",
    ],
    Sign.LIKE_A_NAME: ["Zorba Quibble", "free Zorba Quibble now", "Ximo Ludd-Harrow"],
}  # fmt: skip

ORDINARY = [
    "drunk driver", "Brücke", "lac-mégantic", "Fire", "DUI", "hit his wife",
    "domestic violence",
    "violences conjugales", "maltrato", "fire in the harbour", "may day parade",
    "will the bridge open", "April snow", "rose parade", "summer heat", "joy ride",
    "grace period", "hope centre", "bill payment", "christian school", "mark the date",
    "jack knife", "chase through the park", "frank talk", "drew a gun", "robin hood",
    "said he would", "art theft", "ray of light", "pat down", "rob a bank", "sue the city",
    "high river", "crystal meth", "amber alert", "victoria", "sydney", "charlotte", "jordan",
    "jasper fire", "R.C.M.P.", "S.O.S", "U.S.", "a.m.", "covid19", "h1n1", "Highway 401",
    "hwy 401", "bus 101", "exit 204", "route 66", "F150", "AR-15", "AK-47", "9mm", "C-51",
    "G7 2026", "euro 2028", "Expo 67", "Tokyo 2020", "Paris 2024", "911 down",
    "9-1-1", "24/7",
    "1,000,000", "1 000 000", "2024-2026", "2026-03-02", "02/03/2026", "stage 2 fire ban",
    "top 100", "class of 2026", "N95", "5G", "zone 30", "mp3", "article 12",
    "MH370", "AC 8804",
    "Boston Marathon", "Canada Day", "Black Friday", "Amber Alert", "Calgary Police Service",
    "Royal Canadian Mounted Police", "Service de police", "Gendarmerie nationale", "Polizei",
    "City Hall", "New Year's Eve", "Mothers Against Drunk Driving", "Pride Parade",
    "Stanley Cup", "Super Bowl", "World Cup", "Saint John", "St. Mary's Hospital",
    "St. Patrick's Day", "San Jose", "San Francisco", "Santa Maria", "Saint-Jean-Baptiste",
    "Prince George", "Prince Edward Island", "Fort McMurray", "Lake Louise",
    "Hurricane Maria",
    "Storm Eunice", "ouragan Katrina", "Martin Luther King Day", "Jane Street",
    "rue Sainte-Catherine", "Place d'Armes", "Bow River", "Red Deer", "Medicine Hat Police",
    "Peace Bridge", "Campbell River", "Smith Falls", "Victoria Park", "Jordan River",
    "Grant Park", "Lincoln Memorial", "Washington Monument Park", "Black Lives Matter",
    "Crime Stoppers", "Red Cross", "Fire Department", "Supreme Court", "Mayor's Office",
    "chief of police", "Chief of Police", "officer down", "Police Chief", "judge decision",
    "Justice Department", "Father's Day", "doctor shortage", "agent of change",
    "captain of the team", "mayor election", "sister city", "officer involved shooting",
    "major crash", "chef special", "Queen Elizabeth Hospital", "Los Angeles", "New York",
    "Quebec City", "Notre-Dame", "train derailment", "évacuation", "inondation",
    "incendie de forêt", "fermeture du pont", "alerte enlèvement", "accidente",
    "incendio forestal", "Waldbrand", "пожар", "наводнение", "حريق", "火災",
    "지진", "शहर में बाढ़",
    "missing child", "missing person", "body found", "school closed", "water main break",
    "power outage", "gas leak", "bomb threat", "active shooter", "hate crime", "bike theft",
    "speed camera", "seat belt", "#MeToo", "#BellLetsTalk", "e-scooter",
    "ride a bike at night",
    "what is on fire", "fire at the mall", "Mill Street", "flood on Mill Street", "1st Avenue",
    "22nd Street", "3 dead on Mill Street", "2 cars Mill Road", "Mill Street 2026", "PD Oak Avenue",
    "rue des Lilas", "Calle Mayor", "calle 72", "Avenida 9 de Julio", "route 132", "100 Mile House",
    "freedom", "findings", "family day", "family violence", "born in 2026", "officer hurt",
    "agent orange", "police officer 2026 budget", "ward 12", "district 9", "12 km", "exit 14",
    "two people at the lake", "24 hour clinic", "Family Day in the park", "boy in the river",
]  # fmt: skip


@pytest.mark.parametrize(
    ("sign", "words"), [(sign, words) for sign, tries in PEOPLE.items() for words in tries]
)
def test_no_disguise_makes_a_topic_of_a_person(sign, words):
    found = person_in(words)
    assert found is not None
    assert found.sign == sign or (found.sign, sign) == (Sign.NAME, Sign.LIKE_A_NAME)


@pytest.mark.parametrize("words", ORDINARY)
def test_ordinary_topics_places_and_public_bodies_are_not_refused(words):
    assert person_in(words) is None


@pytest.mark.parametrize(
    ("terms", "beside"),
    [
        (["Rose", "Martinez"], []), (["rose"], ["martinez"]), (["Grace"], ["Wong"]),
        (["Martin"], ["Jane"]), (["fire", "Mark", "flood", "Wood"], []), (["wood"], ["Jane"]),
        (["VICTORIA"], ["Gonzalez"]), (["Grаce"], ["martinez"]),
    ],
)  # fmt: skip
def test_name_split_over_two_terms_or_a_term_and_a_place_is_put_together(terms, beside):
    assert split_person(terms, beside)


@pytest.mark.parametrize(
    ("terms", "beside"),
    [
        (["fire", "flood"], ["Victoria"]), (["hope", "grace period"], ["Regina"]),
        (["crash", "wood", "field"], ["Jasper", "Banff"]), (["rose parade"], ["Pasadena"]),
        (["will", "mark"], ["Park"]), (["drunk"], ["Brooks", "Calgary"]),
    ],
)  # fmt: skip
def test_ordinary_terms_and_places_are_not_put_together(terms, beside):
    assert split_person(terms, beside) is None


@pytest.mark.parametrize(
    "place",
    ["High River", "Martin", "Sydney", "Saint-Hyacinthe", "Lloydminster",
    "Banff", "Grande Prairie",
     "Medicine Hat", "St. Albert", "Charlotte", "Nelson", "Cochrane",
     "Ile-Perrot", "東京", "Тверь"],
)  # fmt: skip
def test_places_may_be_called_like_people(place):
    assert person_in(place, place=True) is None


@pytest.mark.parametrize(
    "place", ["Jane Doe", "jane doe", "Mr Zabrowny", "@jane", "J a n e D o e", "403 555 0199"]
)
def test_person_is_no_place(place):
    assert person_in(place, place=True)


@supposing(st.text(max_size=200))
def test_no_text_breaks_the_looking(text):
    person_in(text)
    split_person([text], [text])


@supposing(
    st.sampled_from(["jane doe", "maria gonzalez", "thomas tremblay", "fatima hosseini"]),
    st.lists(st.sampled_from(["fire", "near the", "justice for", "in",
    "who saw"]), max_size=3),
    st.sampled_from([str.title, str.upper, str.lower, lambda s: s.replace(" ", "_"),
                     lambda s: s.replace(" ", "\u200b "), lambda s: " ".join(reversed(s.split()))]),
)  # fmt: skip
def test_known_name_is_found_wherever_and_however_it_stands(name, around, written):
    assert person_in(" ".join([*around, written(name), *around]))


def test_looking_needs_no_django():
    asked = "import sys; import commonground.hear.engine.people; print('django' in sys.modules)"
    told = subprocess.run([sys.executable, "-c", asked], capture_output=True, text=True, check=True)
    assert told.stdout.strip() == "False"
