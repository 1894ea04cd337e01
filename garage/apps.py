from django.apps import AppConfig


class GarageConfig(AppConfig):
    name = "garage"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from garage.context import switcher_of
        from portal import context

        context.register("garage", switcher_of)
