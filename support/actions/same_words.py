"""Words that mean the same: brought from files, then the editors' (H2)."""

from datetime import datetime
from pathlib import Path

from django.db import transaction

from accounts.models import Account
from portal.audit import record
from support.finding.indexing import index
from support.models import SameWords
from support.rules.synonyms import read_lines

VOCABULARIES = Path(__file__).parents[1] / "synonyms"


def load_same_words(language: str) -> None:
    """The lines of the file of a language; what an editor has changed or added stays."""
    path = VOCABULARIES / f"{language}.txt"
    lines = read_lines(path.read_text(encoding="utf-8")) if path.exists() else {}
    rows = SameWords.objects.filter(language=language)
    rows.filter(edited_at=None).exclude(line__in=lines).delete()
    there = set(rows.values_list("line", flat=True))
    SameWords.objects.bulk_create(
        SameWords(language=language, kind=read.kind, words=list(read.words), line=line)
        for line, read in lines.items()
        if line not in there
    )


@transaction.atomic
def change_same_words(
    *, row: SameWords | None, language: str, kind: str, words: list[str], now: datetime, by: Account
) -> SameWords:
    """An editor's line, new where `row` is None; search knows it at once. What stood there before is in the audit."""
    changed = SameWords.objects.select_for_update().get(pk=row.pk) if row else SameWords(language=language)
    before = {"kind": changed.kind, "words": changed.words} if row else None
    changed.kind, changed.words, changed.stems, changed.edited_at = kind, words, [], now
    changed.save()
    record("same_words_changed", account=None, by=by, now=now, subject=changed, before=before)
    index(changed.language)
    return changed
