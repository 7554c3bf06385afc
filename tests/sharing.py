"""How two cores share the tests: file by file, in their order, and the screens in a few handfuls.

Files of one folder come one after the other, so what is built once for all of them (the desk that
the journeys visit, its browser) stands until the last. Sorted by size, as xdist would have it,
the desk would be built anew some thirty times.
"""

from zlib import crc32

from xdist.scheduler.loadfile import LoadFileScheduling

# Long files whose tests have nothing to do with each other: neither core waits for the other's.
APART = ("tests/journeys/test_screens.py",)
HANDFULS = 16
# Collecting words lays files beside the templates for a moment: whoever reads all files waits.
ONE_AFTER_THE_OTHER = tuple(
    f"tests/house/test_{name}.py" for name in ("words", "size", "sweeps", "hostile", "one_word")
)


class InTheirOrder(LoadFileScheduling):
    """The files as they were collected, long ones in parts."""

    def __init__(self, config, log=None):
        super().__init__(config, log)
        config.option.loadscopereorder = False

    def _split_scope(self, nodeid: str) -> str:
        file = super()._split_scope(nodeid)
        if file in ONE_AFTER_THE_OTHER:
            return "whoever reads all files"
        return f"{file} {crc32(nodeid.encode()) % HANDFULS}" if file in APART else file
