"""The desk as a web server sees it."""

import os

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "commonground.settings")
django.setup(set_prefix=False)

from commonground.kit.serving import Desk  # noqa: E402  (nothing of it before the settings)
from commonground.kit.upkeep.standing import PAGES  # noqa: E402

application = Desk()
PAGES.watch()
