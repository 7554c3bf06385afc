"""Whoever has the database alone has no key, no cookie, no address, and nothing that was erased."""

import base64
import contextlib
import json
from pathlib import Path

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP
from allauth.mfa.utils import decrypt
from django.apps import apps
from django.contrib.sessions.models import Session
from django.db import connection, models

from commonground.ask.tests.world import a_question
from commonground.channels.networks.fediverse.keys import new_pair
from commonground.channels.networks.fediverse.models import Actor, Follower, Inbox
from commonground.channels.networks.mail.models import Subscriber
from commonground.hear.models import Source
from commonground.kit.models import LastingSecret
from commonground.kit.sealed import SealedJSONField
from commonground.record.actions import keeping, witness
from commonground.record.models import DataKey, Entry, Kept
from tests import given

SEALED = [
    (model, field)
    for model in apps.get_models()
    for field in model._meta.local_fields
    if isinstance(field, SealedJSONField)
]
PEOPLE = ["ana.reyes@example.org", "https://social.example/users/ana", "14 Bridge Street"]


@pytest.mark.parametrize(("model", "field"), SEALED, ids=str)
def test_each_sealed_value_is_bound_to_one_row(model, field):
    """Two rows with one name would let a token be carried from one to the other."""
    bound = {model._meta.pk.name if name == "pk" else name for name in field.row}
    one = [model._meta.get_field(name) for name in bound]
    alone = any(f.unique and not isinstance(f, models.AutoField) for f in one)
    together = [
        c for c in model._meta.constraints
        if isinstance(c, models.UniqueConstraint) and set(c.fields) <= bound and not c.condition
    ]  # fmt: skip
    by_chance = bound == {"salt"}  # 256 bits of it, drawn for the row
    assert alone or together or by_chance


def everything() -> bytes:
    """What a dump of the database holds; and on SQLite, what its files hold besides."""
    held = b""
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f'SELECT * FROM "{table}"')  # noqa: S608
            held += b"".join(plain(cell) + b"\n" for row in cursor.fetchall() for cell in row)
    if connection.vendor == "sqlite":
        for file in (Path(connection.settings_dict["NAME"] + end) for end in ("", "-wal")):
            with contextlib.suppress(FileNotFoundError):
                held += file.read_bytes()
    return held


def plain(cell) -> bytes:
    if isinstance(cell, bytes | memoryview):
        return bytes(cell)
    return (json.dumps(cell) if isinstance(cell, dict | list) else str(cell)).encode()


def written_any_way(secret: str):
    raw = secret.encode()
    yield from (raw, raw.hex().encode(), json.dumps(secret)[1:-1].encode())
    for before in range(3):  # base64 reads three bytes at a time: it begins on any of them
        assert len(raw) > 15, "a short one would be found by chance"
        yield base64.b64encode(b"\0" * before + raw)[4:-4]


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("a_record_that_can_be_emptied")
def test_a_copy_of_the_database_gives_no_secret_away(client, settings):
    settings.OLD_SEAL_KEYS, settings.SEAL_KEY = [settings.SEAL_KEY], "a key that nobody guesses"
    secrets = ["a very secret token", "a token of a stream", "JBSWY3DPEHPK3PXPJBSW"]
    member = given.a_member(roles=["records", "author"], password="a long pass phrase indeed")
    agency = member.agency
    channel = given.a_channel(secrets={"token": secrets[0]}, agency=agency)
    Source.objects.create(agency=agency, name="S", kind="feed", secrets={"token": secrets[1]})
    TOTP.activate(member, secrets[2])
    secrets.append(decrypt(RecoveryCodes.activate(member).instance.data["seed"]))
    private, public = new_pair()
    actor = Actor.objects.create(
        channel=channel, name="riverside", base="https://riverside.example", public_key=public,
        private_key={"pem": private},
    )  # fmt: skip
    inbox = Inbox.objects.create(mark="a", url={"at": PEOPLE[1]}, host="social.example")
    Follower.objects.create(actor=actor, mark="b", who={"id": PEOPLE[1]}, inbox=inbox)
    Subscriber.objects.create(channel=channel, person="c", address=PEOPLE[0])
    question = a_question(by=member)
    client.force_login(member)
    entry = witness("pause", channel, by=member, reason=PEOPLE[2])
    keeping.erase([entry.number], basis="GDPR 17", by=member)
    secrets += [
        private.splitlines()[3], question.key, LastingSecret.objects.get().value,
        client.cookies["sessionid"].value, settings.SEAL_KEY, "a long pass phrase indeed",
    ]  # fmt: skip

    held = everything()
    found = [s for s in [*secrets, *PEOPLE] for way in written_any_way(s) if way in held]
    assert found == []
    # It looked at all of it: what stands in clear is there.
    for clear in (agency.name, Session.objects.get().pk, Authenticator.objects.first().type):
        assert clear.encode() in held
    assert Entry.objects.get(pk=entry.pk).facts == {}
    assert not Kept.objects.filter(pk=entry.pk).exists()
    assert not DataKey.objects.filter(pk=entry.pk).exists()
