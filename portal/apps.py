from django.apps import AppConfig
from django.conf import settings


class PortalConfig(AppConfig):
    name = "portal"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from portal import checks, role_groups
        from portal.operating import (
            durability,  # noqa: F401
            tasks_followed,  # noqa: F401
        )

        checks.refuse_unsafe_start()
        role_groups.load_after_migrating()
        if settings.SENTRY_DSN:
            from portal.operating import reporting

            reporting.start(settings.SENTRY_DSN, traces=settings.SENTRY_TRACES, mode=settings.MODE)
