"""Makes an uploaded video safe to publish: only what is seen and heard survives.

It runs in a process of its own (kit/apart), with PyAV, which brings its own FFmpeg libraries.
Only two kinds are read, each by its own reader and by no other: no playlist, no list of files,
nothing that would have FFmpeg open something else.
"""

from __future__ import annotations

import hashlib
import io
import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from fractions import Fraction
from importlib import import_module
from importlib.util import find_spec
from itertools import pairwise
from typing import Any

from commonground.kit.apart import Unusable

LONGEST = 90.0  # seconds; it is made anew while its author waits
MOST_UPLOADED = 100_000_000  # bytes
MOST_PIXELS = 3840 * 2160  # a frame of a modern phone
LONGER_SIDE, RATE = 1280, 30  # pixels, frames a second: what networks show in a feed
BITS, SOUND_BITS, SOUND_RATE = 1_800_000, 96_000, 48_000  # a second; 90 s are some 20 MB
# Room at the front of the new file for its tables, so that it plays while it still comes.
TABLES = 300_000
FORMATS = {"mp4": "mov", "webm": "matroska"}  # what it looks like, and FFmpeg's reader of it
# Inside these, too, only what phones and browsers write. Each other decoder is a risk more.
SEEN = {"h264", "hevc", "vp8", "vp9", "libdav1d", "av1"}
HEARD = {"aac", "opus", "libopus", "vorbis", "mp3", "mp3float"}
WORK = f"{__name__}:reworked"


@dataclass(frozen=True, slots=True)
class CleanFilm:
    """A new MP4 written from frames and sound only: no place, no device, no other track."""

    content: bytes = field(repr=False)
    width: int
    height: int
    seconds: float
    type: str = "video/mp4"

    @property
    def sha256(self) -> str:
        return hashlib.sha256(self.content).hexdigest()


def is_possible() -> bool:
    """Whether this desk has what reads and writes videos: the extra `video`."""
    return find_spec("av") is not None


def kind_of(upload: bytes) -> str:
    """By its first bytes, whatever it is called."""
    if upload[4:8] == b"ftyp":
        return "mp4"
    if upload[:4] == b"\x1a\x45\xdf\xa3" and b"webm" in upload[:64]:
        return "webm"
    raise Unusable("kind")


def make_ready() -> None:
    """Load all of the libraries while files may still be opened: by a film of our own."""
    clean_film(a_film_of_ours())


def a_film_of_ours() -> bytes:
    """Two black frames and a little silence."""
    av, out = import_module("av"), io.BytesIO()
    with av.open(out, "w", format="mp4") as target:
        seen, heard = target.add_stream("libx264", rate=RATE), target.add_stream("aac", SOUND_RATE)
        seen.width, seen.height, seen.pix_fmt = 64, 64, "yuv420p"
        heard.layout = "stereo"
        silence = av.AudioFrame(format="fltp", layout="stereo", samples=1024)
        silence.sample_rate = SOUND_RATE
        for plane in silence.planes:
            plane.update(bytes(plane.buffer_size))
        for n in range(2):
            frame = av.VideoFrame(64, 64, "yuv420p")
            frame.pts, frame.time_base = n, Fraction(1, RATE)
            target.mux(seen.encode(frame))
        target.mux([*heard.encode(silence), *seen.encode(None), *heard.encode(None)])
    return out.getvalue()


def reworked(upload: bytes) -> bytes:
    """The work of the process apart: one line of facts, then the new file."""
    film = clean_film(upload)
    facts = {"width": film.width, "height": film.height, "seconds": film.seconds}
    return json.dumps(facts).encode() + b"\n" + film.content


def film_of(answer: bytes) -> CleanFilm:
    facts, _, content = answer.partition(b"\n")
    return CleanFilm(content, **json.loads(facts))


def clean_film(upload: bytes) -> CleanFilm:
    """Read an MP4 or WebM, turn it upright, make it smaller, and write it anew.

    Raises Unusable: kind, long, size, broken.
    """
    av = import_module("av")
    kind = kind_of(upload)
    try:
        with av.open(io.BytesIO(upload), format=FORMATS[kind], options=closed_in(kind)) as source:
            return written_anew(av, source)
    except Unusable:
        raise
    except (av.FFmpegError, ValueError, OSError, EOFError, IndexError, TypeError) as error:
        raise Unusable("broken") from error


def closed_in(kind: str) -> dict[str, str]:
    """A file may name other files as its parts; it must not be believed."""
    return {"enable_drefs": "0", "use_absolute_path": "0"} if kind == "mp4" else {}


def written_anew(av: Any, source: Any) -> CleanFilm:
    seen, heard = streams_of(source)
    out = io.BytesIO()
    frames = upright(av, source, seen, heard)
    first = next((frame for frame in frames if is_picture(frame)), None)
    if first is None:
        raise Unusable("broken")
    how = {"moov_size": str(TABLES), "fflags": "+bitexact"}
    with av.open(out, "w", format="mp4", options=how) as target:
        end = Writer(av, target, first, heard).write(first, frames)
    return CleanFilm(out.getvalue(), first.width, first.height, round(end, 2))


def streams_of(source: Any) -> tuple[Any, Any]:
    seen = next(iter(source.streams.video), None)
    heard = next(iter(source.streams.audio), None)
    if seen is None or name_of(seen) not in SEEN or (heard and name_of(heard) not in HEARD):
        raise Unusable("kind")
    if seen.width * seen.height > MOST_PIXELS or min(seen.width, seen.height) < 16:
        raise Unusable("size")
    if (source.duration or 0) > (LONGEST + 1) * 1_000_000:
        raise Unusable("long")
    seen.thread_type = "SLICE"  # frames in threads would each take their own memory
    return seen, heard


def name_of(stream: Any) -> str:
    """What it is written in; nothing, where no reader of ours knows it."""
    return str(stream.codec_context.name) if stream.codec_context else ""


def is_picture(frame: Any) -> bool:
    return hasattr(frame, "pict_type")


def upright(av: Any, source: Any, seen: Any, heard: Any) -> Iterator[Any]:
    """Its frames, upright and small, and its sound as it is, in the order of the file."""
    way = None
    for frame in source.decode(*[s for s in (seen, heard) if s is not None]):
        if frame.time is not None and frame.time > LONGEST + 1:
            raise Unusable("long")  # whatever its header said
        if not is_picture(frame):
            yield frame
            continue
        if frame.width * frame.height > MOST_PIXELS:
            raise Unusable("size")  # a stream may change its size on the way
        way = way or turning(av, seen, frame)
        way.vpush(frame)
        yield from drained(av, way)
    if way is not None:
        way.vpush(None)
        yield from drained(av, way)


def drained(av: Any, way: Any) -> Iterator[Any]:
    while True:
        try:
            yield way.vpull()
        except (av.BlockingIOError, av.EOFError):
            return


def turning(av: Any, seen: Any, frame: Any) -> Any:
    """Turns as the camera was held, shrinks, and thins out to thirty frames a second."""
    graph = av.filter.Graph()
    steps = [graph.add_buffer(template=seen, time_base=seen.time_base)]
    turn = round(getattr(frame, "rotation", 0) or 0) % 360
    for direction in {90: ["cclock"], 180: ["clock", "clock"], 270: ["clock"]}.get(turn, []):
        steps.append(graph.add("transpose", direction))
    width, height = (
        (frame.height, frame.width) if turn in (90, 270) else (frame.width, frame.height)
    )
    width, height = fitting(width, height)
    steps += [
        graph.add("fps", str(RATE)), graph.add("scale", f"{width}:{height}"),
        graph.add("setsar", "1"), graph.add("format", "yuv420p"), graph.add("buffersink"),
    ]  # fmt: skip
    for one, following in pairwise(steps):
        one.link_to(following)
    graph.configure()
    return graph


def fitting(width: int, height: int) -> tuple[int, int]:
    """Within the longer side, and even, as H.264 asks."""
    smaller = min(1.0, LONGER_SIDE / max(width, height))
    return max(int(width * smaller) // 2 * 2, 2), max(int(height * smaller) // 2 * 2, 2)


class Writer:
    """One new file, and the two tracks it has at most."""

    def __init__(self, av: Any, target: Any, first: Any, heard: Any) -> None:
        self.target = target
        self.seen = target.add_stream("libx264", rate=RATE)
        self.seen.width, self.seen.height = first.width, first.height
        self.seen.pix_fmt, self.seen.bit_rate = "yuv420p", BITS
        self.seen.options = {"preset": "veryfast", "maxrate": str(BITS), "bufsize": str(2 * BITS)}
        self.seen.codec_context.thread_count = 2
        self.heard: Any = target.add_stream("aac", rate=SOUND_RATE) if heard is not None else None
        if self.heard is not None:
            self.heard.layout, self.heard.bit_rate = "stereo", SOUND_BITS
            self.resampler = av.AudioResampler("fltp", "stereo", SOUND_RATE)
        self.end = 0.0
        self.count = 0

    def write(self, first: Any, frames: Iterator[Any]) -> float:
        """All of it; gives back how long it is."""
        self.draw(first)
        for frame in frames:
            if is_picture(frame):
                self.draw(frame)
            elif self.heard is not None:
                self.sound(frame)
        for stream in filter(None, (self.seen, self.heard)):
            self.target.mux(stream.encode(None))
        return self.end

    def draw(self, frame: Any) -> None:
        frame.pts, frame.time_base = self.count, Fraction(1, RATE)
        frame.pict_type = 0
        self.count += 1
        self.end = self.count / RATE
        self.target.mux(self.seen.encode(frame))

    def sound(self, frame: Any) -> None:
        frame.pts = None
        for piece in self.resampler.resample(frame):
            self.target.mux(self.heard.encode(piece))
