"""A language's catalogue of messages: small differences from one version to the next, nothing that is not used."""

import io
from collections.abc import Iterable, Mapping
from pathlib import Path

from babel.messages import Catalog
from babel.messages.pofile import read_po, write_po
from django.conf import settings

from portal.translating.message import Message

HEADER = """\
msgid ""
msgstr ""
"Language: {language}\\n"
"MIME-Version: 1.0\\n"
"Content-Type: text/plain; charset=utf-8\\n"
"Content-Transfer-Encoding: 8bit\\n"
"Plural-Forms: nplurals={catalogue.num_plurals}; plural={catalogue.plural_expr};\\n"

"""


def po_file(language: str) -> Path:
    return Path(settings.LOCALE_PATHS[0]) / language / "LC_MESSAGES" / "django.po"


def read(path: Path, *, language: str) -> Catalog:
    """The catalogue in the file; an empty one if there is none yet."""
    text = (
        path.read_text(encoding="utf-8")
        if path.exists()
        else HEADER.format(language=language, catalogue=Catalog(locale=language))
    )
    return read_po(io.StringIO(text), locale=language, abort_invalid=True)


def updated(old: Catalog, messages: Mapping[Message, Iterable[str]]) -> Catalog:
    """The messages with what `old` says for them; new ones are empty, those that are gone are dropped."""
    new = Catalog(locale=old.locale)
    for message, files in messages.items():
        known = old.get(message.singular, message.context)
        new.add(
            (message.singular, message.plural) if message.plural else message.singular,
            string=known.string if known and bool(message.plural) == known.pluralizable else None,
            context=message.context,
            locations=[(file, 0) for file in sorted(files)],
            user_comments=known.user_comments if known else (),
            flags=known.flags & {"fuzzy"} if known else (),
        )
    return new


def text_of(catalogue: Catalog, *, language: str) -> str:
    """Sorted by message, with the files but not the lines they stand in, and no dates."""
    body = io.BytesIO()
    write_po(body, catalogue, sort_output=True, omit_header=True, include_lineno=False, width=120)
    return HEADER.format(language=language, catalogue=catalogue) + body.getvalue().decode()
