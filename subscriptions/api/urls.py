"""What a car can have, for anybody; and what ends services: removing a car, and control that changes hands."""

from django.urls import path

from subscriptions.api import connectivity, control, offers, provisioning, removal

_CAR = "vehicles/<uuid:public_id>/"
_REQUEST = "control-requests/<uuid:public_id>/"
_OFFER = "control-offers/<uuid:public_id>/"

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
]
