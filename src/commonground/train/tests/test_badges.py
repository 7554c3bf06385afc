"""A certificate that another tool verifies, and what does not pass for one."""

import base64
import hmac
import json
import shutil
import subprocess
from datetime import timedelta

import pytest
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from django.core.management import CommandError, call_command
from django.utils import timezone
from jwt.algorithms import RSAAlgorithm
from tests import given

from commonground.agency.models import Certificate
from commonground.kit.refusals import Refused
from commonground.train.actions.badges import NotABadge, badge_of, key_of, name_of, read
from commonground.train.engine.badge import is_about

pytestmark = pytest.mark.django_db


@pytest.fixture
def held():
    return given.a_certificate(given.a_member(certified=False))


@pytest.fixture
def key(held):
    return key_of(held.member.agency).public


def parts(token):
    def opened(part):
        return base64.urlsafe_b64decode(part + "=" * (-len(part) % 4))

    head, body, signature = token.split(".")
    return json.loads(opened(head)), json.loads(opened(body)), opened(signature)


def test_it_says_who_may_speak_from_when_until_when_and_names_nobody(held, key):
    token = badge_of(held)
    said = read(token, key)
    assert said["type"] == ["VerifiableCredential", "AchievementCredential"]
    assert said["credentialSubject"]["achievement"]["name"] == held.course
    assert said["exp"] == int(held.expires_at.timestamp())
    assert is_about(said, held.member.email)
    assert not is_about(said, "somebody.else@riverside.example")
    everything = json.dumps(parts(token)[1])
    assert held.member.email not in everything
    assert held.member.name not in everything


def test_another_tool_verifies_it(held, key, tmp_path):
    """openssl, which knows nothing of us, with the key that the issuer's page gives."""
    openssl = shutil.which("openssl")
    assert openssl, "every machine this runs on has it"
    token = badge_of(held)
    pem = RSAAlgorithm.from_jwk(key).public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    (tmp_path / "key").write_bytes(pem)
    (tmp_path / "signature").write_bytes(parts(token)[2])

    def verdict(signed):
        (tmp_path / "signed").write_text(signed)
        words = [openssl, "dgst", "-sha256", "-verify", "key", "-signature", "signature", "signed"]
        return subprocess.run(words, cwd=tmp_path, capture_output=True, check=False).returncode

    signed = token.rpartition(".")[0]
    assert verdict(signed) == 0
    assert verdict(signed[:-1] + ("A" if signed[-1] != "A" else "B")) != 0


def test_a_changed_one_is_refused_wherever_it_was_changed(held, key):
    token = badge_of(held)
    head, body, signature = token.split(".")
    said = parts(token)[1] | {"exp": parts(token)[1]["exp"] + 9_999_999}
    longer = base64.urlsafe_b64encode(json.dumps(said).encode()).rstrip(b"=").decode()
    none = base64.urlsafe_b64encode(b'{"alg":"none"}').rstrip(b"=").decode()
    for forged in (
        f"{head}.{longer}.{signature}", f"{head}.{body}.", f"{none}.{body}.", body, "", "x.y.z",
        f"{head}.{body}.{signature[::-1]}",
    ):  # fmt: skip
        with pytest.raises(NotABadge):
            read(forged, key)


def test_one_that_brings_its_own_key_along_is_refused(held, key):
    """The forger's signature fits the key in the header, and that key is not the agency's."""
    forger = given.a_certificate(given.a_member(certified=False))
    token = badge_of(forger)
    theirs = parts(token)[0]["jwk"]
    assert read(token, theirs)
    assert theirs != key
    with pytest.raises(NotABadge):
        read(token, key)


def test_a_secret_made_of_the_public_key_signs_nothing(held, key):
    body = badge_of(held).split(".")[1]
    head = base64.urlsafe_b64encode(b'{"alg":"HS256","typ":"JWT"}').rstrip(b"=").decode()
    for secret in (json.dumps(key), key["n"]):
        made = hmac.digest(secret.encode(), f"{head}.{body}".encode(), "sha256")
        signature = base64.urlsafe_b64encode(made).rstrip(b"=").decode()
        with pytest.raises(NotABadge):
            read(f"{head}.{body}.{signature}", key)


def test_it_is_in_force_from_its_first_second_to_the_one_before_its_last(held, key):
    token = badge_of(held)
    since, until = held.awarded_at.replace(microsecond=0), held.expires_at.replace(microsecond=0)
    assert read(token, key, at=since)
    assert read(token, key, at=until - timedelta(seconds=1))
    for at in (since - timedelta(seconds=1), until, until + timedelta(days=900)):
        with pytest.raises(NotABadge, match="not in force"):
            read(token, key, at=at)


def test_none_is_given_for_what_was_written_past_the_desk(held):
    Certificate.objects.filter(pk=held.pk).update(course="Commander")
    with pytest.raises(Refused, match="not awarded on the desk"):
        badge_of(Certificate.objects.get(pk=held.pk))


def test_the_private_key_is_not_in_the_database_in_clear(held):
    row = key_of(held.member.agency)
    stored = type(row).objects.filter(pk=row.pk).values_list("sealed", flat=True)[0]
    assert "PRIVATE" not in str(stored)
    assert "PRIVATE" in type(row).objects.get(pk=row.pk).sealed["pem"]


class TestPages:
    def test_a_member_takes_their_own_along_and_nobody_elses(self, client, held, key):
        client.force_login(held.member)
        answer = client.get(f"/train/certificates/{held.pk}/badge/")
        assert answer["Content-Type"] == "application/vc+jwt"
        assert read(answer.content.decode(), key)["jti"] == name_of(held)
        client.force_login(given.a_member(agency=held.member.agency))
        assert client.get(f"/train/certificates/{held.pk}/badge/").status_code == 404

    def test_anybody_learns_the_key_and_what_was_revoked(self, client, held, key):
        at = f"/train/badges/{held.member.agency.slug}/"
        told = client.get(at).json()
        assert told["keys"] == [key]
        assert parts(badge_of(held))[1]["iss"] == told["id"]
        assert client.get(f"{at}revoked").json()["revokedCredential"] == []
        Certificate.objects.filter(pk=held.pk).update(revoked_at=timezone.now())
        gone = client.get(f"{at}revoked").json()["revokedCredential"]
        assert gone == [{"id": name_of(held), "revoked": True}]

    def test_an_agency_that_is_not_there_or_a_drill_signs_nothing(self, client):
        assert client.get("/train/badges/nowhere/").status_code == 404
        drill = given.an_agency(drill=True)
        assert client.get(f"/train/badges/{drill.slug}/").status_code == 404


class TestCommand:
    """commonground train badge FILE --key KEYS"""

    @pytest.fixture
    def shown(self, client, held, tmp_path):
        (tmp_path / "badge").write_text(badge_of(held))
        keys = client.get(f"/train/badges/{held.member.agency.slug}/").content
        (tmp_path / "keys").write_bytes(keys)
        return tmp_path

    def test_a_good_one_is_told(self, held, shown, capsys):
        call_command("train", "badge", str(shown / "badge"), key=shown / "keys")
        assert json.loads(capsys.readouterr().out)["jti"] == name_of(held)

    @pytest.mark.parametrize("broken", ["badge", "keys"])
    def test_a_bad_one_is_refused_in_words(self, shown, broken):
        (shown / broken).write_text("nothing of the kind")
        with pytest.raises(CommandError, match=r"cannot be read|not the issuer"):
            call_command("train", "badge", str(shown / "badge"), key=shown / "keys")
