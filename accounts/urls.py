"""Addresses of the account's pages; names have no namespace. `legal_urlpatterns` are public."""

from django.urls import include, path, re_path
from django.views.generic import RedirectView

from accounts.views import (
    account,
    activation,
    calendar,
    caller_code,
    car_code,
    copies,
    dealers,
    devices,
    exports,
    inbox,
    mail_links,
    notice_choices,
    privacy,
    security,
    sign_ins,
    terms,
)

to_security = RedirectView.as_view(pattern_name="security")

legal_urlpatterns = [path("legal/<slug:slug>/", terms.legal_page, name="legal_page")]

urlpatterns = [
    *legal_urlpatterns,
    path("account/", account.account, name="account"),
    path("account/profile/", account.profile, name="profile"),
    path("account/billing-address/", account.billing_profile, name="billing_profile"),
    path("account/dealers/", dealers.dealers, name="dealers"),
    path("account/dealers/none/", dealers.no_preferred_dealer, name="no_preferred_dealer"),
    path("account/dealers/<uuid:public_id>/", dealers.dealer, name="dealer"),
    path("account/dealers/<uuid:public_id>/preferred/", dealers.preferred_dealer, name="preferred_dealer"),
    path("account/copies/", copies.copy_addresses, name="copy_addresses"),
    path("account/copies/<uuid:public_id>/removal/", copies.copy_address_removal, name="copy_address_removal"),
    path("copies/confirmation/<str:token>/", copies.copy_confirmation, name="copy_confirmation"),
    path("copies/end/<str:token>/", copies.copy_leaving, name="copy_leaving"),
    path("account/car-code/", car_code.car_code, name="car_code"),
    path("account/sign-ins/", sign_ins.sign_ins, name="sign_ins"),
    path("account/sign-ins/<uuid:public_id>/end/", sign_ins.sign_in_end, name="sign_in_end"),
    path("account/terms/", terms.terms_acceptance, name="terms_acceptance"),
    path("account/activation/", activation.activation_request, name="activation_request"),
    path("account/notices/", inbox.notices, name="notices"),
    path("account/notices/choices/", notice_choices.notice_choices, name="notice_choices"),
    path("account/notices/reading/", inbox.notices_reading, name="notices_reading"),
    path("account/notices/<uuid:public_id>/", inbox.notice, name="notice"),
    path("account/notices/<uuid:public_id>/reading/", inbox.notice_reading, name="notice_reading"),
    path("notices/end/<str:token>/", notice_choices.notice_leaving, name="notice_leaving"),
    path("account/calendar/", calendar.calendar, name="calendar"),
    path("account/calendar/end/", calendar.calendar_end, name="calendar_end"),
    path("account/privacy/", privacy.privacy, name="privacy"),
    path("account/privacy/consents/", privacy.consent_history, name="consent_history"),
    path("account/privacy/consents/<slug:purpose>/", privacy.consent, name="consent"),
    path("account/privacy/accesses/", privacy.accesses, name="accesses"),
    path("account/privacy/exports/", exports.exports, name="exports"),
    path("account/privacy/exports/<uuid:public_id>/", exports.export, name="export"),
    path("account/privacy/exports/<uuid:public_id>.zip", exports.export_zip, name="export_zip"),
    path("account/security/", security.security, name="security"),
    path("account/caller-code/", caller_code.caller_code, name="caller_code"),
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
