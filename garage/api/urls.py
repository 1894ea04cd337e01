from django.urls import path

from garage.api import granted
from garage.api.reports import VehicleReportsView
from garage.api.trips import TripsView

urlpatterns = [
    path("granted-vehicles/", granted.GrantedVehiclesView.as_view(), name="api_granted_vehicles"),
    path("granted-vehicles/<uuid:grant>/<slug:kind>/", granted.GrantedRowsView.as_view(), name="api_granted_rows"),
    path("vehicle-reports/", VehicleReportsView.as_view(), name="api_vehicle_reports"),
    path("trips/", TripsView.as_view(), name="api_trips"),
]
