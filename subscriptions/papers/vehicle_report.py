"""The vehicle report as PDF (G8): specification, service, driving of a period, services and their ends.

Made when it is wanted, for the account that asks: no more than its link may see (G11), driving of its own time only
(D4). It names nobody. The same state on the same day gives the same bytes.
"""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from django.utils import translation
from django.utils.translation import gettext as _

from garage.driving.access import OwnDriving
from garage.driving.month import Line, part_names, sums_by_month
from garage.maintenance import open_recalls
from garage.models import Membership
from garage.portrait import Fact, portrait
from garage.rules.driving import Days, Month, Sums, summed
from garage.rules.membership import Right
from garage.rules.scoring import shown
from garage.service_page import ServicePage, service_page
from garage.words.driving import days_in_words, indicative, kilometres, lasting, month_in_words, service_name
from portal.templatetags.frame import day_in_words, money, number
from subscriptions.centre.packages import Offer, offers_for
from subscriptions.invoicing.render import typeset
from subscriptions.rules.offer import OfferState
from subscriptions.templatetags.subscriptions import badge_of
from subscriptions.words.terms import term_name

# Of these there is nothing to say: they do not run, and did not come with the car.
LEFT_OUT = frozenset({OfferState.UNAVAILABLE, OfferState.AVAILABLE})
Section = dict[str, Any]


def report_pdf(
    membership: Membership, *, driving: OwnDriving | None, period: Days | None, language: str, now: datetime
) -> bytes:
    """`driving` is left out where nobody asked for it; `period` is the part of it that is the account's own."""
    with translation.override(language):
        page = _sheet(membership, driving=driving, period=period, language=language, now=now)
    return typeset("report.typ", page, made_on=membership.account.market.local_date(now))


def _sheet(
    membership: Membership, *, driving: OwnDriving | None, period: Days | None, language: str, now: datetime
) -> dict[str, Any]:
    vehicle, market = membership.vehicle, membership.account.market
    service = service_page(membership, now=now)
    sections = [
        _specification(membership, service),
        _service(membership, service),
        *([_driving(driving, period)] if driving else []),
        _services(membership, today=market.local_date(now)),
    ]
    return {
        "language": language,
        "wordmark": market.brand.name,
        "accent": market.brand.accent_light,
        "title": _("Vehicle report"),
        "subtitle": f"{vehicle.model} {vehicle.plate}".strip(),
        "facts": _pairs([Fact(_("As of"), day_in_words(market.local_date(now))), Fact(_("VIN"), vehicle.vin)]),
        "sections": sections,
        "footer": _("It says what the portal knew on that day. It names no person."),
        "page": _("Page {page} of {pages}"),
    }


def _specification(membership: Membership, service: ServicePage) -> Section:
    return {"title": _("Specification"), "facts": _pairs([*portrait(membership).facts, *service.warranty])}


def _service(membership: Membership, service: ServicePage) -> Section:
    recalls = [_("Open recall: %(name)s") % {"name": recall.name} for recall in open_recalls(membership.vehicle)]
    if not service.history:
        recalls.append(_("Nothing is in the history yet."))
    done = [[[day_in_words(row.record.done_on)], [row.km], row.works, [str(row.by)]] for row in service.history]
    dues = [[[row.name], [row.when], [str(row.badge)]] for row in service.dues]
    columns = [_("Day"), _("Odometer"), _("Works"), _("Entered by")]
    tables = [
        _table(_("Service history"), columns, done, widths=[3, 3, 5, 4]),
        _table(_("What is due"), [_("Work"), _("When"), _("State")], dues, widths=[4, 6, 2]),
    ]
    return {"title": _("Service"), "sentences": recalls, "tables": [table for table in tables if table["rows"]]}


def _driving(driving: OwnDriving, period: Days | None) -> Section:
    title = service_name(driving.link.vehicle)
    if period is None:
        return {"title": title, "sentences": [_("Of this time there is no driving of yours.")]}
    months = sums_by_month(driving.days().filter(on__range=(period.first, period.last)))
    said = _("From %(days)s, in the time in which you had control of the car.") % {"days": days_in_words(period)}
    if not months:
        return {"title": title, "sentences": [said, _("There were no trips.")]}
    whole = summed(months.values())
    columns = [_("Month"), _("Score"), _("Distance"), _("At the wheel"), _("Trips")]
    rows = [_month(month, sums) for month, sums in months.items()]
    return {
        "title": title,
        "sentences": [said, indicative()],
        "facts": _pairs(_figures(whole)),
        "tables": [_table(_("Month by month"), columns, rows, widths=[4, 2, 3, 3, 2])],
    }


def _month(month: Month, sums: Sums) -> list[list[str]]:
    line = Line(sums=sums, name=month_in_words(month), on=month.first)
    return [[line.name], [line.score], [line.distance], [line.lasting], [number(sums.trips)]]


def _figures(whole: Sums) -> Iterable[Fact]:
    yield Fact(_("Trips"), number(whole.trips))
    yield Fact(_("Distance"), kilometres(whole.distance_m))
    yield Fact(_("At the wheel"), lasting(whole.duration_s))
    for name, title in {"score": _("Performance score"), **part_names()}.items():
        score = shown(getattr(whole, name).score)
        if score is not None:
            yield Fact(title, _("%(score)s of 100") % {"score": score})


def _services(membership: Membership, *, today: date) -> Section:
    """What it costs is the active account's; others read the state alone (G11)."""
    has_prices = membership.may(Right.CONTROL)
    offers = [offer for offer in offers_for(membership, today=today) if offer.state not in LEFT_OUT]
    columns, widths = [_("Package"), _("State"), _("Until")], [5, 3, 4]
    rows = [_offer(offer, membership) for offer in offers]
    if has_prices:
        columns, widths = [*columns, _("Price with VAT")], [*widths, 3]
        rows = [[*row, [_price(offer)]] for row, offer in zip(rows, offers, strict=True)]
    if not rows:
        return {"title": _("Connected services"), "sentences": [_("None runs.")]}
    return {
        "title": _("Connected services"),
        "tables": [_table(_("Services and their ends"), columns, rows, widths=widths)],
    }


def _offer(offer: Offer, membership: Membership) -> list[list[str]]:
    _tone, state = badge_of(offer.state, membership)
    services = ", ".join(service.name for service in offer.package.services.all() if service.pk not in offer.without)
    name = [offer.package.name, *([services] if services != offer.package.name else [])]
    return [name, [str(state)], [_until(offer, membership)]]


def _until(offer: Offer, membership: Membership) -> str:
    row, knows_all = offer.subscription, membership.may(Right.CONTROL)
    if row and row.is_complimentary and row.ends_on:
        return _("Included until %(end)s.") % {"end": day_in_words(row.ends_on)}
    if offer.is_included and offer.free_period:
        return _("Included until %(end)s.") % {"end": day_in_words(offer.free_period.end_on)}
    if offer.is_included_later and offer.free_period:
        days = {"start": day_in_words(offer.free_period.start_on), "end": day_in_words(offer.free_period.end_on)}
        return _("Included from %(start)s until %(end)s.") % days
    if row is None or not knows_all or offer.is_paused:
        return ""
    if row.is_ending:
        return _("Ends on %(end)s.") % {"end": day_in_words(row.ends_on)}
    if row.is_past_due or row.is_pending or row.next_charge_on is None:
        return ""
    if row.is_in_trial:
        return _("Free until the first charge on %(next)s.") % {"next": day_in_words(row.next_charge_on)}
    return _("Next charge on %(next)s.") % {"next": day_in_words(row.next_charge_on)}


def _price(offer: Offer) -> str:
    row = offer.subscription
    if row is None or row.is_complimentary:
        return ""
    return f"{money(row.running_price, row.market.currency)}, {term_name(row.term)}"


def _table(title: str, columns: list[str], rows: list[list[list[str]]], *, widths: list[int]) -> Section:
    return {"title": title, "columns": columns, "rows": rows, "widths": widths}


def _pairs(facts: Iterable[Fact]) -> list[dict[str, str]]:
    return [{"label": str(fact.label), "value": str(fact.value)} for fact in facts]
