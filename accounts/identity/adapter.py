"""How allauth's OpenID provider and the portal fit together (A5)."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from allauth.idp.oidc.adapter import DefaultOIDCAdapter
from allauth.idp.oidc.models import Client, PrivateKey
from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser
from django.urls import reverse

from accounts.models import Account
from accounts.scopes import MACHINE_SCOPES, SCOPES
from portal.links import absolute
from portal.signing_keys import signing_keys

ENDPOINTS = {
    "authorization_endpoint": "authorization",
    "token_endpoint": "token",
    "revocation_endpoint": "revoke",
    "device_authorization_endpoint": "device_code",
    "userinfo_endpoint": "userinfo",
    "jwks_uri": "jwks",
}
GRANTS = [
    Client.GrantType.AUTHORIZATION_CODE,
    Client.GrantType.DEVICE_CODE,
    Client.GrantType.REFRESH_TOKEN,
    Client.GrantType.CLIENT_CREDENTIALS,
]
# allauth signs with the key of the newest date; ours have none but their order.
OLDEST = datetime(2000, 1, 1, tzinfo=UTC)


class IdentityAdapter(DefaultOIDCAdapter):
    scope_display = SCOPES

    def get_issuer(self) -> str:
        """The site's own address: a request's Host header must not end up in a token."""
        return settings.SITE_URL

    def get_user_sub(self, client: Client, user: AbstractBaseUser) -> str:
        account: Any = user
        return str(account.public_id)

    def get_user_by_sub(self, client: Client, sub: str) -> Account | None:
        try:
            public_id = UUID(sub)
        except ValueError:
            return None
        return Account.objects.filter(public_id=public_id, is_active=True).first()

    def get_claims(self, purpose: Any, user: Any, client: Client, scopes: Any, **kwargs: Any) -> dict[str, Any]:
        claims = super().get_claims(purpose, user, client, scopes, **kwargs)
        return claims | ({"locale": user.language} if "profile" in scopes else {})

    def list_private_keys(self, **wanted: Any) -> list[PrivateKey]:
        newest_first = signing_keys()
        return [
            PrivateKey(pem=pem, issued_at=OLDEST + timedelta(days=len(newest_first) - place))
            for place, pem in enumerate(newest_first)
        ]

    def populate_server_metadata(self, data: dict[str, Any]) -> None:
        """What this provider does, and not all that allauth could do; addresses by SITE_URL."""
        data.update({name: absolute(reverse(f"idp:oidc:{view}")) for name, view in ENDPOINTS.items()})
        data.pop("end_session_endpoint")
        data["scopes_supported"] = [*SCOPES, *MACHINE_SCOPES]
        data["grant_types_supported"] = [str(grant) for grant in GRANTS]
        data["response_types_supported"] = ["code"]
        data["prompt_values_supported"] = ["login", "consent"]
