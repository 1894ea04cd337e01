from django.apps import AppConfig


class GarageConfig(AppConfig):
    name = "garage"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from django.utils.translation import gettext_lazy as _

        from accounts import accesses, closing, exporting
        from accounts.calendar import register_events
        from accounts.notices import register_attachments, register_words
        from garage import booking_notices, calendar_days, exporters, service_data, vehicle_data
        from garage.actions.orders import let_orders_go
        from garage.actions.service_history import forget_who_entered
        from garage.context import switcher_of
        from garage.models.order import STAGE_NAMES
        from garage.readings import report_reading
        from garage.rules.orders import Stage
        from portal import context, outbox

        outbox.register("registry_reading", report_reading)
        context.register("garage", switcher_of)
        closing.on_closing(let_orders_go)
        closing.on_closing(forget_who_entered)
        register_events(calendar_days.maintenance_days)
        register_events(calendar_days.booking_days)
        register_attachments(booking_notices.KIND, booking_notices.calendar_of_notice)
        vehicle_data.register(service_data.SERVICE_RECORDS)
        exporting.register(*exporters.EXPORTERS)
        accesses.register_subjects(
            {
                "garage.vehicle": _("One of your cars: its facts, and who is linked with it"),
                "garage.controltransfer": _("Control of a car that was offered or asked for"),
                "garage.driveraccess": _("A driver of a car"),
                "garage.orderedvehicle": _("A car that you ordered"),
                "garage.booking": _("A booking of yours at a dealer"),
                "garage.servicerecord": _("An entry of yours in a service history"),
                "garage.accesscheck": _("Your tries to prove access to a car"),
            }
        )
        register_words("stage", lambda code: STAGE_NAMES[Stage(code)])
