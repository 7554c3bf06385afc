"""The desk as shipped, but for what guards passwords: that is made to take long. And it speaks one
more language, to whoever asks for it: see tests.journeys.pseudo."""

from commonground.settings import *  # noqa: F403
from commonground.settings import LOCALE_PATHS, MIDDLEWARE, STATIC_ROOT

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
LOCALE_PATHS = [STATIC_ROOT.with_name("pseudo"), *LOCALE_PATHS]
MIDDLEWARE = [*MIDDLEWARE, "tests.journeys.pseudo.ForWhoeverAsks"]
