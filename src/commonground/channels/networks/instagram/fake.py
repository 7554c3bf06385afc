"""Instagram in small, on loopback.

Written from Meta's documents of the Instagram Platform: "Content Publishing", "IG User Media",
"IG User Media Publish", "IG Container", "IG Media" and "Error Codes".
"""

from __future__ import annotations

from commonground.channels.contract import Adapter, Login
from commonground.channels.line.stand_in import Asked, Reply
from commonground.channels.line.stand_in_graph import TOKEN, StandInContainers, refused
from commonground.channels.networks.instagram.adapter import NETWORK, Posts

ME = "17841400000000001"


class FakeInstagram(StandInContainers):
    """One professional account, and the token of its Page."""

    network = NETWORK
    login = Login("one", secrets={"token": TOKEN})
    handle = "@desk"
    status, why, words = "status_code", "status", "caption"
    most_characters = 2_200
    connected = True  # whether the Page has an account on Instagram

    def open(self, login: Login) -> Adapter:
        return Posts(login, home=self.url)

    def serve(self, method: str, path: list[str], said: dict[str, str], asked: Asked) -> Reply:
        match method, path:
            case "GET", ["me"]:
                account = {"instagram_business_account": {"id": ME, "username": "desk"}}
                return Reply({"id": "1029384756", **(account if self.connected else {})})
            case "POST", [name, "media"] if name == ME:
                return self.made(said)
            case "POST", [name, "media_publish"] if name == ME:
                return self.put_out(said["creation_id"])
            case "GET", [name, "media"] if name == ME:
                return self.listed(said)
            case "GET", [name]:
                return self.one(name, said)
        raise refused(2500, "Unknown path components")

    def made(self, said: dict[str, str]) -> Reply:
        carousel = said.get("media_type") == "CAROUSEL"
        if not carousel and "image_url" not in said:
            raise refused(100, "The parameter image_url is required")
        if carousel and not 2 <= len(said["children"].split(",")) <= 10:
            raise refused(9, "A carousel has 2 to 10 children.", 2207010)
        return self.make(said)


def fake() -> FakeInstagram:
    return FakeInstagram()
