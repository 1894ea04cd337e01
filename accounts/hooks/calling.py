"""One POST to an endpoint: short, to a public address only, and no further than there."""

import http.client
import ipaddress
import socket
import ssl
import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from threading import Timer
from urllib.parse import SplitResult, urlsplit

from django.conf import settings

# Seconds: for each piece of an answer, and for all of it.
PIECE, WHOLE = 5.0, 15.0


@dataclass(frozen=True, kw_only=True)
class Answer:
    """`status` None: none that could be read; `error` says why, in a word that tells nothing of the network within."""

    status: int | None = None
    error: str = ""
    milliseconds: int = 0


class Forbidden(Exception):
    """An address that nobody of ours may call."""


def check_url(url: str) -> SplitResult:
    """Raises `Forbidden`: https with a host and without a name to sign in by; at home http to this machine as well."""
    try:
        parts = urlsplit(url)
        is_whole = bool(parts.hostname) and parts.username is None and (parts.port or 1) > 0 and not parts.fragment
    except ValueError:
        raise Forbidden("no address") from None
    schemes = {"https", "http"} if settings.HOOKS_STAY_HERE else {"https"}
    if not is_whole or parts.scheme not in schemes:
        raise Forbidden("no https address")
    return parts


def post(url: str, *, body: bytes, headers: Mapping[str, str], whole: float = WHOLE) -> Answer:
    """Redirects are not followed, and the answer's body is not read."""
    started = time.monotonic()
    try:
        parts = check_url(url)
        found = _post(parts, body=body, headers=headers, whole=whole)
    except Forbidden:
        found = Answer(error="address_forbidden")
    except socket.gaierror:
        found = Answer(error="name_unknown")
    except TimeoutError:
        found = Answer(error="timeout")
    except ssl.SSLError:
        found = Answer(error="certificate_or_tls")
    except OSError:
        found = Answer(error="no_connection")
    except (http.client.HTTPException, ValueError):
        found = Answer(error="no_answer")
    milliseconds = int((time.monotonic() - started) * 1000)
    is_late = found.status is None and milliseconds >= whole * 1000
    return Answer(status=found.status, error="timeout" if is_late else found.error, milliseconds=milliseconds)


def _post(parts: SplitResult, *, body: bytes, headers: Mapping[str, str], whole: float) -> Answer:
    connection = _Pinned(parts, address=_public_address(parts))
    alarm = Timer(whole, connection.cut)
    alarm.daemon = True
    alarm.start()
    try:
        path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        connection.request("POST", path, body=body, headers=dict(headers))
        return Answer(status=connection.getresponse().status)
    finally:
        alarm.cancel()
        connection.close()


class _Pinned(http.client.HTTPConnection):
    """Goes to the address that was checked: asked once more, the name could lead to another. The certificate is the
    name's."""

    def __init__(self, parts: SplitResult, *, address: str) -> None:
        self._is_tls, self._address = parts.scheme == "https", address
        default = http.client.HTTPS_PORT if self._is_tls else http.client.HTTP_PORT
        self.default_port = default  # type: ignore[misc]
        super().__init__(str(parts.hostname), parts.port or default, timeout=PIECE)

    def connect(self) -> None:
        self.sock = socket.create_connection((self._address, self.port), PIECE)
        if self._is_tls:
            self.sock = ssl.create_default_context().wrap_socket(self.sock, server_hostname=self.host)

    def cut(self) -> None:
        """Whoever reads from it then finds its end."""
        if self.sock:
            with suppress(OSError):
                self.sock.shutdown(socket.SHUT_RDWR)


def _public_address(parts: SplitResult) -> str:
    """The first address of the host, if all of them are out in the world. Raises `Forbidden`."""
    port = parts.port or (443 if parts.scheme == "https" else 80)
    found = [str(info[4][0]) for info in socket.getaddrinfo(parts.hostname, port, type=socket.SOCK_STREAM)]
    if not all(may_be_called(address) for address in found):
        raise Forbidden("an address within")
    return found[0]


def may_be_called(address: str) -> bool:
    ip = ipaddress.ip_address(address.partition("%")[0])
    inner = getattr(ip, "ipv4_mapped", None) or ip
    if settings.HOOKS_STAY_HERE:
        return bool(inner.is_loopback)
    return bool(inner.is_global and not inner.is_multicast)
