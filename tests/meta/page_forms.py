"""The forms that a page has, as a browser would send them."""

from dataclasses import dataclass, field
from html.parser import HTMLParser


def forms_in(page: str, url: str) -> "list[PageForm]":
    """`url`: where a form goes that names no address of the site."""
    parser = Forms()
    parser.feed(page)
    for form in parser.found:
        form.action = form.action if form.action.startswith("/") else url
    return parser.found


@dataclass
class PageForm:
    """A form as a page has it: where it goes, and what its fields hold."""

    action: str
    method: str
    values: dict[str, str] = field(default_factory=dict)
    texts: list[str] = field(default_factory=list)
    files: list[str] = field(default_factory=list)

    @property
    def sort(self) -> tuple[object, ...]:
        """What forms of one sort share: on which page they stand, and which token they hold, is no difference."""
        said = {
            name: value
            for name, value in self.values.items()
            if not value.startswith("/") and name != "csrfmiddlewaretoken"
        }
        return (self.method, self.action.partition("?")[0], repr(sorted(said.items())), tuple(self.files))


class Forms(HTMLParser):
    """Forms as their first button sends them. A textarea is empty; a choice takes what is chosen, else the first."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[PageForm] = []
        self.choice = ""
        self.has_button = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        facts = dict(attrs)
        name = facts.get("name") or ""
        if tag == "form":
            self.has_button = False
            self.found.append(PageForm(facts.get("action") or "", (facts.get("method") or "get").lower()))
        elif not self.found:
            return
        elif tag == "input" and name:
            self.found[-1].values[name] = facts.get("value") or ""
            if facts.get("type", "text") in {"text", "email", "tel", "search", "url", "date", "number"}:
                self.found[-1].texts.append(name)
            if facts.get("type") == "file":
                self.found[-1].files.append(name)
        elif tag == "textarea":
            self.found[-1].values[name] = ""
            self.found[-1].texts.append(name)
        elif tag == "button" and name and not self.has_button:
            self.has_button = True
            self.found[-1].values[name] = facts.get("value") or ""
        elif tag == "select":
            self.choice = name
        elif tag == "option" and ("selected" in facts or self.choice not in self.found[-1].values):
            self.found[-1].values[self.choice] = facts.get("value") or ""
