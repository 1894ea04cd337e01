"""Addresses of the garage; names have no namespace, cars have public ids, and no VIN is in an address."""

from django.urls import path

from garage.views import adding, booking, cars, data, drivers, driving, grants, profile, reach, service, state

urlpatterns = [
    path("garage/", cars.garage, name="garage"),
    path("garage/cars/new/", adding.add_vehicle, name="add_vehicle"),
    path("garage/cars/new/code/", adding.add_by_code, name="add_by_code"),
    path("garage/cars/new/photo/", adding.add_by_photo, name="add_by_photo"),
    path("garage/invoice-references/", cars.invoice_references, name="invoice_references"),
    path("garage/<uuid:public_id>/", cars.vehicle, name="vehicle"),
    path("garage/<uuid:public_id>/state/", state.vehicle_state, name="vehicle_state"),
    path("garage/<uuid:public_id>/alerts/", state.vehicle_alerts, name="vehicle_alerts"),
    path("garage/<uuid:public_id>/access/", cars.prove_access, name="prove_access"),
    path("garage/<uuid:public_id>/selection/", cars.select_vehicle, name="select_vehicle"),
    path("garage/<uuid:public_id>/nickname/", cars.rename_vehicle, name="rename_vehicle"),
    path("garage/<uuid:public_id>/invoice-reference/", cars.invoice_reference, name="invoice_reference"),
    path("garage/drivers/<uuid:public_id>/", drivers.driver, name="driver"),
    path("garage/drivers/<uuid:public_id>/end/", drivers.driver_end, name="driver_end"),
    path("garage/invitations/<uuid:public_id>/", drivers.driver_invitation, name="driver_invitation"),
    path("garage/<uuid:public_id>/service/", service.service, name="service"),
    path("garage/<uuid:public_id>/service/entry/", service.service_entry_new, name="service_entry_new"),
    path("garage/<uuid:public_id>/service/<uuid:entry_id>/", service.service_entry, name="service_entry"),
    path(
        "garage/<uuid:public_id>/service/<uuid:entry_id>/deletion/",
        service.service_entry_deletion,
        name="service_entry_deletion",
    ),
    path("garage/<uuid:public_id>/booking/", booking.booking_new, name="booking_new"),
    path("garage/bookings/<uuid:public_id>/", booking.booking, name="booking"),
    path("garage/bookings/<uuid:public_id>/change/", booking.booking_change, name="booking_change"),
    path("garage/bookings/<uuid:public_id>/cancellation/", booking.booking_cancellation, name="booking_cancellation"),
    path("garage/bookings/<uuid:public_id>/calendar/", booking.booking_calendar, name="booking_calendar"),
    path("garage/<uuid:public_id>/drivers/", drivers.drivers, name="drivers"),
    path("garage/<uuid:public_id>/profile/", profile.profile, name="profile_in_car"),
    path("garage/profiles/<uuid:public_id>/end/", profile.profile_end, name="profile_end"),
    path("garage/<uuid:public_id>/reach/", reach.reach, name="reach"),
    path("garage/<uuid:public_id>/reach/<uuid:link_id>/end/", reach.reach_end, name="reach_end"),
    path("garage/<uuid:public_id>/driving/", driving.driving, name="driving"),
    path("garage/<uuid:public_id>/driving/trips/", driving.trips, name="driving_trips"),
    path("garage/<uuid:public_id>/driving/trips/<uuid:trip_id>/", driving.trip, name="driving_trip"),
    path("garage/<uuid:public_id>/driving/missing/", driving.missing, name="driving_missing"),
    path("garage/<uuid:public_id>/driving/<slug:month>/", driving.driving, name="driving_month"),
    path("garage/data/", data.own_data, name="own_data"),
    path("garage/<uuid:public_id>/data/", data.vehicle_data, name="vehicle_data"),
    path("garage/<uuid:public_id>/data/all/<slug:form>/", data.vehicle_data_file, name="vehicle_data_file"),
    path(
        "garage/<uuid:public_id>/data/kinds/<slug:kind>/<slug:form>/", data.vehicle_data_kind, name="vehicle_data_kind"
    ),
    path("garage/<uuid:public_id>/grants/", grants.grants, name="grants"),
    path("garage/<uuid:public_id>/grants/new/", grants.grant_new, name="grant_new"),
    path("garage/grants/<uuid:public_id>/", grants.grant, name="grant"),
    path("garage/grants/<uuid:public_id>/end/", grants.grant_end, name="grant_end"),
]
