"""The file of webhook endpoints (`manage.py load_hooks`): which machine is told of what, and where."""

from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

from django.db import transaction

from accounts.actions.hook_desk import enable
from accounts.actions.hooks import disable
from accounts.hooks.calling import Forbidden, check_url
from accounts.hooks.finding import begin_reading
from accounts.hooks.kinds import KINDS
from accounts.identity.clients import CLIENT_ID, find_client, is_machine
from accounts.models import HookEndpoint
from accounts.rules.hooks import Why
from portal.files.data_files import Section, read_data_file

CODE = "[a-z0-9-]{1,50}"
SCOPE = "webhooks"
CHANGING = ("client_id", "url", "kinds")


@transaction.atomic
def load_hooks(path: Path, *, addresses: Mapping[str, str], now: datetime) -> dict[str, str]:
    """Brings the endpoints to what the file says; gives code -> created, changed, unchanged or removed.

    An address is the deployment's and not the file's: it is given beside it, and kept. One that the file does not name
    is told nothing more. DataFileError names each fault.
    """
    file = read_data_file(path)
    sections = file.sections("endpoints")
    file.refuse_the_rest()
    rows = [_endpoint(section, addresses) for section in sections]
    for section, row in zip(sections, rows, strict=True):
        if [each["code"] for each in rows].count(row["code"]) > 1:
            section.problem("code", f"{row['code']} stands there twice")
    file.raise_problems()
    begin_reading()
    done = {row["code"]: _save(row, now=now) for row in rows}
    return done | {endpoint.code: _remove(endpoint, now=now) for endpoint in _others(done)}


def _endpoint(section: Section, addresses: Mapping[str, str]) -> dict[str, Any]:
    code = section.text("code", like=CODE)
    known = HookEndpoint.objects.filter(code=code).values_list("url", flat=True).first()
    row: dict[str, Any] = {
        "code": code,
        "client_id": section.text("client", like=CLIENT_ID),
        "kinds": section.words("events", among=KINDS),
        "url": addresses.get(code) or known or "",
    }
    client = find_client(row["client_id"])
    if client is None or not is_machine(client) or SCOPE not in client.get_scopes():
        section.problem("client", f"is {row['client_id']!r}, which is no machine with the scope {SCOPE}")
    try:
        check_url(row["url"])
    except Forbidden:
        section.problem("code", f"{code} needs its address: --address {code}=https://...")
    section.refuse_the_rest()
    return row


def _save(row: dict[str, Any], *, now: datetime) -> str:
    known = HookEndpoint.objects.select_for_update(no_key=True).filter(code=row["code"]).first()
    if known is None:
        HookEndpoint.objects.create(**row, created_at=now)
        return "created"
    is_back = known.disabled_why == Why.REMOVED
    if is_back:
        enable(known)
    if all(getattr(known, name) == row[name] for name in CHANGING):
        return "changed" if is_back else "unchanged"
    for name in CHANGING:
        setattr(known, name, row[name])
    known.save(update_fields=[*CHANGING])
    return "changed"


def _others(named: Mapping[str, str]) -> list[HookEndpoint]:
    return list(HookEndpoint.objects.select_for_update(no_key=True).exclude(code__in=named))


def _remove(endpoint: HookEndpoint, *, now: datetime) -> str:
    if endpoint.disabled_why != Why.REMOVED:
        disable(endpoint, Why.REMOVED, now=now)
    return "removed"
