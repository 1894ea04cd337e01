"""Cars have public ids: those of their links with the account."""

from django.urls import path

from garage.api import (
    driving,
    granted,
    head_unit,
    machines,
    maps,
    profiles,
    reports,
    service_history,
    sharing,
    trips,
    views,
)

_CAR = "vehicles/<uuid:public_id>/"

urlpatterns = [
    path("vehicles/", views.VehiclesView.as_view(), name="api_vehicles"),
    path(_CAR, views.VehicleView.as_view(), name="api_vehicle"),
    path(f"{_CAR}access/", views.AccessView.as_view(), name="api_vehicle_access"),
    path(f"{_CAR}selection/", views.SelectionView.as_view(), name="api_vehicle_selection"),
    path(f"{_CAR}drivers/", sharing.DriversView.as_view(), name="api_drivers"),
    path("drivers/<uuid:public_id>/", sharing.DriverView.as_view(), name="api_driver"),
    path("driver-invitations/", sharing.InvitationsView.as_view(), name="api_driver_invitations"),
    path("driver-invitations/<uuid:public_id>/acceptance/", sharing.InvitationView.as_view(), name="api_invitation"),
    path(f"{_CAR}reach/", sharing.ReachView.as_view(), name="api_reach"),
    path(f"{_CAR}reach/<uuid:reacher_id>/", sharing.ReacherView.as_view(), name="api_reacher"),
    path(f"{_CAR}driving/", driving.DrivingView.as_view(), name="api_driving"),
    path(f"{_CAR}driving/<str:month>/", driving.DrivingMonthView.as_view(), name="api_driving_month"),
    path(f"{_CAR}trips/", driving.OwnTripsView.as_view(), name="api_own_trips"),
    path(f"{_CAR}trips/<uuid:trip>/", driving.OwnTripView.as_view(), name="api_own_trip"),
    path(f"{_CAR}state/", driving.VehicleStateView.as_view(), name="api_vehicle_state"),
    path(f"{_CAR}service/", service_history.ServiceView.as_view(), name="api_service"),
    path("ordered-vehicles/", views.OrderedVehiclesView.as_view(), name="api_ordered_vehicles"),
    path("pairing-codes/", machines.PairingCodesView.as_view(), name="api_pairing_codes"),
    path("head-unit/accounts/", head_unit.HeadUnitAccountsView.as_view(), name="api_head_unit_accounts"),
    path("registry/vehicles/", machines.RegistryVehiclesView.as_view(), name="api_registry_vehicles"),
    path("registry/orders/", machines.RegistryOrdersView.as_view(), name="api_registry_orders"),
    path("granted-vehicles/", granted.GrantedVehiclesView.as_view(), name="api_granted_vehicles"),
    path("granted-vehicles/<uuid:grant>/<slug:kind>/", granted.GrantedRowsView.as_view(), name="api_granted_rows"),
    path("vehicle-reports/", reports.VehicleReportsView.as_view(), name="api_vehicle_reports"),
    path("map-updates/", maps.MapUpdatesView.as_view(), name="api_map_updates"),
    path("profile-reports/", profiles.ProfileReportsView.as_view(), name="api_profile_reports"),
    path("trips/", trips.TripsView.as_view(), name="api_trips"),
]
