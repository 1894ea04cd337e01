"""The file of a market's dealer systems (`manage.py load_dealer_systems`): who speaks for which dealer (K1)."""

from pathlib import Path
from typing import Any

from django.db import transaction

from accounts.identity.clients import CLIENT_ID, find_client, is_machine
from garage.models import DealerSystem, Workshop
from portal.files.data_files import Section, read_data_file
from portal.models import Market

SCOPE = "dealer"


@transaction.atomic
def load_dealer_systems(path: Path) -> dict[str, int]:
    """Brings them to what the file says; gives how many were created, changed, unchanged, inactive.

    One of the market that the file does not name becomes inactive. DataFileError names each fault with its line.
    """
    file = read_data_file(path)
    code = file.text("market")
    market = Market.objects.filter(code=code).first()
    if market is None:
        file.problem("market", f"is {code!r}, and there is no such market")
    sections = file.sections("dealer_systems")
    file.refuse_the_rest()
    shops = Workshop.objects.filter(dealer__market=market).select_related("dealer")
    rows = [_system(section, {shop.dealer.code: shop for shop in shops}) for section in sections]
    seen: set[str] = set()
    for section, row in zip(sections, rows, strict=True):
        if row["client_id"] in seen:
            section.problem("client", f"{row['client_id']} stands there twice")
        seen.add(row["client_id"])
    file.raise_problems()
    return _save(rows, DealerSystem.objects.filter(workshop__dealer__market=market))


def _system(section: Section, shops: dict[str, Workshop]) -> dict[str, Any]:
    client_id, dealer = section.text("client", like=CLIENT_ID), section.text("dealer", longest=50)
    client = find_client(client_id)
    if client_id and (client is None or not is_machine(client) or SCOPE not in client.get_scopes()):
        section.problem("client", f"is {client_id!r}, which is no machine with the scope {SCOPE}")
    if dealer and dealer not in shops:
        section.problem("dealer", f"is {dealer!r}, and no dealer of that code has a workshop")
    section.refuse_the_rest()
    return {"client_id": client_id, "workshop": shops.get(dealer), "is_active": True}


def _save(rows: list[dict[str, Any]], of_market: Any) -> dict[str, int]:
    counts = {"created": 0, "changed": 0, "unchanged": 0}
    gone = of_market.filter(is_active=True).exclude(client__in=[row["client_id"] for row in rows])
    inactive = gone.update(is_active=False)
    for row in rows:
        known = DealerSystem.objects.filter(client=row["client_id"]).first()
        if known and (known.workshop_id, known.is_active) == (row["workshop"].pk, True):
            counts["unchanged"] += 1
            continue
        DealerSystem.objects.update_or_create(client_id=row["client_id"], defaults=row)
        counts["changed" if known else "created"] += 1
    return counts | {"inactive": inactive}
