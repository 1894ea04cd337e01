"""Addresses of home, services, checkout, subscriptions and payments; names have no namespace."""

from django.urls import path

from subscriptions.views import (
    accountants,
    bundles,
    calculation,
    checkout,
    closing,
    control,
    correction,
    documents,
    home,
    new_price,
    offer_control,
    others,
    paying,
    public,
    removal,
    services,
    subscription,
    term,
    wallet,
    withdrawal,
)

_CAR = "garage/<uuid:membership_id>/"
_REQUEST = "garage/control/requests/<uuid:public_id>/"
_OFFER = "garage/control/offers/<uuid:public_id>/"
_SERVICES = "services/<uuid:membership_id>/"
_SUBSCRIPTION = "services/subscriptions/<uuid:public_id>/"
_OTHERS = "payments/documents/others/<uuid:public_id>/"
_OF_OTHER = "payments/documents/others/<uuid:access_id>/"
_ORDER = f"{_SERVICES}<slug:package_code>/order/"

urlpatterns = [
    path("", home.home, name="home"),
    path("account/closing/", closing.account_closing, name="account_closing"),
    path("account/closed/", closing.account_closed, name="account_closed"),
    path("garage/<uuid:membership_id>/removal/", removal.removal, name="vehicle_removal"),
    path(f"{_CAR}control/", control.control, name="control"),
    path(f"{_CAR}control/request/", control.control_request, name="control_request"),
    path(f"{_CAR}control/offer/", offer_control.control_offer, name="control_offer"),
    path(_REQUEST, control.control_answer, name="control_answer"),
    path(f"{_REQUEST}end/", control.control_request_end, name="control_request_end"),
    path(_OFFER, offer_control.control_offered, name="control_offered"),
    path(f"{_OFFER}end/", offer_control.control_offer_end, name="control_offer_end"),
    path(f"{_OFFER}confirmation/", offer_control.control_confirmation, name="control_confirmation"),
    path("services/", services.services_of_selected, name="services_of_selected"),
    path(_SERVICES, services.services, name="services"),
    path(f"{_SERVICES}<slug:package_code>/activation/", services.activation, name="activation"),
    path(_ORDER, checkout.plan, name="checkout_plan"),
    path(f"{_ORDER}payment/", checkout.payment, name="checkout_payment"),
    path(f"{_ORDER}summary/", checkout.summary, name="checkout_summary"),
    path("services/subscriptions/", subscription.subscriptions, name="subscriptions"),
    path(_SUBSCRIPTION, subscription.subscription, name="subscription"),
    path(f"{_SUBSCRIPTION}ordered/", checkout.ordered, name="ordered"),
    path(f"{_SUBSCRIPTION}contract/", subscription.contract, name="contract"),
    path(f"{_SUBSCRIPTION}cancellation/", subscription.cancellation, name="cancellation"),
    path(f"{_SUBSCRIPTION}cancellation/undo/", subscription.undo_cancellation, name="undo_cancellation"),
    path(f"{_SUBSCRIPTION}new-price/", new_price.new_price, name="new_price"),
    path(f"{_SUBSCRIPTION}term/", term.term, name="term"),
    path(f"{_SUBSCRIPTION}withdrawal/", withdrawal.withdraw, name="withdraw"),
    path(f"{_SUBSCRIPTION}payment/", paying.payment, name="payment"),
    path(f"{_SUBSCRIPTION}payment/return/", paying.payment_return, name="payment_return"),
    path("withdrawal/", withdrawal.withdrawal, name="withdrawal"),
    path("withdrawal/statement/", withdrawal.statement, name="withdrawal_statement"),
    path("withdrawal/statement/received/", withdrawal.received, name="withdrawal_received"),
    path("how-we-calculate/", calculation.how_we_calculate, name="how_we_calculate"),
    path("connectivity/", public.match, name="match"),
    path("connectivity/<slug:market_code>/", public.match, name="match_in_market"),
    path("prices/", public.prices, name="prices"),
    path("prices/<slug:market_code>/", public.prices, name="prices_in_market"),
    path("payments/", wallet.wallet, name="wallet"),
    path("payments/cards/new/", wallet.add_card, name="add_card"),
    path("payments/cards/setups/<uuid:public_id>/", wallet.card_return, name="card_return"),
    path("payments/cards/<uuid:public_id>/primary/", wallet.primary_card, name="primary_card"),
    path("payments/cards/<uuid:public_id>/removal/", wallet.card_removal, name="card_removal"),
    path("payments/documents/", documents.documents, name="documents"),
    path("payments/documents.csv", bundles.documents_csv, name="documents_csv"),
    path("payments/documents.zip", bundles.documents_zip, name="documents_zip"),
    path("payments/documents/bundles/", bundles.bundles, name="bundles"),
    path("payments/documents/bundles/<uuid:public_id>/", bundles.bundle, name="bundle"),
    path("payments/documents/bundles/<uuid:public_id>.zip", bundles.bundle_zip, name="bundle_zip"),
    path("payments/documents/<uuid:public_id>/", documents.document, name="document"),
    path("payments/documents/<uuid:public_id>/mail/", documents.document_mail, name="document_mail"),
    path("payments/documents/accountants/", accountants.accountants, name="accountants"),
    path("payments/documents/accountants/<uuid:public_id>/end/", accountants.accountant_end, name="accountant_end"),
    path(
        "payments/documents/invitations/<uuid:public_id>/", others.accountant_invitation, name="accountant_invitation"
    ),
    path("payments/documents/others/", others.documents_of_others, name="documents_of_others"),
    path(_OTHERS, others.documents_of_other, name="documents_of_other"),
    path(f"{_OTHERS}end/", others.leave_documents_of_other, name="leave_documents_of_other"),
    path(f"{_OF_OTHER}<uuid:public_id>.pdf", others.other_document_pdf, name="other_document_pdf"),
    path(f"{_OF_OTHER}<uuid:public_id>.xml", others.other_document_xml, name="other_document_xml"),
    path("payments/documents/corrections/", correction.corrections, name="corrections"),
    path("payments/documents/<uuid:public_id>/correction/", correction.document_correction, name="document_correction"),
    path("payments/documents/<uuid:public_id>.pdf", documents.document_pdf, name="document_pdf"),
    path("payments/documents/<uuid:public_id>.xml", documents.document_xml, name="document_xml"),
]
