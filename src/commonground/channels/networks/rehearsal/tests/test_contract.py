import pytest
from django.utils import timezone
from tests import given

from commonground.channels.contract import Declined, Login, Message, Receipt
from commonground.channels.line.own import new_name
from commonground.channels.networks.rehearsal.adapter import AT_ONCE, NETWORK, Rehearsal, hears
from commonground.channels.networks.rehearsal.fake import fake
from commonground.channels.networks.rehearsal.models import Remark, Utterance
from commonground.channels.tests.contract_suite import Contract, Stage
from commonground.channels.tests.pretended import stage_on


@pytest.mark.django_db
class TestRehearsal(Contract):
    @pytest.fixture
    def stage(self):
        channel = given.a_channel(network="rehearsal")
        return Stage(
            network=NETWORK,
            login=Login(str(channel.pk)),
            standing=Utterance.objects.standing().count,
            alts=lambda receipt: Utterance.objects.get(key=receipt.network_id).alts,
            handle=channel.name,
            beneath=lambda receipt: Utterance.objects.get(key=receipt.network_id).beneath,
        )


class TestFakeRehearsal(Contract):
    @pytest.fixture
    def stage(self):
        return stage_on(fake())


def a_remark(channel, text, **but):
    key = new_name(timezone.now())
    return Remark.objects.create(channel=channel, key=key, author="gull", text=text, **but)


@pytest.mark.django_db
def test_what_people_in_the_drill_say_is_heard_once_and_in_its_order():
    channel, other = given.a_channel(drill=True), given.a_channel(drill=True)
    login = Login(str(channel.pk))
    for text in ("First.", "Second."):
        a_remark(channel, text)
    a_remark(other, "Elsewhere.")

    batch = hears(login, "")
    assert [said.text for said in batch.said] == ["First.", "Second."]
    assert hears(login, batch.cursor).said == ()

    a_remark(channel, "Third.", beneath="abc", name="Gull")
    (said,) = hears(login, batch.cursor).said
    assert (said.handle, said.name, said.beneath, said.public) == ("@gull", "Gull", "abc", True)


@pytest.mark.django_db
def test_more_than_fits_comes_next():
    channel = given.a_channel(drill=True)
    for n in range(AT_ONCE + 1):
        a_remark(channel, f"Number {n}")
    batch = hears(Login(str(channel.pk)), "")

    assert (len(batch.said), batch.more) == (AT_ONCE, True)
    assert len(hears(Login(str(channel.pk)), batch.cursor).said) == 1


@pytest.mark.django_db
def test_an_answer_stands_beneath_what_was_said_here_and_nowhere_else():
    channel, other = given.a_channel(drill=True), given.a_channel(drill=True)
    remark = a_remark(channel, "Which road?")
    adapter, key = Rehearsal(Login(str(channel.pk))), new_name(timezone.now())
    answer = Message(text="Mast Road.", follows=Receipt(remark.key, ""))
    adapter.publish(answer, key=key)

    assert Utterance.objects.get(key=key).beneath == remark.key
    with pytest.raises(Declined):
        Rehearsal(Login(str(other.pk))).publish(answer, key=new_name(timezone.now()))
