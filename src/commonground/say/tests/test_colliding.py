"""What sounds wrong while people are hurt is marked; what is sober, or only shares a word, is not.

Written by us, half of them hard: the words of joy in posts that are anything but.
"""

import pytest
from hypothesis import given, strategies as st

from commonground.say.engine.colliding import cheerful, clash, shared

CHEERFUL = [
    "Coffee with an officer on Saturday at eleven. Bring your questions!",
    "Congratulations to our new constables on graduating today.",
    "Meet our newest recruit: Biscuit, a nine week old puppy.",
    "Happy Friday from the traffic unit 😀",
    "Join us for pancakes at the fire hall this Sunday.",
    "The summer festival begins tomorrow. See you there!!",
    "Win a ride along: tell us your best road safety joke.",
    "Who is excited for the parade? We are.",
    "Our open day is back, with ice cream for the little ones.",
    "Throwback to the 1962 patrol car.",
    "Thrilled to welcome twelve volunteers.",
    "We can't wait to see you at the fun run 🎉",
    "Fireworks at ten by the harbour wall.",
    "Happy birthday to our oldest station!",
    "Our choir sings at the Christmas concert on Friday.",
    "Donut day at the front desk. First come, first served.",
    "So much fun at the school visit today.",
    "Take our quiz: how well do you know your road signs?",
    "Family day at the police museum on Sunday.",
    "Proud to announce our new bike patrol.",
    "Un café avec une agente samedi à onze heures.",
    "Félicitations à nos nouveaux agents !",
    "Venez nombreux à la fête du quartier.",
    "Portes ouvertes dimanche, avec crêpes pour tous.",
    "Bonne année de toute l’équipe.",
    "Hâte de vous voir au défilé.",
    "Fuegos artificiales a las diez en el puerto.",
    "Enhorabuena a las nuevas agentes.",
    "Ven a conocer a nuestro cachorro.",
    "Sorteo: gana un paseo en patrulla.",
]
SOBER = [
    "The festival is cancelled. Stay at home tonight.",
    "Fireworks called off after the accident at the harbour.",
    "The concert hall is open as a shelter tonight.",
    "Our thoughts are with all who were hurt at the parade.",
    "We are looking for witnesses of the assault at the carnival.",
    "No third party was involved in the collision.",
    "A search party leaves from the church at six.",
    "Drinks were spiked at a party on Mill Street. If you feel ill, call us.",
    "Driving home from the party? If you drink, do not drive: impaired drivers kill.",
    "Fireworks can be frightening for people who fled a war: call this line in an emergency.",
    "The parade route is closed to traffic until four.",
    "Scam: you have not won a prize. Never pay to receive one.",
    "A prize draw that asks for your card is a fraud.",
    "Happy to help: call 555 0100 by day or night.",
    "We are happy to answer your questions about the new bylaw.",
    "Mast Road is down to one lane until Tuesday.",
    "Road works on Pilot Street. Allow ten minutes more.",
    "A missing child was last seen at the family day in the park.",
    "The inquest into the death at the festival opens on Monday.",
    "Thank you to all who helped. Counsellors are at the library until nine.",
    "Please keep the road free for ambulances!",
    "Roads are icy. Slow down, leave more room, arrive.",
    "The night bus leaves the rink at half past one.",
    "New office hours: we are here from eight to six.",
    "Report online if your bicycle was stolen.",
    "Le festival est annulé. Restez chez vous.",
    "La salle de concert sert d’abri cette nuit.",
    "Nous cherchons des témoins de l’agression pendant la fête.",
    "La rue du défilé est fermée jusqu’à seize heures.",
    "Le pont est à une voie jusqu’à lundi.",
    "El desfile queda cancelado por la tormenta.",
    "Refugio abierto en la sala de conciertos.",
    "Buscamos testigos de la agresión en la fiesta.",
    "La calle del carnaval está cerrada hasta las cuatro.",
    "El puente tiene un solo carril hasta el lunes.",
]


@pytest.mark.parametrize("text", CHEERFUL)
def test_good_spirits_are_marked_in_the_post_s_own_words(text):
    assert cheerful(text)


@pytest.mark.parametrize("text", SOBER)
def test_words_of_joy_in_a_sober_post_are_not(text):
    assert cheerful(text) == []


def test_a_post_that_says_the_moment_s_words_is_put_beside_it():
    assert shared("The bridge run starts at ten.", ["crash bridge", "the"]) == ["bridge"]
    assert shared("New office hours.", ["crash bridge", "office hours are", "new"]) == [
        "office", "hours",
    ]  # fmt: skip
    assert shared("Nothing of it here.", ["here", "of it"]) == []


@given(st.text(), st.lists(st.text()))
def test_any_text_is_judged_alike_twice_and_quotes_only_what_it_says(text, terms):
    first = clash(text, terms)
    assert first == clash(text, terms)
    assert bool(first) == bool(first.cheerful or first.shared)
