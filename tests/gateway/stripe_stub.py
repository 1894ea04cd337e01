"""A stand-in for Stripe's API on loopback, for version 2026-10-28.endive: only what our gateway calls.

Built on Stripe's published shapes. It takes no parameter that Stripe's specification of that version does not name
(the SDK's types are made from it), keeps the first answer of a key for a day, declines included, and loses answers
when told.
"""

import json
import re
from collections.abc import Callable
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Lock, Thread
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from stripe import params
from stripe.params import checkout

from tests.gateway.stripe_account import Account, Refused

VERSION = "2026-10-28.endive"
KEPT_SECONDS = 24 * 60 * 60
ROUTES: list[tuple[str, str, Callable[..., Any], type | None]] = [
    ("POST", "/v1/customers", Account.create_customer, params.CustomerCreateParams),
    ("GET", "/v1/customers/search", Account.search_customers, params.CustomerSearchParams),
    ("POST", "/v1/checkout/sessions", Account.create_session, checkout.SessionCreateParams),
    ("GET", "/v1/checkout/sessions/(cs_[^/]+)", Account.retrieve_session, checkout.SessionRetrieveParams),
    ("GET", "/v1/payment_methods/([^/]+)", Account.retrieve_method, params.PaymentMethodRetrieveParams),
    ("POST", "/v1/payment_methods/([^/]+)/detach", Account.detach_method, params.PaymentMethodDetachParams),
    ("POST", "/v1/payment_intents", Account.create_intent, params.PaymentIntentCreateParams),
    ("GET", "/v1/payment_intents", Account.list_intents, params.PaymentIntentListParams),
    ("GET", "/v1/payment_intents/search", Account.search_intents, params.PaymentIntentSearchParams),
    ("GET", "/v1/payment_intents/([^/]+)", Account.retrieve_intent, params.PaymentIntentRetrieveParams),
    ("POST", "/v1/payment_intents/([^/]+)/cancel", Account.cancel_intent, params.PaymentIntentCancelParams),
    ("GET", "/v1/disputes", Account.list_disputes, params.DisputeListParams),
    ("GET", "/v1/disputes/([^/]+)", Account.retrieve_dispute, params.DisputeRetrieveParams),
    ("POST", "/v1/refunds", Account.create_refund, params.RefundCreateParams),
    ("GET", "/v1/refunds", Account.list_refunds, params.RefundListParams),
]
NESTED = {
    "setup_intent_data": checkout.SessionCreateParamsSetupIntentData,
    "payment_method_options": checkout.SessionCreateParamsPaymentMethodOptions,
    "created": params.PaymentIntentListParamsCreated,
}
# What a request to the SDK may say beside Stripe's own parameters.
NO_PARAMETERS = set(params.PaymentMethodDetachParams.__annotations__) - {"expand"}


class Lost(Exception):
    """The connection ends without an answer."""


class StripeStub:
    """The HTTP side: who asks, in which version, with which parameters, under which key."""

    def __init__(self, account: Account, *, secret_key: str) -> None:
        self.account = account
        self.requests: list[tuple[str, str, dict[str, Any]]] = []
        self._secret_key = secret_key
        self._kept: dict[str, tuple[Any, float, int, Any]] = {}
        self._at_work: set[str] = set()
        self._lost: set[str] = set()
        self._lock = Lock()

    def respond(self, method: str, target: str, headers: Any, body: str) -> tuple[int, Any]:
        """Status and JSON. Raises `Lost`."""
        try:
            self._check_headers(headers)
            path = urlsplit(target).path
            asked = _tree(body if method == "POST" else urlsplit(target).query)
            call, segments = _find(method, path, asked)
            self.requests.append((method, path, asked))
            return self._once(
                headers.get("Idempotency-Key"), (path, asked), lambda: call(self.account, *segments, asked)
            )
        except Refused as refused:
            return refused.status, {"error": refused.error}

    def _check_headers(self, headers: Any) -> None:
        if headers.get("Authorization") != f"Bearer {self._secret_key}":
            raise Refused(401, "invalid_request_error", "Invalid API Key provided")
        if headers.get("Stripe-Version") != VERSION:
            raise Refused(400, "invalid_request_error", "Invalid Stripe API version")

    def _once(self, key: str | None, order: Any, execute: Callable[[], Any]) -> tuple[int, Any]:
        """Runs it once for its key, and keeps what it said; an error of parameters is not kept."""
        behaviour = self.account.behaviour_of(order[1])
        if behaviour == "provider_down":
            raise Refused(429, "invalid_request_error", "Too many requests", code="rate_limit")
        if key is None:
            return 200, execute()
        with self._lock:
            if self._first_loss(key, behaviour, "timeout_not_charged"):
                raise Lost
            if kept := self._answer_kept(key, order):
                return kept
            self._at_work.add(key)
        try:
            status, answer = _executed(execute)
        finally:
            self._at_work.discard(key)
        with self._lock:
            self._kept[key] = (order, self.account.clock(), status, answer)
            if self._first_loss(key, behaviour, "timeout_charged"):
                raise Lost
        return status, answer

    def _first_loss(self, key: str, behaviour: str, wanted: str) -> bool:
        is_first = behaviour == wanted and key not in self._lost
        if is_first:
            self._lost.add(key)
        return is_first

    def _answer_kept(self, key: str, order: Any) -> tuple[int, Any] | None:
        if key in self._at_work:
            raise Refused(409, "idempotency_error", "In-progress request", code="idempotency_key_in_use")
        if key not in self._kept or self._kept[key][1] + KEPT_SECONDS < self.account.clock():
            return None
        first, _, status, answer = self._kept[key]
        if first != order:
            raise Refused(400, "idempotency_error", f"Keys for idempotent requests: use a key other than '{key}'")
        return status, answer


def _executed(execute: Callable[[], Any]) -> tuple[int, Any]:
    # A refusal of parameters (400, 404) is raised through and kept by nobody; a decline is an answer.
    try:
        return 200, execute()
    except Refused as refused:
        if refused.status != 402:
            raise
        return 402, {"error": refused.error}


def _find(method: str, path: str, asked: dict[str, Any]) -> tuple[Callable[..., Any], tuple[str, ...]]:
    for verb, pattern, call, known in ROUTES:
        if verb == method and (match := re.fullmatch(pattern, path)):
            _check_names(asked, set(known.__annotations__) - NO_PARAMETERS)
            for name, nested in NESTED.items():
                _check_names(asked.get(name, {}), set(nested.__annotations__))
            return call, match.groups()
    raise Refused(404, "invalid_request_error", f"Unrecognized request URL ({method}: {path})")


def _check_names(asked: dict[str, Any], known: set[str]) -> None:
    for name in set(asked) - known:
        raise Refused(
            400,
            "invalid_request_error",
            f"Received unknown parameter: {name}",
            code="parameter_unknown",
            param=name,
        )


def _tree(encoded: str) -> dict[str, Any]:
    """a=1&b[c]=2&d[0]=3 as {"a": "1", "b": {"c": "2"}, "d": {"0": "3"}}."""
    tree: dict[str, Any] = {}
    for name, value in parse_qsl(encoded, keep_blank_values=True):
        *outer, last = re.findall(r"[^\[\]]+", name)
        inner = tree
        for part in outer:
            inner = inner.setdefault(part, {})
        inner[last] = value
    return tree


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    # Head and body leave in two parts; otherwise the second would wait for the first one's receipt.
    disable_nagle_algorithm = True
    stub: StripeStub

    def _serve(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0)).decode()
        try:
            status, answer = self.stub.respond(self.command, self.path, self.headers, body)
        except Lost:
            self.close_connection = True
            return
        data = json.dumps(answer).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    do_GET = do_POST = do_DELETE = _serve  # noqa: N815

    def log_message(self, *args: Any) -> None:
        """Says nothing."""


class _Server(ThreadingHTTPServer):
    daemon_threads = True


@contextmanager
def serving(stub: StripeStub):
    """The address of the stub, in a thread, for as long as the block lasts."""
    with _Server(("127.0.0.1", 0), type("Handler", (_Handler,), {"stub": stub})) as server:
        thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()
