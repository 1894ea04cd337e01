"""A5: the app signs in by authorization code with PKCE, through a standard client library."""

from urllib.parse import quote, unquote

import pytest
import time_machine
from allauth.account.adapter import get_adapter
from allauth.core.internal import jwkkit
from allauth.idp.oidc.models import Token
from authlib.integrations.base_client import OAuthError
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from joserfc import jwt
from joserfc.jwk import KeySet

from accounts.actions.terms import accept_terms
from accounts.models import SignIn, TermsVersion
from portal.models import AuditRecord
from portal.signing_keys import signing_keys
from tests import make, oidc

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _clients(market):
    oidc.clients()


def refresh(client) -> dict:
    return client.refresh_token(f"{oidc.SITE}/identity/token")


def test_A5_an_app_signs_in_by_pkce_and_calls_the_api(owner):
    client = oidc.sign_in_app(owner)
    assert client.get("/api/v1/account/").json()["email"] == owner.email
    assert client.token["expires_in"] == 900


@pytest.mark.django_db(transaction=True)
def test_A5_an_app_signs_in_over_the_network_and_calls_the_api(live_server, owner, settings):
    settings.SITE_URL = live_server.url
    client = oidc.sign_in_app(owner, live_server.url)
    assert client.get("/api/v1/account/").json()["id"] == str(owner.public_id)
    client.close()


def test_A5_the_identity_token_is_signed_with_the_published_key_and_names_no_row(owner):
    client = oidc.sign_in_app(owner)
    keys = client.get("/.well-known/jwks.json").json()
    claims = jwt.decode(client.token["id_token"], KeySet.import_key_set(keys), algorithms=["RS256"]).claims
    assert claims["iss"] == oidc.SITE
    assert (claims["aud"], claims["sub"], claims["email"]) == (oidc.APP, str(owner.public_id), owner.email)
    assert client.get("/identity/userinfo").json()["sub"] == str(owner.public_id)


def test_a_signing_key_is_read_once_for_all_tokens_and_whoever_asks_for_the_public_one(owner):
    jwkkit.load_pem.cache_clear()
    client = oidc.sign_in_app(owner)
    assert client.get("/.well-known/jwks.json").json() == client.get("/.well-known/jwks.json").json()
    assert jwkkit.load_pem.cache_info().misses == len(signing_keys())


def test_A5_discovery_tells_what_there_is_and_where():
    told = oidc.app().get("/.well-known/openid-configuration", withhold_token=True).json()
    assert told["issuer"] == oidc.SITE
    assert told["token_endpoint"] == f"{oidc.SITE}/identity/token"
    of_people = ["authorization_code", oidc.DEVICE_GRANT, "refresh_token"]
    assert told["grant_types_supported"] == [*of_people, "client_credentials"]
    assert told["response_types_supported"] == ["code"]
    assert told["token_endpoint_auth_methods_supported"] == ["none", "client_secret_basic"]
    assert "end_session_endpoint" not in told


def test_A5_the_page_says_what_the_app_asks_for_in_words(owner):
    url, _ = oidc.request_url(oidc.app(scope="openid notices"))
    page = oidc.browser_of(owner).get(oidc.path_of(url))
    assert "Lexus Link+ app" in page.text
    assert "Show your notices and mark them as read" in page.text
    assert "See your e-mail address" not in page.text
    # ASVS 10.7.2: and for how long.
    assert "after 90 days without use, and after a year in any case" in page.text
    assert "form-action 'self' http://127.0.0.1:8100 com.example.lexuslink:" in page["Content-Security-Policy"]


def test_A5_no_other_site_says_yes_for_the_owner(owner):
    url, _ = oidc.request_url(oidc.app())
    asked = oidc.browser_of(owner).get(oidc.path_of(url)).context["form"]["request"].value()
    elsewhere = Client(enforce_csrf_checks=True)
    elsewhere.force_login(owner)
    answer = {"request": asked, "scopes": ["openid"], "action": "grant"}
    assert elsewhere.post("/identity/authorize", answer).status_code == 403
    assert Client().post("/identity/authorize", answer).status_code == 400


def test_A5_an_app_that_nobody_knows_gets_a_page(owner):
    url, _ = oidc.request_url(oidc.app(client_id="unknown"))
    for browser in (Client(), oidc.browser_of(owner)):
        assert browser.get(oidc.path_of(url)).status_code == 400


@pytest.mark.parametrize("client_id", ["%00", "lexus%00", "x" * 101, "%CE%A9"])
def test_A5_what_can_be_no_app_gets_a_page_and_is_not_looked_up(owner, client_id):
    url, _ = oidc.request_url(oidc.app(client_id="unknown"))
    for browser in (Client(), oidc.browser_of(owner)):
        page = browser.get(oidc.path_of(url).replace("unknown", client_id))
        assert page.status_code == 400
        assert "The app could not be let in" in page.text


def test_A3_an_app_let_in_before_a_new_password_gets_nothing_after_it(owner):
    client = oidc.app()
    url, _ = oidc.request_url(client)
    code = oidc.code_in(oidc.consent(oidc.browser_of(owner), url))
    get_adapter().set_password(owner, "new-olive-harbour-42")
    with pytest.raises(OAuthError, match="invalid_grant"):
        client.fetch_token(code=code, code_verifier=oidc.VERIFIER)
    assert not SignIn.objects.exists()
    assert not Token.objects.exists()


def test_A5_the_page_speaks_the_owners_language(owner):
    owner.language = "el"
    owner.save(update_fields=["language"])
    url, _ = oidc.request_url(oidc.app())
    page = oidc.browser_of(owner).get(oidc.path_of(url)).text
    assert "Εφαρμογή Lexus Link+" in page
    assert '<html lang="el"' in page


def test_A5_a_no_is_told_to_the_app_and_signs_nothing_in(owner):
    url, state = oidc.request_url(oidc.app())
    came_back = oidc.consent(oidc.browser_of(owner), url, action="cancel")
    assert came_back == f"{oidc.REDIRECT}?error=access_denied&state={state}"
    assert not SignIn.objects.exists()


def test_A5_a_visitor_signs_in_and_comes_back_to_the_question(owner):
    url, _ = oidc.request_url(oidc.app())
    browser = Client()
    door = browser.get(oidc.path_of(url), follow=True)
    assert door.request["PATH_INFO"] == reverse("account_login")
    back = unquote(door.request["QUERY_STRING"].removeprefix("next="))
    typed = {"login": owner.email, "password": make.PASSWORD, "next": back}
    page = browser.post(reverse("account_login"), typed, follow=True)
    assert "Lexus Link+ app" in page.text
    assert page.request["PATH_INFO"] == "/identity/authorize"


def test_A2_who_has_not_accepted_the_terms_reads_them_first(owner):
    TermsVersion.objects.create(
        market=owner.market, version="2026-06", effective_at=make.NOW, texts={"en": "## New", "el": "## Νέοι"}
    )
    url, _ = oidc.request_url(oidc.app())
    page = oidc.browser_of(owner).get(oidc.path_of(url), follow=True)
    assert page.request["PATH_INFO"] == reverse("terms_acceptance")


def test_A2_once_they_are_accepted_the_question_comes(owner):
    browser = oidc.browser_of(owner)
    url, _ = oidc.request_url(oidc.app())
    TermsVersion.objects.create(
        market=owner.market, version="2026-06", effective_at=make.NOW, texts={"en": "## New", "el": "## Νέοι"}
    )
    back = browser.get(oidc.path_of(url))["Location"]
    newest = TermsVersion.objects.get(version="2026-06")
    accept_terms(account=owner, version=newest, channel="portal", now=timezone.now(), by=owner)
    assert "Lexus Link+ app" in browser.get(back, follow=True).text
    assert browser.get(back).status_code == 400


def test_A5_an_app_may_ask_to_sign_in_again(owner):
    url, _ = oidc.request_url(oidc.app(), prompt="login")
    page = oidc.browser_of(owner).get(oidc.path_of(url))
    assert page["Location"].startswith(reverse("account_reauthenticate"))


def test_A5_nobody_is_let_in_without_being_asked(owner):
    oidc.sign_in_app(owner)
    url, state = oidc.request_url(oidc.app(), prompt="none")
    answer = oidc.browser_of(owner).get(oidc.path_of(url))
    assert answer["Location"] == f"{oidc.REDIRECT}?error=interaction_required&state={state}"


def test_A5_a_request_without_pkce_or_with_an_open_one_is_refused(owner):
    client = oidc.app()
    url, _ = oidc.request_url(client)
    for wrong in (url.replace("S256", "plain"), url.split("&code_challenge=")[0]):
        assert oidc.browser_of(owner).get(oidc.path_of(wrong)).status_code == 400


def test_A5_a_redirect_that_is_not_registered_gets_a_page_and_no_code(owner):
    for elsewhere in ("https://evil.example/signed-in", "com.example.lexuslink:/elsewhere", f"{oidc.REDIRECT}/more"):
        url, _ = oidc.request_url(oidc.app(redirect_uri=elsewhere))
        page = oidc.browser_of(owner).get(oidc.path_of(url))
        assert page.status_code == 400
        assert "The app could not be let in" in page.text


def test_A5_scopes_that_the_client_has_not_are_refused(owner):
    url, _ = oidc.request_url(oidc.app(scope="openid staff"))
    answer = oidc.browser_of(owner).get(oidc.path_of(url))
    assert "error=invalid_scope" in answer["Location"]


def test_A5_a_wrong_verifier_gets_nothing_and_uses_the_code_up(owner):
    client = oidc.app()
    url, _ = oidc.request_url(client)
    code = oidc.code_in(oidc.consent(oidc.browser_of(owner), url))
    for verifier in ("another-verifier-that-is-long-enough-0123456789abc", oidc.VERIFIER):
        with pytest.raises(OAuthError) as refused:
            client.fetch_token(code=code, code_verifier=verifier)
        assert refused.value.error == "invalid_grant"
    assert not SignIn.objects.exists()


def test_A5_a_code_shown_again_takes_back_what_it_gave(owner):
    client = oidc.app()
    url, _ = oidc.request_url(client)
    code = oidc.code_in(oidc.consent(oidc.browser_of(owner), url))
    client.fetch_token(code=code, code_verifier=oidc.VERIFIER)
    with pytest.raises(OAuthError, match="invalid_grant"):
        oidc.app().fetch_token(code=code, code_verifier=oidc.VERIFIER)
    assert client.get("/api/v1/account/").status_code == 401
    assert SignIn.objects.get().ended_why == SignIn.REUSED


def test_A5_a_code_of_another_client_or_too_old_is_refused(owner):
    url, _ = oidc.request_url(oidc.app())
    code = oidc.code_in(oidc.consent(oidc.browser_of(owner), url))
    with pytest.raises(OAuthError):
        oidc.app(client_id=oidc.CAR).fetch_token(code=code, code_verifier=oidc.VERIFIER)
    with time_machine.travel(timezone.now().timestamp() + 61), pytest.raises(OAuthError, match="invalid_grant"):
        oidc.app().fetch_token(code=code, code_verifier=oidc.VERIFIER)


def test_A5_refreshing_gives_new_tokens_of_the_same_sign_in(owner):
    client = oidc.sign_in_app(owner)
    before = dict(client.token)
    refresh(client)
    assert client.token["access_token"] != before["access_token"]
    assert client.token["refresh_token"] != before["refresh_token"]
    assert client.get("/api/v1/account/").status_code == 200
    assert SignIn.objects.live().count() == 1


def test_A5_a_refresh_token_shown_again_ends_the_sign_in_and_the_owner_is_told(owner):
    client = oidc.sign_in_app(owner)
    stolen = client.token["refresh_token"]
    refresh(client)
    with pytest.raises(OAuthError, match="invalid_grant"):
        oidc.app().refresh_token(f"{oidc.SITE}/identity/token", refresh_token=stolen)
    assert client.get("/api/v1/account/").status_code == 401
    assert owner.notices.filter(kind="sign_in_changed", facts__change="reused").exists()


def test_A5_giving_the_refresh_token_back_ends_the_access_token_too(owner):
    client = oidc.sign_in_app(owner)
    given_back = client.revoke_token(
        f"{oidc.SITE}/identity/revoke", token=client.token["refresh_token"], token_type_hint="access_token"
    )
    assert given_back.status_code == 200
    assert client.get("/api/v1/account/").status_code == 401
    assert AuditRecord.objects.get(what="client_signed_out").data == {"client": oidc.APP, "why": "signed_out"}


def test_A5_a_client_gives_back_only_its_own_tokens(owner):
    client = oidc.sign_in_app(owner)
    form = {"client_id": oidc.CAR, "token": client.token["refresh_token"]}
    assert client.post("/identity/revoke", data=form, withhold_token=True).status_code == 200
    assert client.get("/api/v1/account/").status_code == 200


def test_A5_a_code_is_good_for_a_minute(owner):
    """ASVS 10.4.3."""
    client = oidc.app()
    url, _ = oidc.request_url(client)
    code = oidc.code_in(oidc.consent(oidc.browser_of(owner), url))
    with time_machine.travel(timezone.now().timestamp() + 61), pytest.raises(OAuthError, match="invalid_grant"):
        client.fetch_token(code=code, code_verifier=oidc.VERIFIER)


@pytest.mark.parametrize("verifier", [None, "another-that-is-long-enough-for-the-standard-0123456789"])
def test_A5_a_code_without_its_verifier_gives_nothing(owner, verifier):
    """ASVS 10.4.6."""
    client = oidc.app()
    url, _ = oidc.request_url(client)
    code = oidc.code_in(oidc.consent(oidc.browser_of(owner), url))
    with pytest.raises(OAuthError):
        client.fetch_token(code=code, code_verifier=verifier)
    assert not Token.objects.exists()


@pytest.mark.parametrize("kind", ["token", "id_token", "id_token token", "code token", "code id_token", "none"])
def test_A5_no_answer_but_a_code_is_given_by_way_of_the_browser(owner, kind):
    """ASVS 10.4.4, 10.6.1."""
    url, _ = oidc.request_url(oidc.app(), nonce="n")
    asked = url.replace("response_type=code", f"response_type={quote(kind)}")
    answer = oidc.browser_of(owner).get(oidc.path_of(asked))
    assert answer.status_code == 400 or "error=" in answer["Location"]
    assert not Token.objects.exists()


@pytest.mark.parametrize(
    "form",
    [
        {"grant_type": "password", "username": "owner@example.com", "password": make.PASSWORD},
        {"grant_type": "client_credentials"},
        {"grant_type": oidc.DEVICE_GRANT, "device_code": "x"},
        {"grant_type": "urn:ietf:params:oauth:grant-type:token-exchange", "subject_token": "x"},
        {"grant_type": ""},
    ],
)
def test_A5_an_app_gets_tokens_by_no_other_grant(owner, form):
    """ASVS 10.4.4."""
    answer = Client().post("/identity/token", {"client_id": oidc.APP, "scope": "openid", **form})
    assert (answer.status_code in {400, 401}, "access_token" in answer.json()) == (True, False)
    assert not Token.objects.exists()


def test_A5_an_access_token_lives_for_a_quarter_of_an_hour(owner):
    client = oidc.sign_in_app(owner)
    bearer = {"Authorization": f"Bearer {client.token['access_token']}"}
    with time_machine.travel(timezone.now().timestamp() + 901):
        assert Client(headers=bearer).get("/api/v1/account/").status_code == 401


def test_A5_a_closed_account_is_out_at_once(owner):
    client = oidc.sign_in_app(owner)
    owner.is_active = False
    owner.save(update_fields=["is_active"])
    assert client.get("/api/v1/account/").status_code == 401
    with pytest.raises(OAuthError):
        refresh(client)


def test_A5_the_tokens_are_kept_as_hashes_only(owner):
    client = oidc.sign_in_app(owner)
    kept = " ".join(SignIn.objects.get().tokens.values_list("token__hash", flat=True))
    assert client.token["access_token"] not in kept
    assert client.token["refresh_token"] not in kept
