"""Where apps and head units get and give back their tokens (A5). allauth issues them; here they become sign-ins that
the owner sees, and every token is good once where it should be."""

import hashlib
import json
from collections.abc import Callable
from functools import wraps

from allauth.account.adapter import get_adapter as get_account_adapter
from allauth.core.internal.httpkit import extract_basic_auth
from allauth.idp.oidc import views as allauth
from allauth.idp.oidc.adapter import get_adapter
from allauth.idp.oidc.models import Client, Token
from django.conf import settings
from django.core.cache import cache
from django.db import transaction
from django.db.models import Q
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST, require_safe

from accounts.actions.sign_ins import begin_sign_in, end_sign_in, renew_sign_in
from accounts.identity.answers import is_yes_still_good
from accounts.identity.car_codes import label_of, name_car_code, tidy_label
from accounts.identity.clients import find_client, may_be_client_id
from accounts.models import SignIn, SpentToken
from portal.hourly_limit import take_turn
from portal.links import absolute

# Many cars may stand behind one address of a mobile network; none asks for codes all day.
MOST_CODES = 600

View = Callable[[HttpRequest], HttpResponseBase]


def well_formed(view: View) -> View:
    """A NUL anywhere, what can be no client, or what is not said to be a form is refused before allauth looks it up."""

    @wraps(view)
    def checked(request: HttpRequest) -> HttpResponseBase:
        sent = [*request.GET.lists(), *request.POST.lists()]
        if not request.content_type or any("\0" in value for _name, values in sent for value in values):
            return _error("invalid_request")
        named = [value for name, values in sent if name == "client_id" for value in values]
        by_header, _secret = extract_basic_auth(request.headers)
        if not all(may_be_client_id(each) for each in [*named, *([by_header] if by_header else [])]):
            return _error("invalid_client", status=401)
        return view(request)

    return checked


@csrf_exempt  # Called by apps and cars, which have no form.
@require_POST
@well_formed
@transaction.atomic
def token(request: HttpRequest) -> HttpResponseBase:
    """Tokens for a code, for a confirmed car code, or for a refresh token."""
    answer = GRANTS.get(request.POST.get("grant_type", ""))
    return answer(request) if answer else allauth.token(request)


@csrf_exempt  # As above.
@require_POST
@well_formed
@transaction.atomic
def revoke(request: HttpRequest) -> HttpResponseBase:
    """RFC 7009, for tokens of the client that asks. With its refresh token a sign-in ends, access tokens and all."""
    found = Token.objects.by_value(request.POST.get("token", "")).select_related("sign_in_token__sign_in").first()
    if found and found.client_id != request.POST.get("client_id"):
        return HttpResponse()
    response = allauth.revoke(request)
    if found and found.type == Token.Type.REFRESH_TOKEN and response.status_code == 200:
        sign_in = found.sign_in_token.sign_in
        end_sign_in(sign_in=sign_in, why=SignIn.SIGNED_OUT, now=timezone.now(), by=sign_in.account)
    return response


@csrf_exempt  # As above.
@require_POST
@well_formed
def device_code(request: HttpRequest) -> HttpResponseBase:
    """RFC 8628: a code for the car's screen. `device_name` is what the car calls itself on the owner's page."""
    client = find_client(request.POST.get("client_id", ""))
    label = tidy_label(request.POST.get("device_name", ""))
    if client and Client.GrantType.DEVICE_CODE not in client.get_grant_types():
        return _error("unauthorized_client")
    if label is None:
        return _error("invalid_request", "device_name is one line of at most 60 characters.")
    address = get_account_adapter(request).get_client_ip(request)
    if not take_turn("car-codes", address, most=MOST_CODES, now=timezone.now()):
        return _error("slow_down", status=429)
    if client:
        # The owner's page must show what is asked for, also when nothing was named.
        form = request.POST.copy()
        form.setdefault("scope", " ".join(client.get_default_scopes()))
        request.POST = form  # type: ignore[assignment]
    response = allauth.device_code(request)
    return _for_the_screen(response, label) if response.status_code == 200 else response


@require_safe
def car(request: HttpRequest) -> HttpResponse:
    """The short address that the car shows and its QR code holds: on to the page in the visitor's language."""
    query = request.GET.urlencode()
    return redirect(reverse("car_code") + (f"?{query}" if query else ""))


@require_safe
def sign_out(request: HttpRequest) -> HttpResponse:
    """allauth's discovery names an address for it, and its own view would sign out every telephone of the owner. An app
    signs itself out by giving its refresh token back; the browser has the site's page."""
    return redirect("account_logout")


def _by_code(request: HttpRequest) -> HttpResponseBase:
    """A code is good once, whatever comes of it; shown again, what it gave is taken back (RFC 6749, 4.1.2)."""
    shown = f"{request.POST.get('client_id', '')}:{request.POST.get('code', '')}"
    key = f"spent-code:{hashlib.sha256(shown.encode()).hexdigest()}"
    # Longer than any code is good.
    if not cache.add(key, 0, timeout=2 * settings.IDP_OIDC_AUTHORIZATION_CODE_EXPIRES_IN):
        _end_as_reused(SignIn.objects.filter(pk=cache.get(key)).first())
        return _error("invalid_grant")
    response = allauth.token(request)
    if response.status_code == 200:
        if not _is_still_meant(request.POST["code"], response):
            return _taken_back()
        cache.set(key, _begin(response, label="").pk, timeout=3600)
    return response


def _by_car_code(request: HttpRequest) -> HttpResponseBase:
    label = label_of(request.POST.get("device_code", ""), client_id=request.POST.get("client_id", ""))
    # oauthlib would take the scopes of this call for those that the owner has confirmed.
    form = request.POST.copy()
    form.pop("scope", None)
    request.POST = form  # type: ignore[assignment]
    response = allauth.token(request)
    if response.status_code != 200:
        return response
    if not cache.add(f"car-code-fetched:{request.POST.get('device_code')}", 1, timeout=3600):
        # Fetched twice at the same moment: allauth has looked, and not taken.
        return _taken_back()
    if not _is_still_meant(request.POST["device_code"], response):
        return _taken_back()
    _begin(response, label=label)
    return response


def _by_refresh_token(request: HttpRequest) -> HttpResponseBase:
    """The old one is spent with it. Shown again, the sign-in ends: one of the two who have it is a thief."""
    spent_hash = get_adapter().hash_token(request.POST.get("refresh_token", ""))
    theirs = Q(tokens__token__hash=spent_hash) | Q(spent_tokens__hash=spent_hash)
    known = SignIn.objects.filter(theirs, client=request.POST.get("client_id", "")).first()
    # Two exchanges at the same moment come one after the other.
    sign_in = SignIn.objects.select_for_update().get(pk=known.pk) if known else None
    if sign_in and SpentToken.objects.filter(hash=spent_hash).exists():
        _end_as_reused(sign_in)
        return _error("invalid_grant")
    response = allauth.token(request)
    if sign_in and response.status_code == 200:
        renew_sign_in(sign_in=sign_in, spent_hash=spent_hash, tokens=_tokens_in(response), now=timezone.now())
    return response


GRANTS: dict[str, View] = {
    Client.GrantType.AUTHORIZATION_CODE: _by_code,
    Client.GrantType.DEVICE_CODE: _by_car_code,
    Client.GrantType.REFRESH_TOKEN: _by_refresh_token,
}


def _begin(response: HttpResponse, *, label: str) -> SignIn:
    tokens = _tokens_in(response)
    account, client = tokens[0].user, tokens[0].client
    return begin_sign_in(account=account, client=client, label=label, tokens=tokens, now=timezone.now(), by=account)


def _is_still_meant(code: str, response: HttpResponse) -> bool:
    """Not if the password has changed since the owner’s yes: it may have been a thief’s, and shut out by that."""
    return is_yes_still_good(code, account=_tokens_in(response)[0].user)


def _taken_back() -> JsonResponse:
    """The tokens that allauth has just made are none."""
    transaction.set_rollback(True)
    return _error("invalid_grant")


def _end_as_reused(sign_in: SignIn | None) -> None:
    if sign_in:
        end_sign_in(sign_in=sign_in, why=SignIn.REUSED, now=timezone.now(), by=None)


def _tokens_in(response: HttpResponse) -> list[Token]:
    given = json.loads(response.content)
    hashes = [get_adapter().hash_token(given[name]) for name in ("access_token", "refresh_token") if name in given]
    return list(Token.objects.filter(hash__in=hashes).select_related("user__market", "client"))


def _for_the_screen(response: HttpResponse, label: str) -> HttpResponse:
    data = json.loads(response.content)
    name_car_code(data["device_code"], label=label)
    page = absolute(reverse("idp:oidc:device_authorization"))
    shown = {"verification_uri": page, "verification_uri_complete": f"{page}?code={data['user_code']}"}
    return JsonResponse(data | shown, headers={"Cache-Control": "no-store"})


def _error(code: str, description: str = "", *, status: int = 400) -> JsonResponse:
    facts = {"error": code} | ({"error_description": description} if description else {})
    return JsonResponse(facts, status=status, headers={"Cache-Control": "no-store"})
