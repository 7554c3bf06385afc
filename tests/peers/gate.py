"""A line to a server on this machine that can be cut, and counts how often it is used."""

from __future__ import annotations

import contextlib
import socket
import threading


class Gate:
    """Listens on loopback and hands everything on, for as long as it is open."""

    def __init__(self, to: int) -> None:
        self.to, self.is_open, self.used = to, True, 0
        self.lines: set[socket.socket] = set()
        self.door = socket.create_server(("127.0.0.1", 0), backlog=64)
        self.port = int(self.door.getsockname()[1])
        self.url = f"http://127.0.0.1:{self.port}"
        threading.Thread(target=self.admit, daemon=True).start()

    def shut(self) -> None:
        """Every line is cut in the middle of whatever was said, and no new one stands."""
        self.is_open = False
        for line in list(self.lines):
            cut(line)

    def admit(self) -> None:
        while True:
            try:
                line, _ = self.door.accept()
            except OSError:
                return
            threading.Thread(target=self.join, args=(line,), daemon=True).start()

    def join(self, line: socket.socket) -> None:
        if not self.is_open:
            return cut(line)
        try:
            other = socket.create_connection(("127.0.0.1", self.to), 5)
        except OSError:
            return cut(line)
        self.used += 1
        self.lines |= {line, other}
        back = threading.Thread(target=carry, args=(other, line), daemon=True)
        back.start()
        carry(line, other)
        back.join()
        self.lines -= {line, other}
        cut(line)
        cut(other)
        return None

    def close(self) -> None:
        self.shut()
        self.door.close()


def carry(source: socket.socket, target: socket.socket) -> None:
    with contextlib.suppress(OSError):
        source.settimeout(None)
        while piece := source.recv(65_536):
            target.sendall(piece)
    with contextlib.suppress(OSError):
        target.shutdown(socket.SHUT_WR)


def cut(line: socket.socket) -> None:
    with contextlib.suppress(OSError):
        line.shutdown(socket.SHUT_RDWR)
    line.close()
