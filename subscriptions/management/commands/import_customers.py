"""Takes over the customers of another system from a directory of files (docs/moving-in.md)."""

from datetime import timedelta
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from accounts.actions.move_in import last_mail_at
from garage.files.csv_rows import UnreadableFile
from portal.origins import LEFT, REFUSED, TAKEN, Move, Verdict
from subscriptions.files.move import AlreadyRunning, move_in, report_file


class Command(BaseCommand):
    help = (
        "Takes over accounts, links, cards, used rights, running subscriptions and old documents from the CSV files of "
        "a directory (docs/moving-in.md). Twice changes nothing; a run that was stopped goes on. Each row that is "
        "refused is told with its file and line. Ends with 1 if a file cannot be read or a next charge date is not as "
        "it was."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("directory", type=Path)
        parser.add_argument("--dry-run", action="store_true", help="say what a run would do, and change nothing")
        parser.add_argument("--report", type=Path, metavar="FILE", help="write what became of each row as CSV")
        parser.add_argument(
            "--mails-per-hour", type=int, default=2000, help="how fast the activation mails leave (2000)"
        )

    def handle(
        self, *, directory: Path, dry_run: bool, report: Path | None, mails_per_hour: int, **options: Any
    ) -> None:
        if mails_per_hour < 1:
            raise CommandError("At least one mail an hour has to leave.")
        now = timezone.now()
        move = Move(
            directory=directory,
            now=now,
            next_mail_at=max(now, last_mail_at() or now),
            mails_apart=timedelta(hours=1) / mails_per_hour,
            keeps_files=not dry_run,
        )
        try:
            with report_file(report) as write:

                def told(file: str, verdict: Verdict) -> None:
                    write(file, verdict)
                    if verdict.outcome == REFUSED:
                        self.stderr.write(f"{file}, line {verdict.line}: {verdict.reason}")

                outcome = move_in(move, is_dry=dry_run, report=told)
        except UnreadableFile as error:
            raise CommandError(str(error)) from error
        except AlreadyRunning as error:
            raise CommandError("A move is running already.") from error
        for file, counts in outcome.counts.items():
            self.stdout.write(f"{file}: {counts[TAKEN]} taken, {counts[LEFT]} left, {counts[REFUSED]} refused")
        self.stdout.write(f"next charge dates: {outcome.same_dates} as the old system had them")
        if dry_run:
            self.stdout.write("A dry run: nothing has changed.")
        if outcome.other_dates:
            raise CommandError(f"{outcome.other_dates} next charge dates are not as the old system had them.")
