"""Incidents of the services, as staff write them."""

from typing import Any

from subscriptions.actions.incidents import write_incident
from subscriptions.models import ServiceIncident
from tests import make


def incident(**facts: Any) -> ServiceIncident:
    """Going on since now, of everything everywhere, unless the facts say otherwise."""
    words = {"titles": {"en": "Nothing works", "el": "Τίποτα"}, "texts": {"en": "We mend it.", "el": "Επισκευή."}}
    whom: dict[str, Any] = {"packages": [], "services": [], "markets": []}
    when = {"began_at": make.NOW, "ends_at": None, "now": make.NOW}
    return write_incident(**{"incident": None, "kind": "incident", "by": None} | words | whom | when | facts)
