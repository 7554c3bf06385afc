"""A mark stands for a person or an address, and is the same for the same one alone."""

import hashlib
import hmac

import pytest

from commonground.kit.marks import mark, network_of, plain_address


def test_a_mark_is_what_the_standard_makes_of_kind_and_thing():
    """By the bytes, so that marks kept in tables are found by the next version, too."""
    made = hmac.new(b"a key", "post\n14 Rue d’Été".encode(), hashlib.sha256).hexdigest()
    assert mark(b"a key", "post", "14 Rue d’Été") == made
    others = {mark(b"another", "post", "x"), mark(b"a key", "post", "x"), mark(b"a key", "p", "x"),
              mark(b"a key", "post", "y")}  # fmt: skip
    assert len(others) == 4


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("203.0.113.0", "203.0.113.0/24"), ("203.0.113.255", "203.0.113.0/24"),
        ("203.0.114.0", "203.0.114.0/24"), (" 203.0.113.9\n", "203.0.113.0/24"),
        ("2001:db8:1:2:ffff:ffff:ffff:ffff", "2001:db8:1:2::/64"),
        ("2001:db8:1:3::", "2001:db8:1:3::/64"), ("::ffff:203.0.113.7", "203.0.113.0/24"),
        ("::203.0.113.7", "::/64"), ("nobody", ""), ("", ""), ("203.0.113.0/24", ""),
        ("fe80::1%eth0", "fe80::/64"),
    ],
)  # fmt: skip
def test_neighbours_lie_in_one_network_and_others_do_not(address, network):
    assert network_of(address) == network


@pytest.mark.parametrize(
    ("typed", "plain"),
    [
        ("ana@mail.example", "ana@mail.example"), (" Ana+a+2@MAIL.example. ", "ana@mail.example"),
        ("STRASSE@x.example", "strasse@x.example"), ('"a@b"@x.example', '"a@b"@x.example'),
        ("ana@mail.example..", "ana@mail.example"), ("nobody", "@nobody"), ("", "@"),
    ],
)  # fmt: skip
def test_one_person_has_one_address_however_they_type_it(typed, plain):
    assert plain_address(typed) == plain
