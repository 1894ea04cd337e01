"""Which of the servers that the portal calls it would reach over a network in the clear (ASVS 12.3)."""

from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import urlsplit

# A certificate that is not looked at protects from nobody.
CHECKED = ("verify-ca", "verify-full")
HERE = ("localhost", "::1")


def in_the_clear(
    *, database: Mapping[str, Any], broker: str, cache: str, mail_host: str, mail_by_tls: bool
) -> Iterator[tuple[str, str]]:
    """The variable that says so, and what it should say."""
    sslmode = database.get("OPTIONS", {}).get("sslmode", "")
    if not is_here(database.get("HOST", "")) and sslmode not in CHECKED:
        yield "DATABASE_URL", "End it with ?sslmode=verify-full, and name the authority in sslrootcert."
    for name, url, schemes in (
        ("CELERY_BROKER_URL", broker, ("rediss", "amqps")),
        ("CACHE_URL", cache, ("rediss",)),
    ):
        parts = urlsplit(url)
        if not is_here(parts.hostname or "") and parts.scheme not in schemes:
            yield name, f"Begin it with {' or '.join(f'{each}://' for each in schemes)}."
    if not is_here(mail_host) and not mail_by_tls:
        yield "EMAIL_USE_TLS", "Leave it on."


def is_here(host: str) -> bool:
    """On this machine: a socket, or an address of its own."""
    return not host or host.startswith(("/", "127.")) or host in HERE
