"""A link is ours only where both the number and the account are."""

import pytest

from commonground.protect.engine.places import is_link, is_under, leads_to

DID = "did:plc:abcdefghijklmnopqrstuvwx"
BLUESKY = f"https://bsky.app/profile/{DID}/post/3kabc"
MASTODON = "https://social.example/@city/110"


@pytest.mark.parametrize(
    "link",
    [
        BLUESKY, "bsky.app/profile/city.example/post/3kabc", BLUESKY + "?ref=x#top",
        "https://www.bsky.app/profile/city.example/post/3kabc/",
    ],
)  # fmt: skip
def test_the_same_post_under_its_handle_or_its_identity(link):
    assert leads_to(link, BLUESKY, "city.example")


@pytest.mark.parametrize(
    "link",
    [
        "https://bsky.app/profile/clty.example/post/3kabc", "https://bsky.app.evil/profile/x/3kabc",
        "https://evil.example/bsky.app/profile/city.example/post/3kabc", "https://bsky.app/",
        "https://bsky.app/profile/city.example@evil/post/3kabc", "https://[/3kabc", "",
        "https://bsky.app@evil.example/profile/city.example/post/3kabc",
    ],
)  # fmt: skip
def test_a_stranger_with_our_number_or_our_path_is_a_stranger(link):
    assert not leads_to(link, BLUESKY, "city.example")


def test_a_mastodon_post_has_two_addresses():
    assert leads_to("social.example/users/city/statuses/110", MASTODON, "@city@social.example")
    assert not leads_to("https://social.example/@other/110", MASTODON, "@city@social.example")
    assert not leads_to("https://social.example/@city/111", MASTODON, "@city@social.example")


def test_an_address_is_told_from_words_and_an_account_from_its_neighbour():
    assert is_link(" https://a.example/b ")
    assert is_link("a.example/b")
    assert not is_link("Look at https://a.example/b")
    assert is_under("https://social.example/@city/999", "https://social.example/@city")
    assert not is_under("https://social.example/@citys/999", "https://social.example/@city")
