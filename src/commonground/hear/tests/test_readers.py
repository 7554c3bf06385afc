"""Several processes read; they live and die with the listener that hired them."""

import subprocess
import sys
import time
from pathlib import Path

HIRED = """
import os, signal
from commonground.hear.listening.readers import Readers
if __name__ == "__main__":
    readers = Readers(2)
    readers.make_ready()
    print(*readers.pool._processes, flush=True)
    os.kill(os.getpid(), signal.SIGKILL)
"""


def test_readers_end_when_their_listener_is_killed(tmp_path):
    script = tmp_path / "hired.py"
    script.write_text(HIRED)
    told = subprocess.run([sys.executable, str(script)], stdout=subprocess.PIPE, check=False)
    hired = [int(number) for number in told.stdout.split()]
    assert len(hired) >= 1
    ends = time.monotonic() + 20
    while time.monotonic() < ends and any(Path(f"/proc/{one}").exists() for one in hired):
        time.sleep(0.1)
    assert not any(Path(f"/proc/{one}").exists() for one in hired)
