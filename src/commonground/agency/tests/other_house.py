"""A small and real OpenID provider on this machine, which can be told to misbehave."""

from __future__ import annotations

import base64
import hashlib
import json
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any
from urllib.parse import parse_qs, urlsplit

import jwt
from cryptography.hazmat.primitives.asymmetric import rsa

CLIENT, SECRET = "the desk", "what the desk was told"


class OtherHouse:
    def __init__(self) -> None:
        self.key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
        self.codes: dict[str, dict[str, Any]] = {}
        self.claims: dict[str, Any] = {}  # what the next word says besides, or instead
        self.sign: dict[str, Any] = {}  # with which key and algorithm, if not its own
        self.calls_itself = ""
        house = self

        class Answering(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                self.say(house.describes() if "well-known" in self.path else house.keys())

            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"])).decode()
                told = house.word({k: v[0] for k, v in parse_qs(body).items()})
                self.say(told or {"error": "invalid_grant"}, 200 if told else 400)

            def say(self, what: dict[str, Any], status: int = 200) -> None:
                body = json.dumps(what).encode()
                self.send_response(status)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_: object) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Answering)
        self.thread = Thread(target=self.server.serve_forever)
        self.thread.start()
        self.issuer = f"http://127.0.0.1:{self.server.server_port}"

    def close(self) -> None:
        self.server.shutdown()
        self.thread.join()
        self.server.server_close()

    def describes(self) -> dict[str, Any]:
        return {
            "issuer": self.calls_itself or self.issuer,
            "authorization_endpoint": f"{self.issuer}/authorize",
            "token_endpoint": f"{self.issuer}/token", "jwks_uri": f"{self.issuer}/keys",
        }  # fmt: skip

    def keys(self) -> dict[str, Any]:
        key = jwt.algorithms.RSAAlgorithm.to_jwk(self.key.public_key(), as_dict=True)
        return {"keys": [{**key, "kid": "1", "use": "sig", "alg": "RS256"}]}

    def let_in(self, address: str, sub: str = "ana") -> dict[str, str]:
        """What somebody's browser brings back after they signed in over there."""
        asked = {name: value[0] for name, value in parse_qs(urlsplit(address).query).items()}
        assert asked["response_type"] == "code"
        code = hashlib.sha256(address.encode() + sub.encode()).hexdigest()
        self.codes[code] = {**asked, "sub": sub}
        return {"code": code, "state": asked["state"]}

    def word(self, told: dict[str, str]) -> dict[str, Any] | None:
        """A signed word for a code, once, to whoever began it."""
        asked = self.codes.pop(told.get("code", ""), None)
        if asked is None or (told["client_id"], told["client_secret"]) != (CLIENT, SECRET):
            return None
        digest = hashlib.sha256(told["code_verifier"].encode()).digest()
        if base64.urlsafe_b64encode(digest).rstrip(b"=").decode() != asked["code_challenge"]:
            return None
        if told["redirect_uri"] != asked["redirect_uri"]:
            return None
        now = int(time.time())
        said = {
            "iss": self.issuer, "sub": asked["sub"], "aud": CLIENT, "iat": now, "exp": now + 300,
            "nonce": asked["nonce"], **self.claims,
        }  # fmt: skip
        said = {name: value for name, value in said.items() if value is not None}
        how = {"key": self.key, "algorithm": "RS256", "headers": {"kid": "1"}, **self.sign}
        return {"access_token": "x", "token_type": "Bearer", "id_token": jwt.encode(said, **how)}
