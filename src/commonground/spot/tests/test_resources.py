import pytest
from hypothesis import given as supposing, strategies as st

from commonground.spot.engine.resources import Help, Library

STARTER = Library.starter()

# Written for this test by us: what people say, and the kind of help they need.
CASES = {
    "partner-violence": [
        [
            "that video of him hitting his wife is everywhere",
            "my sister's boyfriend does the same",
            "how do I help a friend leave an abusive husband",
        ],
        ["la vidéo où il frappe sa femme tourne partout", "violences conjugales, encore"],
        ["el video donde golpea a su mujer", "mi hermana vive lo mismo con su marido, maltrato"],
    ],
    "impaired-driving": [
        [
            "three dead on harbour road",
            "they say the driver was drunk",
            "again alcohol, again a family",
        ],
        ["trois morts, le conducteur avait bu", "l'alcool au volant, encore"],
        ["tres muertos, el conductor iba borracho", "otra vez el alcohol"],
    ],
    "flood": [
        ["water is rising in our basement", "river over the bank, they evacuate the street"],
        ["la rivière déborde, l'eau monte", "on évacue notre rue, inondation"],
        ["el río desbordado, todo inundado", "hay que evacuar el barrio"],
    ],
    "tornado": [["sirens going, tornado on the ground west of town", "take cover now"]],
    "earthquake": [
        ["did you feel that quake", "another aftershock, everything shaking"],
        ["vous avez senti le séisme ? secousse longue"],
        ["temblor fuerte, se movió todo, otra réplica"],
    ],
    "reunification": [
        ["has anyone seen this missing girl, last seen at the pool"],
        ["enfant disparu, avis de recherche"],
        ["niña desaparecida, se busca"],
    ],
    "power": [
        ["power out in the whole quarter, lines down"],
        ["panne de courant partout"],
        ["apagón, seguimos sin luz"],
    ],
    "violent-incident": [
        ["shots fired at the mall, active shooter, hide"],
        ["fusillade au centre, coups de feu"],
        ["tiroteo en el centro, disparos"],
    ],
    "hate-crime": [
        ["swastika on the synagogue, hate crime again"],
        ["croix gammée sur la mosquée, crime haineux"],
    ],
}


@pytest.mark.parametrize(("kind", "posts"), [(k, p) for k, listed in CASES.items() for p in listed])
def test_help_that_fits_is_found_in_three_languages(kind, posts):
    assert kind in [fit.help.key for fit in STARTER.fits(posts)]


def test_best_fit_comes_first_nearly_always():
    firsts = [
        (STARTER.fits(posts)[0].help.key == kind)
        for kind, listed in CASES.items()
        for posts in listed
    ]
    assert sum(firsts) / len(firsts) >= 0.85


@pytest.mark.parametrize(
    "posts",
    [
        [],
        ["great goal, what a game tonight"],
        ["pizza or tacos?", "the best cheese in town"],
        ["なんだかとても眠い"],
        ["quel beau soleil ce matin"],
    ],
)
def test_nothing_is_offered_where_nothing_fits(posts):
    assert STARTER.fits(posts) == []


def test_agency_s_own_words_in_any_language_lead_to_its_resource():
    library = Library(
        [Help("1", "Linea", "", {"uk": "евакуація повінь"}), Help("2", "Other", "dogs")]
    )
    assert [fit.help.key for fit in library.fits(["повінь у місті", "де евакуація"])] == ["1"]


@supposing(st.lists(st.text(max_size=80), max_size=10))
def test_scores_stay_between_nothing_and_one(posts):
    assert all(0 < fit.score <= 1 for fit in STARTER.fits(posts))
    assert len(STARTER.fits(posts)) <= 3
