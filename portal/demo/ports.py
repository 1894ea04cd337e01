"""The demo's ports: chosen by PORT and SANDBOX_PORT, checked before anything starts."""

import errno
import socket

from portal.demo import DemoRefusal

HOST = "127.0.0.1"


def check_ports(chosen: dict[str, str]) -> None:
    """Refuse ports (`{"PORT": "8000", ...}`) that are no numbers, the same, taken or not allowed."""
    for name, text in chosen.items():
        check_port(name, text)
    if len(set(chosen.values())) < len(chosen):
        raise DemoRefusal(f"{' and '.join(chosen)} must be different numbers.")


def check_port(name: str, text: str) -> None:
    """Raises `DemoRefusal` with what to do if the port cannot be listened on."""
    if not text.isdecimal() or not 0 < int(text) < 65536:
        raise DemoRefusal(f"{name}={text!r} is not a port; give a number between 1024 and 65535.")
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, int(text)))
        except OSError as error:
            raise _refusal(name, int(text), error) from error


def _refusal(name: str, port: int, error: OSError) -> DemoRefusal:
    other = port + 1 if 1024 <= port < 65535 else 8000
    choose = f"choose another port: make demo {name}={other}"
    if error.errno == errno.EADDRINUSE:
        return DemoRefusal(f"Port {port} is taken by another program. Stop that program, or {choose}")
    return DemoRefusal(f"Port {port} cannot be used ({error.strerror}); {choose}")
