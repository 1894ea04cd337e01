"""Who calls: the bearer of an access token that the portal has issued, and nobody by a cookie (A5)."""

from typing import Any

from allauth.idp.oidc.models import Token
from django.contrib.auth.models import AnonymousUser
from django.utils.translation import gettext_lazy as _
from rest_framework.authentication import BaseAuthentication, get_authorization_header
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.request import Request

LONGEST = 200
INVALID = _("This sign-in is not valid any more. Please sign in again.")


class BearerAuthentication(BaseAuthentication):
    """Expired, revoked, unknown, or an account that is closed: 401, so that the client asks for a new token."""

    def authenticate(self, request: Request) -> tuple[Any, Token] | None:
        token = self._token(request)
        if token is None:
            return None
        if token.user is None or not token.user.is_active:
            raise AuthenticationFailed(INVALID, code="token_invalid")
        return token.user, token

    def _token(self, request: Request) -> Token | None:
        scheme, _, value = get_authorization_header(request).partition(b" ")
        if not scheme:
            return None
        if scheme.lower() != b"bearer" or not value.isascii() or not 0 < len(value) <= LONGEST:
            raise AuthenticationFailed(INVALID, code="token_invalid")
        good = Token.objects.select_related("user__market__brand", "client")
        token = good.lookup(Token.Type.ACCESS_TOKEN, value.decode())  # type: ignore[attr-defined]
        if token is None or token.client is None:
            raise AuthenticationFailed(INVALID, code="token_invalid")
        return token

    def authenticate_header(self, request: Request) -> str:
        is_given = bool(get_authorization_header(request))
        return 'Bearer realm="api", error="invalid_token"' if is_given else 'Bearer realm="api"'


class MachineAuthentication(BearerAuthentication):
    """A client that calls in nobody's name (client credentials); an account's token is none of these."""

    def authenticate(self, request: Request) -> tuple[Any, Token] | None:
        token = self._token(request)
        if token is None:
            return None
        if token.user_id is not None:
            raise AuthenticationFailed(INVALID, code="token_invalid")
        return AnonymousUser(), token
