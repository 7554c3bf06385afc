"""Who reads the blocks of a whole network: this process, or several others on this machine."""

from __future__ import annotations

import multiprocessing
import os
import pickle
import signal
import threading
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool

from commonground.hear.engine.blocks import Asked, Block, asked_for, asked_for_by
from commonground.hear.engine.matching import Watch
from commonground.hear.engine.phrasebook import Phrasebook, phrasebook

TRIAL = Block([b'{"id":"1","ts":1700000000,"text":"nothing"}'], latest=2e9)
TRIAL_WATCH = Watch("nothing", {"en": ["nothing"]})


class Readers:
    """Each block is read by whoever is free; what it gave is taken in the order it came.

    So however many read, the same posts go on in the same order to the one who judges.
    """

    def __init__(self, workers: int = 1) -> None:
        self.workers = workers
        self.pool = self.hired() if workers > 1 else None

    def hired(self) -> ProcessPoolExecutor:
        # Fresh processes: this one has threads and connections they must not inherit.
        fresh = multiprocessing.get_context("spawn")
        return ProcessPoolExecutor(self.workers, mp_context=fresh, initializer=live_and_die_with_us)

    def make_ready(self) -> None:
        """Load the compiled loops before anything is said, for that takes some seconds."""
        begun = [self.read(TRIAL, phrasebook([TRIAL_WATCH])) for _ in range(self.workers)]
        for answer in begun:
            answer()

    def read(self, block: Block, book: Phrasebook) -> Callable[[], Asked]:
        """Begin to read; the answer waits until it is there."""
        if self.pool is None:
            return lambda: asked_for(block, book)
        try:
            coming = self.pool.submit(asked_for_by, block, pickle.dumps(book))
        except BrokenProcessPool:
            return lambda: self.read_here(block, book)
        return lambda: self.answered(coming.result, block, book)

    def answered(self, wait: Callable[[], Asked], block: Block, book: Phrasebook) -> Asked:
        try:
            return wait()
        except BrokenProcessPool:
            return self.read_here(block, book)

    def read_here(self, block: Block, book: Phrasebook) -> Asked:
        """A worker was killed, and all with it: what it had is read here, and others are hired."""
        self.close()
        self.pool = self.hired()
        return asked_for(block, book)

    def close(self) -> None:
        if self.pool:
            self.pool.shutdown(wait=False, cancel_futures=True)


def live_and_die_with_us() -> None:
    """Ctrl-C is for us to obey; and whoever hired them may be killed without a word."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=end_with_the_listener, daemon=True).start()


def end_with_the_listener() -> None:
    listener = multiprocessing.parent_process()
    if listener:
        listener.join()
        os._exit(0)
