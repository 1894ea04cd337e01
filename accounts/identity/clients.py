"""Who may ask the provider for tokens: what their file says of them (`manage.py load_clients`)."""

import re
import secrets
from pathlib import Path
from typing import Any

from allauth.idp.oidc.models import Client
from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.db import transaction

from accounts.scopes import MACHINE_SCOPES, SCOPES
from portal.files.data_files import Section, read_data_file
from portal.texts import localized

APP, CAR, MACHINE = "app", "head_unit", "machine"
CLIENT_ID = "[a-z0-9-]{1,100}"
GRANTS = {
    APP: [Client.GrantType.AUTHORIZATION_CODE, Client.GrantType.REFRESH_TOKEN],
    CAR: [Client.GrantType.DEVICE_CODE, Client.GrantType.REFRESH_TOKEN],
    MACHINE: [Client.GrantType.CLIENT_CREDENTIALS],
}
# https, a scheme of the app's own (with a dot, RFC 8252), or this machine, for whoever develops the app.
REDIRECT_URI = r"(https://[^\s#*/]+|http://127\.0\.0\.1(:[0-9]+)?|[a-z][a-z0-9+-]*(\.[a-z0-9+-]+)+:)/[^\s#*]*"
COMPARED = ("name", "type", "scopes", "default_scopes", "grant_types", "response_types", "redirect_uris", "data")


def find_client(client_id: str) -> Client | None:
    return Client.objects.filter(pk=client_id).first() if may_be_client_id(client_id) else None


def may_be_client_id(text: str) -> bool:
    """What can be none is not looked for: the database refuses some of it, such as a NUL, by an error."""
    return re.fullmatch(CLIENT_ID, text) is not None


def client_name(client: Client) -> str:
    """In the active language."""
    return localized((client.data or {}).get("names") or {"en": client.name})


def is_car(client: Client) -> bool:
    return (client.data or {}).get("kind") == CAR


def is_machine(client: Client) -> bool:
    return (client.data or {}).get("kind") == MACHINE


def give_secret(client: Client) -> str:
    """A new secret of a machine, in plain once; the one before is worth nothing from now on, nor are its tokens."""
    secret = secrets.token_urlsafe(32)
    with transaction.atomic():
        client.set_secret(secret)
        client.save(update_fields=["secret"])
        client.token_set.all().delete()
    return secret


@transaction.atomic
def load_clients(path: Path) -> dict[str, str]:
    """Brings the clients in the database to what the file says; gives id -> created, changed or unchanged.

    A client that the file does not name stays as it is: apps in use would be locked out by a line that was lost.
    DataFileError names each fault.
    """
    file = read_data_file(path)
    sections = file.sections("clients")
    file.refuse_the_rest()
    clients = [_client(section) for section in sections]
    seen: set[str] = set()
    for section, client in zip(sections, clients, strict=True):
        if client.pk in seen:
            section.problem("id", f"{client.pk} stands there twice")
        seen.add(client.pk)
    file.raise_problems()
    return {client.pk: _save(client) for client in clients}


def _client(section: Section) -> Client:
    kind = section.text("kind", like="|".join(GRANTS))
    names = section.texts("names", languages=[code for code, _ in settings.LANGUAGES])
    client = Client(id=section.text("id", longest=100, like=CLIENT_ID), name=names.get("en", ""))
    client.type = Client.Type.CONFIDENTIAL if kind == MACHINE else Client.Type.PUBLIC
    # A public client has no secret, and a machine none before it is given one: nothing matches this.
    client.secret = make_password(None)
    client.data = {"kind": kind, "names": names}
    client.set_grant_types([str(grant) for grant in GRANTS.get(kind, [])])
    client.response_types = Client.ResponseType.CODE if kind == APP else ""
    client.set_redirect_uris(_redirect_uris(section) if kind == APP else [])
    scopes = section.words("scopes", among=MACHINE_SCOPES if kind == MACHINE else SCOPES)
    client.set_scopes(scopes)
    client.set_default_scopes(scopes)
    if "openid" not in scopes and kind != MACHINE:
        section.problem("scopes", "needs openid")
    section.refuse_the_rest()
    return client


def _redirect_uris(section: Section) -> list[str]:
    uris = section.words("redirect_uris")
    for uri in uris:
        if not re.fullmatch(REDIRECT_URI, uri):
            section.problem("redirect_uris", f"has {uri!r}, which is no address that an app can own")
    return uris


def _save(client: Client) -> str:
    known = Client.objects.filter(pk=client.pk).first()
    if known is None:
        client.save(force_insert=True)
        return "created"
    if _facts(known) == _facts(client):
        return "unchanged"
    for field in COMPARED:
        setattr(known, field, getattr(client, field))
    known.save(update_fields=[*COMPARED])
    return "changed"


def _facts(client: Client) -> list[Any]:
    return [getattr(client, field) for field in COMPARED]
