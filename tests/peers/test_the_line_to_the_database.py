"""Where the desk's parts run on machines of their own they meet in the database: each proves itself
to it by a certificate, and it to each. No password opens it."""

import os
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from django.utils import timezone

from tests.peers import peers
from tests.peers.postgres import humble

ROOT = Path(__file__).parents[2]
pytestmark = pytest.mark.peer
ASK = """
import django; django.setup()
from django.db import connection
with connection.cursor() as cursor:
    cursor.execute("SELECT version, client_dn FROM pg_stat_ssl WHERE pid = pg_backend_pid()")
    print(*cursor.fetchone())
"""


class House:
    """Who signs certificates: the agency's own, or a stranger's."""

    def __init__(self, folder):
        folder.mkdir()
        self.folder, self.key = folder, ec.generate_private_key(ec.SECP256R1())
        self.name = named(f"The house of {folder.name}")
        self.root = folder / "root.pem"
        self.certify("root", self.name, self.key, is_root=True)

    def certify(self, called, name, key, *, is_root=False):
        now = timezone.now()
        made = (
            x509.CertificateBuilder(self.name, name, key.public_key(), x509.random_serial_number())
            .not_valid_before(now - timedelta(days=1))
            .not_valid_after(now + timedelta(days=1))
            .add_extension(x509.BasicConstraints(ca=is_root, path_length=None), critical=True)
            .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
            .sign(self.key, hashes.SHA256())
        )
        (self.folder / f"{called}.pem").write_bytes(made.public_bytes(serialization.Encoding.PEM))

    def part(self, called, common_name):
        """A certificate, and its key, which nobody else may read."""
        key = ec.generate_private_key(ec.SECP256R1())
        self.certify(called, named(common_name), key)
        file = self.folder / f"{called}.key"
        file.write_bytes(
            key.private_bytes(
                serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8,
                serialization.NoEncryption(),
            )
        )  # fmt: skip
        file.chmod(0o600)
        return self.folder / f"{called}.pem", file


def named(text):
    return x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, text)])


@pytest.fixture(scope="module")
def ours(tmp_path_factory):
    return House(tmp_path_factory.mktemp("ours") / "agency")


@pytest.fixture(scope="module")
def stranger(tmp_path_factory):
    return House(tmp_path_factory.mktemp("theirs") / "stranger")


@pytest.fixture(scope="module")
def server(ours):
    """PostgreSQL that takes nobody who has no certificate of ours, and nobody in the open."""

    def lay_out(home):
        rules = home / "who-may.conf"
        rules.write_text("hostssl all all 127.0.0.1/32 cert\n")
        certificate, key = ours.part("server", "localhost")
        files = {"hba_file": rules, "ssl_cert_file": certificate, "ssl_key_file": key,
                 "ssl_ca_file": ours.root}  # fmt: skip
        held = {name: home / f"{name}.held" for name in files}
        for name, file in files.items():
            held[name].write_bytes(file.read_bytes())
            held[name].chmod(0o600)
            if who := humble():
                os.chown(held[name], who["user"], who["group"])
        return ("ssl=on", *(f"{name}={file}" for name, file in held.items()))

    try:
        with peers.postgresql(lay_out=lay_out) as it:
            yield it
    except peers.Unavailable as why:
        pytest.skip(f"NOT TESTED against a real server: {why}")


def asks(server, **said):
    """A part of the desk asks the database who is on the line; by libpq's own settings."""
    mine = {name: held for name, held in os.environ.items() if name[:2] != "PG"}
    url = f"postgresql://postgres:a-password@localhost:{server.port}/postgres"
    return subprocess.run(
        [sys.executable, "-c", ASK], cwd=ROOT, capture_output=True, text=True, check=False,
        env=mine | {"COMMONGROUND_DATABASE_URL": url, "COMMONGROUND_RECORD_FOLDER": "",
                    "DJANGO_SETTINGS_MODULE": "commonground.settings"}
        | {name: str(value) for name, value in said.items()},
    )  # fmt: skip


def as_told(house, root):
    """What docs/how-to/run-a-server.md tells an operator to set."""
    certificate, key = house.part("web", "postgres")
    return {"PGSSLMODE": "verify-full", "PGSSLROOTCERT": root, "PGSSLCERT": certificate,
            "PGSSLKEY": key}  # fmt: skip


def test_a_part_of_the_desk_and_the_database_know_each_other(server, ours):
    done = asks(server, **as_told(ours, ours.root))
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("TLSv1.")
    assert done.stdout.strip().endswith("/CN=postgres")


def test_nobody_else_is_let_in_whatever_password_they_have(server, ours, stranger):
    good = as_told(ours, ours.root)
    nobody = {"PGSSLCERT": "/nowhere", "PGSSLKEY": "/nowhere"}
    for other in (good | nobody, as_told(stranger, ours.root), {"PGSSLMODE": "disable"}):
        done = asks(server, **other)
        assert done.returncode != 0
        assert "OperationalError" in done.stderr


def test_another_database_in_its_place_is_told_nothing(server, ours, stranger):
    done = asks(server, **as_told(ours, stranger.root))
    assert done.returncode != 0
    assert "certificate verify failed" in done.stderr
