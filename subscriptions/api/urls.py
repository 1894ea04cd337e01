"""What a car can have, for anybody; and what ends services: removing a car, and control that changes hands."""

from django.urls import path

from subscriptions.api import (
    centre,
    changes,
    connectivity,
    control,
    dealer,
    endings,
    multimedia,
    offers,
    old_documents,
    orders,
    paying,
    payments,
    provisioning,
    removal,
    subscriptions,
    wallet,
)

_CAR = "vehicles/<uuid:public_id>/"
_REQUEST = "control-requests/<uuid:public_id>/"
_OFFER = "control-offers/<uuid:public_id>/"
_PACKAGE = f"{_CAR}services/<slug:package>/"
_SUBSCRIPTION = "subscriptions/<uuid:public_id>/"
_CARD = "cards/<uuid:public_id>/"
_DOCUMENT = "documents/<uuid:public_id>/"
_AT_DEALER = "dealer/verifications/<uuid:public_id>/"

urlpatterns = [
    path("connectivity/<str:vin>/", connectivity.ConnectivityView.as_view(), name="api_connectivity"),
    path("provisionings/", provisioning.ProvisioningsView.as_view(), name="api_provisionings"),
    path(f"{_CAR}removal/", removal.RemovalView.as_view(), name="api_vehicle_removal"),
    path(f"{_CAR}control/", control.ControlView.as_view(), name="api_control"),
    path(f"{_CAR}control/request/", control.RequestingView.as_view(), name="api_control_requesting"),
    path(f"{_CAR}control/offer/", offers.OfferingView.as_view(), name="api_control_offering"),
    path(_REQUEST, control.RequestView.as_view(), name="api_control_request"),
    path(f"{_REQUEST}answer/", control.AnswerView.as_view(), name="api_control_answer"),
    path("control-offers/", offers.OffersView.as_view(), name="api_control_offers"),
    path(_OFFER, offers.OfferView.as_view(), name="api_control_offer"),
    path(f"{_OFFER}answer/", offers.OfferAnswerView.as_view(), name="api_control_offer_answer"),
    path(f"{_OFFER}confirmation/", offers.OfferConfirmationView.as_view(), name="api_control_offer_confirmation"),
    path(f"{_CAR}services/", centre.CentreView.as_view(), name="api_services"),
    path(f"{_PACKAGE}activation/", centre.ActivationView.as_view(), name="api_activation"),
    path(f"{_PACKAGE}order/", orders.OrderView.as_view(), name="api_order"),
    path("running-services/", multimedia.RunningServicesView.as_view(), name="api_running_services"),
    path(f"{_CAR}multimedia/", multimedia.MultimediaView.as_view(), name="api_multimedia"),
    path(f"{_CAR}multimedia/profile/", multimedia.ProfileView.as_view(), name="api_profile"),
    path(f"{_CAR}multimedia/map-updates/", multimedia.MapUpdatesView.as_view(), name="api_own_map_updates"),
    path(f"{_CAR}multimedia/map-updates/<uuid:update>/", multimedia.MapUpdateView.as_view(), name="api_own_map_update"),
    path("subscriptions/", subscriptions.SubscriptionsView.as_view(), name="api_subscriptions"),
    path(_SUBSCRIPTION, subscriptions.SubscriptionView.as_view(), name="api_subscription"),
    path(f"{_SUBSCRIPTION}contract.pdf", subscriptions.ContractFileView.as_view(), name="api_contract_file"),
    path(f"{_SUBSCRIPTION}what-if/", subscriptions.WhatIfView.as_view(), name="api_what_if"),
    path(f"{_SUBSCRIPTION}cancellation/", endings.CancellationView.as_view(), name="api_cancellation"),
    path(f"{_SUBSCRIPTION}withdrawal/", endings.WithdrawalView.as_view(), name="api_withdrawal"),
    path(f"{_SUBSCRIPTION}term/", changes.TermView.as_view(), name="api_term"),
    path(f"{_SUBSCRIPTION}new-price/", changes.NewPriceView.as_view(), name="api_new_price"),
    path(f"{_SUBSCRIPTION}payment/", paying.PaymentView.as_view(), name="api_payment"),
    path(f"{_SUBSCRIPTION}payment/outcome/", paying.PaymentOutcomeView.as_view(), name="api_payment_outcome"),
    path("cards/", wallet.CardsView.as_view(), name="api_cards"),
    path(_CARD, wallet.CardView.as_view(), name="api_card"),
    path(f"{_CARD}primary/", wallet.PrimaryCardView.as_view(), name="api_primary_card"),
    path("card-setups/<uuid:public_id>/", wallet.CardSetupView.as_view(), name="api_card_setup"),
    path("payments/", payments.PaymentsView.as_view(), name="api_payments"),
    path("refunds/", payments.RefundsView.as_view(), name="api_refunds"),
    path("documents/", payments.DocumentsView.as_view(), name="api_documents"),
    path(_DOCUMENT, payments.DocumentView.as_view(), name="api_document"),
    path("dealer/verifications/", dealer.VerificationsView.as_view(), name="api_dealer_verifications"),
    path(_AT_DEALER, dealer.VerificationView.as_view(), name="api_dealer_verification"),
    path(f"{_AT_DEALER}identity/", dealer.IdentityView.as_view(), name="api_dealer_identity"),
    path(f"{_AT_DEALER}unblocking/", dealer.UnblockingView.as_view(), name="api_dealer_unblocking"),
    path(f"{_AT_DEALER}activation/", dealer.DealerActivationView.as_view(), name="api_dealer_activation"),
    path("old-documents/", old_documents.OldDocumentsView.as_view(), name="api_old_documents"),
    path(
        "old-documents/<uuid:public_id>.pdf", old_documents.OldDocumentFileView.as_view(), name="api_old_document_file"
    ),
    path("documents/<uuid:public_id>.pdf", payments.DocumentFileView.as_view(), name="api_document_file"),
]
