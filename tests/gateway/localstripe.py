"""Somebody else's imitation of Stripe, as a process on loopback, with a thin shim before it.

localstripe refuses parameters that it does not know, has no search, and leaves `amount_received` out. The shim, which
is of the tests alone, takes those parameters away, answers searches as Stripe's index does of what was just made (with
nothing), and adds that field. Everything else goes through as it is.
"""

import json
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from urllib.parse import parse_qsl, urlencode, urlsplit

import httpx

STARTS_WITHIN_SECONDS = 30
# It binds all addresses and keeps its state in one file of the machine by itself: here loopback, and memory.
STARTER = """
import socket
from aiohttp import web
from localstripe import resources, server
resources.Store.dump_to_disk = lambda store: None
here = socket.socket()
here.bind(("127.0.0.1", 0))
print(here.getsockname()[1], flush=True)
web.run_app(server.app, sock=here, print=None, access_log=None)
"""
UNKNOWN = {
    ("POST", "/v1/payment_intents"): ("description", "allowed_payment_method_types", "return_url"),
    ("GET", "/v1/payment_intents"): ("created",),
    ("POST", "/v1/payment_intents/cancel"): ("cancellation_reason",),
}
NOTHING_FOUND = {"object": "search_result", "data": [], "has_more": False, "url": "", "next_page": None}


@contextmanager
def running(folder: Path) -> Iterator[str]:
    """The address of a localstripe of its own, stopped at the end of the block."""
    errors = (folder / "errors").open("wb")
    process = subprocess.Popen([sys.executable, "-c", STARTER], cwd=folder, stdout=subprocess.PIPE, stderr=errors)
    try:
        assert process.stdout is not None
        address = f"http://127.0.0.1:{int(process.stdout.readline())}"
        _wait_for(address)
        yield address
    finally:
        process.terminate()
        process.communicate(timeout=STARTS_WITHIN_SECONDS)
        errors.close()


def _wait_for(address: str) -> None:
    until = time.monotonic() + STARTS_WITHIN_SECONDS
    while time.monotonic() < until:
        try:
            httpx.get(address, trust_env=False, timeout=1)
            return
        except httpx.TransportError:
            time.sleep(0.05)
    raise TimeoutError(f"nothing answers at {address}")


@contextmanager
def shimmed(address: str) -> Iterator[str]:
    """The address of the shim before that one."""
    with httpx.Client(base_url=address, trust_env=False, timeout=10) as beyond:
        handler = type("Shim", (Shim,), {"beyond": beyond})
        with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
            thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
            thread.start()
            yield f"http://127.0.0.1:{server.server_port}"
            server.shutdown()
            thread.join()


class Shim(BaseHTTPRequestHandler):
    beyond: httpx.Client

    def do_GET(self) -> None:
        self._pass_on(b"")

    def do_POST(self) -> None:
        self._pass_on(self.rfile.read(int(self.headers.get("Content-Length", 0))))

    def log_message(self, *_args: object) -> None:
        """Nothing on the test's output."""

    def _pass_on(self, body: bytes) -> None:
        place = urlsplit(self.path)
        if place.path.endswith("/search"):
            self._answer(200, NOTHING_FOUND)
            return
        unknown = UNKNOWN.get((self.command, _kind_of(place.path)), ())
        answer = self.beyond.request(
            self.command,
            place.path,
            params=_known(place.query, unknown),
            content=urlencode(_known(body.decode(), unknown)),
            headers={
                "Authorization": self.headers["Authorization"],
                "Content-Type": "application/x-www-form-urlencoded",
            },
        )
        self._answer(answer.status_code, _completed(answer.json()))

    def _answer(self, status: int, said: object) -> None:
        body = json.dumps(said).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


def _kind_of(path: str) -> str:
    """The path without the object's id: what is done, to which kind."""
    parts = path.split("/")
    return "/".join([*parts[:3], *parts[4:]]) if len(parts) > 4 else path


def _known(form: str, unknown: tuple[str, ...]) -> list[tuple[str, str]]:
    pairs = parse_qsl(form, keep_blank_values=True)
    return [(name, value) for name, value in pairs if name.partition("[")[0] not in unknown]


def _completed(said: object) -> object:
    if isinstance(said, list):
        return [_completed(each) for each in said]
    if not isinstance(said, dict):
        return said
    whole = {name: _completed(value) for name, value in said.items()}
    if whole.get("object") == "payment_intent":
        whole["amount_received"] = whole["amount"] if whole["status"] == "succeeded" else 0
    return whole
