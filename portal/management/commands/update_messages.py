"""Brings the catalogues of messages up to date with the code: new messages empty, gone ones dropped."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from portal.translating import po_file
from portal.translating.collect import messages_of_code


class Command(BaseCommand):
    help = __doc__ or ""
    # It reads files only.
    requires_system_checks = ()

    def handle(self, *args: Any, **options: Any) -> None:
        messages = messages_of_code()
        for language, _name in settings.LANGUAGES:
            # The code is written in it.
            if language != settings.LANGUAGE_CODE:
                self._update(language, messages)

    def _update(self, language: str, messages: Any) -> None:
        path = po_file.po_file(language)
        catalogue = po_file.updated(po_file.read(path, language=language), messages)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(po_file.text_of(catalogue, language=language), encoding="utf-8")
        empty = sum(1 for message in catalogue if message.id and not _is_translated(message))
        self.stdout.write(f"{path.relative_to(settings.BASE_DIR)}: {len(catalogue)} messages, {empty} to translate")


def _is_translated(message: Any) -> bool:
    return all(message.string) if message.pluralizable else bool(message.string)
