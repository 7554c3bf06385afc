"""What all processes of a desk must know alike, kept where it runs no code and names nobody."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
import time_machine
from django.core.cache import cache
from django.db import connection
from django.utils import timezone

from commonground.kit.models import Remembered
from commonground.kit.tasks import forget_what_is_over

WHO = "allauth:rl:account:login:5/300s/ip:203.0.113.9"


@pytest.mark.django_db
def test_it_is_a_cache_as_django_knows_them():
    cache.set(WHO, [1.5, 2.5], 300)
    assert cache.get(WHO) == [1.5, 2.5]
    cache.set(WHO, [1.5], 300)
    assert cache.get(WHO) == [1.5]
    assert cache.get("nothing") is None
    assert cache.get("nothing", 7) == 7
    assert WHO in cache
    assert cache.touch(WHO, 900)
    assert not cache.touch("nothing")
    assert cache.delete(WHO)
    assert not cache.delete(WHO)
    cache.set_many({"a": 1, "b": None})
    assert cache.get_many(["a", "b", "c"]) == {"a": 1, "b": None}
    assert cache.incr("a") == 2
    cache.delete_many(["a", "b"])
    cache.set("for ever", 1, None)
    assert cache.get("for ever") == 1
    cache.clear()
    assert not Remembered.objects.exists()


@pytest.mark.django_db
def test_what_is_over_is_as_if_it_had_never_been():
    with time_machine.travel(timezone.now(), tick=False) as clock:
        assert cache.add(WHO, "y", 90)
        assert not cache.add(WHO, "y", 90)
        clock.shift(timedelta(seconds=90))
        assert cache.get(WHO) is None
        assert cache.add(WHO, "z", 90)
        assert cache.get(WHO) == "z"
        clock.shift(timedelta(seconds=91))
        forget_what_is_over()
    assert not Remembered.objects.exists()


@pytest.mark.django_db
def test_a_copy_of_the_table_names_nobody():
    cache.set(WHO, [1.5], 300)
    row = Remembered.objects.get()
    assert "203.0.113" not in row.name
    assert len(row.name) == 64


@pytest.mark.django_db
def test_what_lies_in_the_table_is_read_and_never_run():
    cache.set(WHO, "y", 300)
    Remembered.objects.update(value="gASVJAAAAAAAAACMBXBvc2l4lIwGc3lzdGVtlJOUjAl0b3VjaCAvdG1w")
    with pytest.raises(ValueError, match="Expecting value"):
        cache.get(WHO)


def one_more(_):
    try:
        return cache.add("a code", "y", 90)
    finally:
        connection.close()


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("there_was_one", [False, True])
def test_of_many_who_add_in_one_instant_one_hears_yes(there_was_one):
    if there_was_one:
        cache.set("a code", "y", 0)
    with ThreadPoolExecutor(8) as hands:
        assert sum(hands.map(one_more, range(24))) == 1
