"""The OpenID provider's addresses, by the names that allauth knows them by (`idp:oidc:...`)."""

from allauth.idp.oidc import views as allauth
from django.urls import include, path

from accounts.views import authorization, identity

oidc = [
    path(".well-known/openid-configuration", allauth.configuration, name="configuration"),
    path(".well-known/jwks.json", allauth.jwks, name="jwks"),
    path("identity/authorize", authorization.authorization, name="authorization"),
    path("identity/logout", identity.sign_out, name="logout"),
    path("identity/token", identity.token, name="token"),
    path("identity/revoke", identity.revoke, name="revoke"),
    path("identity/device-code", identity.device_code, name="device_code"),
    path("identity/userinfo", allauth.user_info, name="userinfo"),
    # Short, since a car's screen shows it.
    path("car", identity.car, name="device_authorization"),
]
urlpatterns = [
    path("", include(([path("", include((oidc, "oidc")))], "idp"))),
    path("identity/authorize/<slug:key>/", authorization.authorization_again, name="authorization_again"),
]
