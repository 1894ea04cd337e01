"""The portal's way: the port as JSON over HTTP under /v1/, and under /test/ what only a sandbox offers."""

from datetime import datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from subscriptions.gateway.sandbox import wire
from subscriptions.gateway.sandbox.provider import CHARGES_PER_PAGE, SandboxProvider
from subscriptions.gateway.sandbox.refusals import RequestRefused
from subscriptions.gateway.sandbox.web import Request, Response, json_response, route


def begin_card_setup(provider: SandboxProvider, request: Request) -> Response:
    asked = _fields(request, key=str, customer_ref=str, return_url=str, language=str)
    return json_response({"setup_ref": provider.begin_card_setup(**asked)})


def card_setup(provider: SandboxProvider, request: Request, *, setup_ref: str) -> Response:
    return json_response(wire.encode(provider.card_setup(setup_ref=setup_ref)))


def forget_card(provider: SandboxProvider, request: Request, *, card_ref: str) -> Response:
    provider.forget_card(card_ref=card_ref)
    return json_response({})


def charge(provider: SandboxProvider, request: Request) -> Response:
    asked = _fields(request, key=str, card_ref=str, amount=str, currency=str, description=str)
    return json_response(wire.encode(provider.charge(**asked)))


def charge_present(provider: SandboxProvider, request: Request) -> Response:
    way_back = {"return_url": str, "language": str}
    asked = _fields(request, key=str, card_ref=str, amount=str, currency=str, description=str, **way_back)
    return json_response(wire.encode(provider.charge_present(**asked)))


def find_charge(provider: SandboxProvider, request: Request) -> Response:
    outcome = provider.find_charge(key=request.query.get("key", ""))
    return json_response({"found": outcome and wire.encode(outcome)})


def list_charges(provider: SandboxProvider, request: Request) -> Response:
    """At most `CHARGES_PER_PAGE` after the reference `after`, made at the moment `since` or later."""
    since, after = request.query.get("since", ""), request.query.get("after", "")
    records = provider.charges(since=_moment(since) if since else None, after=after, limit=CHARGES_PER_PAGE)
    return json_response({"charges": [wire.encode_record(record) for record in records]})


def refund(provider: SandboxProvider, request: Request) -> Response:
    asked = _fields(request, key=str, charge_ref=str, amount=str, currency=str)
    return json_response(wire.encode(provider.refund(**asked)))


def find_refund(provider: SandboxProvider, request: Request) -> Response:
    outcome = provider.find_refund(key=request.query.get("key", ""))
    return json_response({"found": outcome and wire.encode(outcome)})


def find_dispute(provider: SandboxProvider, request: Request, *, dispute_ref: str) -> Response:
    standing = provider.find_dispute(dispute_ref=dispute_ref)
    return json_response({"found": standing and wire.encode_dispute(standing)})


def list_disputes(provider: SandboxProvider, request: Request) -> Response:
    try:
        since = datetime.fromisoformat(request.query.get("since", ""))
    except ValueError:
        raise RequestRefused("since is no moment.") from None
    return json_response({"disputes": [wire.encode_dispute(each) for each in provider.disputes(since=since)]})


def complete_setup(provider: SandboxProvider, request: Request, *, setup_ref: str) -> Response:
    asked = _fields(request, number=str, exp_month=int, exp_year=int, behaviour=str | None, authenticate=bool)
    return json_response(wire.encode(provider.complete_setup(setup_ref=setup_ref, **asked)))


def confirm_charge(provider: SandboxProvider, request: Request, *, confirmation_ref: str) -> Response:
    provider.confirm_charge(confirmation_ref=confirmation_ref, **_fields(request, is_confirmed=bool))
    return json_response({})


def set_behaviour(provider: SandboxProvider, request: Request, *, card_ref: str) -> Response:
    provider.set_behaviour(card_ref=card_ref, **_fields(request, behaviour=str))
    return json_response({})


def set_refund_behaviour(provider: SandboxProvider, request: Request, *, card_ref: str) -> Response:
    provider.set_refund_behaviour(card_ref=card_ref, **_fields(request, behaviour=str))
    return json_response({})


def open_dispute(provider: SandboxProvider, request: Request, *, charge_ref: str) -> Response:
    return json_response({"dispute_ref": provider.open_dispute(charge_ref=charge_ref)})


def win_dispute(provider: SandboxProvider, request: Request, *, dispute_ref: str) -> Response:
    provider.decide_dispute(dispute_ref=dispute_ref, state="won")
    return json_response({})


def lose_dispute(provider: SandboxProvider, request: Request, *, dispute_ref: str) -> Response:
    provider.decide_dispute(dispute_ref=dispute_ref, state="lost")
    return json_response({})


def set_delivery(provider: SandboxProvider, request: Request) -> Response:
    provider.set_delivery(**_fields(request, delivery=str))
    return json_response({})


def list_events(provider: SandboxProvider, request: Request) -> Response:
    return json_response({"events": [wire.encode_event(event) for event in provider.events()]})


ROUTES = (
    route("POST", "/v1/card-setups", begin_card_setup),
    route("GET", "/v1/card-setups/{setup_ref}", card_setup),
    route("DELETE", "/v1/cards/{card_ref}", forget_card),
    route("GET", "/v1/charges", list_charges),
    route("POST", "/v1/charges", charge),
    route("POST", "/v1/charges/with-customer", charge_present),
    route("GET", "/v1/charge-outcome", find_charge),
    route("POST", "/v1/refunds", refund),
    route("GET", "/v1/refund-outcome", find_refund),
    route("GET", "/v1/disputes", list_disputes),
    route("GET", "/v1/disputes/{dispute_ref}", find_dispute),
    route("POST", "/test/card-setups/{setup_ref}/completion", complete_setup),
    route("PUT", "/test/confirmations/{confirmation_ref}", confirm_charge),
    route("PUT", "/test/cards/{card_ref}/behaviour", set_behaviour),
    route("PUT", "/test/cards/{card_ref}/refund-behaviour", set_refund_behaviour),
    route("POST", "/test/charges/{charge_ref}/dispute", open_dispute),
    route("POST", "/test/disputes/{dispute_ref}/win", win_dispute),
    route("POST", "/test/disputes/{dispute_ref}/lose", lose_dispute),
    route("PUT", "/test/webhooks", set_delivery),
    route("GET", "/test/events", list_events),
)


def _moment(text: str) -> datetime:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise RequestRefused(f"{text!r} is no moment.") from None
    if moment.tzinfo is None:
        raise RequestRefused(f"{text!r} has no time zone.")
    return moment


def _fields(request: Request, **kinds: Any) -> dict[str, Any]:
    """The request's fields, each there and of its kind; `amount` becomes a Decimal."""
    data = request.json()
    for name, kind in kinds.items():
        if name not in data or not isinstance(data[name], kind):
            raise RequestRefused(f"The field {name} is missing or of the wrong kind.")
    fields = {name: data[name] for name in kinds}
    try:
        return fields | ({"amount": Decimal(fields["amount"])} if "amount" in kinds else {})
    except InvalidOperation:
        raise RequestRefused("The amount is no number.") from None
