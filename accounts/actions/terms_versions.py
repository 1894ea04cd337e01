"""Writing and publishing a version of the Terms of Use (A2): until it is published no customer sees the draft."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.models import Account, TermsVersion
from portal.audit import record
from portal.models import Market
from portal.refusals import Refusal


@transaction.atomic
def save_draft(
    *,
    draft: TermsVersion | None,
    market: Market,
    version: str,
    effective_at: datetime,
    texts: dict[str, str],
    now: datetime,
    by: Account,
) -> TermsVersion:
    """Keeps a draft, a new one for None. Raises `Refusal` terms_published; IntegrityError for a taken number."""
    row = _locked_draft(draft) if draft else TermsVersion(is_draft=True)
    row.market, row.version, row.effective_at, row.texts = market, version, effective_at, texts
    row.save()
    record("terms_draft_saved", account=None, by=by, now=now, subject=row, market=market.code, version=version)
    return row


@transaction.atomic
def discard_draft(*, draft: TermsVersion, now: datetime, by: Account) -> None:
    """Raises `Refusal` terms_published: what customers were shown stays."""
    row = _locked_draft(draft)
    record("terms_draft_discarded", account=None, by=by, now=now, market=row.market.code, version=row.version)
    row.delete()


@transaction.atomic
def publish_terms(*, draft: TermsVersion, now: datetime, by: Account) -> TermsVersion:
    """Publishes a draft: from its moment on customers are asked for it, and from now on it never changes.

    Raises `Refusal`: terms_published, terms_text_missing, terms_not_ahead, terms_moment_taken.
    """
    row = _locked_draft(draft)
    check_publishable(row, now=now)
    row.is_draft = False
    row.save(update_fields=["is_draft"])
    record("terms_published", account=None, by=by, now=now, subject=row, market=row.market.code, version=row.version)
    return row


def check_publishable(draft: TermsVersion, *, now: datetime) -> None:
    """The same without publishing it, for the page that offers it."""
    missing = [language for language in draft.market.languages if not draft.texts.get(language, "").strip()]
    if missing:
        raise Refusal(
            "terms_text_missing",
            _("The text is missing in: %(languages)s.") % {"languages": ", ".join(missing)},
        )
    if draft.effective_at <= now:
        raise Refusal("terms_not_ahead", _("Terms come into force in the future only. Choose a later moment."))
    others = TermsVersion.objects.published().filter(market=draft.market, effective_at=draft.effective_at)
    if others.exists():
        raise Refusal("terms_moment_taken", _("Another version comes into force at this very moment."))


def _locked_draft(draft: TermsVersion) -> TermsVersion:
    row = TermsVersion.objects.select_for_update(of=["self"]).select_related("market").get(pk=draft.pk)
    if not row.is_draft:
        raise Refusal("terms_published", _("This version is published and never changes. Write a new one."))
    return row
