"""Addresses of the account's pages; names have no namespace. `legal_urlpatterns` are public."""

from django.urls import include, path

from accounts.views import account, activation, car_code, copies, inbox, notice_choices, sign_ins, terms

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
    path("account/car-code/", car_code.car_code, name="car_code"),
    path("account/sign-ins/", sign_ins.sign_ins, name="sign_ins"),
    path("account/sign-ins/<uuid:public_id>/end/", sign_ins.sign_in_end, name="sign_in_end"),
    path("account/terms/", terms.terms_acceptance, name="terms_acceptance"),
    path("account/activation/", activation.activation_request, name="activation_request"),
    path("account/notices/", inbox.notices, name="notices"),
    path("account/notices/choices/", notice_choices.notice_choices, name="notice_choices"),
    path("account/notices/<uuid:public_id>/", inbox.notice, name="notice"),
    path("account/", include("allauth.account.urls")),
]
