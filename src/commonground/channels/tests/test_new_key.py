"""The desk's key is changed while it works: nothing is lost, nothing comes back."""

import pytest
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP
from django.core.management import call_command
from django.core.management.base import CommandError
from tests import given

from commonground.channels.models import Channel
from commonground.kit import rewrapping
from commonground.kit.envelope import SealBroken, newest
from commonground.kit.lasting import READ, lasting_key
from commonground.kit.sealed import Closed
from commonground.record.actions import THE_DESK, keeping, publish, verify, witness
from commonground.record.actions.rewrapping import all_shelves, rewrap_everything
from commonground.record.models import DataKey, Entry
from commonground.record.queries.log import log_key

pytestmark = pytest.mark.django_db
TOKEN = {"token": "a very secret token"}


@pytest.fixture
def newer(settings):
    """From here on the desk has another key, and the one it had before."""

    def change():
        settings.OLD_SEAL_KEYS, settings.SEAL_KEY = [settings.SEAL_KEY], "newer key"

    yield change
    READ.clear()


def run(*wish, capsys):
    call_command("keys", *wish)
    return capsys.readouterr().out


def test_everything_opens_with_the_newest_key_alone_afterwards(newer, settings, capsys):
    member = given.a_member(name="Officer Reyes", roles=["records"])
    channel = given.a_channel(secrets=TOKEN, agency=member.agency)
    codes, totp = RecoveryCodes.activate(member), TOTP.activate(member, "JBSWY3DPEHPK3PXP")
    printed = codes.generate_codes()
    numbers = [witness("pause", channel, by=member, reason="Hacked?").number for _ in range(3)]
    keeping.erase(numbers[:1], basis="GDPR 17", by=member)
    publish()
    kept = log_key(1), lasting_key("marks")

    newer()
    assert "can go: none" in run("show", capsys=capsys)
    said = run("rewrap", capsys=capsys)
    assert "commonground_channels_channel.secrets: 1 looked at, 1 put under" in said
    shown = run("show", capsys=capsys)
    (old,) = settings.OLD_SEAL_KEYS
    settings.OLD_SEAL_KEYS = []
    READ.clear()

    assert Channel.objects.get(pk=channel.pk).secrets == TOKEN
    for held in (codes, totp):
        held.instance.refresh_from_db()
    assert codes.generate_codes() == printed
    assert "can go: none" not in shown
    assert (log_key(1), lasting_key("marks")) == kept
    assert Entry.objects.get(number=numbers[1]).detail == {"reason": "Hacked?"}
    assert verify() is None
    assert Entry.objects.latest("number").verb == "rewrap"
    settings.SEAL_KEY = old
    with pytest.raises(SealBroken):
        _ = Channel.objects.get(pk=channel.pk).secrets


def test_what_was_erased_does_not_come_back(newer):
    member = given.a_member(roles=["records"])
    number = witness("pause", given.a_channel(), by=THE_DESK, agency=member.agency_id).number
    keeping.erase([number], basis="GDPR 17", by=member)
    newer()
    list(rewrap_everything())
    assert not DataKey.objects.filter(pk=number).exists()
    assert Entry.objects.get(number=number).facts == {}
    assert verify() is None


def test_broken_off_it_goes_on_where_it_was(newer, monkeypatch):
    monkeypatch.setattr(rewrapping, "AT_ONCE", 2)
    for _ in range(5):
        given.a_channel(secrets=TOKEN)
    newer()
    going = rewrap_everything()
    for step in going:
        if step.name.endswith("channel.secrets"):
            break
    going.close()  # as a kill would, after the first two
    (shelf,) = [s for s in all_shelves() if s.name.endswith("channel.secrets")]
    assert sorted(shelf.under().values()) == [2, 3]
    done = {step.name: step for step in rewrap_everything()}[shelf.name]
    assert (done.looked_at, done.closed_anew) == (5, 3)
    assert [c.secrets for c in Channel.objects.all()] == [TOKEN] * 5


def test_what_does_not_open_is_told_and_stays_and_stops_nothing(newer, capsys):
    # In the order in which they are looked at: the others come after it.
    broken, whole, _ = sorted(
        (given.a_channel(secrets=TOKEN) for _ in range(3)), key=lambda c: c.pk
    )
    Channel.objects.filter(pk=broken.pk).update(secrets=Closed("00000000.AAAA.AAAA"))
    newer()
    with pytest.raises(CommandError, match="1 values do not open with any key of this desk"):
        call_command("keys", "rewrap")
    with pytest.raises(CommandError, match="was not given the key 00000000"):
        call_command("keys", "show")
    (shelf,) = [s for s in all_shelves() if s.name.endswith("channel.secrets")]
    assert shelf.under() == {"00000000": 1, newest().hex(): 2}
    assert Channel.objects.get(pk=whole.pk).secrets == TOKEN
    assert broken.__class__.objects.filter(secrets=Closed("00000000.AAAA.AAAA")).exists()


def test_a_new_key_is_told_with_how_to_change_to_it(capsys):
    said = run("new", capsys=capsys)
    assert len(said.splitlines()[0]) == 64
    assert "COMMONGROUND_OLD_SEAL_KEYS" in said
