"""The desk's own settings, with what tests need to be set."""

import os
import tempfile
from pathlib import Path

os.environ.setdefault("COMMONGROUND_SECRET_KEY", "for tools and tests only")
os.environ.setdefault("COMMONGROUND_ALLOW_PRIVATE_ADDRESSES", "yes")
os.environ.setdefault("COMMONGROUND_FIRST_DEVICE", "no")  # and every test client is a new one
os.environ.setdefault("COMMONGROUND_BURST", "0")  # here one author says in a second what takes days

from commonground.settings import *  # noqa: F403
from commonground.settings import BASE, DATABASES, INSTALLED_APPS, QUEUES, STORAGES, TASKS

# Tests do not collect and name static files anew each time.
STORAGES["staticfiles"]["BACKEND"] = "django.contrib.staticfiles.storage.StaticFilesStorage"
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
STATIC_ROOT = BASE / "kit/static"  # somewhere that is there, so that nothing has to be collected

# Every queue the desk can be told to use is there to be tried.
for name, (app, backend) in QUEUES.items():
    TASKS[name] = {"BACKEND": backend}
    if app not in INSTALLED_APPS:
        INSTALLED_APPS.append(app)

# A file, not memory: threads that race must meet the locks a real desk has.
if str(DATABASES["default"]["ENGINE"]).endswith("sqlite"):
    memory = Path("/dev/shm")  # noqa: S108
    place = memory if memory.is_dir() else Path(tempfile.gettempdir())
    DATABASES["default"]["TEST"] = {"NAME": str(place / f"commonground-{os.getpid()}.sqlite3")}

# Each test begins with an empty database: to the guard of the record that is an old copy.
RECORD_FOLDER = None
