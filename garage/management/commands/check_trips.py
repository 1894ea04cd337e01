from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from garage.driving.check import mend, misplaced, wrong_days


class Command(BaseCommand):
    help = "Counts the sums of each driving day again from its trips; names every day that differs, with 1."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--mend", action="store_true", help="write what was counted")

    def handle(self, *args: Any, **options: Any) -> None:
        wrong = list(wrong_days())
        for control_id, on, kept, counted in wrong:
            self.stdout.write(f"control {control_id}, {on}: kept {_say(kept)}, counted {_say(counted)}")
            if options["mend"]:
                mend(control_id=control_id, on=on)
        outside = list(misplaced()[:100])
        for trip in outside:
            self.stdout.write(f"trip {trip.pk}: outside of control {trip.control_id}")
        if outside or (wrong and not options["mend"]):
            raise CommandError(f"{len(wrong)} days and {len(outside)} trips are wrong; docs/driving.md says more.")
        self.stdout.write("Mended." if wrong else "Every day is what its trips add up to.")


def _say(numbers: tuple[Any, ...] | None) -> str:
    return ", ".join(str(number) for number in numbers) if numbers else "nothing"
