"""A sale as its page shows it (L1): a checklist that knows its state, and how the money of what ended goes on."""

from dataclasses import dataclass, replace
from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from garage.models import Sale
from garage.sales import Connections
from portal.reach import Section
from portal.templatetags.frame import day_in_words, money
from subscriptions.access import refunds_with
from subscriptions.actions.leave import removal_quote
from subscriptions.actions.sell import is_finishable
from subscriptions.rules.leaving import RemovalQuote
from subscriptions.words.refund_states import ShownRefund, shown_refund

TO_REMOVAL = gettext_lazy("See what ends, and remove the car")


@dataclass(frozen=True, kw_only=True)
class Step:
    """A row of the checklist; `url` and `action` lead to where it is done."""

    title: str
    text: str
    is_done: bool
    url: str = ""
    action: str = ""
    is_next: bool = False


def steps_of(sale: Sale, connections: Connections, *, now: datetime) -> list[Step]:
    """The first that is not done is the next one."""
    before = None if sale.has_left else removal_quote(sale.membership, now=now)
    steps = [
        _subscriptions(sale, before),
        _people(sale, connections, before),
        _link(sale),
        *(_section(sale, section, before) for section in connections.sections),
        _head_unit(sale, connections),
        _certificate(sale, connections),
    ]
    first = next((number for number, step in enumerate(steps) if not step.is_done), None)
    return [replace(step, is_next=number == first) for number, step in enumerate(steps)]


def refunds_of(sale: Sale, *, now: datetime) -> list[ShownRefund]:
    """What was promised back when the car left, with its state (X6)."""
    link = sale.membership
    today = link.account.market.local_date(now)
    if link.ended_at is None:
        return []
    return [shown_refund(refund, today=today) for refund in refunds_with(link, promised_at=link.ended_at)]


def _subscriptions(sale: Sale, before: RemovalQuote | None) -> Step:
    title = _("What runs on it ends")
    if before is None:
        return Step(title=title, text=_("Nothing of yours runs on the car any more."), is_done=True)
    if not before.ends:
        return Step(title=title, text=_("None of your subscriptions runs on this car."), is_done=True)
    count = len(before.ends)
    said = ngettext(
        "%(count)d service runs. If the car leaves today, %(refund)s in all is paid back.",
        "%(count)d services run. If the car leaves today, %(refund)s in all is paid back.",
        count,
    )
    refund = money(before.refund, sale.membership.account.market.currency)
    return Step(
        title=title,
        text=said % {"count": count, "refund": refund},
        is_done=False,
        url=_removal_url(sale),
        action=str(TO_REMOVAL),
    )


def _people(sale: Sale, connections: Connections, before: RemovalQuote | None) -> Step:
    title = _("Other accounts and drivers")
    count = connections.drivers + connections.others
    if count == 0:
        return Step(title=title, text=_("Nobody else reaches the car."), is_done=True)
    if before is None:
        text = _("Another account still reaches the car. Only the account that has control of it can cut it off.")
        return Step(title=title, text=text, is_done=False)
    said = ngettext(
        "%(count)d beside you. The car leaves that garage as well, and its account is told.",
        "%(count)d beside you. The car leaves those garages as well, and their accounts are told.",
        count,
    )
    return Step(
        title=title, text=said % {"count": count}, is_done=False, url=_removal_url(sale), action=str(TO_REMOVAL)
    )


def _link(sale: Sale) -> Step:
    title = _("The car leaves your garage")
    if sale.membership.ended_at:
        left = _("It left on %(day)s.") % {"day": day_in_words(sale.membership.ended_at)}
        return Step(title=title, text=left, is_done=True)
    text = _("All of the above ends in one step, once you have seen and confirmed it.")
    return Step(title=title, text=text, is_done=False, url=_removal_url(sale), action=str(TO_REMOVAL))


def _section(sale: Sale, section: Section, before: RemovalQuote | None) -> Step:
    if not section.reachers:
        return Step(title=str(section.title), text=_("None that reaches this car."), is_done=True)
    names = ", ".join(f"{reacher.name} {reacher.detail}".strip() for reacher in section.reachers)
    return Step(
        title=str(section.title),
        text=names,
        is_done=False,
        url=reverse("sale_connections", args=[sale.public_id]) if before is None else "",
        action=_("End what is left"),
    )


def _head_unit(sale: Sale, connections: Connections) -> Step:
    title = _("The car’s screen is cleared")
    if connections.is_head_unit_clear:
        return Step(title=title, text=_("Your profile is removed from it."), is_done=True)
    text = _("Delete your profile in the car’s settings before you hand over the key, and say so here.")
    url = reverse("sale_connections", args=[sale.public_id]) if sale.has_left else ""
    return Step(title=title, text=text, is_done=False, url=url, action=_("I have removed my profile"))


def _certificate(sale: Sale, connections: Connections) -> Step:
    title = _("Certificate")
    if sale.is_finished:
        number = _("Number %(number)s") % {"number": sale.check_number}
        return Step(title=title, text=number, is_done=True)
    ready = _("Nothing is connected any more: finish the sale.")
    text = ready if is_finishable(connections) else _("You get it once nothing is connected with the car any more.")
    return Step(title=title, text=text, is_done=False)


def _removal_url(sale: Sale) -> str:
    return reverse("sale_removal", args=[sale.public_id])
