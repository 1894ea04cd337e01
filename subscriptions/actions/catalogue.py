"""A market's catalogue by days: a version is loaded, ahead if need be, and comes into force on its day by itself.

Each version says everything, so that after an outage only the one of the day counts. A running contract is not touched:
price, term and VAT are its own (S10), an included period keeps its end, and no service or base is taken from a package
that somebody has.
"""

import logging
from dataclasses import dataclass
from datetime import date, datetime
from hashlib import sha256

from django.db import transaction
from django.db.models import QuerySet

from accounts.models import Account
from portal import audit
from portal.files.data_files import DataFileError
from portal.models import Market
from portal.querying.written import Given, written
from subscriptions.actions.work import close_solved, open_work_items
from subscriptions.catalogue.file import CatalogueFile, read_catalogue
from subscriptions.catalogue.store import lost_services, moves_base, store
from subscriptions.ledger.finding import Finding
from subscriptions.models import CatalogueVersion, Package
from subscriptions.models.work import CATALOGUE_UNREADABLE

logger = logging.getLogger(__name__)

NOTHING = {"created": 0, "changed": 0, "unchanged": 0}


@dataclass(frozen=True, kw_only=True)
class Loaded:
    version: CatalogueVersion
    # Rows of the catalogue; nothing of a version that is still to come.
    counts: dict[str, int]
    is_ahead: bool


def load_catalogue(file: CatalogueFile, *, now: datetime, by: Account | None = None, reason: str = "") -> Loaded:
    """Keeps the file as a version, and brings it into force if its day has come. The same file again changes nothing.

    `by` and `reason` are those of staff, who load it at the desk (K3).

    Raises `DataFileError` where a later version is in force already, or where it takes from a package what its
    customers were promised; then nothing is changed.
    """
    with transaction.atomic():
        market = _locked(file.market)
        today = market.local_date(now)
        check_promises(file)
        version = _known(file, market, today=today)
        if version is None:
            version = _new(file, market, today=today, now=now)
            on = version.effective_on
            audit.record("catalogue loaded", account=None, by=by, now=now, subject=version, on=on, reason=reason)
        if version != CatalogueVersion.objects.of_day(market, today):
            return Loaded(version=version, counts=NOTHING, is_ahead=version.effective_on > today)
        return Loaded(version=version, counts=_bring(version, file, now=now), is_ahead=False)


def bring_into_force(*, market: Market, now: datetime) -> bool:
    """Whether a version was due and is in force now. Asked by a job every few minutes, and before anything is sold."""
    if not _due(market, now=now):
        return False
    with transaction.atomic():
        version = _due(_locked(market), now=now)
        if version is None:
            return False
        _bring(version, read_catalogue(version.content, name=str(version)), now=now)
        return True


def keep_up(market: Market, *, now: datetime) -> bool:
    """The same where somebody waits for an answer: a version that cannot be read any more is for the log."""
    try:
        return bring_into_force(market=market, now=now)
    except DataFileError:
        logger.exception("the catalogue of %s that is due cannot come into force", market.code)
        return False


def keep_up_or_alert(market: Market, *, now: datetime) -> None:
    """The same by the clock: it becomes work for staff, until a version has come into force."""
    try:
        bring_into_force(market=market, now=now)
    except DataFileError as error:
        logger.exception("the catalogue of %s that is due cannot come into force", market.code)
        open_work_items([Finding(check=CATALOGUE_UNREADABLE, subject=market.code, text=str(error)[:2000])], now=now)


def check_promises(file: CatalogueFile) -> None:
    """Raises `DataFileError`: what customers have keeps its services and its base (S10, S12)."""
    packages = Package.objects.select_related("base").prefetch_related("services").filter(code__in=file.packages)
    wrong = []
    for package in packages:
        row = file.packages[package.code]
        if lost := lost_services(row, package):
            wrong.append(f"{package.code}: customers have it, and it would lose {', '.join(sorted(lost))}")
        if moves_base(row, package):
            wrong.append(f"{package.code}: customers have it, and it would need another package")
    if wrong:
        raise DataFileError("\n".join([*wrong, "Give what is new a code of its own."]))


def _locked(market: Market) -> Market:
    return Market.objects.select_for_update(of=["self"], no_key=True).select_related("brand").get(pk=market.pk)


def _due(market: Market, *, now: datetime) -> CatalogueVersion | None:
    for version in _of_day(market=market.pk, day=market.local_date(now)):
        return version if version.in_force_at is None else None
    return None


@written
def _of_day(*, market: Given, day: Given) -> QuerySet[CatalogueVersion]:
    """Without what it says, for whoever shows what is sold asks first."""
    return CatalogueVersion.objects.begun(market, day).defer("content")[:1]


def _bring(version: CatalogueVersion, file: CatalogueFile, *, now: datetime) -> dict[str, int]:
    counts = store(file)
    if version.in_force_at is None:
        version.in_force_at = now
        version.save(update_fields=["in_force_at"])
        close_solved(kind=CATALOGUE_UNREADABLE, subject=version.market.code, now=now)
        audit.record(
            "catalogue in force", account=None, by=None, now=now, subject=version, on=version.effective_on, **counts
        )
    return counts


def _known(file: CatalogueFile, market: Market, *, today: date) -> CatalogueVersion | None:
    """The version that holds on the file's day already, if it is this very file."""
    rows = CatalogueVersion.objects.filter(market=market)
    if file.effective_on:
        standing = rows.filter(effective_on=file.effective_on).order_by("pk").last()
    else:
        standing = CatalogueVersion.objects.of_day(market, today)
    return standing if standing and standing.content_hash == _hash(file) else None


def _new(file: CatalogueFile, market: Market, *, today: date, now: datetime) -> CatalogueVersion:
    day = file.effective_on or today
    in_force = CatalogueVersion.objects.of_day(market, today)
    if in_force and day < in_force.effective_on:
        raise DataFileError(
            f"effective_on is {day}, and the catalogue of {in_force.effective_on} is in force in {market.code} already."
        )
    return CatalogueVersion.objects.create(
        market=market, effective_on=day, content=file.content, content_hash=_hash(file), loaded_at=now
    )


def _hash(file: CatalogueFile) -> str:
    return sha256(file.content.encode()).hexdigest()
