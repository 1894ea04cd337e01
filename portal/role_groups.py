"""Every database has the groups of the roles: whenever it was migrated they are brought to what the table says (K1)."""

from typing import Any

from django.apps import apps
from django.db import DEFAULT_DB_ALIAS
from django.db.models.signals import post_migrate

from portal.roles import is_complete, load_roles


def load_after_migrating() -> None:
    post_migrate.connect(load_at_last, dispatch_uid="portal.role_groups")


def load_at_last(sender: Any, using: str = DEFAULT_DB_ALIAS, plan: Any = None, **_others: Any) -> None:
    """Once, after the last app, whose permissions are there then. A database migrated half-way has none to give."""
    last = [app for app in apps.get_app_configs() if app.models_module][-1]
    if sender is last and using == DEFAULT_DB_ALIAS and is_complete():
        load_roles()
