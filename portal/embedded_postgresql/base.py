"""Django's PostgreSQL backend on the embedded server, which it starts when the first connection is opened."""

from collections.abc import Iterable
from typing import Any

from django.conf import settings
from django.db.backends.postgresql import base, client

from portal import embedded

DATABASE = "portal"


class DatabaseClient(client.DatabaseClient):
    """`manage.py dbshell` with the server's own psql."""

    def runshell(self, parameters: Iterable[str]) -> None:
        self.connection.ensure_connection()
        super().runshell(parameters)

    @classmethod
    def settings_to_cmd_args_env(
        cls, settings_dict: dict[str, Any], parameters: Iterable[str]
    ) -> tuple[list[str], dict[str, str] | None]:
        arguments, environment = super().settings_to_cmd_args_env(settings_dict, parameters)
        return [str(embedded.program("psql")), *arguments[1:]], environment


class DatabaseWrapper(base.DatabaseWrapper):
    client_class = DatabaseClient

    def get_connection_params(self) -> dict[str, Any]:
        host = embedded.ensure_postgres(settings.STATE_DIR, durable=settings.MODE != "test")
        # Written back for whoever reads them: test databases, dbshell, pg_dump.
        self.settings_dict |= {"HOST": str(host), "USER": embedded.SUPERUSER}
        if self.settings_dict["NAME"] == DATABASE:
            embedded.ensure_database(DATABASE, host=host)
        return super().get_connection_params()
