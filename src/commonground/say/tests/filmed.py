"""Videos as phones, browsers and enemies write them."""

from __future__ import annotations

import io
from fractions import Fraction

import pytest

CAPTIONS = b"""WEBVTT

00:00.000 --> 00:01.000
Mast Road is closed.

00:01.000 --> 00:02.000
Go round by Pilot Street.
"""


def a_film(seconds=2.0, kind="mp4", size=(320, 240), *, sound=True, turned=0, **notes):
    """A few colours and silence; `notes` is what a phone writes beside it."""
    av = pytest.importorskip("av")
    out = io.BytesIO()
    seen, heard = {"mp4": ("libx264", "aac"), "webm": ("libvpx", "libopus")}[kind]
    with av.open(out, "w", format=kind) as target:
        target.metadata.update(notes)
        video = target.add_stream(seen, rate=24)
        video.width, video.height, video.pix_fmt = *size, "yuv420p"
        if turned:
            video.set_display_rotation(turned) if hasattr(video, "set_display_rotation") else None
        audio = target.add_stream(heard, rate=48_000) if sound else None
        if audio is not None:
            audio.layout = "stereo"
        for n in range(int(seconds * 24)):
            frame = av.VideoFrame(*size, "yuv420p")
            for at, plane in enumerate(frame.planes):
                plane.update(bytes([(n * 5 + at * 60) % 256]) * plane.buffer_size)
            frame.pts, frame.time_base = n, Fraction(1, 24)
            target.mux(video.encode(frame))
        target.mux(video.encode(None))
        if audio is not None:
            for n in range(int(seconds * 50)):
                piece = av.AudioFrame(format="fltp", layout="stereo", samples=960)
                for plane in piece.planes:
                    plane.update(bytes(plane.buffer_size))
                piece.sample_rate, piece.pts, piece.time_base = 48_000, n * 960, Fraction(1, 48_000)
                target.mux(resampled(av, audio, piece))
            target.mux(audio.encode(None))
    return out.getvalue()


def resampled(av, audio, piece):
    wanted = audio.codec_context.format.name
    converter = av.AudioResampler(wanted, "stereo", 48_000)
    return [packet for one in converter.resample(piece) for packet in audio.encode(one)]
