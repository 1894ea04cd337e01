"""Sending the provider's events to the portal, in the background of the server's process."""

import logging
import random
from threading import Event, Lock, Thread

import httpx

from subscriptions.gateway.sandbox.events import KeptEvent
from subscriptions.gateway.sandbox.provider import SandboxProvider

log = logging.getLogger("sandbox")
ANSWER_SECONDS = 10.0
PAUSE_SECONDS = 0.2


class Sender:
    """Posts to one address, signed with one secret. One process sends for a state; a second would send all twice."""

    def __init__(self, provider: SandboxProvider, *, url: str, secret: str) -> None:
        self._provider = provider
        self._url = url
        self._secret = secret
        self._client = httpx.Client(timeout=ANSWER_SECONDS, trust_env=False)
        self._sending = Lock()
        self._stop = Event()
        self._thread = Thread(target=self._keep_sending, daemon=True, name="webhooks")

    def start(self) -> None:
        self._thread.start()

    def close(self) -> None:
        self._stop.set()
        if self._thread.is_alive():
            self._thread.join()
        self._client.close()

    def send_before_answering(self) -> None:
        """For whoever chose that events overtake the answers to the calls that caused them."""
        if self._provider.delivery() == "before_the_answer":
            self.send_waiting()

    def send_waiting(self) -> None:
        """Sends what is due, as badly as was chosen."""
        with self._sending:
            delivery = self._provider.delivery()
            waiting = self._provider.events_waiting()
            if delivery == "out_of_order":
                random.shuffle(waiting)
            for event in waiting:
                if delivery == "never" or self._is_taken(event, times=5 if delivery == "five_times" else 1):
                    self._provider.mark_event_done(event)
                else:
                    self._provider.put_event_back(event)

    def _is_taken(self, event: KeptEvent, *, times: int) -> bool:
        return all([self._post(event) for _ in range(times)])  # noqa: C419

    def _post(self, event: KeptEvent) -> bool:
        try:
            headers = event.headers(secret=self._secret, at=self._provider.clock())
            answer = self._client.post(self._url, content=event.body, headers=headers)
        except httpx.HTTPError as error:
            log.info("Event %s was not taken: %r", event.event_id, error)
            return False
        if not answer.is_success:
            log.info("Event %s was not taken: status %s", event.event_id, answer.status_code)
        return answer.is_success

    def _keep_sending(self) -> None:
        while not self._stop.wait(PAUSE_SECONDS):
            try:
                self.send_waiting()
            except Exception:
                log.exception("Sending events failed")
