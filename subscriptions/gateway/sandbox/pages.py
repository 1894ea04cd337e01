"""The customer's way: enter a card, confirm at the bank, go back to the shop.

Each page first looks how far the setup has come and sends the customer on to where it is, so that the back button, a
double submit and an old tab do nothing twice.
"""

from http import HTTPStatus
from urllib.parse import parse_qsl, urlencode, urlsplit

from subscriptions.gateway.sandbox import markup
from subscriptions.gateway.sandbox.card_form import CardForm, read_card
from subscriptions.gateway.sandbox.provider import ConfirmationView, SandboxProvider, SetupView
from subscriptions.gateway.sandbox.texts import known_language
from subscriptions.gateway.sandbox.web import HttpError, Request, Response, redirect, route

HTML = "text/html; charset=utf-8"
CSP = "Content-Security-Policy"


def show_card(provider: SandboxProvider, request: Request, *, setup_ref: str) -> Response:
    view = provider.view_setup(setup_ref)
    if view.stage != "open":
        return _onward(view, setup_ref)
    return _html(markup.card_page(view, setup_ref=setup_ref, form=CardForm()), view)


def enter_card(provider: SandboxProvider, request: Request, *, setup_ref: str) -> Response:
    view = provider.view_setup(setup_ref)
    if view.stage != "open":
        return _onward(view, setup_ref)
    form = read_card(request.form(), language=known_language(view.language), today=provider.clock().date())
    if form.errors:
        return _html(markup.card_page(view, setup_ref=setup_ref, form=form), view)
    provider.enter_card(setup_ref=setup_ref, number=form.number, exp_month=form.exp_month, exp_year=form.exp_year)
    return _onward(provider.view_setup(setup_ref), setup_ref)


def show_authentication(provider: SandboxProvider, request: Request, *, setup_ref: str) -> Response:
    view = provider.view_setup(setup_ref)
    if view.stage != "authenticating":
        return _onward(view, setup_ref)
    return _html(markup.authentication_page(view, setup_ref=setup_ref), view)


def authenticate(provider: SandboxProvider, request: Request, *, setup_ref: str) -> Response:
    answer = request.form().get("answer")
    if answer not in {"confirm", "refuse"}:
        raise HttpError(HTTPStatus.BAD_REQUEST)
    provider.authenticate(setup_ref=setup_ref, is_confirmed=answer == "confirm")
    return _onward(provider.view_setup(setup_ref), setup_ref)


def cancel(provider: SandboxProvider, request: Request, *, setup_ref: str) -> Response:
    provider.cancel_setup(setup_ref=setup_ref)
    return _onward(provider.view_setup(setup_ref), setup_ref)


def show_confirmation(provider: SandboxProvider, request: Request, *, confirmation_ref: str) -> Response:
    view = provider.view_confirmation(confirmation_ref)
    if not view.is_open:
        return redirect(view.return_url)
    return _html(markup.confirmation_page(view, confirmation_ref=confirmation_ref), view)


def confirm_charge(provider: SandboxProvider, request: Request, *, confirmation_ref: str) -> Response:
    answer = request.form().get("answer")
    if answer not in {"confirm", "refuse"}:
        raise HttpError(HTTPStatus.BAD_REQUEST)
    provider.confirm_charge(confirmation_ref=confirmation_ref, is_confirmed=answer == "confirm")
    return redirect(provider.view_confirmation(confirmation_ref).return_url)


ROUTES = (
    route("GET", "/pay/card/{setup_ref}", show_card),
    route("POST", "/pay/card/{setup_ref}", enter_card),
    route("GET", "/pay/card/{setup_ref}/authentication", show_authentication),
    route("POST", "/pay/card/{setup_ref}/authentication", authenticate),
    route("POST", "/pay/card/{setup_ref}/cancellation", cancel),
    route("GET", "/pay/charge/{confirmation_ref}", show_confirmation),
    route("POST", "/pay/charge/{confirmation_ref}", confirm_charge),
)


def error(language: str, status: HTTPStatus, **headers: str) -> Response:
    shown = str(status.value) if str(status.value) in {"400", "404", "405", "413", "415"} else "500"
    page = markup.error_page(language, shown)
    return Response(status=status, body=page.encode(), content_type=HTML, headers=headers | {CSP: _policy("'none'")})


def _onward(view: SetupView, setup_ref: str) -> Response:
    """To the page that the setup has come to; a finished one has come back to the shop."""
    match view.stage:
        case "open":
            return redirect(f"/pay/card/{setup_ref}")
        case "authenticating":
            return redirect(f"/pay/card/{setup_ref}/authentication")
    address = urlsplit(view.return_url)
    query = [*parse_qsl(address.query, keep_blank_values=True), ("setup", setup_ref)]
    return redirect(address._replace(query=urlencode(query)).geturl())


def _html(page: str, view: SetupView | ConfirmationView) -> Response:
    # Browsers hold the redirect that answers a form against form-action, so the way back must be in it.
    origin = "/".join(view.return_url.split("/")[:3])
    return Response(body=page.encode(), content_type=HTML, headers={CSP: _policy(f"'self' {origin}")})


def _policy(form_action: str) -> str:
    loaded = "default-src 'none'; style-src 'self'; img-src 'self'"
    return f"{loaded}; form-action {form_action}; base-uri 'none'; frame-ancestors 'none'"
