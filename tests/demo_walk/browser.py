"""A visitor without a browser: opens pages, fills in their forms, follows redirects, keeps cookies; no JavaScript."""

from dataclasses import dataclass, field
from html.parser import HTMLParser
from urllib.parse import urljoin

import httpx


class WalkError(Exception):
    """A page is not as the walk expects it; the text says which page and what stands on it."""


@dataclass
class Form:
    method: str = "get"
    action: str = ""
    fields: set[str] = field(default_factory=set)
    values: dict[str, str] = field(default_factory=dict)
    # Names and values of what a press on a button sends, by the words on it.
    buttons: dict[str, tuple[str, str]] = field(default_factory=dict)


class Page(HTMLParser):
    """What stands in the page's `main`: words, links, dates and forms."""

    def __init__(self, response: httpx.Response) -> None:
        super().__init__()
        self.url = str(response.url)
        self.status = response.status_code
        self.words: list[str] = []
        self.links: list[tuple[str, str]] = []
        self.dates: list[str] = []
        self.forms: list[Form] = []
        self._in_main = False
        self._anchor: str | None = None
        self._button: tuple[str, str] | None = None
        self._select = ""
        self.feed(response.text)

    @property
    def text(self) -> str:
        return " ".join(" ".join(self.words).split())

    def form_with(self, button: str) -> Form:
        for form in self.forms:
            if any(button in words for words in form.buttons):
                return form
        raise self.unexpected(f"no form has a button {button!r}")

    def link_to(self, part: str) -> str:
        for href, words in self.links:
            if part in href or part in words:
                return href
        raise self.unexpected(f"no link has {part!r}")

    def unexpected(self, complaint: str) -> WalkError:
        return WalkError(f"{self.url} ({self.status}): {complaint}. It says: {self.text[:1500]}")

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = {name: value or "" for name, value in attrs}
        self._in_main = self._in_main or tag == "main"
        if not self._in_main:
            return
        if tag == "form":
            self.forms.append(Form(method=found.get("method", "get").lower(), action=found.get("action", "")))
        elif tag == "a" and "href" in found:
            self._anchor = found["href"]
        elif tag == "time" and "datetime" in found:
            self.dates.append(found["datetime"])
        elif self.forms and tag == "button":
            self._button = found.get("name", ""), found.get("value", "")
        elif self.forms and tag == "option" and "selected" in found:
            self.forms[-1].values[self._select] = found.get("value", "")
        elif self.forms and tag in {"input", "select", "textarea"} and "name" in found:
            self._take_field(tag, found)

    def _take_field(self, tag: str, found: dict[str, str]) -> None:
        self.forms[-1].fields.add(found["name"])
        self._select = found["name"]
        is_chosen = found.get("type") not in {"radio", "checkbox"} or "checked" in found
        if tag == "input" and is_chosen:
            self.forms[-1].values[found["name"]] = found.get("value", "")

    def handle_endtag(self, tag: str) -> None:
        self._in_main = self._in_main and tag != "main"
        self._anchor = None if tag == "a" else self._anchor
        self._button = None if tag == "button" else self._button

    def handle_data(self, data: str) -> None:
        if not self._in_main:
            return
        self.words.append(data)
        if self._anchor is not None:
            self.links.append((self._anchor, data))
        if self._button is not None:
            self.forms[-1].buttons[data.strip()] = self._button


class Visitor:
    """One person with one set of cookies."""

    def __init__(self, site: str) -> None:
        self.client = httpx.Client(base_url=site, follow_redirects=True, timeout=30, trust_env=False)

    def open(self, address: str) -> Page:
        return self._read(self.client.get(address))

    def press(self, page: Page, button: str, **typed: str) -> Page:
        """Send the form that has the button, with what was typed over what stood there."""
        form = page.form_with(button)
        if unknown := typed.keys() - form.fields - {name for name, _ in form.buttons.values()}:
            raise page.unexpected(f"the form has no {', '.join(sorted(unknown))}")
        name, value = next(sent for words, sent in form.buttons.items() if button in words)
        values = form.values | ({name: value} if name else {}) | typed
        where = urljoin(page.url, form.action)
        if form.method == "get":
            return self._read(self.client.get(where, params=values))
        return self._read(self.client.post(where, data=values, headers={"Referer": page.url}))

    def fetch(self, address: str) -> bytes:
        return self.client.get(address).raise_for_status().content

    def _read(self, response: httpx.Response) -> Page:
        page = Page(response)
        if page.status >= 400:
            raise page.unexpected("the page failed")
        return page


def expect(page: Page, *words: str) -> Page:
    """Raises `WalkError` unless all the words stand on the page."""
    if missing := [word for word in words if word not in page.text]:
        raise page.unexpected(f"{', '.join(missing)} is missing")
    return page
