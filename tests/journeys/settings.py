"""The desk as shipped, but for what guards passwords: that is made to take long."""

from commonground.settings import *  # noqa: F403

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
