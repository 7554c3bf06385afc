"""Sealed texts among clear ones: each is put under the newest key, wherever it stands."""

import pytest

from commonground.kit.envelope import SealBroken, newest, opened_text, sealed_text
from commonground.kit.rewrapping import MARK, anew, called_in, newest_called

PLACE = b"a table.a column"


def sealed(words):
    return "sealed:" + sealed_text(words.encode(), PLACE)  # as it stands in rows since the first


def held():
    return {"clear": "words", "one": sealed("first"), "more": [1, None, [sealed("second")], {}],
            "deep": {"deeper": [{"x": sealed("third")}]}, "like it": "not sealed:x"}  # fmt: skip


def opened(value):
    """The same, with what is sealed opened by the keys there are."""
    if isinstance(value, dict):
        return {name: opened(one) for name, one in value.items()}
    if isinstance(value, list):
        return [opened(one) for one in value]
    if isinstance(value, str) and value.startswith(MARK):
        return opened_text(value.removeprefix(MARK), PLACE).decode()
    return value


def test_whatever_is_sealed_in_it_opens_with_the_new_key_alone(settings):
    before = held()
    old = settings.SEAL_KEY
    settings.SEAL_KEY, settings.OLD_SEAL_KEYS = "newer", [old]
    fresh = anew(before, PLACE)
    assert sorted(called_in(fresh)) == [newest_called()] * 3 == [newest().hex()] * 3
    assert newest_called() not in list(called_in(before))
    settings.OLD_SEAL_KEYS = []
    assert opened(fresh) == {
        "clear": "words", "one": "first", "more": [1, None, ["second"], {}],
        "deep": {"deeper": [{"x": "third"}]}, "like it": "not sealed:x",
    }  # fmt: skip


def test_what_is_under_the_newest_key_is_not_touched():
    before = held()
    assert anew(before, PLACE) == before


def test_what_does_not_open_there_is_not_closed_anew(settings):
    before, old = held(), settings.SEAL_KEY
    settings.SEAL_KEY, settings.OLD_SEAL_KEYS = "newer", [old]
    with pytest.raises(SealBroken):
        anew(before, b"another column")


@pytest.mark.parametrize("clear", [None, 1, 1.5, True, "", "sealed", [], {}, [[]], {"a": {}}])
def test_where_nothing_is_sealed_no_key_is_named(clear):
    assert list(called_in(clear)) == []
    assert anew(clear, PLACE) == clear
