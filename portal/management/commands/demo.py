from typing import Any

from django.conf import settings
from django.core.management import BaseCommand, CommandError, CommandParser

from portal.embedded import EmbeddedServiceError


class Command(BaseCommand):
    help = "Runs the whole portal on this machine: database, broker, web, worker, beat, sandbox provider (make demo)."
    # Migrating checks the models; anything more would only delay the first line.
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--clean", action="store_true", help="delete the demo's state instead (make clean-demo)")

    def handle(self, *args: Any, **options: Any) -> None:
        if settings.MODE != "demo":
            raise CommandError("Start the demo with 'make demo', or set PORTAL_MODE=demo.")
        from portal.demo import DemoRefusal, run

        try:
            (run.clean if options["clean"] else run.run)(self._say)
        except (DemoRefusal, EmbeddedServiceError) as refusal:
            raise CommandError(str(refusal)) from refusal

    def _say(self, text: str, end: str = "\n") -> None:
        self.stdout.write(text, ending=end)
        self.stdout.flush()
