"""Apps and head units that are signed in to an account reach the cars that it controls (A5, L1)."""

from collections.abc import Iterator
from functools import partial

from django.urls import reverse

from accounts.actions.sign_ins import end_sign_in
from accounts.identity.clients import client_name, is_car
from accounts.models import Account, SignIn
from portal.reach import Reacher


def signed_in_clients(account: Account, _vehicle: object) -> Iterator[Reacher]:
    """A sign-in is the account's, so it reaches each of its cars."""
    rows = SignIn.objects.live().filter(account=account).select_related("client")
    for row in rows.order_by("-begun_at"):
        yield Reacher(
            name=client_name(row.client),
            detail=f"“{row.label}”" if row.label else "",
            since=row.begun_at,
            end_url=reverse("sign_in_end", args=[row.public_id]),
            is_by_garage=not is_car(row.client),
            is_in_a_car=is_car(row.client),
            id=row.public_id,
            end=partial(end_sign_in, sign_in=row, why=SignIn.REVOKED),
        )
