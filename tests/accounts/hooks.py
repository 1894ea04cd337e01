"""A receiver of webhooks on this machine, as somebody else would write it, and an endpoint that leads to it."""

import base64
import hashlib
import hmac
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from io import StringIO
from types import SimpleNamespace

from django.core.management import call_command

from accounts.actions import hooks
from accounts.files.hooks import load_hooks
from accounts.models import HookDelivery, HookEndpoint, HookEvent
from accounts.rules.hooks import State
from tests import make, oidc
from tests.meta.test_layout import ROOT

FILE = ROOT / "portal" / "data" / "lexus_cy" / "webhooks.yaml"
CODE = "app-backend"


@contextmanager
def receiver() -> Iterator[SimpleNamespace]:
    """Answers `status`, after `seconds`, with `headers`; keeps what it got."""
    state = SimpleNamespace(status=204, seconds=0.0, headers={}, got=[])

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self):
            body = self.rfile.read(int(self.headers["Content-Length"]))
            state.got.append(SimpleNamespace(path=self.path, headers=dict(self.headers), body=body))
            time.sleep(state.seconds)
            self.send_response(state.status)
            for name, value in state.headers.items():
                self.send_header(name, value)
            self.end_headers()

        def log_message(self, *_facts):
            """Silent."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        state.url = f"http://127.0.0.1:{server.server_port}/hooks"
        yield state
        server.shutdown()
        thread.join()


def endpoint(url: str = "http://127.0.0.1:9/hooks", *, now: datetime = make.NOW) -> HookEndpoint:
    oidc.clients()
    load_hooks(FILE, addresses={CODE: url}, now=now)
    return HookEndpoint.objects.get(code=CODE)


def told(to: HookEndpoint, kind: str = "notice.given", *, now: datetime = make.NOW) -> HookDelivery:
    """An event that waits to be sent there."""
    event = HookEvent.objects.create(kind=kind, at=now, ids={"account": "x"}, created_at=now)
    return HookDelivery.objects.create(event=event, endpoint=to, due_at=now, created_at=now)


def tried(delivery: HookDelivery, *, at: datetime = make.NOW) -> HookDelivery:
    hooks.hand_over(now=at)
    hooks.send(delivery.pk, handed_over_at=at, clock=lambda: at)
    delivery.refresh_from_db()
    delivery.endpoint.refresh_from_db()
    return delivery


def tried_for_days(delivery: HookDelivery, *, now: datetime = make.NOW) -> int:
    """Whenever it is due, until it is over; how often."""
    count = 0
    while delivery.state == State.WAITING:
        now = max(now, delivery.due_at) + timedelta(seconds=1)
        tried(delivery, at=now)
        count += 1
    return count


def secret(*options: str) -> str:
    shown = StringIO()
    call_command("hook_secret", CODE, *options, stdout=shown)
    return shown.getvalue().strip()


def is_signed(got: SimpleNamespace, secret: str) -> bool:
    """By the text of the standard, and by nothing of ours."""
    key = base64.b64decode(secret.removeprefix("whsec_"), validate=True)
    headers = {name.lower(): value for name, value in got.headers.items()}
    signed = b".".join([headers["webhook-id"].encode(), headers["webhook-timestamp"].encode(), got.body])
    expected = "v1," + base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()
    return any(hmac.compare_digest(each, expected) for each in headers["webhook-signature"].split())
