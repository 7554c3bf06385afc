"""Other people on a Mastodon server, and what they write."""

from dataclasses import replace


def somebody(server, name):
    made = server.say("POST", "/api/v1/_mock/dev_user", {"username": name})
    token = made.get("access_token") or made.get("token")
    return replace(server, token=token, username=name)


def writes(who, text, beneath=None):
    return who.say("POST", "/api/v1/statuses", {"status": text, "in_reply_to_id": beneath})
