"""What an operator may set is read once, and every mistake is told at once, in words."""

import stat

import pytest

from commonground.kit.environment import Env, kept_secret


def test_every_mistake_is_told_at_once():
    with pytest.raises(SystemExit) as told:
        Env.read({
            "COMMONGROUND_UNDO_SECONDS": "soon",
            "COMMONGROUND_ALARMS_PER_DAY": "-1",
            "COMMONGROUND_DATABASE_URL": "mysql://x",
        })  # fmt: skip

    for name in ("UNDO_SECONDS", "ALARMS_PER_DAY", "DATABASE_URL"):
        assert f"COMMONGROUND_{name}" in str(told.value)


def test_a_value_may_be_kept_in_a_file(tmp_path):
    (tmp_path / "key").write_text("from a file\n")

    assert Env.read({"COMMONGROUND_SECRET_KEY_FILE": str(tmp_path / "key")}).secret_key == (
        "from a file"
    )


def test_a_small_desk_keeps_its_own_secret_where_others_cannot_read_it(tmp_path):
    url = f"sqlite:///{tmp_path}/desk.sqlite3"

    first, again = kept_secret(url), kept_secret(url)

    assert first == again
    assert len(first) >= 48
    assert stat.S_IMODE((tmp_path / "secret-key").stat().st_mode) == 0o600


SITE = {"COMMONGROUND_SITE_URL": "https://desk.example"}


@pytest.mark.parametrize("sites", [
    "fire=https://news.fire.example,fire=https://other.example",  # one agency at two addresses
    "fire=https://news.fire.example,police=https://news.fire.example",  # two at one
    "fire=https://desk.example", "fire=https://desk.example:8443", "fire=http://news.fire.example", "fire=https://fire.example/news",
    "fire=https://.fire.example", "fire=https://news.fire.example.",  # all below it, or none
    "fire=https://evil.example@fire.example", "fire", "https://news.fire.example",
])  # fmt: skip
def test_an_address_is_one_agencys_and_nobody_else_s(sites):
    with pytest.raises(SystemExit, match="COMMONGROUND_PUBLIC_SITES"):
        Env.read({**SITE, "COMMONGROUND_PUBLIC_SITES": sites})


def test_agencies_may_have_addresses_of_their_own():
    sites = "fire=https://news.fire.example, sea=https://sea.example:8443"
    read = Env.read({**SITE, "COMMONGROUND_PUBLIC_SITES": sites}).public_sites
    assert read == ["fire=https://news.fire.example", "sea=https://sea.example:8443"]
