"""Every setting of Django, in one place; what an operator may set is in kit.environment."""

from __future__ import annotations

import os
from collections.abc import MutableMapping
from importlib.util import find_spec
from pathlib import Path
from urllib.parse import urlsplit

from django.utils.csp import CSP
from django.utils.translation import gettext_lazy as _

from commonground.kit.environment import Env, database, kept_beside, kept_secret, mailers

ENV = Env.read(dict(os.environ))
BASE = Path(__file__).parent
SITE = urlsplit(ENV.site_url)

SECRET_KEY = ENV.secret_key or kept_secret(ENV.database_url)
MEDIA_ORIGIN = ENV.media_origin
PUBLIC_SITES = dict(one.split("=", 1) for one in ENV.public_sites)  # of agencies, by their slug
OTHER_HOSTS = [urlsplit(site).hostname for site in (MEDIA_ORIGIN, *PUBLIC_SITES.values())]
DEBUG, ALLOWED_HOSTS = ENV.debug, [*ENV.hosts, *filter(None, OTHER_HOSTS)]
SEAL_KEY, OLD_SEAL_KEYS = ENV.seal_key or SECRET_KEY, ENV.old_seal_keys
DATABASES = {"default": database(ENV.database_url)}
# Absolute, for a process may change its folder; None (in tests) where nothing is to be kept.
RECORD_FOLDER: Path | None = Path(ENV.record_folder or kept_beside(ENV.database_url)).absolute()

# From the lowest room to the highest; a room may use those before it.
ROOMS = [
    f"commonground.{room}"
    for room in (
        "kit", "record", "agency", "connect", "channels", "protect", "hear", "spot", "say",
        "answer", "ask", "learn", "train", "public",
    )
]  # fmt: skip
# Networks that keep rows of their own are small apps inside the channels room.
NETWORK_APPS = [
    f"commonground.channels.networks.{network}"
    for network in ("site", "fediverse", "rehearsal", "mail", "mailbox", "push")
]
# What runs on each batch of overheard posts, in order: HEAR need not know who listens.
LISTENERS = ["commonground.spot.listening.Spotter"]
# Texts that are sealed inside a JSON column of a library's: see kit.rewrapping.
SEALED_WITHIN = ["mfa.Authenticator.data"]
# Asked before each letter that a list of ours still has in hand: a low room need not know
# who stops it.
STOPPED_BY = "commonground.protect.queries.is_stopped"
# Who stands behind a token, and what it may do: every room's API asks.
API_CALLER = "commonground.connect.actions.enter"
# How often one token may ask: within ten seconds, and within an hour.
API_LIMITS = {"read": (100, 6000), "write": (10, 300)}
# What was on its way when it was stopped, in lines for whoever stops it from the server.
ON_THE_WIRE = "commonground.say.queries.wire.told_on_the_server"

# What a backup says of the record, and how one is looked over: kit knows no record.
RECORD_STANDS = "commonground.record.queries.standing.where_it_stands"
RECORD_WHOLE = "commonground.record.actions.standing.look_over"
# What we promise to keep for hours: no copy of the database holds it for longer. See kit.upkeep.
KEPT_FOR_HOURS = ["commonground_hear.Overheard", "sessions.Session"]

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
    "commonground.kit.health.ForWatchers",
    "commonground.kit.middleware.NameRequest",
    "django.middleware.security.SecurityMiddleware",
    "commonground.kit.middleware.OnlyForBrowsers",
    "django.middleware.csp.ContentSecurityPolicyMiddleware",
    "commonground.kit.upkeep.standing.WhileUpgrading",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "commonground.kit.media.ItsOwnOrigin",
    "commonground.kit.sites.OnlyForThePublic",
    "allauth.account.middleware.AccountMiddleware",
    "commonground.protect.http.KnowDevice",
    "commonground.agency.http.LocalTime",
    "commonground.agency.signin.asking.AskForProof",
    "commonground.train.http.InPractice",  # after it: the proof is asked of the person
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
                "commonground.agency.http.in_public",
                "commonground.channels.panels.line",
                "commonground.protect.panels.hold",
            ],
        },
    }
]

CACHES = {
    # What must hold for every process: used codes, and how often somebody tried.
    "default": {"BACKEND": "commonground.kit.cache.InTheDatabase"},
    # Figures that each process may count for itself, and may forget.
    "here": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache", "LOCATION": "here"},
}
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
    {"NAME": "commonground.agency.signin.passwords.NotOurOwnWords"},
]
if ENV.leaked_passwords:
    AUTH_PASSWORD_VALIDATORS.append({
        "NAME": "commonground.agency.signin.passwords.NotLeaked",
        "OPTIONS": {"file": ENV.leaked_passwords},
    })  # fmt: skip
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "now"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_ADAPTER = "commonground.agency.signin.InvitedOnly"
ACCOUNT_EMAIL_VERIFICATION = "none"  # administrators make members; nobody signs up
ACCOUNT_LOGOUT_REDIRECT_URL = "account_login"
MFA_ADAPTER = "commonground.agency.signin.SealedFactors"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_WEBAUTHN_USER_VERIFICATION = "required"
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = SITE.hostname == "localhost"

# Pressed by whoever sits down at an open desk, these do harm that cannot be taken back: the desk
# asks for a proof not older than five minutes. To stop something asks for none.
ASK_AGAIN = {
    "say:approve", "say:approve_series", "say:break_glass", "say:release", "say:release_campaign",
    "protect:agree_to_restart",
    "agency:member", "agency:invite", "agency:readmit", "agency:link_again", "agency:same_person",
    "agency:ask_to_recover", "agency:agree_to_recover", "agency:recover",
    "agency:set_days_for_factors", "agency:my_elsewhere", "agency:about", "agency:take_sheet",
    "channels:open", "channels:sign_in", "channels:authorise", "channels:close",
    "record:erase", "record:dispose", "record:agree_to_let_go", "record:change_retention",
    "record:reconcile", "record:agree_to_reconcile", "record:let_out",
    "connect:new_token", "connect:take_token", "connect:new_webhook", "connect:renew_secret",
}  # fmt: skip

# All that stands at an agency's own address: whole rooms, or single pages of the others.
FOR_THE_PUBLIC = {"public", "asked", "now", "set_language", "train:badges", "train:revoked"}

# Pages with words of residents, of the record, or about sign-ins: no browser writes them to disk.
NOT_KEPT_BY_BROWSERS = {"answer", "record", "agency", "connect", "channels", "protect"}

# What a browser may do with our pages: load our own files, and nothing else.
SECURE_CSP = {
    "default-src": [CSP.NONE],
    "script-src": [CSP.SELF, CSP.NONCE],
    "style-src": [CSP.SELF],
    "img-src": [CSP.SELF, "data:", *filter(None, [MEDIA_ORIGIN])],
    "media-src": [CSP.SELF, *filter(None, [MEDIA_ORIGIN])],
    "connect-src": [CSP.SELF],
    "manifest-src": [CSP.SELF],
    # Browsers hold where a form leads to against this, too.
    "form-action": [
        CSP.SELF,
        *(["://".join(urlsplit(ENV.oidc_issuer)[:2])] if ENV.oidc_issuer else []),
    ],
    "base-uri": [CSP.NONE],
    "frame-ancestors": [CSP.NONE],
}
SESSION_ENGINE = "commonground.kit.sessions"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SITE.scheme == "https"
if SESSION_COOKIE_SECURE:
    # By these names a browser takes no cookie that another host, or an open line, tried to plant.
    SESSION_COOKIE_NAME, CSRF_COOKIE_NAME = "__Host-sessionid", "__Host-csrftoken"
    SECURE_HSTS_SECONDS = 365 * 24 * 3600
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
LANGUAGES = [("en", _("English")), ("es", _("Spanish")), ("fr", _("French"))]
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
    "formatters": {
        "line": {
            "()": "commonground.kit.loglines.OneLine",
            "format": "%(asctime)s %(levelname)s %(name)s: %(message)s",
        },
        "json": {"()": "commonground.kit.loglines.OneObject"},
    },
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": ENV.log}},
    "root": {"handlers": ["console"], "level": "WARNING"},
    "loggers": {"commonground": {"level": "INFO"}},
}
