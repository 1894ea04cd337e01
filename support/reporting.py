"""What the editors' report says: votes by article and language, searches without an answer, messages begun (H4)."""

from collections import Counter
from dataclasses import dataclass, field
from datetime import date

from django.db.models import Count

from support.models import Article, Case, ContactOpening, FailedSearch, Reason, Vote

MOST_SEARCHES = 100
MOST_REMARKS = 5


@dataclass
class Row:
    """An article in one language."""

    article_key: str
    language: str
    helpful: int = 0
    not_helpful: int = 0
    reasons: Counter[str] = field(default_factory=Counter)
    remarks: list[str] = field(default_factory=list)
    # Cases opened from it.
    cases: int = 0
    # How often the form was opened, in all languages and for all time: no day is kept with it.
    contacts: int = 0

    @property
    def share(self) -> int:
        """Per cent of the votes that found it helpful."""
        votes = self.helpful + self.not_helpful
        return round(100 * self.helpful / votes) if votes else 0

    @property
    def shown_reasons(self) -> list[tuple[str, int]]:
        return [(str(Reason(reason).label), times) for reason, times in self.reasons.most_common()]


def rows_since(first: date) -> list[Row]:
    """Those that helped least first: by how many said so. A fixed number of queries."""
    rows: dict[tuple[str, str], Row] = {}
    votes = Vote.objects.filter(on__gte=first)
    counted = votes.values("article_key", "language", "is_helpful", "reason").annotate(times=Count("pk")).order_by()
    for each in counted:
        row = _row(rows, each["article_key"], each["language"])
        if each["is_helpful"]:
            row.helpful += each["times"]
        else:
            row.not_helpful += each["times"]
            row.reasons[each["reason"]] += each["times"]
    for vote in votes.exclude(remark="").order_by("-on", "-pk"):
        remarks = _row(rows, vote.article_key, vote.language).remarks
        if len(remarks) < MOST_REMARKS:
            remarks.append(vote.remark)
    cases = Case.objects.filter(about_kind="article", opened_at__date__gte=first)
    opened = cases.values_list("about_key", "language").annotate(times=Count("pk")).order_by()
    for key, language, times in opened:
        _row(rows, key, language).cases = times
    _add_contacts(rows)
    return sorted(rows.values(), key=lambda row: (-row.not_helpful, -row.cases, row.article_key, row.language))


def failed_searches(first: date) -> list[FailedSearch]:
    """Those that were asked most, of what was asked since."""
    return list(FailedSearch.objects.filter(last_on__gte=first).order_by("-times", "words")[:MOST_SEARCHES])


def contact_openings() -> dict[str, int]:
    """How often the contact form was opened from each article."""
    return dict(ContactOpening.objects.values_list("article_key", "times"))


def _row(rows: dict[tuple[str, str], Row], article_key: str, language: str) -> Row:
    return rows.setdefault((article_key, language), Row(article_key=article_key, language=language))


def _add_contacts(rows: dict[tuple[str, str], Row]) -> None:
    for key, times in contact_openings().items():
        own = [row for (article_key, _language), row in rows.items() if article_key == key]
        for row in own or [_row(rows, key, "")]:
            row.contacts = times


def keys_of_articles() -> dict[str, int]:
    """Where the report leads to."""
    return dict(Article.objects.values_list("slug", "pk"))
