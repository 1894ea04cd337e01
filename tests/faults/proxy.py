"""A wire that can be cut: a TCP proxy before the payment provider or before PostgreSQL.

Modes: `reset` (the request never arrives), `drop_reply` (it arrives, its answer does not), `black_hole` (accepted, and
nothing ever comes), `delay` (arrives `seconds` later), `hold` (arrives after `release`), `answer` (the proxy answers
itself), `alter` (the answer says something else). Each befalls the next `times` packets of a client that contain
`when`; all others pass.
"""

import select
import socket
import struct
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from threading import Event, Lock, Thread
from time import sleep

ALWAYS = 1_000_000
# What a provider says that has failed once under a key and says it again each time the key comes back.
ERROR_500 = b"HTTP/1.0 500 Internal Server Error\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n{}"


@dataclass
class Fault:
    mode: str
    when: bytes
    skip: int
    times: int
    seconds: float
    reply: bytes
    alters: tuple[bytes, bytes]


class Proxy:
    """Listens on a free port of 127.0.0.1; `target` is a (host, port) or the path of a Unix socket."""

    def __init__(self, target: tuple[str, int] | str) -> None:
        self._target = target
        self._faults: list[Fault] = []
        self._lock = Lock()
        self._released = Event()
        self.is_holding = Event()
        self.struck = 0
        self._listening = socket.create_server(("127.0.0.1", 0), backlog=128)
        self.port: int = self._listening.getsockname()[1]
        Thread(target=self._accept, daemon=True).start()

    def strike(
        self,
        mode: str,
        *,
        when: bytes = b"",
        skip: int = 0,
        times: int = 1,
        seconds: float = 0.0,
        reply: bytes = ERROR_500,
        alters: tuple[bytes, bytes] = (b"\0", b"\0"),
    ) -> None:
        self._faults.append(Fault(mode, when, skip, times, seconds, reply, alters))

    def calm(self) -> None:
        """No more faults; what is held goes on."""
        self._faults.clear()
        self._released.set()

    def release(self) -> None:
        self._released.set()

    def close(self) -> None:
        self.calm()
        self._listening.close()

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                client, _ = self._listening.accept()
                Thread(target=self._pass_on, args=[client], daemon=True).start()

    def _pass_on(self, client: socket.socket) -> None:
        with suppress(OSError), client, self._connect() as server:
            befallen: Fault | None = None
            while True:
                readable, _, _ = select.select([client, server], [], [])
                if client in readable:
                    data = client.recv(65536)
                    fault = self._fault_of(data)
                    if not data or (fault and self._befall(fault, client)):
                        return
                    befallen = fault or befallen
                    server.sendall(data)
                if server in readable:
                    data = server.recv(65536)
                    if befallen and befallen.mode == "drop_reply":
                        _reset(client)
                        return
                    if not data:
                        return
                    client.sendall(data.replace(*befallen.alters) if befallen else data)

    def _befall(self, fault: Fault, client: socket.socket) -> bool:
        """Whether the connection is over."""
        match fault.mode:
            case "reset":
                _reset(client)
            case "black_hole":
                while client.recv(65536):
                    pass
            case "answer":
                # The client speaks first, and to the end.
                while select.select([client], [], [], 0.05)[0] and client.recv(65536):
                    pass
                client.sendall(fault.reply)
            case "hold":
                self.is_holding.set()
                self._released.wait(timeout=30)
            case "delay":
                sleep(fault.seconds)
        return fault.mode in {"reset", "black_hole", "answer"}

    def _fault_of(self, data: bytes) -> Fault | None:
        with self._lock:
            for fault in self._faults:
                if fault.times and fault.when in data:
                    if fault.skip:
                        fault.skip -= 1
                        continue
                    fault.times -= 1
                    self.struck += 1
                    return fault
        return None

    def _connect(self) -> socket.socket:
        if isinstance(self._target, tuple):
            return socket.create_connection(self._target)
        server = socket.socket(socket.AF_UNIX)
        try:
            server.connect(self._target)
        except OSError:
            server.close()
            raise
        return server


def _reset(client: socket.socket) -> None:
    client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    client.close()


@contextmanager
def proxy_before(target: tuple[str, int] | str) -> Iterator[Proxy]:
    proxy = Proxy(target)
    try:
        yield proxy
    finally:
        proxy.close()
