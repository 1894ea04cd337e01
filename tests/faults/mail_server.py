"""A mail server on this machine with its moods: down, slow, refusing an address, losing its answer."""

import asyncio
import socket
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

from aiosmtpd.controller import Controller

HOST = "127.0.0.1"


class Moods:
    """What the server does with what it is sent; a test changes it while it runs."""

    def __init__(self) -> None:
        self.taken: list[EmailMessage] = []
        # Answers to RCPT by address: "550 5.1.1 no such mailbox".
        self.answers: dict[str, str] = {}
        # The same answer to RCPT for everybody.
        self.everybody = ""
        # How many of the next mails are taken while the answer to them is lost.
        self.loses_answers = 0
        # Answers nothing to MAIL FROM.
        self.is_silent = False

    @property
    def message_ids(self) -> Counter[str]:
        return Counter(mail["Message-ID"] for mail in self.taken)

    @property
    def recipients(self) -> list[str]:
        return sorted(mail["To"] for mail in self.taken)

    async def handle_MAIL(self, server: Any, session: Any, envelope: Any, address: str, options: list[str]) -> str:
        if self.is_silent:
            await asyncio.sleep(30)
        envelope.mail_from = address
        return "250 OK"

    async def handle_RCPT(self, server: Any, session: Any, envelope: Any, address: str, options: list[str]) -> str:
        answer = self.everybody or self.answers.get(address, "250 OK")
        if answer.startswith("250"):
            envelope.rcpt_tos.append(address)
        return answer

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        self.taken.append(message_from_bytes(envelope.content, policy=policy.default))
        if self.loses_answers:
            self.loses_answers -= 1
            server.transport.abort()
        return "250 OK"


@contextmanager
def running(moods: Moods, *, port: int = 0) -> Iterator[int]:
    """The server, on a port of its own or on the one that it had before it went down."""
    port = port or free_port()
    server = Controller(moods, hostname=HOST, port=port)
    server.start()
    try:
        yield port
    finally:
        server.stop()


def free_port() -> int:
    with socket.create_server((HOST, 0)) as found:
        return found.getsockname()[1]


@contextmanager
def dripping() -> Iterator[int]:
    """A server that greets letter by letter, for ever: each wait is short, the whole has no end."""
    server = socket.create_server((HOST, 0))
    is_over = threading.Event()

    def drip() -> None:
        with suppress(OSError):
            caller, _address = server.accept()
            with caller:
                caller.sendall(b"220 ")
                while not is_over.wait(0.05):
                    caller.sendall(b"x")

    thread = threading.Thread(target=drip, daemon=True)
    thread.start()
    try:
        yield server.getsockname()[1]
    finally:
        is_over.set()
        server.close()
        thread.join(5)
