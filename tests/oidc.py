"""The brand's app and a head unit as a standard client library speaks for them, and their owner's answers."""

import re
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import requests
from authlib.integrations.requests_client import OAuth2Session
from django.test import Client
from django.urls import reverse
from requests.adapters import BaseAdapter

from accounts.identity.clients import find_client, give_secret, load_clients
from accounts.models import Account
from tests.meta.test_layout import ROOT

FILE = ROOT / "portal" / "data" / "lexus_cy" / "clients.yaml"
APP, CAR = "lexus-link-app", "lexus-head-unit"
VEHICLE_BACKEND, REGISTRY = "lexus-vehicle-backend", "lexus-registry"
DEALER_SYSTEM = "sample-dealer-system"
REDIRECT = "com.example.lexuslink:/signed-in"
DEVICE_GRANT = "urn:ietf:params:oauth:grant-type:device_code"
SITE = "http://localhost:8000"
APP_SCOPE = (
    "openid email profile account.read account.write notices vehicles.read vehicles.write services.read services.write "
    "services.status payments.read payments.write driving.read service.read "
    "service.write support"
)
CAR_SCOPE = "openid profile account.read notices services.status"
VERIFIER = "a-verifier-that-is-long-enough-for-the-standard-0123456789"


def clients(path: Path = FILE) -> None:
    load_clients(path)


class InProcess(BaseAdapter):
    """What the library sends is answered by the portal in this process, as if over the network."""

    def send(self, request, **_options):
        headers = {name: value for name, value in request.headers.items() if name != "Content-Type"}
        kind, body = request.headers.get("Content-Type", ""), request.body or b""
        answer = Client(headers=headers).generic(request.method, request.path_url, body, content_type=kind)
        response = requests.Response()
        response.status_code, response._content, response.request = answer.status_code, answer.content, request
        response.headers.update(answer.headers)
        return response

    def close(self) -> None:
        """Nothing is open."""


class PortalClient(OAuth2Session):
    """The library's client, spoken to by paths of the portal."""

    def __init__(self, site: str, **facts):
        self.site = site or SITE
        super().__init__(token_endpoint=f"{self.site}/identity/token", **facts)
        if not site:
            self.mount(SITE, InProcess())

    def request(self, method, url, **options):
        return super().request(method, url if url.startswith("http") else f"{self.site}{url}", **options)


def app(site: str = "", *, scope: str = "", client_id: str = APP, redirect_uri: str = REDIRECT) -> PortalClient:
    """Without a `site` it calls the portal in this process."""
    return PortalClient(
        site,
        client_id=client_id,
        scope=scope or (CAR_SCOPE if client_id == CAR else APP_SCOPE),
        redirect_uri=redirect_uri,
        code_challenge_method="S256",
        token_endpoint_auth_method="none",
    )


def browser_of(account: Account) -> Client:
    client = Client()
    client.force_login(account)
    return client


def request_url(client: PortalClient, **extra: str) -> tuple[str, str]:
    """Where the app sends the owner's browser, and the state that it will know the answer by."""
    return client.create_authorization_url(f"{client.site}/identity/authorize", code_verifier=VERIFIER, **extra)


def consent(browser: Client, url: str, *, action: str = "grant") -> str:
    """The owner reads and answers; gives the address in the app that the browser is led to."""
    page = browser.get(path_of(url), follow=True)
    assert page.status_code == 200, page.status_code
    form = page.context["form"]
    answer = {"request": form["request"].value(), "scopes": form["scopes"].value(), "action": action}
    return browser.post(reverse("idp:oidc:authorization"), answer)["Location"]


def sign_in_app(account: Account, site: str = "", **facts: str) -> PortalClient:
    """An app with its tokens."""
    client = app(site, **facts)
    url, state = request_url(client)
    came_back = consent(browser_of(account), url)
    client.fetch_token(authorization_response=came_back, state=state, code_verifier=VERIFIER)
    return client


def ask_for_car_code(client: PortalClient, **facts: str) -> dict[str, object]:
    form = {"client_id": CAR, "device_name": "NX in the garage", **facts}
    return client.post("/identity/device-code", data=form, withhold_token=True).json()


def fetch_by_car_code(client: PortalClient, device_code: str) -> dict[str, object]:
    return client.fetch_token(grant_type=DEVICE_GRANT, device_code=device_code)


def sign_in_car(account: Account, site: str = "", **facts: str) -> PortalClient:
    client = app(site, client_id=CAR)
    shown = ask_for_car_code(client, **facts)
    browser_of(account).post(reverse("car_code"), {"code": shown["user_code"], "answer": "confirm"})
    fetch_by_car_code(client, shown["device_code"])
    return client


def code_in(address: str) -> str:
    return parse_qs(urlsplit(address).query)["code"][0]


def path_of(url: str) -> str:
    return re.sub(r"^https?://[^/]+", "", url)


def machine(client_id: str = VEHICLE_BACKEND, *, scope: str = "") -> PortalClient:
    """A machine with its token; without a `scope` it asks for all that it has."""
    known = find_client(client_id)
    assert known, f"{client_id} is not loaded: call clients() first"
    client = PortalClient(
        "",
        client_id=client_id,
        client_secret=give_secret(known),
        scope=scope or None,
        token_endpoint_auth_method="client_secret_basic",
    )
    client.fetch_token(grant_type="client_credentials")
    return client
