"""Addresses of the garage; names have no namespace, cars have public ids, and no VIN is in an address."""

from django.urls import path

from garage import driver_views, reach_views, views

urlpatterns = [
    path("garage/", views.garage, name="garage"),
    path("garage/cars/new/", views.add_vehicle, name="add_vehicle"),
    path("garage/invoice-references/", views.invoice_references, name="invoice_references"),
    path("garage/drivers/<uuid:public_id>/", driver_views.driver, name="driver"),
    path("garage/drivers/<uuid:public_id>/end/", driver_views.driver_end, name="driver_end"),
    path("garage/invitations/<uuid:public_id>/", driver_views.driver_invitation, name="driver_invitation"),
    path("garage/<uuid:public_id>/drivers/", driver_views.drivers, name="drivers"),
    path("garage/<uuid:public_id>/reach/", reach_views.reach, name="reach"),
    path("garage/<uuid:public_id>/reach/<uuid:link_id>/end/", reach_views.reach_end, name="reach_end"),
    path("garage/<uuid:public_id>/", views.vehicle, name="vehicle"),
    path("garage/<uuid:public_id>/access/", views.prove_access, name="prove_access"),
    path("garage/<uuid:public_id>/selection/", views.select_vehicle, name="select_vehicle"),
    path("garage/<uuid:public_id>/nickname/", views.rename_vehicle, name="rename_vehicle"),
    path("garage/<uuid:public_id>/invoice-reference/", views.invoice_reference, name="invoice_reference"),
]
