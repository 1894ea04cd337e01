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
        self.disputes: dict[str, Any] = {}
        self.events: list[dict[str, Any]] = []
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
                cancellation_reason=None,
            )
            error = self._error_of(method)
            if error and error["code"] == "authentication_required" and "return_url" in asked:
                return self._send_to_bank(intent)
            return self._confirm(intent, error)

    def _send_to_bank(self, intent: dict[str, Any]) -> Any:
        url = f"https://hooks.stripe.com/3d_secure_2/{intent['id']}"
        intent["status"] = "requires_action"
        intent["next_action"] = {"type": "redirect_to_url", "redirect_to_url": {"url": url}}
        return dict(intent)

    def answer_bank(self, ref: str, *, is_confirmed: bool) -> None:
        """What the customer does on the bank's page; once it is done, the page does nothing more."""
        intent = self.intents[ref]
        if intent["status"] != "requires_action":
            return
        intent["next_action"] = None
        if is_confirmed:
            intent["status"], intent["amount_received"] = "succeeded", intent["amount"]
        else:
            error = {"type": "invalid_request_error", "code": "payment_intent_authentication_failure"}
            intent["status"], intent["last_payment_error"] = "requires_payment_method", error

    def cancel_intent(self, ref: str, asked: dict[str, Any]) -> Any:
        intent = self._one(self.intents, ref, "payment_intent", param="intent")
        if intent["status"] == "succeeded":
            raise invalid("You cannot cancel this PaymentIntent.", code="payment_intent_unexpected_state")
        intent["status"], intent["cancellation_reason"] = "canceled", asked["cancellation_reason"]
        return dict(intent)

    def _check_intent(self, asked: dict[str, Any], method: dict[str, Any]) -> None:
        if asked["currency"] != asked["currency"].lower() or not asked["amount"].isdigit():
            raise invalid("Invalid currency or integer", param="amount")
        if int(asked["amount"]) < 50:
            raise invalid("Amount must be at least 50 cents", code="amount_too_small", param="amount")
        if asked.get("confirm") != "true" or (asked.get("off_session") == "true") == ("return_url" in asked):
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
            self._tell("payment_intent.payment_failed", intent)
            more = {name: value for name, value in error.items() if name not in ("type", "message")}
            raise Refused(402, "card_error", "Declined.", payment_intent=dict(intent), **more)
        intent["status"], intent["amount_received"] = "succeeded", intent["amount"]
        self._tell("payment_intent.succeeded", intent)
        return dict(intent)

    def retrieve_intent(self, ref: str, asked: dict[str, Any]) -> Any:
        return self._one(self.intents, ref, "payment_intent", param="intent")

    def list_intents(self, asked: dict[str, Any]) -> Any:
        page = self._list(self.intents, asked, url="/v1/payment_intents")
        if asked.get("expand") == {"0": "data.latest_charge"}:
            page["data"] = [one | {"latest_charge": _charge_of(one)} for one in page["data"]]
        return page

    def search_intents(self, asked: dict[str, Any]) -> Any:
        return self._search(self.intents, asked)

    # Refunds

    def create_refund(self, asked: dict[str, Any]) -> Any:
        with self._lock:
            intent = self._one(self.intents, asked["payment_intent"], "payment_intent", param="payment_intent")
            amount, left = int(asked["amount"]), intent["amount_received"] - intent["amount_refunded"]
            if any(one["payment_intent"] == intent["id"] and one["status"] != "won" for one in self.disputes.values()):
                raise invalid("Charge has been charged back.", code="charge_disputed")
            if left == 0:
                raise invalid("Charge has already been refunded.", code="charge_already_refunded")
            if amount > left:
                raise invalid("Refund amount is greater than unrefunded amount on charge", param="amount")
            is_rejected = self.refund_behaviours.get(intent["payment_method"]) == "rejected"
            intent["amount_refunded"] += 0 if is_rejected else amount
            made = {"amount": amount, "currency": intent["currency"], "metadata": asked["metadata"]}
            status = {"status": "failed", "failure_reason": "unknown"} if is_rejected else {"status": "pending"}
            refund = self._keep(self.refunds, "re", "refund", payment_intent=intent["id"], **made, **status)
            self._tell("refund.updated", refund | {"status": "failed" if is_rejected else "succeeded"})
            return dict(refund)

    def list_refunds(self, asked: dict[str, Any]) -> Any:
        return self._list(self.refunds, asked, url="/v1/refunds")

    # Disputes

    def open_dispute(self, intent_ref: str) -> str:
        intent = self._one(self.intents, intent_ref, "payment_intent")
        left = intent["amount_received"] - intent["amount_refunded"]
        made = {"amount": left, "currency": intent["currency"], "metadata": {}, "status": "needs_response"}
        dispute = self._keep(self.disputes, "du", "dispute", payment_intent=intent["id"], **made)
        self._tell("charge.dispute.created", dispute)
        return str(dispute["id"])

    def decide_dispute(self, ref: str, *, status: str) -> None:
        dispute = self._one(self.disputes, ref, "dispute")
        if dispute["status"] == status:
            return
        if dispute["status"] != "needs_response":
            raise invalid("The dispute is decided.")
        dispute["status"] = status
        self._tell("charge.dispute.closed", dispute)

    def retrieve_dispute(self, ref: str, asked: dict[str, Any]) -> Any:
        dispute = self._one(self.disputes, ref, "dispute")
        is_expanded = asked.get("expand") == {"0": "payment_intent"}
        return dispute | ({"payment_intent": self.intents[dispute["payment_intent"]]} if is_expanded else {})

    def list_disputes(self, asked: dict[str, Any]) -> Any:
        page = self._list(self.disputes, asked, url="/v1/disputes")
        if asked.get("expand") == {"0": "data.payment_intent"}:
            page["data"] = [one | {"payment_intent": self.intents[one["payment_intent"]]} for one in page["data"]]
        return page

    # What all objects share

    def _tell(self, kind: str, subject: dict[str, Any]) -> None:
        event = {"id": f"evt_{next(self._numbers):014d}", "object": "event", "type": kind}
        self.events.append(event | {"data": {"object": dict(subject)}})

    def _keep(self, where: dict[str, Any], prefix: str, kind: str, **fields: Any) -> dict[str, Any]:
        ref = f"{prefix}_{next(self._numbers):014d}"
        where[ref] = {"id": ref, "object": kind, "created": int(self.clock()), "livemode": False, **fields}
        return where[ref]

    def _one(self, where: dict[str, Any], ref: str, kind: str, param: str = "id") -> dict[str, Any]:
        if ref not in where:
            raise invalid(f"No such {kind}: '{ref}'", code="resource_missing", param=param)
        return where[ref]

    def _list(self, where: dict[str, Any], asked: dict[str, Any], *, url: str) -> Any:
        """Newest first, from the one after `starting_after`, or up to the one before `ending_before`."""
        since = int(asked.get("created", {}).get("gte", 0))
        # A cursor need not be in the range.
        newest_first = list(reversed(where.values()))
        if after := asked.get("starting_after"):
            newest_first = newest_first[[one["id"] for one in newest_first].index(after) + 1 :]
        limit = min(int(asked.get("limit", 10)), self.page_limit)
        if before := asked.get("ending_before"):
            newer = newest_first[: [one["id"] for one in newest_first].index(before)]
            newer = [one for one in newer if one["created"] >= since]
            return {"object": "list", "url": url, "data": newer[-limit:], "has_more": len(newer) > limit}
        newest_first = [one for one in newest_first if one["created"] >= since]
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


def _charge_of(intent: dict[str, Any]) -> dict[str, Any] | None:
    if not intent["amount_received"]:
        return None
    return {"id": f"ch_{intent['id']}", "object": "charge", "amount_refunded": intent["amount_refunded"]}
