"""What was captured, as a web archive (WARC 1.1, ISO 28500), for archives and courts."""

from __future__ import annotations

import io
from collections.abc import Iterable
from dataclasses import dataclass, field

from warcio.warcwriter import WARCWriter


@dataclass(frozen=True, slots=True)
class Seen:
    """One capture: of what address, when (ISO 8601, UTC), and the bytes that were shown."""

    number: int
    address: str
    at: str
    type: str
    body: bytes = field(repr=False)


def archive(software: str, seen: Iterable[Seen]) -> bytes:
    """One `resource` record each, in their order: the bytes as they stand in the bag.

    Not `response`: what was kept of a network's answer is its body, often only the part about one
    post, and a record that made up the rest would be a forgery.
    """
    out = io.BytesIO()
    writer = WARCWriter(out, gzip=False, warc_version="1.1")
    about = {"software": software, "format": "WARC File Format 1.1"}
    writer.write_record(writer.create_warcinfo_record("captures.warc", about))
    for one in seen:
        record = writer.create_warc_record(
            one.address or f"urn:commonground:record:{one.number}", "resource",
            payload=io.BytesIO(one.body), warc_content_type=one.type,
            warc_headers_dict={"WARC-Date": one.at},
        )  # fmt: skip
        writer.write_record(record)
    return out.getvalue()
