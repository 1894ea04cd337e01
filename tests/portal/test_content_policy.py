"""ASVS 3.4.3: the header that is written once says what the package would say of each answer."""

import pytest
from csp.constants import NONCE, SELF
from csp.exceptions import CSPNonceError
from csp.middleware import CSPMiddleware
from django.http import HttpResponse

from portal.guards.content_policy import ContentPolicy

NAME = "Content-Security-Policy"


@pytest.fixture
def both(rf):
    """The header by the package and by ours, of a page that does `act` with request and answer."""

    def headers(act) -> list[str | None]:
        return [_header(middleware, rf.get("/"), act) for middleware in (CSPMiddleware, ContentPolicy)]

    return headers


def _header(middleware, request, act) -> str | None:
    def page(request):
        response = HttpResponse("")
        act(request, response)
        return response

    return middleware(page)(request).get(NAME)


def update(_request, response):
    response._csp_update = {"form-action": ["https://bank.example"]}


def replace(_request, response):
    response._csp_replace = {"img-src": [SELF]}


def exempt(_request, response):
    response._csp_exempt = True


def write(_request, response):
    response[NAME] = "default-src 'none'"


def ask(request, _response):
    assert str(request.csp_nonce)


@pytest.mark.parametrize("act", [lambda *_both: None, update, replace, exempt, write])
def test_it_is_the_packages(both, act):
    package, ours = (_directives(header) for header in both(act))
    assert ours == package


def test_a_page_for_developers_is_left_to_the_package(both, settings):
    settings.DEBUG = True
    assert both(lambda _request, response: setattr(response, "status_code", 500)) == [None, None]


def test_what_one_answer_changes_is_in_no_other(both):
    before, changed, after = (both(act)[1] for act in (write, update, lambda *_both: None))
    assert before == "default-src 'none'"
    assert "https://bank.example" in changed
    assert "https://bank.example" not in after
    assert "default-src 'self'" in after


def test_a_nonce_that_a_page_asks_for_is_in_its_header_and_in_no_other(both, settings):
    settings.CONTENT_SECURITY_POLICY = {"DIRECTIVES": {"default-src": [SELF], "script-src": [SELF, NONCE]}}
    assert "script-src 'self' 'nonce-" in both(ask)[1]
    assert "nonce" not in both(lambda *_both: None)[1]


def test_a_nonce_asked_for_too_late_is_an_error(rf):
    request = rf.get("/")
    ContentPolicy(lambda _request: HttpResponse(""))(request)
    with pytest.raises(CSPNonceError):
        str(request.csp_nonce)


def test_a_changed_setting_holds_at_once(rf, settings):
    middleware = ContentPolicy(lambda _request: HttpResponse(""))
    assert "default-src 'self'" in middleware(rf.get("/"))[NAME]
    settings.CONTENT_SECURITY_POLICY = {"DIRECTIVES": {"default-src": ["https://other.example"]}}
    assert "default-src https://other.example" in middleware(rf.get("/"))[NAME]


def _directives(header: str | None) -> set[str] | None:
    return {each.strip() for each in header.split(";")} if header is not None else None
