"""What every network promises, asked of each of them: a subclass says where to ask.

Give the subclass a fixture `stage`, and every promise of contract.Adapter is put to the
test on it: on the fakes, on our own database, and on real servers alike.
"""

from __future__ import annotations

import io
from collections.abc import Callable
from contextlib import nullcontext, suppress
from dataclasses import dataclass, replace
from datetime import timedelta

import pytest
from django.utils import timezone
from PIL import Image

from commonground.channels.contract import (
    Adapter,
    Declined,
    Film,
    Limits,
    LinkCard,
    Login,
    Message,
    Network,
    Picture,
    Receipt,
    Settles,
    SignInNeeded,
    Unsure,
)

WORDS = {
    "plain": "Road closed on the harbour bridge until noon.",
    "accents": "Rue fermée : déviation par le quai. ¿Preguntas? Llámenos. Straße gesperrt.",
    "emoji": "Found safe 🎉 thank you 👮🏽‍♀️👩‍👩‍👧‍👦 🇨🇦",
    "right to left": "الطريق مغلق حتى الظهر. הכביש סגור",
    "joined up": "सड़क बंद है। 道路は閉鎖されています。 ถนนปิด",
    "links": "Details: https://riverside.example/a12?x=1&y=2#now, and https://riverside.example/b.",
    "tags": "Closed: #A12 and #HarbourBridge",
    "signs": "5 < 6 & 7 > 4, \"quoted\" 'twice' <b>not bold</b> &amp; &lt;",
    "lines": "One.\nTwo.\n\nFour, after a blank line.",
    "spaces": "Two  spaces and   three.",
    "bare link": "See police.riverside.ca/a12 for more",
    "combining": "Cafe\u0301 closed",
}


def a_picture(alt: str = "A closed bridge", width: int = 64, height: int = 48) -> Picture:
    paper = io.BytesIO()
    Image.new("RGB", (width, height), "navy").save(paper, "PNG")
    return Picture(paper.getvalue(), "image/png", alt, width, height)


def a_film() -> Film:
    """Nobody here plays it: what counts is that it arrives whole, or that nobody pretends."""
    said = "WEBVTT\n\n00:00:00.000 --> 00:00:01.000\nMast Road &amp; Quay are closed.\n"
    content = b"\0\0\0\x18ftypmp42\0\0\0\0mp42isom" + bytes(1000)
    return Film(content, "video/mp4", "Cars turn round", 64, 48, 1.0, said, "en")


def longest(limits: Limits) -> str:
    """The longest text of two-byte letters that fits."""
    return "é" * min(limits.characters, (limits.bytes or limits.characters * 2) // 2)


@dataclass
class Stage:
    """One signed-in channel on one network, and eyes that look behind it."""

    network: Network
    login: Login
    standing: Callable[[], int]  # how many posts of ours the network shows
    alts: Callable[[Receipt], list[str]]  # what it says its pictures show
    handle: str
    beneath: Callable[[Receipt], str] | None = None  # the id of what a post stands beneath
    stranger: Login | None = None  # the same channel with the wrong secret
    twins: bool = True  # whether the network shows the same words twice
    no_post: str = "234567abcdefg"  # an id of the right form, of no post

    @property
    def adapter(self) -> Adapter:
        """A new line each time: nothing may depend on what an adapter remembers."""
        return self.network.open(self.login)

    def key(self) -> str:
        return self.adapter.new_key(timezone.now())

    def says(self, words: str, **more) -> Message:
        """A message this network could show: with a picture, where it shows nothing without."""
        pictures = (a_picture(),) * self.network.limits.pictures_at_least
        return Message(words, **{"pictures": pictures, **more})

    def find(self, message: Message, key: str):
        since = timezone.now() - timedelta(minutes=5)
        return self.adapter.find(message, key=key, since=since)


def keyed(stage: Stage) -> None:
    """Only some networks promise anything about being asked twice."""
    if stage.network.settles is Settles.BY_LOOKING:
        pytest.skip("Here only looking can tell, so nobody asks twice without it.")


def threaded(stage: Stage) -> None:
    if not stage.network.threads:
        pytest.skip("This network shows no post beneath another.")


def pictured(stage: Stage) -> None:
    if not stage.network.limits.pictures:
        pytest.skip("This network takes no pictures.")


class Contract:
    """Every promise of contract.Adapter."""

    def test_what_is_published_is_found_with_the_same_words(self, stage):
        message, key = stage.says(WORDS["plain"]), stage.key()
        receipt = stage.adapter.publish(message, key=key)

        seen = stage.find(message, key)

        assert receipt.network_id
        assert (seen.text, seen.receipt) == (message.text, receipt)

    @pytest.mark.parametrize("words", WORDS.values(), ids=WORDS)
    def test_words_of_every_kind_arrive_as_they_were_written(self, stage, words):
        message, key = stage.says(words, language="fr"), stage.key()
        stage.adapter.publish(message, key=key)

        assert stage.find(message, key).text == words

    def test_what_was_never_published_is_not_found(self, stage):
        assert stage.find(stage.says("Never said."), stage.key()) is None

    def test_other_words_are_not_taken_for_ours(self, stage):
        stage.adapter.publish(stage.says("Road closed."), key=stage.key())

        assert stage.find(stage.says("Road open."), stage.key()) is None

    def test_asking_again_with_the_same_key_leaves_one_post(self, stage):
        keyed(stage)
        message, key, before = stage.says(WORDS["plain"]), stage.key(), stage.standing()

        receipts = {stage.adapter.publish(message, key=key) for _ in range(3)}

        assert len(receipts) == 1
        assert stage.standing() == before + 1

    def test_two_keys_make_two_posts_of_the_same_words_or_the_second_is_refused(self, stage):
        message, before = stage.says(WORDS["plain"]), stage.standing()
        first = stage.adapter.publish(message, key=stage.key())

        if stage.twins:
            assert stage.adapter.publish(message, key=stage.key()) != first
        else:
            with pytest.raises(Declined) as told:
                stage.adapter.publish(message, key=stage.key())
            assert not isinstance(told.value, SignInNeeded)

        assert stage.standing() == before + 1 + stage.twins

    def test_a_key_never_says_two_things(self, stage):
        keyed(stage)
        key, before = stage.key(), stage.standing()
        stage.adapter.publish(stage.says("Road closed."), key=key)
        # Where the network tells us what it kept for this key, we can only say it is odd.
        own_id = stage.network.settles is Settles.BY_OWN_ID
        with pytest.raises(Declined if own_id else Unsure):
            stage.adapter.publish(stage.says("Road open."), key=key)

        assert stage.standing() == before + 1
        assert stage.find(stage.says("Road closed."), key)

    def test_keys_made_in_the_same_instant_differ_and_fit(self, stage):
        now = timezone.now()
        keys = [stage.adapter.new_key(now) for _ in range(200)]

        assert len(set(keys)) == len(keys)
        assert max(map(len, keys)) <= 80

    def test_pictures_arrive_with_their_words(self, stage):
        pictured(stage)
        alts = ["A closed bridge", "Un pont fermé 🌉"]
        message, key = Message("See:", pictures=tuple(map(a_picture, alts))), stage.key()
        receipt = stage.adapter.publish(message, key=key)

        assert stage.alts(receipt) == alts
        assert stage.find(message, key).text == "See:"

    def test_repeating_a_post_with_pictures_leaves_one_post(self, stage):
        keyed(stage)
        pictured(stage)
        message, key = Message("See:", pictures=(a_picture(),)), stage.key()
        before = stage.standing()

        receipts = {stage.adapter.publish(message, key=key) for _ in range(2)}

        assert (len(receipts), stage.standing()) == (1, before + 1)

    def test_a_video_arrives_or_is_declined_and_never_left_out_in_silence(self, stage):
        message = Message("Watch:", film=a_film())
        if not stage.network.limits.film_bytes:
            self.declines(stage, message)
            return
        key = stage.key()
        stage.adapter.publish(message, key=key)
        assert stage.find(message, key).text == "Watch:"

    def test_a_video_without_captions_or_words_is_declined(self, stage):
        for lacking in ({"captions": " "}, {"alt": ""}):
            self.declines(stage, Message("Watch:", film=replace(a_film(), **lacking)))

    def test_a_picture_nobody_described_is_declined(self, stage):
        self.declines(stage, Message("See:", pictures=(a_picture(alt=" "),)))

    @pytest.mark.parametrize("text", ["", " \n ", "half a letter \ud83d", "a NUL \0"])
    def test_what_cannot_be_said_is_declined(self, stage, text):
        self.declines(stage, stage.says(text) if text.strip() else Message(text))

    def test_too_many_pictures_are_declined(self, stage):
        many = (a_picture(),) * (stage.network.limits.pictures + 1)
        self.declines(stage, Message("See:", pictures=many))

    def test_a_card_goes_out_with_its_post(self, stage):
        card = LinkCard("https://riverside.example/a12", "The A12", "Closed until noon")
        message = stage.says("Closed: https://riverside.example/a12", card=card)
        key = stage.key()
        stage.adapter.publish(message, key=key)

        assert stage.find(message, key).text == message.text

    def test_a_correction_goes_out_and_what_it_corrects_stays(self, stage):
        wrong = stage.adapter.publish(stage.says("Road closed."), key=stage.key())
        right, key = replace(stage.says("Correction: road open."), corrects=wrong), stage.key()

        receipt = stage.adapter.publish(right, key=key)

        assert stage.find(right, key).text == right.text
        since = timezone.now() - timedelta(minutes=5)
        assert wrong in [s.receipt for s in stage.adapter.standing(since=since)]
        if stage.beneath:
            assert stage.beneath(receipt) == wrong.network_id

    def test_a_correction_of_what_is_gone_goes_out_by_itself(self, stage):
        if stage.network.letters:
            pytest.skip("What is in people's boxes stays there.")
        wrong = stage.adapter.publish(stage.says("Road closed."), key=stage.key())
        stage.adapter.withdraw(wrong)
        right, key = replace(stage.says("Correction: open."), corrects=wrong), stage.key()

        stage.adapter.publish(right, key=key)

        assert stage.find(right, key).text == right.text

    def test_parts_of_a_thread_stand_each_beneath_the_one_before(self, stage):
        threaded(stage)
        former = stage.adapter.publish(stage.says("Road closed. 1/3"), key=stage.key())
        for words in ("Use the quay. 2/3", "More at noon. 3/3"):
            part, key = stage.says(words, follows=former), stage.key()
            receipt = stage.adapter.publish(part, key=key)

            assert stage.find(part, key).receipt == receipt
            if stage.beneath:
                assert stage.beneath(receipt) == former.network_id
            former = receipt

    def test_a_part_whose_former_is_gone_does_not_go_out(self, stage):
        threaded(stage)
        former = stage.adapter.publish(stage.says("Road closed. 1/2"), key=stage.key())
        stage.adapter.withdraw(former)
        part, key = stage.says("Use the quay. 2/2", follows=former), stage.key()
        before = stage.standing()

        with pytest.raises(Declined):
            stage.adapter.publish(part, key=key)

        assert stage.standing() == before

    def test_the_same_words_elsewhere_are_not_the_part_that_was_sent(self, stage):
        threaded(stage)
        former = stage.adapter.publish(stage.says("Road closed. 1/2"), key=stage.key())
        alone, key = stage.says("Use the quay. 2/2"), stage.key()
        stage.adapter.publish(alone, key=key)

        with suppress(Declined):  # where the name is ours: something else stands under it
            assert stage.find(replace(alone, follows=former), key) is None

    def test_the_longest_text_that_fits_goes_out(self, stage):
        message, key = stage.says(longest(stage.network.limits)), stage.key()
        stage.adapter.publish(message, key=key)

        assert stage.find(message, key).text == message.text

    def test_one_character_more_is_declined(self, stage):
        self.declines(stage, stage.says(longest(stage.network.limits) + "é"))

    def declines(self, stage, message):
        key, before = stage.key(), stage.standing()

        with pytest.raises(Declined) as told:
            stage.adapter.publish(message, key=key)

        assert str(told.value)
        assert not isinstance(told.value, SignInNeeded)
        assert stage.standing() == before

    def test_all_that_stands_on_the_account_is_seen(self, stage):
        since = timezone.now() - timedelta(minutes=5)
        first = stage.adapter.publish(stage.says("One."), key=stage.key())
        second = stage.adapter.publish(stage.says("Two."), key=stage.key())
        gone = stage.adapter.publish(stage.says("Three."), key=stage.key())
        self.withdraw(stage, gone)

        standing = {s.receipt: s for s in stage.adapter.standing(since=since)}

        assert (standing[first].text, standing[second].text) == ("One.", "Two.")
        assert since <= standing[first].at <= timezone.now() + timedelta(minutes=1)
        assert gone not in standing or stage.network.letters

    def test_what_is_withdrawn_is_gone_and_may_be_withdrawn_again(self, stage):
        message, key, before = stage.says("Said in error."), stage.key(), stage.standing()
        receipt = stage.adapter.publish(message, key=key)
        if stage.network.letters:
            pytest.skip("What is in people's boxes stays there; see the next claim.")

        stage.adapter.withdraw(receipt, why="It was wrong.")
        stage.adapter.withdraw(receipt, why="It was wrong.")

        assert stage.find(message, key) is None
        assert stage.standing() == before

    def test_letters_that_left_cannot_be_called_back_and_it_says_so(self, stage):
        if not stage.network.letters:
            pytest.skip("This network takes back what it shows.")
        message, key = Message("Said in error."), stage.key()
        receipt = stage.adapter.publish(message, key=key)
        stage.find(message, key)

        for _again in range(2):
            with pytest.raises(Declined, match="called back") as told:
                stage.adapter.withdraw(receipt, why="It was wrong.")
            assert not isinstance(told.value, SignInNeeded)

    def test_withdrawing_one_post_leaves_the_others(self, stage):
        kept, key = stage.says("Still true."), stage.key()
        stage.adapter.publish(kept, key=key)
        self.withdraw(stage, stage.adapter.publish(stage.says("Wrong."), key=stage.key()))

        assert stage.find(kept, key).text == "Still true."

    def withdraw(self, stage, receipt):
        with suppress(Declined) if stage.network.letters else nullcontext():
            stage.adapter.withdraw(receipt)

    def test_the_network_says_who_we_are(self, stage):
        assert stage.adapter.prove().handle == stage.handle

    def test_a_wrong_secret_needs_a_person(self, stage):
        if stage.stranger is None:
            pytest.skip("This network asks for no secret.")
        adapter, message = stage.network.open(stage.stranger), stage.says("Hello.")
        since = timezone.now()
        for attempt in (
            adapter.prove,
            lambda: adapter.publish(message, key=stage.key()),
            lambda: adapter.find(message, key=stage.key(), since=since),
            lambda: adapter.standing(since=since),
            lambda: adapter.withdraw(Receipt(stage.no_post, "")),
        ):
            with pytest.raises(SignInNeeded):
                attempt()

    def test_a_secret_shows_in_no_repr(self, stage):
        shown = repr(stage.login) + repr(stage.adapter) + repr(vars(stage.adapter))

        assert not any(s in shown for s in stage.login.secrets.values() if s)


def with_secrets(login: Login, **secrets: str) -> Login:
    return replace(login, secrets={**login.secrets, **secrets})
