"""The port over HTTP to the sandbox provider's server: what happened on the wire becomes what the portal may conclude.

Nothing sent, or refused before execution: `ProviderDown`. Sent, and no readable answer: `OutcomeUnknown` where money
was to move (P4), `ProviderDown` for questions (P7), which may simply be asked again.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any, TypeVar
from urllib.parse import quote

import httpx

from subscriptions.gateway.circuit import Circuit
from subscriptions.gateway.port import (
    CardPage,
    ChargeOutcome,
    ChargeRecord,
    DisputeStanding,
    Event,
    OutcomeUnknown,
    ProviderDown,
    RateLimited,
    RefundOutcome,
    SetupOutcome,
)
from subscriptions.gateway.sandbox import events, refusals, wire
from subscriptions.gateway.sandbox.cards import Behaviour, RefundBehaviour
from subscriptions.gateway.sandbox.events import Delivery, KeptEvent

Answer = TypeVar("Answer")
CONNECT_SECONDS = 5.0
ANSWER_SECONDS = 20.0
NOT_SENT = (
    httpx.ConnectError,
    httpx.ConnectTimeout,
    httpx.PoolTimeout,
    httpx.UnsupportedProtocol,
    httpx.LocalProtocolError,
)
# A wrong secret is a fault of the deployment, not of the customer's card: it ends no subscription.
NOT_TAKEN = {401, 503}
# Of a limit that does not say when there is room again.
RETRY_SECONDS = 1.0


class SandboxGateway:
    """Usable from many threads; `timeout` is how many seconds an answer may take."""

    def __init__(self, base_url: str, secret: str, timeout: float = ANSWER_SECONDS) -> None:
        self._base_url = base_url.rstrip("/")
        self._circuit = Circuit()
        self._client = httpx.Client(
            base_url=self._base_url,
            headers={"Authorization": f"Bearer {secret}"},
            timeout=httpx.Timeout(timeout, connect=CONNECT_SECONDS),
            trust_env=False,
        )

    def close(self) -> None:
        self._client.close()

    def begin_card_setup(self, *, key: str, customer_ref: str, return_url: str, language: str) -> CardPage:
        asked = {"key": key, "customer_ref": customer_ref, "return_url": return_url, "language": language}
        setup_ref = self._ask("POST", "/v1/card-setups", asked, read=lambda data: str(data["setup_ref"]))
        return CardPage(setup_ref=setup_ref, url=f"{self._base_url}/pay/card/{setup_ref}")

    def card_setup(self, *, setup_ref: str) -> SetupOutcome:
        return self._ask("GET", f"/v1/card-setups/{_segment(setup_ref)}", read=wire.setup_outcome)

    def forget_card(self, *, card_ref: str) -> None:
        self._ask("DELETE", f"/v1/cards/{_segment(card_ref)}", read=_nothing)

    def charge(self, *, key: str, card_ref: str, amount: Decimal, currency: str, description: str) -> ChargeOutcome:
        order = {"key": key, "card_ref": card_ref, "amount": str(amount), "currency": currency}
        return self._move("/v1/charges", order | {"description": description}, read=wire.charge_outcome)

    def charge_present(
        self,
        *,
        key: str,
        card_ref: str,
        amount: Decimal,
        currency: str,
        description: str,
        return_url: str,
        language: str,
    ) -> ChargeOutcome:
        order = {"key": key, "card_ref": card_ref, "amount": str(amount), "currency": currency}
        way_back = {"description": description, "return_url": return_url, "language": language}
        return self._move("/v1/charges/with-customer", order | way_back, read=self._charge_outcome)

    def find_charge(self, *, key: str) -> ChargeOutcome | None:
        return self._find("/v1/charge-outcome", key, read=self._charge_outcome)

    def _charge_outcome(self, data: Any) -> ChargeOutcome:
        return wire.with_origin(wire.charge_outcome(data), self._base_url)

    def refund(self, *, key: str, charge_ref: str, amount: Decimal, currency: str) -> RefundOutcome:
        order = {"key": key, "charge_ref": charge_ref, "amount": str(amount), "currency": currency}
        return self._move("/v1/refunds", order, read=wire.refund_outcome)

    def find_refund(self, *, key: str) -> RefundOutcome | None:
        return self._find("/v1/refund-outcome", key, read=wire.refund_outcome)

    def charges(self, *, since: datetime | None = None, after: str = "") -> list[ChargeRecord]:
        asked = f"since={_segment(since.isoformat()) if since else ''}&after={_segment(after)}"
        return self._ask("GET", f"/v1/charges?{asked}", read=_charges)

    def find_dispute(self, *, dispute_ref: str) -> DisputeStanding | None:
        def found(data: Any) -> DisputeStanding | None:
            return None if data["found"] is None else wire.dispute_standing(data["found"])

        return self._ask("GET", f"/v1/disputes/{_segment(dispute_ref)}", read=found)

    def disputes(self, *, since: datetime) -> list[DisputeStanding]:
        def listed(data: Any) -> list[DisputeStanding]:
            return [wire.dispute_standing(each) for each in data["disputes"]]

        return self._ask("GET", f"/v1/disputes?since={_segment(since.isoformat())}", read=listed)

    def read_event(self, *, body: bytes, headers: Mapping[str, str], secrets: Sequence[str], now: datetime) -> Event:
        return events.read_event(body=body, headers=headers, secrets=secrets, now=now)

    # Beyond the port: what the sandbox offers to rehearsals and tests, here and in process alike

    def complete_setup(
        self,
        *,
        setup_ref: str,
        number: str,
        exp_month: int,
        exp_year: int,
        behaviour: Behaviour | None = None,
        authenticate: bool = True,
    ) -> SetupOutcome:
        """Does what the customer does on the pages."""
        card = {"number": number, "exp_month": exp_month, "exp_year": exp_year}
        typed = card | {"behaviour": behaviour, "authenticate": authenticate}
        path = f"/test/card-setups/{_segment(setup_ref)}/completion"
        return self._ask("POST", path, typed, read=wire.setup_outcome)

    def confirm_charge(self, *, url: str, is_confirmed: bool = True) -> None:
        """Does what the customer does on the page to which they were sent."""
        path = f"/test/confirmations/{_segment(url.rpartition('/')[2])}"
        self._ask("PUT", path, {"is_confirmed": is_confirmed}, read=_nothing)

    def set_behaviour(self, *, card_ref: str, behaviour: Behaviour) -> None:
        path = f"/test/cards/{_segment(card_ref)}/behaviour"
        self._ask("PUT", path, {"behaviour": behaviour}, read=_nothing)

    def set_refund_behaviour(self, *, card_ref: str, behaviour: RefundBehaviour) -> None:
        path = f"/test/cards/{_segment(card_ref)}/refund-behaviour"
        self._ask("PUT", path, {"behaviour": behaviour}, read=_nothing)

    def open_dispute(self, *, charge_ref: str) -> str:
        path = f"/test/charges/{_segment(charge_ref)}/dispute"
        return self._ask("POST", path, read=lambda data: str(data["dispute_ref"]))

    def win_dispute(self, *, dispute_ref: str) -> None:
        self._ask("POST", f"/test/disputes/{_segment(dispute_ref)}/win", read=_nothing)

    def lose_dispute(self, *, dispute_ref: str) -> None:
        self._ask("POST", f"/test/disputes/{_segment(dispute_ref)}/lose", read=_nothing)

    def set_delivery(self, *, delivery: Delivery) -> None:
        self._ask("PUT", "/test/webhooks", {"delivery": delivery}, read=_nothing)

    def events(self) -> list[KeptEvent]:
        """Everything that the provider has told or will tell, oldest first."""
        return self._ask("GET", "/test/events", read=lambda data: [wire.kept_event(each) for each in data["events"]])

    def _find(self, path: str, key: str, *, read: Callable[[Any], Answer]) -> Answer | None:
        def found(data: Any) -> Answer | None:
            return None if data["found"] is None else read(data["found"])

        return self._ask("GET", f"{path}?key={_segment(key)}", read=found)

    def _ask(
        self, method: str, path: str, body: dict[str, Any] | None = None, *, read: Callable[[Any], Answer]
    ) -> Answer:
        return self._call(method, path, body, read=read, unanswered=ProviderDown)

    def _move(self, path: str, body: dict[str, Any], *, read: Callable[[Any], Answer]) -> Answer:
        return self._call("POST", path, body, read=read, unanswered=OutcomeUnknown)

    def _call(
        self,
        method: str,
        path: str,
        body: dict[str, Any] | None,
        *,
        read: Callable[[Any], Answer],
        unanswered: type[Exception],
    ) -> Answer:
        response = self._answer(method, path, body, unanswered=unanswered)
        if response.status_code == httpx.codes.TOO_MANY_REQUESTS:
            raise RateLimited("More calls than the provider takes.", retry_after=_seconds(response))
        if response.status_code in NOT_TAKEN:
            raise ProviderDown(f"The provider answered {response.status_code} and did nothing.")
        try:
            return read(_data(response))
        except refusals.RequestRefused:
            raise
        except (ValueError, LookupError, TypeError, ArithmeticError) as error:
            raise unanswered(f"The provider's answer of status {response.status_code} cannot be read.") from error

    def _answer(
        self, method: str, path: str, body: dict[str, Any] | None, *, unanswered: type[Exception]
    ) -> httpx.Response:
        if not self._circuit.lets_through():
            raise ProviderDown("The provider has not answered of late, and was not asked.")
        try:
            response = self._client.request(method, path, json=body)
        except httpx.RequestError as error:
            self._circuit.was_silent()
            if isinstance(error, NOT_SENT):
                raise ProviderDown(f"The provider cannot be reached: {error!r}") from error
            raise unanswered(f"The provider did not answer: {error!r}") from error
        self._circuit.answered()
        return response


def _seconds(response: httpx.Response) -> float:
    text = response.headers.get("Retry-After", "")
    try:
        return min(max(float(text), 0.0), 60.0)
    except ValueError:
        return RETRY_SECONDS


def _data(response: httpx.Response) -> Any:
    """The answer's JSON. Raises what the provider refused with, and `Malformed` for any other status than 200."""
    data = response.json()
    if response.status_code in refusals.BY_STATUS:
        raise refusals.BY_STATUS[response.status_code](data["error"])
    if response.status_code != httpx.codes.OK:
        raise wire.Malformed(f"Status {response.status_code}")
    return data


def _charges(data: Any) -> list[ChargeRecord]:
    return [wire.charge_record(item) for item in data["charges"]]


def _nothing(_data: Any) -> None:
    """For answers that say no more than done."""


def _segment(text: str) -> str:
    return quote(text, safe="")
