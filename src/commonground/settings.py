"""Every setting, read once from the environment, typed, in one place."""

from __future__ import annotations

import os
import secrets
from collections.abc import MutableMapping
from contextlib import suppress
from importlib.util import find_spec
from pathlib import Path
from typing import Annotated, Any
from urllib.parse import unquote, urlsplit

from django.utils.csp import CSP
from django.utils.translation import gettext_lazy as _
from pydantic import Field, ValidationError
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict


class Env(BaseSettings):
    """What an operator may set: `secret_key` is COMMONGROUND_SECRET_KEY, and so on.

    Add _FILE to any of them to have it read from that file instead.
    """

    model_config = SettingsConfigDict(env_prefix="COMMONGROUND_", frozen=True, extra="ignore")

    secret_key: str = Field(
        default="", description="Signs sessions; by default a random one kept beside the database."
    )
    seal_key: str = Field(
        default="", description="Seals channel passwords at rest; by default the secret key."
    )
    database_url: str = Field(
        default="sqlite:///.desk/desk.sqlite3",
        pattern=r"^(sqlite:///|postgresql://)",
        description="sqlite:///path or postgresql://user:password@host:port/name.",
    )
    site_url: str = Field(
        default="http://localhost:8000",
        description="The address the public uses; passkeys belong to its host for ever.",
    )
    hosts: Annotated[list[str], NoDecode] = Field(
        default=["localhost"], description="Host names the desk answers to, with commas."
    )
    good_for_minutes: int = Field(
        default=240, ge=1, description="A post this late is not sent, and a person is told."
    )
    urgent_good_for_minutes: int = Field(
        default=15, ge=1, description="The same for a post that is marked urgent."
    )
    hands: int = Field(
        default=24, ge=3, le=200, description="How many deliveries one worker has in hand at once."
    )
    queue: str = Field(
        default="",
        pattern="^(|ox|db)$",
        description="Carry deliveries through a task queue in the database: ox (django-ox) or db "
        "(django-tasks-db). Empty: the worker's own hands, which need no queue.",
    )
    mail_url: str = Field(
        default="",
        pattern=r"^(|smtps?://.+|smtp\+starttls://.+)$",
        description="smtp://user:password@host:port, smtps:// or smtp+starttls://. People are "
        "told of trouble by e-mail; without it, on the screen alone.",
    )
    mail_from: str = Field(
        default="desk@localhost", description="Who the desk's e-mails say they are from."
    )
    mail_bounces: str = Field(
        default="",
        pattern=r"^(|[^@+\s]+@[^@\s]+)$",
        description="Where letters of the e-mail list that cannot be delivered come back, such as "
        "bounce@example.org; the desk writes a mark after a plus. By default bounce@ the host of "
        "COMMONGROUND_MAIL_FROM.",
    )
    undo_seconds: int = Field(
        default=30,
        ge=0,
        description="How long an approved post can be taken back before it goes out.",
    )
    proxies: int = Field(
        default=0,
        ge=0,
        description="How many of your own web servers stand before the desk. Without it, all who "
        "come through them count as one network when votes are guarded against stuffing.",
    )
    alarms_per_day: float = Field(
        default=0.5, gt=0, description="How many false alarms a day a newsroom will bear."
    )
    allow_private_addresses: bool = Field(
        default=False,
        description="Let channels and sources be on this machine. Tests and demo only.",
    )
    debug: bool = Field(default=False, description="Show errors in full. Never on a real desk.")

    @classmethod
    def read(cls, source: dict[str, str]) -> Env:
        """Take every value from the environment or its file, and tell all mistakes at once."""
        values: dict[str, Any] = {}
        for name in cls.model_fields:
            variable = f"COMMONGROUND_{name.upper()}"
            if path := source.get(f"{variable}_FILE"):
                values[name] = Path(path).read_text().strip()
            elif variable in source:
                values[name] = source[variable]
        if "hosts" in values:
            values["hosts"] = [h.strip() for h in values["hosts"].split(",") if h.strip()]
        try:
            return cls.model_validate(values)
        except ValidationError as error:
            lines = [
                f"  COMMONGROUND_{str(e['loc'][0]).upper()}: {e['msg']}" for e in error.errors()
            ]
            raise SystemExit("The desk cannot start:\n" + "\n".join(lines)) from None


KEPT = 60  # seconds a thread keeps its connection; see kit.serving


def database(url: str) -> dict[str, object]:
    parts = urlsplit(url)
    if parts.scheme == "sqlite":
        path = Path(url.removeprefix("sqlite:///"))
        path.parent.mkdir(parents=True, exist_ok=True)
        return {
            "ENGINE": "commonground.kit.sqlite",
            "NAME": str(path.absolute()),
            "CONN_MAX_AGE": KEPT,
            "OPTIONS": {
                # Writers wait in line at BEGIN instead of failing half-way through.
                "transaction_mode": "IMMEDIATE",
                "timeout": 20,
                "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;",
            },
        }
    return {
        "ENGINE": "django.db.backends.postgresql",
        "CONN_MAX_AGE": KEPT,
        "CONN_HEALTH_CHECKS": True,
        "NAME": parts.path[1:],
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": unquote(parts.hostname or ""),
        "PORT": str(parts.port or ""),
    }


def mailers(url: str) -> dict[str, dict[str, object]]:
    """The desk's own e-mail: to its people, about its own work."""
    if not url:
        return {"default": {"BACKEND": "django.core.mail.backends.dummy.EmailBackend"}}
    parts = urlsplit(url)
    return {
        "default": {
            "BACKEND": "django.core.mail.backends.smtp.EmailBackend",
            "OPTIONS": {
                "host": parts.hostname or "localhost",
                "port": parts.port or (465 if parts.scheme == "smtps" else 25),
                "username": unquote(parts.username or ""),
                "password": unquote(parts.password or ""),
                "use_ssl": parts.scheme == "smtps",
                "use_tls": parts.scheme == "smtp+starttls",
                "timeout": 15,
            },
        }
    }


def kept_secret(url: str) -> str:
    """The random key of a small desk, made at its first start and kept beside its database."""
    place = (
        Path(url.removeprefix("sqlite:///")) if url.startswith("sqlite:") else Path(".desk/desk")
    )
    file = place.with_name("secret-key")
    with suppress(OSError):  # where nothing can be kept, a key lasts as long as the process
        file.parent.mkdir(parents=True, exist_ok=True)
        with suppress(FileExistsError), open(file, "x", opener=for_us_alone) as new:
            new.write(secrets.token_urlsafe(48))
        return file.read_text()
    return secrets.token_urlsafe(48)


def for_us_alone(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)


ENV = Env.read(dict(os.environ))
BASE = Path(__file__).parent
SITE = urlsplit(ENV.site_url)

SECRET_KEY = ENV.secret_key or kept_secret(ENV.database_url)
DEBUG, ALLOWED_HOSTS = ENV.debug, ENV.hosts
SEAL_KEY = ENV.seal_key or SECRET_KEY
DATABASES = {"default": database(ENV.database_url)}

# From the lowest room to the highest; a room may use those before it.
ROOMS = [
    f"commonground.{room}"
    for room in (
        "kit", "record", "agency", "channels", "protect", "hear", "spot", "say", "answer",
        "ask", "train", "public",
    )
]  # fmt: skip
# Networks that keep rows of their own are small apps inside the channels room.
NETWORK_APPS = [
    f"commonground.channels.networks.{network}"
    for network in ("site", "fediverse", "rehearsal", "mail", "push")
]
# What runs on each batch of overheard posts, in order: HEAR need not know who listens.
LISTENERS = ["commonground.spot.listening.Spotter"]
# Asked before each letter that a list of ours still has in hand: a low room need not know
# who stops it.
STOPPED_BY = "commonground.protect.queries.is_stopped"

# Queues behind django.tasks; each is an alias of its own name. See kit.queue.
QUEUES = {
    "ox": ("django_ox", "django_ox.backend.OxBackend"),
    "db": ("django_tasks_db", "django_tasks_db.DatabaseBackend"),
}
TASKS = {"default": {"BACKEND": "django.tasks.backends.immediate.ImmediateBackend"}}
if ENV.queue and find_spec(QUEUES[ENV.queue][0]) is None:
    raise SystemExit(
        "The desk cannot start:\n  COMMONGROUND_QUEUE=db needs a package that is not here. "
        "Run: pip install 'commonground[tasks-db]'"
    )
if ENV.queue:
    TASKS[ENV.queue] = {"BACKEND": QUEUES[ENV.queue][1]}

INSTALLED_APPS = [
    "django.contrib.contenttypes",
    "django.contrib.auth",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.humanize",  # allauth's list of passkeys asks for it
    "django.contrib.staticfiles",
    "django_htmx",
    "lucide",
    *ROOMS,  # before allauth, whose pages the agency room draws anew
    *NETWORK_APPS,
    *([QUEUES[ENV.queue][0]] if ENV.queue else []),
    "allauth",
    "allauth.account",
    "allauth.mfa",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "django.middleware.csp.ContentSecurityPolicyMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "commonground.agency.http.LocalTime",
    "commonground.kit.middleware.ExplainRefusals",
    "commonground.kit.middleware.GiveBackWords",
]
CSRF_FAILURE_VIEW = "commonground.kit.views.stale_form"
ROOT_URLCONF = "commonground.urls"
ASGI_APPLICATION = "commonground.asgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.csp",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "commonground.kit.context.frame",
                # What a room adds to every frame; each is asked only if the page draws it.
                "commonground.channels.panels.line",
                "commonground.protect.panels.hold",
            ],
        },
    }
]

FORM_RENDERER = "commonground.kit.forms.OurForms"

# People and sign-in
AUTH_USER_MODEL = "commonground_agency.Member"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "now"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_ADAPTER = "commonground.agency.signin.InvitedOnly"
ACCOUNT_EMAIL_VERIFICATION = "none"  # administrators make members; nobody signs up
ACCOUNT_LOGOUT_REDIRECT_URL = "account_login"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_WEBAUTHN_USER_VERIFICATION = "required"
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = SITE.hostname == "localhost"

# What a browser may do with our pages: load our own files, and nothing else.
SECURE_CSP = {
    "default-src": [CSP.NONE],
    "script-src": [CSP.SELF, CSP.NONCE],
    "style-src": [CSP.SELF],
    "img-src": [CSP.SELF, "data:"],
    "connect-src": [CSP.SELF],
    "manifest-src": [CSP.SELF],
    "form-action": [CSP.SELF],
    "base-uri": [CSP.NONE],
    "frame-ancestors": [CSP.NONE],
}
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SITE.scheme == "https"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_AGE = 12 * 3600  # a shift
CSRF_TRUSTED_ORIGINS = [ENV.site_url.rstrip("/")]
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
DATA_UPLOAD_MAX_MEMORY_SIZE = 12 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 300

# Words and times
USE_TZ, TIME_ZONE = True, "UTC"
LANGUAGE_CODE = "en"
LANGUAGES = [("en", _("English")), ("fr", _("French"))]
LOCALE_PATHS = [BASE / "locale"]
LANGUAGE_COOKIE_SECURE = SESSION_COOKIE_SECURE

STATIC_URL = "/static/"
STATIC_ROOT = Path(os.environ.get("COMMONGROUND_STATIC_ROOT", "static-root")).absolute()
STORAGES = {
    # Named by content, and compressed once instead of at every visit.
    "staticfiles": {"BACKEND": "servestatic.storage.CompressedManifestStaticFilesStorage"},
}


def harmless(headers: MutableMapping[str, str], path: str, url: str) -> None:
    """A style sheet or script is never taken for anything else."""
    headers["X-Content-Type-Options"] = "nosniff"


SERVESTATIC_ADD_HEADERS_FUNCTION = harmless
SERVESTATIC_USE_FINDERS = SERVESTATIC_AUTOREFRESH = DEBUG
if DEBUG:
    STORAGES["staticfiles"]["BACKEND"] = "django.contrib.staticfiles.storage.StaticFilesStorage"

MAILERS = mailers(ENV.mail_url)
DEFAULT_FROM_EMAIL = ENV.mail_from

DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s: %(message)s"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": "WARNING"},
    "loggers": {"commonground": {"level": "INFO"}},
}
