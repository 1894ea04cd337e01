import time
from typing import Any

from allauth.mfa import app_settings
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from portal.demo.people import APP_KEY


class Command(BaseCommand):
    help = "Prints the code that the authenticator app of the demo's staff shows now."
    requires_system_checks = ()

    def handle(self, *args: Any, **options: Any) -> None:
        if settings.MODE not in {"demo", "development"}:
            raise CommandError("Only a demo's staff have an authenticator app that everybody knows.")
        self.stdout.write(format_hotp_value(hotp_value(APP_KEY, int(time.time()) // app_settings.TOTP_PERIOD)))
