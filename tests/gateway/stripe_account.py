"""What the stand-in for Stripe keeps, and its rules: objects in the shapes that Stripe publishes."""

import hashlib
import itertools
import re
from collections.abc import Callable
from datetime import UTC, datetime
from threading import RLock
from typing import Any

# Behaviours of a card, in the words of the sandbox, as Stripe's card errors.
DECLINES: dict[str, dict[str, str]] = {
    "insufficient_funds": {"decline_code": "insufficient_funds", "advice_code": "try_again_later"},
    "stolen": {"decline_code": "stolen_card", "advice_code": "do_not_try_again"},
    "expired": {"code": "expired_card", "decline_code": "expired_card"},
    "needs_authentication": {"code": "authentication_required", "decline_code": "authentication_required"},
}
INDEX_SECONDS = 60


class Refused(Exception):
    def __init__(self, status: int, kind: str, message: str, **more: Any) -> None:
        self.status, self.error = status, {"type": kind, "message": message} | more


def invalid(message: str, **more: Any) -> Refused:
    return Refused(404 if more.get("code") == "resource_missing" else 400, "invalid_request_error", message, **more)


class Account:
    """One Stripe account. `page_limit` makes pages shorter than asked for, as no real one does, to turn some."""

    def __init__(self, clock: Callable[[], float], *, page_limit: int = 100) -> None:
        self.clock, self.page_limit = clock, page_limit
        self.customers: dict[str, Any] = {}
        self.methods: dict[str, Any] = {}
        self.sessions: dict[str, Any] = {}
        self.setups: dict[str, Any] = {}
        self.intents: dict[str, Any] = {}
        self.refunds: dict[str, Any] = {}
        self.behaviours: dict[str, str] = {}
        self.refund_behaviours: dict[str, str] = {}
        self._numbers = itertools.count(1)
        self._lock = RLock()

    def behaviour_of(self, asked: dict[str, Any]) -> str:
        return self.behaviours.get(asked.get("payment_method", ""), "ok")

    # Customers and cards

    def create_customer(self, asked: dict[str, Any]) -> Any:
        return self._keep(self.customers, "cus", "customer", metadata=asked.get("metadata", {}))

    def search_customers(self, asked: dict[str, Any]) -> Any:
        return self._search(self.customers, asked)

    def create_session(self, asked: dict[str, Any]) -> Any:
        self._one(self.customers, asked["customer"], "customer")
        if asked["mode"] != "setup" or not asked.get("allowed_payment_method_types"):
            raise invalid("You must specify `currency` or `allowed_payment_method_types`.", param="currency")
        setup = self._keep(self.setups, "seti", "setup_intent", status="requires_payment_method", last_setup_error=None)
        made = {"status": "open", "customer": asked["customer"], "setup_intent": setup["id"], "mode": "setup"}
        session = self._keep(self.sessions, "cs_test", "checkout.session", **made)
        session["url"] = f"https://checkout.stripe.com/c/pay/{session['id']}#{'x' * 300}"
        return dict(session)

    def retrieve_session(self, ref: str, asked: dict[str, Any]) -> Any:
        session = dict(self._one(self.sessions, ref, "checkout.session"))
        if asked.get("expand") == {"0": "setup_intent.payment_method"}:
            setup = dict(self.setups[session["setup_intent"]])
            setup["payment_method"] = self.methods.get(setup.get("payment_method") or "")
            session["setup_intent"] = setup
        return session

    def finish_session(self, ref: str, *, card: dict[str, Any], error: dict[str, Any] | None) -> None:
        """What the customer does on the page; after an error the page is left until it expires."""
        session = self.sessions[ref]
        setup = self.setups[session["setup_intent"]]
        if session["status"] != "open":
            return
        if error:
            session["status"], setup["last_setup_error"] = "expired", error
            return
        method = self._keep(self.methods, "pm", "payment_method", customer=session["customer"], card=card)
        session["status"], setup["status"], setup["payment_method"] = "complete", "succeeded", method["id"]

    def retrieve_method(self, ref: str, asked: dict[str, Any]) -> Any:
        return self._one(self.methods, ref, "PaymentMethod", param="payment_method")

    def detach_method(self, ref: str, asked: dict[str, Any]) -> Any:
        method = self._one(self.methods, ref, "PaymentMethod", param="payment_method")
        if method["customer"] is None:
            raise invalid("The payment method you provided is not attached to a customer so detachment is impossible.")
        method["customer"] = None
        return method

    # Charges

    def create_intent(self, asked: dict[str, Any]) -> Any:
        with self._lock:
            method = self._one(self.methods, asked["payment_method"], "PaymentMethod", param="payment_method")
            self._check_intent(asked, method)
            intent = self._keep(
                self.intents,
                "pi",
                "payment_intent",
                amount=int(asked["amount"]),
                amount_received=0,
                amount_refunded=0,
                currency=asked["currency"],
                customer=asked["customer"],
                payment_method=method["id"],
                description=asked["description"],
                metadata=asked["metadata"],
                status="requires_payment_method",
                last_payment_error=None,
                next_action=None,
            )
            return self._confirm(intent, self._error_of(method))

    def _check_intent(self, asked: dict[str, Any], method: dict[str, Any]) -> None:
        if asked["currency"] != asked["currency"].lower() or not asked["amount"].isdigit():
            raise invalid("Invalid currency or integer", param="amount")
        if int(asked["amount"]) < 50:
            raise invalid("Amount must be at least 50 cents", code="amount_too_small", param="amount")
        if asked.get("confirm") != "true" or asked.get("off_session") != "true":
            raise invalid("You must provide a `return_url`.", param="return_url")
        if method["customer"] != asked["customer"]:
            raise invalid("The PaymentMethod was detached from a Customer.", param="payment_method")

    def _error_of(self, method: dict[str, Any]) -> dict[str, Any] | None:
        behaviour = self.behaviours.get(method["id"], "ok")
        today = datetime.fromtimestamp(self.clock(), UTC)
        if (method["card"]["exp_year"], method["card"]["exp_month"]) < (today.year, today.month):
            behaviour = "expired"
        if behaviour not in DECLINES:
            return None
        return {"type": "card_error", "code": "card_declined", "message": "Declined."} | DECLINES[behaviour]

    def _confirm(self, intent: dict[str, Any], error: dict[str, Any] | None) -> Any:
        intent["last_payment_error"] = error
        if error:
            more = {name: value for name, value in error.items() if name not in ("type", "message")}
            raise Refused(402, "card_error", "Declined.", payment_intent=dict(intent), **more)
        intent["status"], intent["amount_received"] = "succeeded", intent["amount"]
        return dict(intent)

    def retrieve_intent(self, ref: str, asked: dict[str, Any]) -> Any:
        return self._one(self.intents, ref, "payment_intent", param="intent")

    def list_intents(self, asked: dict[str, Any]) -> Any:
        return self._list(self.intents, asked, url="/v1/payment_intents")

    def search_intents(self, asked: dict[str, Any]) -> Any:
        return self._search(self.intents, asked)

    # Refunds

    def create_refund(self, asked: dict[str, Any]) -> Any:
        with self._lock:
            intent = self._one(self.intents, asked["payment_intent"], "payment_intent", param="payment_intent")
            amount, left = int(asked["amount"]), intent["amount_received"] - intent["amount_refunded"]
            if left == 0:
                raise invalid("Charge has already been refunded.", code="charge_already_refunded")
            if amount > left:
                raise invalid("Refund amount is greater than unrefunded amount on charge", param="amount")
            is_rejected = self.refund_behaviours.get(intent["payment_method"]) == "rejected"
            intent["amount_refunded"] += 0 if is_rejected else amount
            made = {"amount": amount, "currency": intent["currency"], "metadata": asked["metadata"]}
            status = {"status": "failed", "failure_reason": "unknown"} if is_rejected else {"status": "pending"}
            return dict(self._keep(self.refunds, "re", "refund", payment_intent=intent["id"], **made, **status))

    def list_refunds(self, asked: dict[str, Any]) -> Any:
        return self._list(self.refunds, asked, url="/v1/refunds")

    # What all objects share

    def _keep(self, where: dict[str, Any], prefix: str, kind: str, **fields: Any) -> dict[str, Any]:
        ref = f"{prefix}_{next(self._numbers):014d}"
        where[ref] = {"id": ref, "object": kind, "created": int(self.clock()), "livemode": False, **fields}
        return where[ref]

    def _one(self, where: dict[str, Any], ref: str, kind: str, param: str = "id") -> dict[str, Any]:
        if ref not in where:
            raise invalid(f"No such {kind}: '{ref}'", code="resource_missing", param=param)
        return where[ref]

    def _list(self, where: dict[str, Any], asked: dict[str, Any], *, url: str) -> Any:
        """Newest first, from the one after `starting_after`."""
        since = int(asked.get("created", {}).get("gte", 0))
        newest_first = [one for one in reversed(where.values()) if one["created"] >= since]
        if after := asked.get("starting_after"):
            newest_first = newest_first[[one["id"] for one in newest_first].index(after) + 1 :]
        limit = min(int(asked.get("limit", 10)), self.page_limit)
        page = {"data": newest_first[:limit], "has_more": len(newest_first) > limit}
        return {"object": "list", "url": url} | page

    def _search(self, where: dict[str, Any], asked: dict[str, Any]) -> Any:
        """The index is a minute behind."""
        match = re.fullmatch(r'metadata\["(\w+)"\]:"((?:[^"\\]|\\.)*)"', asked["query"])
        if match is None:
            raise invalid("We were unable to parse your search query.", param="query")
        name, value = match[1], re.sub(r"\\(.)", r"\1", match[2])
        indexed = [one for one in where.values() if one["created"] + INDEX_SECONDS <= self.clock()]
        found = [one for one in indexed if one["metadata"].get(name) == value]
        return {"object": "search_result", "data": found, "has_more": False, "next_page": None, "url": "/v1/search"}


def fingerprint_of(number: str) -> str:
    return hashlib.sha256(number.encode()).hexdigest()[:16]
