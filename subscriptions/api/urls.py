from django.urls import path

from subscriptions.api.connectivity import ConnectivityView

urlpatterns = [
    path("connectivity/<str:vin>/", ConnectivityView.as_view(), name="api_connectivity"),
]
