"""Shows what a car's screen would: a pairing code and its QR code, to try the portal with."""

from io import StringIO
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from garage.actions.pair import issue_pairing_code
from garage.pairing_qr import pairing_qr
from portal.refusals import Refusal


class Command(BaseCommand):
    help = (
        "Shows a pairing code for the car of this VIN and its QR code, as the head unit would. Good for ten minutes "
        "and once. Not in production: there only the head unit asks for codes."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("vin")
        parser.add_argument("--svg", type=Path, metavar="FILE", help="write the QR code as a picture, too")

    def handle(self, *, vin: str, svg: Path | None, **options: Any) -> None:
        if settings.PRODUCTION:
            raise CommandError("In production only a head unit gets pairing codes: whoever has one gets into the car.")
        try:
            issued = issue_pairing_code(vin=vin, now=timezone.now())
        except Refusal as refusal:
            raise CommandError(str(refusal.sentence)) from refusal
        picture = pairing_qr(issued.code)
        self.stdout.write(f"{issued.code} (good until {issued.expires_at:%H:%M:%S} UTC)")
        drawn = StringIO()
        picture.terminal(out=drawn, compact=True)
        self.stdout.write(drawn.getvalue())
        if svg:
            picture.save(str(svg), kind="svg", scale=6)
