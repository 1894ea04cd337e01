"""The file of a market's third parties (`manage.py load_third_parties`): whom owners may let read data of cars (D3)."""

from pathlib import Path
from typing import Any

from django.db import transaction

from accounts.identity.clients import CLIENT_ID, find_client, is_machine
from garage.models import ThirdParty
from portal.files.data_files import Section, read_data_file
from portal.models import Market

CODE = r"[a-z0-9-]{1,50}"
ADDRESS = r"https://[^\s/]+/?\S*"
SCOPE = "vehicle_data.read"
# A list that one page shows.
MOST = 50


@transaction.atomic
def load_third_parties(path: Path) -> dict[str, int]:
    """Brings the third parties to what the file says; gives how many were created, changed, unchanged, inactive.

    One that the file does not name becomes inactive. DataFileError names each fault with its line.
    """
    file = read_data_file(path)
    code = file.text("market")
    market = Market.objects.filter(code=code).first()
    if market is None:
        file.problem("market", f"is {code!r}, and there is no such market")
    sections = file.sections("third_parties")
    file.refuse_the_rest()
    rows = [_third_party(section, market.languages if market else []) for section in sections]
    for name in ("code", "client_id"):
        _check_once(sections, rows, name)
    if len(rows) > MOST:
        file.problem("third_parties", f"are more than {MOST}")
    file.raise_problems()
    assert market is not None  # noqa: S101  (a problem otherwise)
    return _save(market, rows)


def _third_party(section: Section, languages: list[str]) -> dict[str, Any]:
    values: dict[str, Any] = {
        "code": section.text("code", like=CODE),
        "name": section.text("name", longest=120),
        "client_id": section.text("client", like=CLIENT_ID),
        "purposes": section.texts("purposes", languages=languages),
        "privacy_url": section.text("privacy_url", longest=200, like=ADDRESS),
    }
    client = find_client(values["client_id"])
    if values["client_id"] and (client is None or not is_machine(client) or SCOPE not in client.get_scopes()):
        section.problem("client", f"is {values['client_id']!r}, which is no machine with the scope {SCOPE}")
    section.refuse_the_rest()
    return values


def _check_once(sections: list[Section], rows: list[dict[str, Any]], name: str) -> None:
    seen: set[str] = set()
    for section, row in zip(sections, rows, strict=True):
        if row[name] and row[name] in seen:
            section.problem(name.removesuffix("_id"), f"{row[name]} stands there twice")
        seen.add(row[name])


def _save(market: Market, rows: list[dict[str, Any]]) -> dict[str, int]:
    counts = {"created": 0, "changed": 0, "unchanged": 0}
    known = {row.code: row for row in ThirdParty.objects.filter(market=market)}
    gone = ThirdParty.objects.filter(market=market, is_active=True).exclude(code__in=[row["code"] for row in rows])
    inactive = gone.update(is_active=False)
    for values in rows:
        counts[_bring(known.get(values["code"]), market, values | {"is_active": True})] += 1
    return counts | {"inactive": inactive}


def _bring(row: ThirdParty | None, market: Market, values: dict[str, Any]) -> str:
    if row is None:
        ThirdParty.objects.create(market=market, **values)
        return "created"
    changed = [name for name, value in values.items() if getattr(row, name) != value]
    for name in changed:
        setattr(row, name, values[name])
    if changed:
        row.save(update_fields=changed)
    return "changed" if changed else "unchanged"
