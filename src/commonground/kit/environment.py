"""What an operator may set, read once, typed, and all mistakes told at once."""

from __future__ import annotations

import os
import secrets
from contextlib import suppress
from pathlib import Path
from typing import Annotated, Any
from urllib.parse import unquote, urlsplit

from pydantic import (
    Field,
    FilePath,
    StringConstraints,
    ValidationError,
    ValidationInfo,
    field_validator,
)
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

# Commas between.
LISTS = {"hosts", "public_sites", "witnesses", "name_servers", "old_seal_keys"}


# A host begins and ends with a letter: with a dot before it Django would answer to all below it,
# and with one behind it to none.
type PublicSite = Annotated[
    str,
    StringConstraints(pattern=r"^[a-z0-9_-]+=https?://[a-z0-9-]+(\.[a-z0-9-]+)*(:[0-9]+)?$"),
]


class Env(BaseSettings):
    """What an operator may set: `secret_key` is COMMONGROUND_SECRET_KEY, and so on.

    Add _FILE to any of them to have it read from that file instead.
    """

    model_config = SettingsConfigDict(env_prefix="COMMONGROUND_", frozen=True, extra="ignore")

    secret_key: str = Field(
        default="", description="Signs sessions; by default a random one kept beside the database."
    )
    seal_key: str = Field(
        default="",
        description="Seals tokens and what we know of people at rest; by default the secret key.",
    )
    old_seal_keys: Annotated[list[str], NoDecode] = Field(
        default=[],
        description="Seal keys the desk had before, with commas: they open what was sealed with "
        "them, and seal nothing new. `commonground keys rewrap` makes them unnecessary.",
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
    media_origin: str = Field(
        default="",
        pattern=r"^(|https?://[a-z0-9.-]+(:[0-9]+)?)$",
        description="Another address of the same desk, such as https://media.example.org, from "
        "which pictures and videos are shown: what somebody uploaded then never runs where the "
        "desk's cookies are. Empty: from the desk's own, with the same limits in the browser.",
    )
    hosts: Annotated[list[str], NoDecode] = Field(
        default=["localhost"], description="Host names the desk answers to, with commas."
    )
    public_sites: Annotated[list[PublicSite], NoDecode] = Field(
        default=[],
        description="Where agencies of this installation have an address of their own for the "
        "public, with commas: riverside-fire=https://news.fire.example is an agency's slug and its "
        "address. The desk itself is never there. At COMMONGROUND_SITE_URL the public meets the "
        "agency that was founded first; any other publishes only once it has its own.",
    )
    domain: str = Field(
        default="",
        pattern=r"^(|[a-z0-9-]+(\.[a-z0-9-]+)+)$",
        description="The agency's own domain, such as police.example: its DNS names the accounts, "
        "and names beneath it can be theirs. By default the host of COMMONGROUND_SITE_URL.",
    )
    name_servers: Annotated[list[str], NoDecode] = Field(
        default=[],
        description="Which name servers are asked about that domain, with commas: addresses, each "
        "with :port if it is not 53. By default those of this machine.",
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
    drafting_url: str = Field(
        default="",
        pattern=r"^(|https?://.+)$",
        description="Help with the words of a draft: an OpenAI-style chat address, such as "
        "http://localhost:11434/v1/chat/completions. It gets the text of a draft whose author asks "
        "for help, and nothing else. Empty: there is no such help.",
    )
    drafting_key: str = Field(default="", description="The key for it, if it asks for one.")
    drafting_model: str = Field(
        default="", description="The model it is asked for, as it calls it."
    )
    oidc_issuer: str = Field(
        default="",
        pattern=r"^(|https?://.+)$",
        description="Lets members sign in at another house by OpenID Connect: the name it gives "
        "itself, such as https://login.city.example/realms/staff. Each member connects their "
        "account under My sign-in; the desk's address /agency/elsewhere/back/ is where it returns.",
    )
    oidc_client: str = Field(default="", description="What this desk is called over there.")
    oidc_secret: str = Field(default="", description="The secret it was given over there.")
    oidc_name: str = Field(
        default="Single sign-on", description="What the button on the sign-in page calls it."
    )
    leaked_passwords: FilePath | None = Field(
        default=None,
        description="A file of passwords that were stolen elsewhere, none of which is taken here: "
        "SHA-1 in hexadecimal letters, one a line, sorted, as Have I Been Pwned gives them out. It "
        "is read where it lies; nobody is asked.",
    )
    burst: int = Field(
        default=3,
        ge=0,
        description="How many different posts of one author may go out within five minutes; the "
        "next waits until an approver lets it go. Twice as many where it is urgent or an alert. "
        "0: as many as they like.",
    )
    token_days: int = Field(
        default=90,
        ge=1,
        le=366,
        description="How many days the key of a program opens the API at most.",
    )
    first_device: bool = Field(
        default=True,
        description="The first post that a member lets go from a new browser waits until a second "
        "person, or the member with a second factor, has vouched for that browser.",
    )
    proxies: int = Field(
        default=0,
        ge=0,
        description="How many of your own web servers stand before the desk. Without it, all who "
        "come through them count as one network when votes are guarded against stuffing.",
    )
    log_key: str = Field(
        default="",
        pattern=r"^(|[A-Za-z0-9+/]{43}=)$",
        description="Signs the checkpoints of the record: 32 random bytes in base64. By default it "
        "follows from a secret in the database, sealed. Whoever changes it begins a new log.",
    )
    record_folder: str = Field(
        default="",
        description="Where the last published checkpoint is kept, outside the database, so that an "
        "older copy of the database is noticed. By default beside the database, or .desk.",
    )
    witnesses: Annotated[list[str], NoDecode] = Field(
        default=[],
        description="Who cosigns the checkpoints of the record, with commas: an address, a space "
        "and the key of the witness, as `commonground record witness` prints them.",
    )
    stamp_url: str = Field(
        default="",
        pattern=r"^(|https?://.+)$",
        description="A time-stamping authority (RFC 3161) that says when it saw a checkpoint of "
        "the record: each day, and within the hour once something was published. It gets a digest. "
        "Empty: none is asked.",
    )
    stamp_roots: str = Field(
        default="",
        description="The file with the authority's root certificate, and those between, as PEM. "
        "Without it no stamp is believed.",
    )
    alarms_per_day: float = Field(
        default=0.5, gt=0, description="How many false alarms a day a newsroom will bear."
    )
    allow_private_addresses: bool = Field(
        default=False,
        description="Let channels and sources be on this machine. Tests and demo only.",
    )
    metrics_token: str = Field(
        default="",
        pattern=r"^(|[!-~]{16,})$",
        description="Whoever sends it as “Authorization: Bearer …” may read /metrics from "
        "anywhere. Without it, only this machine may.",
    )
    log: str = Field(
        default="line",
        pattern="^(line|json)$",
        description="How the log is written: line, for people, or json, one object a line without "
        "addresses, names or texts, for machines that collect it.",
    )
    debug: bool = Field(default=False, description="Show errors in full. Never on a real desk.")

    @field_validator("public_sites")
    @classmethod
    def each_its_own(cls, sites: list[str], known: ValidationInfo) -> list[str]:
        """One address an agency, and no address twice: else one would speak as another."""
        ours = (known.data.get("site_url", ""), known.data.get("media_origin", ""))
        taken = [urlsplit(one).hostname for one in ours]
        addresses = [urlsplit(one.partition("=")[2]) for one in sites]
        names = [one.partition("=")[0] for one in sites]
        hosts = [address.hostname for address in addresses]
        if len({*names}) < len(names) or len({*hosts}) < len(hosts) or {*hosts} & {*taken}:
            raise ValueError("An agency has one address, and an address one agency")
        scheme = urlsplit(known.data.get("site_url", "")).scheme
        if any(address.scheme != scheme for address in addresses):
            raise ValueError("These must begin as COMMONGROUND_SITE_URL does (https://)")
        return sites

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
        for name in LISTS & values.keys():
            parts = values[name].replace("\n", ",").split(",")
            values[name] = [part.strip() for part in parts if part.strip()]
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
            "BACKEND": "commonground.kit.smtp.Backend",
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
    file = kept_beside(url) / "secret-key"
    with suppress(OSError):  # where nothing can be kept, a key lasts as long as the process
        file.parent.mkdir(parents=True, exist_ok=True)
        with suppress(FileExistsError), open(file, "x", opener=for_us_alone) as new:
            new.write(secrets.token_urlsafe(48))
        return file.read_text()
    return secrets.token_urlsafe(48)


def kept_beside(url: str) -> Path:
    """The folder of what a desk keeps outside its database."""
    path = Path(url.removeprefix("sqlite:///")) if url.startswith("sqlite:") else Path(".desk/desk")
    return path.parent


def for_us_alone(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)
