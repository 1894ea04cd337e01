"""The case of a blocked car as its page shows it: what happened when, and whom to turn to (V2, V3)."""

from django.template.defaultfilters import linebreaksbr
from django.utils.html import format_html
from django.utils.translation import gettext as _

from garage.access import Block
from garage.portrait import Fact
from portal.models import Market
from portal.templatetags.frame import dialled
from portal.texts import localized


def case_of(blocks: list[Block]) -> list[dict[str, object]]:
    """Events of a timeline, the newest first; none where nothing was ever blocked."""
    return [event for block in blocks for event in _events(block)]


def _events(block: Block) -> list[dict[str, object]]:
    began = {"date": block.since, "title": _("Blocked after three wrong readings"), "tone": "bad"}
    if block.ended_at is None:
        return [{**began, "text": _("Waits for your visit to the dealer, or for the customer centre.")}]
    ended = {"date": block.ended_at, "title": _("Unblocked after your identity was checked"), "tone": "good"}
    return [ended, began]


def contact_facts(market: Market) -> list[Fact]:
    """The market's channels to its customer centre, as far as they are known."""
    contact = market.contact
    telephone, email = contact.get("telephone", ""), contact.get("email", "")
    said = [
        Fact(_("Telephone"), telephone and format_html('<a href="tel:{}">{}</a>', dialled(telephone), telephone)),
        Fact(_("E-mail"), email and format_html('<a href="mailto:{}">{}</a>', email, email)),
        Fact(_("Hours"), localized(contact.get("hours", {}))),
        Fact(_("Address"), linebreaksbr(localized(contact.get("address", {})))),
    ]
    return [fact for fact in said if fact.value]
