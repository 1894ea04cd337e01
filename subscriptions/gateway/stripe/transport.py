"""How the SDK's requests leave: by one pool of connections, with separate limits for connecting and answering."""

from collections.abc import Mapping

import httpx
import stripe

from subscriptions.gateway.circuit import Circuit, NotAsked

CONNECT_SECONDS = 5.0
# As many calls in the air as a run wants at Stripe's rate, none waiting for a connection.
CONNECTIONS = 200


class Transport(stripe.HTTPClient):
    """The SDK's own client for httpx has one limit for all, and no way to close what it opens for asyncio."""

    name = "httpx"

    def __init__(self, *, timeout: float) -> None:
        super().__init__()
        self._circuit = Circuit()
        limits = httpx.Limits(max_connections=CONNECTIONS, max_keepalive_connections=CONNECTIONS)
        self._client = httpx.Client(timeout=httpx.Timeout(timeout, connect=CONNECT_SECONDS), limits=limits)

    def request(  # type: ignore[override]
        self, method: str, url: str, headers: Mapping[str, str] | None, post_data: str | None = None
    ) -> tuple[str, int, Mapping[str, str]]:
        if not self._circuit.lets_through():
            raise stripe.APIConnectionError("Stripe has not answered of late, and was not asked.") from NotAsked()
        try:
            answer = self._client.request(method, url, headers=headers, content=post_data)
        except httpx.HTTPError as error:
            self._circuit.was_silent()
            raise stripe.APIConnectionError(f"No answer of Stripe: {error!r}") from error
        self._circuit.answered()
        return answer.text, answer.status_code, answer.headers

    def close(self) -> None:
        self._client.close()
