"""PCI DSS 6.4.3, 11.6.1: the scripts around the payment are those that were looked at, and a change is noticed."""

import re
from pathlib import Path

import httpx
import pytest
from django.conf import settings
from django.core.management import CommandError, call_command

from portal.guards.scripts import PAGES, Answer, faults_of_site, inventory
from tests import make

AROUND_PAYMENT = (*PAGES, "garage", "account", "documents", "mfa_index")


@pytest.fixture
def site(client, market, monkeypatch):
    """The command's client asks this process; `changed` puts something else in the place of what it answers."""
    changed: dict[str, object] = {}

    def answer(request: httpx.Request) -> httpx.Response:
        given = client.get(request.url.path, follow=True)
        content = b"".join(given.streaming_content) if given.streaming else given.content
        headers = {name: value for name, value in given.headers.items() if name != "Content-Length"}
        content = changed.get("content", lambda path, it: it)(request.url.path, content)
        return httpx.Response(200, headers=headers | changed.get("headers", {}), content=content)

    as_it_is = httpx.Client
    monkeypatch.setattr(httpx, "Client", lambda **options: as_it_is(**options, transport=httpx.MockTransport(answer)))
    return changed


def check() -> None:
    call_command("check_scripts", site="http://testserver")


def test_nothing_but_what_was_looked_at_runs(site, capsys):
    check()
    assert "as they were looked at" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("path", "added", "said"),
    [
        ("/static/js/portal.js", b"// one more line", "js/portal.js is not what was looked at"),
        ("/en/prices/", b"<script>steal()</script>", "a script stands in the page itself"),
        ("/en/prices/", b'<script src="https://evil.example/a.js"></script>', "comes from elsewhere"),
        ("/en/prices/", b'<script src="/static/js/new.js"></script>', "js/new.js is not in the inventory"),
    ],
)
def test_a_script_that_was_changed_or_added_is_found(site, path, added, said):
    site["content"] = lambda asked, content: content + added if asked == path else content
    with pytest.raises(CommandError, match=said):
        check()


@pytest.mark.parametrize("name", ["Content-Security-Policy", "X-Frame-Options"])
def test_a_header_that_was_taken_away_is_found(site, name):
    site["headers"] = {name: ""}
    with pytest.raises(CommandError, match=name):
        check()


def test_a_customers_pages_around_the_payment_have_no_other_scripts(client, market):
    client.force_login(make.account("owner@example.com", market=market))

    def fetch(path: str) -> Answer:
        given = client.get(path, follow=True)
        content = b"".join(given.streaming_content) if given.streaming else given.content
        return Answer(url=f"http://testserver{path}", headers=given.headers, content=content)

    assert list(faults_of_site(fetch, pages=AROUND_PAYMENT)) == []


def test_each_script_has_a_reason():
    assert all(len(each["reason"]) > 10 for each in inventory().values())


def test_no_script_of_ours_makes_markup_or_code_of_text_or_keeps_anything():
    """ASVS 3.2.2, 14.3.3, 15.3.6: what came from somebody is put in as text, and nothing stays in the browser."""
    scripts = {path.name: path.read_text() for path in (Path(settings.BASE_DIR) / "static" / "js").glob("*.js")}
    assert len(scripts) >= 3
    risky = re.compile(
        r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|eval\(|new Function|__proto__"
        r"|localStorage|sessionStorage|indexedDB|document\.cookie|postMessage"
    )
    assert {name: risky.findall(text) for name, text in scripts.items() if risky.search(text)} == {}
    assert '"allowEval":false' in (Path(settings.BASE_DIR) / "templates" / "base.html").read_text()
