"""A small real name server on this machine, over UDP and TCP, with the answers a test gives it."""

import socket
import socketserver
import struct
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager

import dns.flags
import dns.message
import dns.rcode
import dns.rrset

MOST_BY_UDP = 512


class Names:
    """What stands under each name. A name that is not here does not exist."""

    def __init__(self, texts: Mapping[str, Sequence[str]] = {}) -> None:
        self.texts = dict(texts)
        self.silent = self.failing = False
        self.asked: list[str] = []
        self.port = 0

    @property
    def address(self) -> str:
        return f"127.0.0.1:{self.port}"

    def answer(self, wire: bytes, most: int) -> bytes | None:
        query = dns.message.from_wire(wire)
        name = query.question[0].name.to_text(omit_final_dot=True).lower()
        self.asked.append(name)
        if self.silent:
            return None
        reply = dns.message.make_response(query)
        if self.failing:
            reply.set_rcode(dns.rcode.SERVFAIL)
        elif name not in self.texts:
            reply.set_rcode(dns.rcode.NXDOMAIN)
        elif self.texts[name]:
            spelt = [" ".join(f'"{t[n : n + 255]}"' for n in range(0, len(t), 255))
                     for t in self.texts[name]]  # fmt: skip
            reply.answer.append(dns.rrset.from_text(name + ".", 60, "IN", "TXT", *spelt))
        whole = reply.to_wire(max_size=65_535)
        if len(whole) <= most:
            return whole
        cut = dns.message.make_response(query)
        cut.flags |= dns.flags.TC
        return cut.to_wire()


def handlers(names: Names) -> tuple[type, type]:
    class Udp(socketserver.BaseRequestHandler):
        def handle(self) -> None:
            wire, sock = self.request
            if reply := names.answer(wire, MOST_BY_UDP):
                sock.sendto(reply, self.client_address)

    class Tcp(socketserver.StreamRequestHandler):
        def handle(self) -> None:
            (length,) = struct.unpack("!H", self.rfile.read(2))
            if reply := names.answer(self.rfile.read(length), 65_535):
                self.wfile.write(struct.pack("!H", len(reply)) + reply)

    return Udp, Tcp


def free_for_both() -> tuple[socket.socket, socket.socket]:
    """One port for UDP and TCP; another program may have one of the two, so we look on."""
    for _ in range(50):
        udp = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        udp.bind(("127.0.0.1", 0))
        tcp = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
        try:
            tcp.bind(udp.getsockname())
        except OSError:
            udp.close()
            tcp.close()
        else:
            tcp.listen()
            return udp, tcp
    raise OSError("no port is free")


@contextmanager
def name_server(names: Names) -> Iterator[Names]:
    udp, tcp = free_for_both()
    names.port = udp.getsockname()[1]
    by_udp, by_tcp = handlers(names)
    servers = [
        socketserver.ThreadingUDPServer(("127.0.0.1", 0), by_udp, bind_and_activate=False),
        socketserver.ThreadingTCPServer(("127.0.0.1", 0), by_tcp, bind_and_activate=False),
    ]
    threads = []
    for server, sock in zip(servers, (udp, tcp), strict=True):
        server.socket.close()
        server.socket, server.daemon_threads = sock, True
        server.server_address = sock.getsockname()
        threads.append(threading.Thread(target=server.serve_forever, args=[0.05], daemon=True))
        threads[-1].start()
    try:
        yield names
    finally:
        for server, thread in zip(servers, threads, strict=True):
            server.shutdown()
            server.server_close()
            thread.join(5)
