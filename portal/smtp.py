"""Mail by SMTP with a limit to the whole conversation: a server that answers letter by letter holds no worker up."""

import smtplib
import socket
from contextlib import suppress
from threading import Timer
from typing import Any

from django.conf import settings
from django.core.mail.backends.smtp import EmailBackend as DjangoBackend


class EmailBackend(DjangoBackend):
    """Django's, but that a connection is cut after `EMAIL_TIME_LIMIT` seconds; the mail is then sent again later."""

    @property
    def connection_class(self) -> type[smtplib.SMTP]:
        return LimitedSMTP


class LimitedSMTP(smtplib.SMTP):
    """`EMAIL_TIMEOUT` limits the wait for each piece of an answer; this the conversation of which they are part."""

    _alarm: Timer | None = None

    def connect(self, *args: Any, **kwargs: Any) -> tuple[int, bytes]:
        self._alarm = Timer(settings.EMAIL_TIME_LIMIT, self._cut)
        self._alarm.daemon = True
        self._alarm.start()
        return super().connect(*args, **kwargs)

    def close(self) -> None:
        if self._alarm:
            self._alarm.cancel()
        super().close()

    def _cut(self) -> None:
        # Whoever reads from it then finds its end, which smtplib calls "disconnected".
        if self.sock:
            with suppress(OSError):
                self.sock.shutdown(socket.SHUT_RDWR)
