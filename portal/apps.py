from django.apps import AppConfig


class PortalConfig(AppConfig):
    name = "portal"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from portal import checks, durability, role_groups  # noqa: F401

        checks.refuse_unsafe_start()
        role_groups.load_after_migrating()
