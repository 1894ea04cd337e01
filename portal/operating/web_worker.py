"""Gunicorn's worker with threads, and a deadline for whoever sends slowly: a thread is nobody's for minutes."""

import gc
import socket
import time
from contextlib import suppress
from typing import Any

from django.urls import get_resolver
from gunicorn.workers import gthread

from portal.operating.frames import with_room

# A thread looks into a new connection but once; the poller then has it, at no cost, until something comes. Waiting,
# however shortly, lets whoever opens thousands that say nothing hold all threads for minutes.
NOTICED_SECONDS = 0
# A process that ends has no poller to give it back to: whoever came just before is waited for, not cut off.
LAST_LOOK_SECONDS = 1
# A request's head must have come after so long, and all of it, body and all.
HEAD_SECONDS = 10
ALL_SECONDS = 60


class Worker(gthread.ThreadWorker):  # type: ignore[misc]
    """Connections in hand are kept with the moment at which they must have sent what they are to send."""

    wsgi: Any

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._deadlines: dict[Any, float] = {}

    def load_wsgi(self) -> None:
        """With every view, before the first request. What is there then stays, and is looked through for garbage no
        more: a page makes enough objects to have all of the portal looked through every few pages."""
        super().load_wsgi()
        self.wsgi = with_room(self.wsgi)
        _ = get_resolver().url_patterns
        keep_for_good()

    def handle(self, conn: Any) -> Any:
        patience = NOTICED_SECONDS if self.alive else LAST_LOOK_SECONDS
        if not conn.initialized and not conn.data_ready and not conn.wait_for_data(patience):
            return gthread._DEFER
        self._deadlines[conn] = time.monotonic() + HEAD_SECONDS
        try:
            return super().handle(conn)
        finally:
            self._deadlines.pop(conn, None)

    def handle_request(self, req: Any, conn: Any) -> Any:
        self._deadlines[conn] = time.monotonic() + ALL_SECONDS
        return super().handle_request(req, conn)

    def murder_pending(self) -> None:
        """Called by the loop once a second."""
        super().murder_pending()
        now = time.monotonic()
        for conn, deadline in list(self._deadlines.items()):
            if deadline < now:
                # The thread reads that nothing more comes; an answer that is being written is not touched.
                with suppress(OSError):
                    conn.sock.shutdown(socket.SHUT_RD)


def keep_for_good() -> None:
    gc.collect()
    gc.freeze()
    # Some pages' objects, most of which have gone by themselves by then.
    gc.set_threshold(10_000, 20, 20)
