"""An address as a square of dots, for a phone's camera."""

from __future__ import annotations

from io import BytesIO

import segno

QUIET = 4  # modules of empty rim, as the standard asks


def qr(address: str) -> str:
    """An SVG drawing, dark on white whatever the page's colours: cameras need it so."""
    out = BytesIO()
    segno.make(address, error="m", micro=False).save(
        out, kind="svg", xmldecl=False, border=QUIET, scale=8, dark="#000", light="#fff",
        omitsize=True, svgclass="qr", lineclass=None,
    )  # fmt: skip
    return out.getvalue().decode()
