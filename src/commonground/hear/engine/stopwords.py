"""Words too common to carry a moment, in the three languages the starter library speaks."""

from commonground.hear.engine.words import words

ENGLISH = """
a about above after again against ain't all also am an and any are aren't as at away back be
because been before being below best better between both but by came can can't cannot come coming
could couldn't cuz dat day days did didn't do does doesn't doing don't done down during each else
even ever every everyone feel few first for found from fuck fucking fuckin further gave get gets
getting give go goes going gone gonna good got gotta great guy guys had hadn't haha hahaha happy
has hasn't have haven't having he he'd he'll her here hers herself hey hi him himself his hope how
i i'd i'll i'm i've idk if ill im in into is isn't it it'll its itself ive just keep knew know
known last least left let let's life like little lmao lmfao lol long look looking looks lot love
made make makes making man many may maybe me mean might mine more morning most much must my myself
need needs never new next nice night no nor not nothing now of off oh ok okay old omg on once one
only or other ought our ours ourselves out over own people person please put really rt said same
saw say saying says see seen shall she she'd she'll shit should shouldn't show since so some stay
staying somebody someone something still stop such take taking tell than thank thanks that that'll
that's thats the their theirs them themselves then there there's these they they'd they'll they're
they've thing things think this those though thought through time times to today together told
tomorrow tonight too took try trying u under until up ur us use used very via wait wanna want
wants was wasn't way we we'd we'll we're we've week well went were weren't what whats when where
which while who whole whom why will with without won't work would wouldn't wow ya yall y'all yeah
year years yes yesterday yet you you'd you'll you're you've your youre yours yourself gt lt amp
dont cant didnt doesnt isnt wasnt wont thing ass bitch damn wtf smh tho bout bc w dis da got
"""
FRENCH = """
ai ainsi alors après as au aucun aujourd'hui aussi autre autres aux avait avant avec avez avoir
avons bien bon bonjour c'est c'était car ce cela ces cet cette ceux chaque chez comme comment
contre d'un d'une dans de déjà depuis des deux devant dire dit doit donc du elle elles en encore
entre es est et étaient était êtes être eu fait faire faut fois font ici il ils j'ai j'en je jour
jours jusqu'à juste l'on la là le les leur leurs lui ma mais me même mes moi moins mon ne non nos
notre nous on ont où ou par parce pas pendant personne peu peut peux plus pour pourquoi pouvez
quand que quel quelle quelles quelqu'un quels qu'est qu'il qu'on qui quoi rien s'est sa sans se
sera ses si soir son sont sous suis sur ta te tes toi ton toujours tous tout toute toutes très
trop tu un une va vais vers veut veux voir vos votre vous vraiment vu y
"""
SPANISH = """
a ahora al algo alguien algún alguna algunas algunos allí ante antes aquí así aunque bien bueno
cada casi como cómo con contra cosa cosas creo cuál cuando cuándo cuanto da de del desde después
día días dice dijo donde dónde dos el él ella ellas ellos en entre era eran eres es esa esas ese
eso esos esta está están estar estas este esto estos estoy fue fueron gente gracias ha había hace
hacer hacia han hasta hay hoy incluso ir la las le les lo los más mañana me mejor menos mi mí
mientras mis mismo mucha mucho muchos muy nada nadie ni no noche nos nosotros nuestra nuestro
nunca o os otra otras otro otros para pero persona poco por porque pues puede pueden puedo qué que
quien quién quiere quiero sabe se sé sea según ser si sí siempre sin sino sobre solo sólo somos
son soy su sus también tan tanto te tengo tenía ti tiene tienen toda todas todavía todo todos tu
tú tus un una unas uno unos usted va vamos van ver vez veces y ya yo
"""

STOPWORDS = frozenset(word for listed in (ENGLISH, FRENCH, SPANISH) for word in words(listed))
