"""Talk of a poor exchange with us is found, and what only sounds like it is not.

The hard half says the same words of something else. `UNSEEN` was written after the rule was settled
and never led to a change of it: of its ten, two are missed, and two of its ten hard ones are
taken for one. Before, on 25 others that then mended the rule, it was 5 of 13 and 8 of 12.
"""

import pytest
from django.utils import timezone
from hypothesis import given as supposing, strategies as st
from tests import given

from commonground.hear.contract import Slice
from commonground.hear.engine.heard import Told
from commonground.spot.engine.exchange import CONTACT, tells_of_contact
from commonground.spot.listening import Spotter
from commonground.spot.models import Moment

TOLD = [
    ("en", "A cop pulled me over tonight and was so rude, I am still shaking"),
    ("en", "Got pulled over by an officer for the third time this month. Guess why."),
    ("en", "The officer laughed at me when I tried to report my bike stolen"),
    ("en", "Called the police two hours ago about the break in. Nobody came."),
    ("en", "Police at the front desk refused to take my report. Unreal."),
    ("en", "They stopped and searched my son outside school. Four officers. For a backpack."),
    ("en", "that constable was condescending to my mother the whole time"),
    ("en", "The dispatcher hung up on my grandmother. She is 84."),
    ("en", "Body cam or not, the way the deputy grabbed my arm was not ok"),
    ("en", "Video: officer slammed a kid against the hood on Mast Road"),
    ("en", "I filed a complaint against the officer who yelled at me"),
    ("en", "An officer screamed at us for parking. My kids cried."),
    ("en", "Harassed again by the same two cops at the rink"),
    ("en", "The cops treated us like criminals at our own block party"),
    ("en", "I asked for her badge number and the trooper just smirked"),
    ("en", "Sergeant would not listen to a word I said, just talked down to me"),
    ("en", "Police ignored my calls for a week and then blamed me"),
    ("en", "somebody filmed the officer who knelt on a man by the ferry"),
    ("fr", "Un policier m’a contrôlé sans raison, encore une fois"),
    ("fr", "La police m'a raccroché au nez. Deux fois."),
    ("fr", "L’agent était méprisant avec ma mère tout le long"),
    ("fr", "Les flics se sont moqués de moi au poste"),
    ("fr", "J’ai appelé la police hier soir, personne n’est venu"),
    ("fr", "Les policiers ont refusé de prendre ma plainte"),
    ("fr", "Je vais porter plainte contre l’agent qui m’a poussé"),
    ("fr", "Contrôle au faciès, trois agents, devant mes enfants"),
    ("es", "Un policía me paró sin motivo y fue muy grosero"),
    ("es", "Los agentes se rieron de mí cuando fui a denunciar"),
    ("es", "La policía nunca llegó. Tres horas esperando."),
    ("es", "Un oficial me gritó delante de mis hijos"),
    ("es", "Voy a poner una queja contra el guardia que me empujó"),
    ("", "cops pulled us over and searched my bag for no reason"),
]
NOT_TOLD = [
    ("en", "Police stopped a drunk driver on the bridge last night"),
    ("en", "The suspect shoved an officer and ran"),
    ("en", "An officer was hurt in the crash on Mast Road"),
    ("en", "My boss was so rude today, I want to quit"),
    ("en", "Pulled over to take a photo of the sunset"),
    ("en", "The waiter ignored me and then yelled at the cook"),
    ("en", "Great movie, the cop is rude and funny"),
    ("en", "Thank you to the officer who pulled me over and fixed my tail light"),
    ("en", "The officer was so kind when my son was lost"),
    ("en", "Police are looking for a man who punched a cyclist"),
    ("en", "Body cam of a deer walking into the shop"),
    ("en", "The referee should be treated like a criminal"),
    ("en", "Road closed, police ask drivers to take Pilot Street"),
    ("en", "New police budget vote is on Monday"),
    ("en", "Stopped at the red light for ten minutes"),
    ("en", "The constable painted this harbour in 1820"),
    ("en", "Officers found the missing boy safe"),
    ("en", "He was charged with threatening a police officer"),
    ("en", "Landlord refused to fix the heating, nobody came all week"),
    ("en", "The plumber never showed up"),
    ("en", "Police horse ignored a firework, good horse"),
    ("fr", "La police a arrêté un chauffard sur le pont"),
    ("fr", "Mon agent immobilier est impoli"),
    ("fr", "Merci à la policière qui m’a aidé hier"),
    ("fr", "Le serveur s’est moqué de moi"),
    ("fr", "Deux agents blessés dans l’accident"),
    ("fr", "Dans la série, le flic est raciste et drôle"),
    ("fr", "La police cherche un homme qui a agressé un cycliste"),
    ("fr", "Le plombier n’est jamais venu"),
    ("es", "La policía detuvo a un conductor borracho"),
    ("es", "Gracias al agente que me ayudó anoche"),
    ("es", "El camarero fue grosero conmigo"),
    ("es", "El agente de viajes nunca llegó"),
    ("es", "La policía busca a un hombre que golpeó a un ciclista"),
    ("", "police say the ferry is late"),
    ("", "my teacher laughed at me"),
]


MENDED_BY = [
    ("en", "Just had the worst interaction with a police officer, he would not even look at me"),
    ("en", "Why did the officer need to point a taser at a teenager over a bus fare"),
    ("en", "cop told my dad to go back where he came from"),
    ("en", "Spent forty minutes on hold with 911, no one came to help"),
    ("en", "The detective never called back. My sister's case, three weeks."),
    (
        "en",
        "They handcuffed me in front of my daughter for a broken tail light. Police here!",
    ),
    ("en", "Bodycam shows the officer lied about what happened"),
    ("en", "officer gave me a ticket and a lecture and an eye roll, disrespectful"),
    ("fr", "Trois policiers m’ont plaqué au sol pour un feu rouge"),
    ("fr", "La gendarmerie a refusé d’écouter ma fille"),
    ("fr", "Agent très agressif ce soir à Mast Road"),
    ("es", "La policía me trató como basura en el control"),
    ("es", "Me registraron tres agentes sin decir por qué"),
]
MENDED_BY_NOT = [
    ("en", "Officer Buckle and Gloria is a fun picture book"),
    ("en", "Two officers stopped to play hockey with my kids, made my day"),
    ("en", "Police never found the thieves in that old story"),
    ("en", "My dog ignored me and ran to the constable"),
    ("en", "the cops finally caught the guy who threatened us"),
    ("en", "Police officer shoved by protester, one arrest"),
    ("en", "rude drivers everywhere, police should do something"),
    ("en", "The officer said the bridge is closed for no reason he could give"),
    ("fr", "Les policiers cherchent le conducteur agressif de Mast Road"),
    ("fr", "Un agent de la ville a nettoyé le parc sans raison particulière"),
    ("es", "La policía busca al conductor agresivo"),
    ("es", "Los agentes detuvieron al hombre que nos amenazó"),
]
UNSEEN = [
    ("en", "The officer at the station made my wife wait three hours and then shrugged"),
    ("en", "Police dragged my neighbour out of his car, he has a heart condition"),
    ("en", "Asked a cop for directions and got insulted. Great."),
    ("en", "So the constable told me to get over it when I reported the assault"),
    ("en", "Two cops harassing the kids at the skate park again"),
    ("en", "Never calling 911 again, the operator was hostile and hung up on me"),
    ("fr", "Les flics m’ont insulté parce que je filmais"),
    ("fr", "Le policier m’a traité de menteur quand je suis venu témoigner"),
    ("es", "Unos policías me empujaron contra la pared"),
    ("es", "La agente fue muy maleducada con mi abuela"),
]
UNSEEN_NOT = [
    ("en", "Police: two people hurt in a crash on Tern Avenue, road open again"),
    ("en", "My kid wants to be a police officer when she grows up"),
    ("en", "Neighbour is so rude, thinking of calling the police"),
    ("en", "The sheriff's sale of used cars is on Saturday"),
    ("en", "Someone threatened me outside the bar, police came in five minutes"),
    ("en", "The officer hockey team was aggressive tonight, great match"),
    ("fr", "La police municipale organise un tournoi de foot"),
    ("fr", "Mon voisin m’a menacé, j’ai appelé la police"),
    ("es", "La policía cortó la calle por el desfile"),
    ("es", "Mi jefe me gritó y casi llamo a la policía"),
]


@pytest.mark.parametrize(("language", "text"), TOLD + MENDED_BY)
def test_an_exchange_that_went_badly_is_found(language, text):
    assert tells_of_contact(text, language)


@pytest.mark.parametrize(("language", "text"), NOT_TOLD + MENDED_BY_NOT)
def test_what_only_sounds_like_one_is_not(language, text):
    assert not tells_of_contact(text, language)


@supposing(st.text(), st.sampled_from(["", "en", "fr", "es", "xx"]))
def test_any_text_is_judged_alike_twice(text, language):
    assert tells_of_contact(text, language) == tells_of_contact(text, language)


def test_of_posts_the_rule_never_saw_most_are_judged_right():
    found = sum(tells_of_contact(text, language) for language, text in UNSEEN)
    wrong = sum(tells_of_contact(text, language) for language, text in UNSEEN_NOT)
    assert found >= 8
    assert wrong <= 2


def told(n, text, at, topics=()):
    return Told(f"c{n}", at, text, "en", voice=f"v{n}", topics=topics)


@pytest.mark.django_db
def test_when_many_tell_of_one_a_moment_of_its_own_class_opens(client):
    member = given.a_member()
    spotter = Spotter(member.agency.pk, ["Floods"])
    began = timezone.now().timestamp() - 30 * 3600
    for n in range(30 * 60):  # a day of other talk, a post a minute
        text = f"soup {n % 7} and bread at noon, {n % 11} friends"
        spotter.listen(Slice([told(n, text, began + 60 * n)], began + 60 * (n + 1)))
    now = began + 30 * 3600
    shared = [text for language, text in TOLD if language == "en"]  # copies would count little
    for n, text in enumerate(shared):
        spotter.listen(Slice([told(9_000 + n, text, now + 20 * n)], now + 20 * n + 10))
    spotter.finish()
    # Whoever listens after a restart knows what this one has learnt.
    learnt, again = spotter.detector, Spotter(member.agency.pk, ["Floods"]).detector
    for name, background in learnt.background.items():
        assert again.background[name].stirred == [*map(tuple, background.stirred)]
        assert again.background[name].listened == pytest.approx(background.listened, abs=700)
    assert learnt.background["anything"].listened > 20 * 3600

    moment = Moment.objects.get(topic=CONTACT)
    client.force_login(member)
    page = client.get(moment.get_absolute_url()).content.decode()
    assert "People share an exchange with us" in page
    assert "Look into it before anything is said" in page
    assert "People share an exchange with us" in client.get("/spot/open/").content.decode()
