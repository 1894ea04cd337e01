"""A car's owner manuals as its page lists them (G8, G11): its own first, then by the reader's language."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import partial
from typing import Any
from uuid import UUID

from django.core.files.storage import default_storage
from django.db.models import Prefetch, QuerySet
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.template.defaultfilters import filesizeformat
from django.utils.text import get_valid_filename
from django.utils.translation import get_language, get_language_info
from django.utils.translation import gettext as _

from accounts.rules.searching import plain, search_words
from garage.models import Manual, ManualEdition, Membership, Vehicle
from garage.rules.manuals import is_for
from garage.rules.membership import Right
from portal.files.ranges import resumable


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """What the list is narrowed by; empty: by nothing."""

    typed: str = ""
    language: str = ""
    year: int | None = None
    generation: str = ""
    # Also those for other years and generations of the model.
    of_model: bool = False


@dataclass(frozen=True, kw_only=True)
class Shown:
    manual: Manual
    edition: ManualEdition
    # Replaced, the newest first.
    earlier: list[ManualEdition]
    is_own: bool

    @property
    def language(self) -> str:
        return language_name(self.manual.language)

    @property
    def cars(self) -> str:
        """The models, years and generation that it is for."""
        manual = self.manual
        facts = {"first": manual.first_year, "last": manual.last_year}
        if manual.last_year is None:
            years = _("from %(first)s on") % facts
        elif manual.last_year == manual.first_year:
            years = str(manual.first_year)
        else:
            years = _("%(first)s to %(last)s") % facts
        return ", ".join(filter(None, [*manual.for_models, years, manual.generation]))

    @property
    def size(self) -> str:
        return filesizeformat(self.edition.size)


def language_name(code: str) -> str:
    """In the reader's language; a code that Django does not know stands for itself."""
    try:
        return str(get_language_info(code)["name_translated"])
    except KeyError:
        return code


def manuals_of(vehicle: Vehicle) -> list[Manual]:
    """All that are offered for its model in its market, with their editions. Two queries."""
    editions = Prefetch("editions", ManualEdition.objects.order_by("-number"))
    return list(_offered(vehicle).prefetch_related(editions).order_by("title", "-first_year", "pk"))


def list_of(manuals: Iterable[Manual], vehicle: Vehicle, wanted: Wanted) -> list[Shown]:
    """The car's own before those of its model, the reader's language before others."""
    shown = [_shown(manual, vehicle) for manual in manuals if _fits(manual, wanted)]
    kept = [one for one in shown if one.is_own or wanted.of_model]
    language = get_language()
    return sorted(kept, key=lambda one: (not one.is_own, one.manual.language != language))


def year_of(vehicle: Vehicle) -> int | None:
    """Of the car, as its manuals count: in which its warranty or registration began."""
    start = vehicle.counted_from
    return start.on.year if start else None


def edition_or_404(membership: Membership, public_id: UUID) -> ManualEdition:
    """Of a manual that is offered for the car's model, whichever edition: a download in its middle goes on (G11)."""
    editions = ManualEdition.objects.filter(manual__in=_offered(membership.vehicle)).select_related("manual")
    edition = editions.filter(public_id=public_id).first() if membership.may(Right.MANUALS) else None
    if edition is None:
        raise Http404
    return edition


def sent(request: HttpRequest, edition: ManualEdition) -> HttpResponseBase:
    """Raises Http404 where the storage has lost the file."""
    manual, name = edition.manual, str(edition.content.name)
    try:
        return resumable(
            request,
            opened=partial(_opened, name),
            size=edition.size,
            tag=edition.sha256,
            name=get_valid_filename(f"{manual.title}-{manual.language}-{edition.number}.pdf"),
            media_type="application/pdf",
        )
    except FileNotFoundError as error:
        raise Http404 from error


def _opened(name: str) -> Any:
    return default_storage.open(name)


def _offered(vehicle: Vehicle) -> QuerySet[Manual]:
    return Manual.objects.filter(
        is_active=True, market__code=vehicle.market_code, for_models__contains=[vehicle.model], editions__isnull=False
    ).distinct()


def _shown(manual: Manual, vehicle: Vehicle) -> Shown:
    newest, *earlier = manual.editions.all()
    is_own = is_for(manual.scope, model=vehicle.model, year=year_of(vehicle), generation=vehicle.multimedia)
    return Shown(manual=manual, edition=newest, earlier=earlier, is_own=is_own)


def _fits(manual: Manual, wanted: Wanted) -> bool:
    """Each typed word begins a word of what is said of it."""
    said = f" {plain(' '.join([manual.title, *manual.for_models, language_name(manual.language), manual.generation]))}"
    return (
        all(f" {word}" in said for word in search_words(wanted.typed))
        and wanted.language in ("", manual.language)
        and (wanted.year is None or manual.scope.covers_year(wanted.year))
        and wanted.generation in ("", manual.generation)
    )
