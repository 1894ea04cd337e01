"""A client that reads a file to its end, as whoever downloads it: that closes it."""

from django.http import HttpResponseBase
from django.test import Client


class ReadingClient(Client):
    def request(self, **request: object) -> HttpResponseBase:
        response = super().request(**request)
        if response.streaming:
            response.streaming_content = [b"".join(response.streaming_content)]
        return response
