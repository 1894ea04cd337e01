"""The sandbox provider as a process and origin of its own: `python -m subscriptions.gateway.sandbox.server`.

Listens on 127.0.0.1 only. Environment: SANDBOX_PORT (8100), SANDBOX_STATE (path of its SQLite file), SANDBOX_SECRET
(what the portal shows as a bearer token), SANDBOX_RETURN_ORIGINS (comma-separated origins to which customers may be
sent back), SANDBOX_SILENT_SECONDS (35: how long it does not answer where an answer is lost; longer than the portal
waits), SANDBOX_CALLS_PER_SECOND (25: what is more is answered with 429), SANDBOX_WEBHOOK_URL (where events are sent;
left out, they are only kept) and SANDBOX_WEBHOOK_SECRET (what they are signed with).
"""

import logging
import os
import signal
import socketserver
import sqlite3
import sys
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlsplit
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer

from subscriptions.gateway.sandbox.application import SILENT_SECONDS, Application
from subscriptions.gateway.sandbox.provider import SandboxProvider
from subscriptions.gateway.sandbox.rate import Bucket
from subscriptions.gateway.sandbox.sender import Sender

log = logging.getLogger("sandbox")
HOST = "127.0.0.1"
CALLS_PER_SECOND = 25.0


class _Handler(WSGIRequestHandler):
    # A connection that says nothing is closed, so that idle ones cannot pile up.
    timeout = 60

    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        """No access log: a setup's address is the customer's key to it."""


class Server(socketserver.ThreadingMixIn, WSGIServer):
    # Requests that keep silent must not keep the process alive.
    daemon_threads = True
    block_on_close = False
    request_queue_size = 128

    def __init__(self, application: Application, *, port: int) -> None:
        """Listens on 127.0.0.1 at once; port 0 takes a free one, told by `server_port`."""
        super().__init__((HOST, port), _Handler)
        self.set_app(application)

    def server_bind(self) -> None:
        # Not HTTPServer's: that one asks the name service for this machine's name.
        socketserver.TCPServer.server_bind(self)
        self.server_name, self.server_port = HOST, self.server_address[1]
        self.setup_environ()

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A customer who hangs up is no error of ours."""
        log.info("A connection was dropped: %s", sys.exc_info()[1])


def main(environ: Mapping[str, str] = os.environ) -> int:
    """Serves until SIGTERM or SIGINT, then ends at once with 0; 2 and a sentence where it cannot start."""
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s %(message)s")
    for each in (signal.SIGTERM, signal.SIGINT):
        signal.signal(each, lambda *_: sys.exit(0))
    try:
        server = _server(environ)
    except (ValueError, OSError, sqlite3.Error) as problem:
        print(f"The sandbox provider cannot start: {problem}", file=sys.stderr)
        return 2
    log.info("The sandbox provider listens on http://%s:%s", HOST, server.server_port)
    server.serve_forever()
    return 0


def _server(environ: Mapping[str, str]) -> Server:
    missing = [name for name in ("SANDBOX_STATE", "SANDBOX_SECRET", "SANDBOX_RETURN_ORIGINS") if not environ.get(name)]
    if missing:
        raise ValueError(f"set {', '.join(missing)}.")
    origins = [_origin(text.strip()) for text in environ["SANDBOX_RETURN_ORIGINS"].split(",")]
    provider = SandboxProvider(environ["SANDBOX_STATE"], clock=lambda: datetime.now(UTC), return_origins=origins)
    silent_seconds = float(environ.get("SANDBOX_SILENT_SECONDS", SILENT_SECONDS))
    bucket = Bucket(float(environ.get("SANDBOX_CALLS_PER_SECOND", CALLS_PER_SECOND)))
    sender = _sender(environ, provider)
    application = Application(
        provider, secret=environ["SANDBOX_SECRET"], silent_seconds=silent_seconds, bucket=bucket, sender=sender
    )
    return Server(application, port=int(environ.get("SANDBOX_PORT", "8100")))


def _sender(environ: Mapping[str, str], provider: SandboxProvider) -> Sender | None:
    """At work already; None where nobody is to be told."""
    url, secret = environ.get("SANDBOX_WEBHOOK_URL", ""), environ.get("SANDBOX_WEBHOOK_SECRET", "")
    if not url:
        return None
    if not secret or urlsplit(url).scheme not in {"http", "https"}:
        raise ValueError("SANDBOX_WEBHOOK_URL wants a full address, and SANDBOX_WEBHOOK_SECRET to sign with.")
    sender = Sender(provider, url=url, secret=secret)
    sender.start()
    return sender


def _origin(text: str) -> str:
    parts = urlsplit(text)
    if parts.scheme not in {"http", "https"} or f"{parts.scheme}://{parts.netloc}" != text or "@" in text:
        raise ValueError(f"{text!r} in SANDBOX_RETURN_ORIGINS is no origin such as https://portal.example.")
    return text


if __name__ == "__main__":
    sys.exit(main())
