import gzip
import io
import zlib

from commonground.hear.engine.heard import Skipped
from commonground.hear.engine.lines import DAMAGED, TOO_LONG, lines


def test_line_of_ten_megabytes_is_passed_over_and_the_next_is_not_lost():
    stream = io.BytesIO(b"first\n" + b"x" * 10_000_000 + b"\nlast\n")
    assert list(lines(stream)) == [b"first\n", TOO_LONG, b"last\n"]


def test_line_is_never_held_whole():
    class Watched(io.BytesIO):
        most = 0

        def readline(self, size=-1, /):
            line = super().readline(size)
            self.most = max(self.most, len(line))
            return line

    stream = Watched(b"x" * 10_000_000)
    assert list(lines(stream)) == [TOO_LONG]
    assert stream.most <= 1_000_001


def test_file_that_breaks_off_gives_what_it_had():
    packed = gzip.compress(b"".join(b"line %d\n" % n for n in range(50_000)))
    with gzip.open(io.BytesIO(packed[: len(packed) // 2])) as stream:
        found = list(lines(stream))
    assert found[0] == b"line 0\n"
    assert found[-1] == DAMAGED


def test_file_packed_wrongly_is_damaged_not_fatal():
    packed = bytearray(gzip.compress(b"line\n" * 50_000, 0))
    packed[100:120] = zlib.compress(b"not this")[:20]
    with gzip.open(io.BytesIO(bytes(packed))) as stream:
        assert isinstance(list(lines(stream))[-1], Skipped)
