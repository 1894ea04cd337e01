"""Somebody at the desk: follows the links that its pages show and presses their buttons, and counts the clicks."""

import re
from types import SimpleNamespace
from urllib.parse import urljoin

from django.test import Client
from django.urls import reverse

from tests.demo_walk.browser import Page


class DeskPage(Page):
    """Django's admin has its buttons as inputs."""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        super().handle_starttag(tag, attrs)
        found = dict(attrs)
        if self.forms and tag == "input" and found.get("type") == "submit":
            self.forms[-1].buttons[found.get("value") or ""] = found.get("name") or "", found.get("value") or ""


class Clerk:
    def __init__(self, client: Client) -> None:
        self.client = client
        self.clicks = 0
        self.page = self._read("get", reverse("admin:index"))

    def home(self) -> "Clerk":
        """Where each task begins."""
        self.page = self._read("get", reverse("admin:index"))
        self.clicks = 0
        return self

    def find(self, typed: str) -> "Clerk":
        """By the one box of the frame."""
        box = re.search(r'class="looking" action="([^"]+)"', self.client.get(self.page.url).text)
        assert box is not None
        return self._went("get", box[1], {"q": typed})

    def follow(self, words: str) -> "Clerk":
        """The first link with just these words, else with them in it."""
        links = self.page.links
        hrefs = [href for href, said in links if said.strip() == words] or [
            href for href, said in links if words in said
        ]
        assert hrefs, self.page.unexpected(f"no link says {words!r}")
        return self._went("get", urljoin(self.page.url, hrefs[0]))

    def press(self, button: str, **typed: str) -> "Clerk":
        form = self.page.form_with(button)
        assert typed.keys() <= form.fields, self.page.unexpected(f"the form has {sorted(form.fields)}")
        return self._went(form.method, urljoin(self.page.url, form.action), form.values | typed)

    def reads(self, *words: str) -> int:
        """The clicks it took."""
        missing = [each for each in words if each not in self.page.text]
        assert not missing, self.page.unexpected(f"{missing} is missing")
        return self.clicks

    def _went(self, method: str, url: str, data: dict[str, str] | None = None) -> "Clerk":
        self.clicks += 1
        self.page = self._read(method, url, data)
        return self

    def _read(self, method: str, url: str, data: dict[str, str] | None = None) -> DeskPage:
        answer = getattr(self.client, method)(url, data, follow=True)
        shown = SimpleNamespace(url=answer.request["PATH_INFO"], status_code=answer.status_code, text=answer.text)
        query = answer.request.get("QUERY_STRING")
        shown.url += f"?{query}" if query else ""
        assert answer.status_code == 200, f"{url}: {answer.status_code}"
        return DeskPage(shown)
