from django.apps import AppConfig


class PortalConfig(AppConfig):
    name = "portal"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from portal import checks, role_groups

        checks.refuse_unsafe_start()
        role_groups.load_after_migrating()
