"""The worked example of X's page "Creating a signature"."""

from commonground.channels.networks.x.signing import Keys, authorization, signature

KEYS = Keys(
    "xvz1evFS4wEEPTGEFPHBog",
    "kAcSOqF21Fu85e7zjz7ZN2U4ZRhfV3WpwPAoE3Z7kBw",
    "370773112-GmHxMAgYyLbNEtIKZeRNFsMKPR9EyMZeS9weJAEb",
    "LswwdoUaIvS8ltyTt5jkRh4J50vUPVVHtR2YPi5kE",
)


def test_a_request_is_signed_as_in_the_example_of_x():
    said = {
        "status": "Hello Ladies + Gentlemen, a signed OAuth request!",
        "include_entities": "true",
        "oauth_consumer_key": KEYS.api_key,
        "oauth_nonce": "kYjzVBB8Y0ZFabxSWbWovY3uYSQ2pTgmZeNu2VS4cg",
        "oauth_signature_method": "HMAC-SHA1",
        "oauth_timestamp": "1318622958",
        "oauth_token": KEYS.access_token,
        "oauth_version": "1.0",
    }
    address = "https://api.x.com/1.1/statuses/update.json"

    assert signature("post", address, said, KEYS) == "Ls93hJiZbQ3akF3HF3x1Bz8/zU4="


def test_a_header_tells_no_secret():
    header = authorization("GET", "https://api.x.com/2/users/me", {}, KEYS, nonce="n", at=1)

    assert header.startswith('OAuth oauth_consumer_key="xvz1')
    assert not any(
        s in header + repr(KEYS) for s in (KEYS.api_key_secret, KEYS.access_token_secret)
    )
