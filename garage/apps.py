from django.apps import AppConfig


class GarageConfig(AppConfig):
    name = "garage"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from django.utils.translation import gettext_lazy as _

        from accounts import accesses, closing, exporting
        from accounts.calendar import register_events
        from accounts.hooks import kinds as hook_kinds
        from accounts.notices.kinds import register_attachments, register_words
        from garage import calendar_days, caller_facts, exporters, hooks
        from garage.actions.bookings import forget_words
        from garage.actions.forget_reports import forget_reports_of
        from garage.actions.forget_trips import forget_trips_of
        from garage.actions.grant_ends import forget_references
        from garage.actions.map_updates import forget_map_updates
        from garage.actions.orders import let_orders_go
        from garage.actions.service_history import forget_who_entered
        from garage.context import switcher_of
        from garage.data import kinds, reported, trips, vehicle_data
        from garage.data import maps as map_data
        from garage.data import service as service_data
        from garage.data.access import reachers_of
        from garage.models.order import STAGE_NAMES
        from garage.notices import bookings as booking_notices
        from garage.profiles import reaching_profiles
        from garage.readings import report_reading
        from garage.rules.orders import Stage
        from garage.words import alerts, warnings
        from portal import context, outbox, reach

        outbox.register("registry_reading", report_reading)
        hook_kinds.register(*hooks.KINDS)
        context.register("garage", switcher_of)
        reach.register(
            _("Profiles on the car’s screen"),
            reaching_profiles,
            nobody=_("No profile on the car’s screen is known here."),
        )
        closing.on_closing(let_orders_go)
        closing.on_closing(forget_references)
        closing.on_closing(forget_reports_of)
        closing.on_closing(forget_trips_of)
        closing.on_closing(forget_map_updates)
        exporting.register(*exporters.EXPORTERS, *trips.EXPORTERS, *map_data.EXPORTERS)
        vehicle_data.register(*kinds.KINDS, *reported.KINDS, trips.KIND, service_data.SERVICE_RECORDS)
        vehicle_data.register(map_data.KIND)
        closing.on_closing(forget_who_entered)
        closing.on_closing(forget_words)
        caller_facts.register_facts()
        register_events(calendar_days.maintenance_days)
        register_events(calendar_days.booking_days)
        register_attachments(booking_notices.KIND, booking_notices.calendar_of_notice)
        reach.register(
            _("Companies that read its data"), reachers_of, nobody=_("You have let nobody read data of this car.")
        )
        accesses.register_subjects(
            {
                "garage.vehicle": _("One of your cars: its facts, and who is linked with it"),
                "garage.controltransfer": _("Control of a car that was offered or asked for"),
                "garage.dataaccess": _("What a company has read of a car’s data"),
                "garage.datagrant": _("A company that may read data of a car"),
                "garage.dealeraccess": _("A dealer that works on one of your cars"),
                "garage.tradein": _("A car that a dealer took in trade"),
                "garage.driveraccess": _("A driver of a car"),
                "garage.orderedvehicle": _("A car that you ordered"),
                "garage.sale": _("A car that you sold, or were about to"),
                "garage.multimediaprofile": _("Your profile on the screen of a car"),
                "garage.mapupdate": _("An update of a car’s maps that you asked for"),
                "garage.booking": _("A booking of yours at a dealer"),
                "garage.servicerecord": _("An entry of yours in a service history"),
                "garage.accesscheck": _("Your tries to prove access to a car"),
            }
        )
        register_words("data_kind", vehicle_data.title_of)
        register_words("stage", lambda code: STAGE_NAMES[Stage(code)])
        register_words("alert", alerts.alert_title)
        register_words("corners", alerts.corner_names)
        register_words("light", warnings.light_name)
        register_words("light_meaning", warnings.light_meaning)
        register_words("light_advice", warnings.advice_sentence)
