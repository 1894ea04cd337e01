"""One account's sales in each of their states."""

from typing import Any

from accounts.models import Account
from garage.models import Sale
from tests import make
from tests.selling import begun, left, sold


def sales(owner: Account) -> dict[str, Any]:
    """By the names of tests/meta/routes.py: of three cars, begun, left and finished."""
    leaving: Sale = left(make.active_car(owner, 7))
    finished: Sale = sold(make.active_car(owner, 8))
    return {
        "sale": begun(make.active_car(owner, 6)).public_id,
        "leaving": leaving.public_id,
        "sold": finished.public_id,
        "check_number": finished.check_number,
    }
