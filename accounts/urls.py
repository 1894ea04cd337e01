"""Addresses of the account's pages; names have no namespace. `legal_urlpatterns` are public."""

from django.urls import include, path, re_path
from django.views.generic import RedirectView

from accounts.views import account, activation, copies, devices, inbox, mail_links, notice_choices, security, terms

to_security = RedirectView.as_view(pattern_name="security")

legal_urlpatterns = [path("legal/<slug:slug>/", terms.legal_page, name="legal_page")]

urlpatterns = [
    *legal_urlpatterns,
    path("account/", account.account, name="account"),
    path("account/profile/", account.profile, name="profile"),
    path("account/billing-address/", account.billing_profile, name="billing_profile"),
    path("account/copies/", copies.copy_addresses, name="copy_addresses"),
    path("account/copies/<uuid:public_id>/removal/", copies.copy_address_removal, name="copy_address_removal"),
    path("copies/confirmation/<str:token>/", copies.copy_confirmation, name="copy_confirmation"),
    path("copies/end/<str:token>/", copies.copy_leaving, name="copy_leaving"),
    path("account/terms/", terms.terms_acceptance, name="terms_acceptance"),
    path("account/activation/", activation.activation_request, name="activation_request"),
    path("account/notices/", inbox.notices, name="notices"),
    path("account/notices/choices/", notice_choices.notice_choices, name="notice_choices"),
    path("account/notices/<uuid:public_id>/", inbox.notice, name="notice"),
    path("account/security/", security.security, name="security"),
    path("account/devices/", devices.devices, name="devices"),
    # In the place of allauth's own: one page shows all of it, and a link that fails says why.
    path("account/two-factor/", to_security, name="mfa_index"),
    path("account/two-factor/webauthn/", to_security, name="mfa_list_webauthn"),
    path(
        "account/confirm-email/<str:key>/",
        mail_links.ConfirmAddress.as_view(),
        name="account_confirm_email",
    ),
    re_path(
        r"^account/password/reset/key/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$",
        mail_links.ResetPassword.as_view(),
        name="account_reset_password_from_key",
    ),
    path("account/two-factor/", include("allauth.mfa.urls")),
    path("account/", include("allauth.account.urls")),
]
