"""However many were at it at once, the ledger adds up afterwards."""

from tests.clean_ledger import _the_ledger_adds_up  # noqa: F401  (for every test here)
