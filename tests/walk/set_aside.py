"""Commands of the pages that the walk does not type, each by its first line and with its reason."""

import os

WHOLE_WALK = os.environ.get("COMMONGROUND_WALK") == "whole"  # ./run walk

# Typed by `./run walk` alone.
LATER = {
    "./run demo": "a minute and a half of the processor; .ci/run runs the demo to its end",
    "export COMMONGROUND_DATABASE_URL=sqlite:///.desk/demo/desk.sqlite3": "of the demo",
    'export COMMONGROUND_SECRET_KEY="$(cat .desk/demo-secret)"': "of the demo",
    "./run desk record verify": "of the demo",
    "./run test src/commonground/say -k approve": "minutes of two cores; every run is one of these",
    "./run format": "all of the project is read; ./run checks does it",
    "./run sbom > commonground-1.2.0.cdx.json": "fetches a program; tests/house/test_parts.py does",
}
# Wants something that stands outside of every test.
OUTSIDE = {
    "./run test": "more than an hour; the walk is within it",
    "./run check": "the same, and the checks before it; .ci/run runs both",
    ". /etc/commonground/env": "a line of a file that a mail server starts",
    "exec /srv/commonground/.venv/bin/commonground mailbox take": "a mail server starts it",
    "exec /srv/commonground/.venv/bin/commonground mail bounces": "a mail server starts it",
    'curl -H "Authorization: Bearer commonground_..." https://desk.example.org/api/v1/me':
        "wants a key that a person makes on the desk with a passkey; tests/api asks the same",
    'curl -H "Authorization: Bearer commonground_..." -H "Content-Type: application/json"':
        "the same",
    "head -3 bag/data/stamps/1310.checkpoint > text": "wants a stamp of an authority elsewhere",
    "openssl ts -verify -data text -in bag/data/stamps/1310.tsr -CAfile root.pem": "the same",
}  # fmt: skip
MOST_OUTSIDE = 9  # a docs page that nobody can hold to its word should be rare


def set_aside() -> dict[str, str]:
    return OUTSIDE if WHOLE_WALK else OUTSIDE | LATER
