"""The app asks to be let in (authorization code with PKCE, A5): what it asks for, and the owner's yes or no.

allauth checks the request and gives the code. In front of it stands what it leaves open: members only, PKCE by S256
only, no silent yes, and requests that are longer than the `next` of a sign-in page may be.
"""

from http import HTTPStatus
from urllib.parse import urlencode, urlsplit

from allauth.core.internal.httpkit import add_query_params
from allauth.idp.oidc import views as allauth
from django.http import HttpRequest, HttpResponse, QueryDict
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.crypto import get_random_string
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from accounts.access import MemberRequest, account_of, is_member, member_required
from accounts.forms.identity import ConsentForm
from accounts.identity.answers import keep_yes
from accounts.identity.clients import client_name, find_client
from accounts.scopes import in_words

# What was asked for waits in the session while its owner signs in; more than a few at a time are nobody's.
KEPT = "authorization_requests"
MOST_KEPT = 5
LONGEST = 2000


class ConsentView(allauth.AuthorizationView):
    """allauth's page, with the scopes in words and as a whole: an app that lacks one would fail later, elsewhere."""

    form_class = ConsentForm

    def form_valid(self, form: ConsentForm) -> HttpResponse:
        response: HttpResponse = super().form_valid(form)
        code = _code_in(response)
        if code:
            keep_yes(code, account=account_of(self.request))
        return response

    def get_context_data(self, **kwargs: object) -> dict[str, object]:
        context = super().get_context_data(**kwargs)
        context["client_name"] = client_name(context["client"])
        context["scopes"] = in_words(self._scopes)
        return context

    def render_to_response(self, context: dict[str, object], **kwargs: object) -> HttpResponse:
        response = super().render_to_response(context, **kwargs)
        # Browsers apply form-action to the redirect that follows the form: it leads into the app.
        response._csp_update = {"form-action": [form_target(self._request_info["redirect_uri"])]}  # type: ignore[attr-defined]
        return response


allauth_authorization = ConsentView.as_view()


@csrf_exempt  # An app may send its request by POST, which changes nothing; the owner's answer is checked by allauth.
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def authorization(request: HttpRequest) -> HttpResponseBase:
    asked = request.GET if request.method != "POST" else request.POST
    is_answer = "request" in request.POST
    refused = None if is_answer else _refused(request, asked)
    if refused:
        return refused
    if _must_sign_in(request, asked):
        # An answer by somebody who has signed out meanwhile is no answer.
        return _incomplete(request) if is_answer else redirect(_way_through_the_door(request, asked))
    with translation.override(request.user.language):  # type: ignore[union-attr]
        return _in_full(allauth_authorization(request))


@require_safe
@member_required
def authorization_again(request: MemberRequest, key: str) -> HttpResponse:
    """Back from signing in, or from the Terms: the request goes on where it stopped."""
    query = request.session.get(KEPT, {}).pop(key, None)
    if query is None:
        return _incomplete(request)
    request.session.modified = True
    return redirect(f"{reverse('idp:oidc:authorization')}?{query}")


def form_target(redirect_uri: str) -> str:
    """As a policy names it: an origin, or the scheme of an app."""
    parts = urlsplit(redirect_uri)
    return f"{parts.scheme}://{parts.netloc}" if parts.scheme in {"http", "https"} else f"{parts.scheme}:"


def _code_in(response: HttpResponse) -> str:
    """That the app is given, by whichever part of its address; empty if there is none."""
    address = urlsplit(response.get("Location", ""))
    given = QueryDict(address.query or address.fragment)
    return str(given.get("code", ""))


def _in_full(response: HttpResponse) -> HttpResponse:
    """Rendered while the owner’s language is active; what is wrong is a 400, where allauth says 200."""
    if isinstance(response, TemplateResponse):
        return response.render()
    if response.status_code == HTTPStatus.OK:
        response.status_code = HTTPStatus.BAD_REQUEST
    return response


def _refused(request: HttpRequest, asked: QueryDict) -> HttpResponse | None:
    """What a standard client never sends, and what would be a yes that nobody has said."""
    client = find_client(asked.get("client_id", ""))
    if client is None or asked.get("code_challenge_method") != "S256" or len(asked.urlencode()) > LONGEST:
        return _incomplete(request)
    if "none" not in asked.get("prompt", "").split():
        return None
    redirect_uri = asked.get("redirect_uri", "")
    if redirect_uri not in client.get_redirect_uris():
        return _incomplete(request)
    response = HttpResponse(status=302)
    answer = {"error": "interaction_required", "state": asked.get("state", "")}
    response["Location"] = add_query_params(redirect_uri, {name: value for name, value in answer.items() if value})
    return response


def _must_sign_in(request: HttpRequest, asked: QueryDict) -> bool:
    if not request.user.is_authenticated or not is_member(request.user, timezone.now()):
        return True
    return "login" in asked.get("prompt", "").split()


def _way_through_the_door(request: HttpRequest, asked: QueryDict) -> str:
    """Keeps the request, and gives the page that leads through sign-in and Terms back to it."""
    key, kept = get_random_string(12), request.session.get(KEPT, {})
    query = asked.copy()
    query.pop("prompt", None)
    request.session[KEPT] = dict([*kept.items(), (key, query.urlencode())][-MOST_KEPT:])
    back = reverse("authorization_again", args=[key])
    if request.user.is_authenticated and "login" in asked.get("prompt", "").split():
        return f"{reverse('account_reauthenticate')}?{urlencode({'next': back})}"
    return back


def _incomplete(request: HttpRequest) -> HttpResponse:
    return render(request, "idp/oidc/error.html", status=400)
