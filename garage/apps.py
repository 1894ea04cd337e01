from django.apps import AppConfig


class GarageConfig(AppConfig):
    name = "garage"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from accounts.notices import register_words
        from garage.context import switcher_of
        from garage.models.order import STAGE_NAMES
        from garage.rules.orders import Stage
        from portal import context

        context.register("garage", switcher_of)
        register_words("stage", lambda code: STAGE_NAMES[Stage(code)])
