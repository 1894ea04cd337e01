"""Of several who change what they all have seen, at the same moment, one is in time (If-Match)."""

import pytest
from django.test import Client

from accounts.models import Account
from portal.models import AuditRecord
from tests import make, oidc
from tests.concurrency.at_once import at_once

CALL = {"content_type": "application/json"}


def status(answer) -> str:
    return str(answer.status_code)


@pytest.mark.django_db(transaction=True)
def test_of_five_patches_with_one_tag_one_happens(owner):
    oidc.clients()
    caller = Client(headers={"Authorization": f"Bearer {oidc.sign_in_app(owner).token['access_token']}"})
    car = make.active_car(owner).public_id
    for url, field in (("/api/v1/account/", "first_name"), (f"/api/v1/vehicles/{car}/", "nickname")):
        seen = {"If-Match": caller.get(url)["ETag"]}
        acts = [
            lambda number=number, url=url, field=field, seen=seen: caller.patch(
                url, {field: f"Maria {number}"}, headers=seen, **CALL
            )
            for number in range(5)
        ]
        assert at_once(*acts, say=status) == {"200": 1, "412": 4}
    assert Account.objects.get(pk=owner.pk).first_name.startswith("Maria")
    assert AuditRecord.objects.filter(what__in=["profile_changed", "vehicle_renamed"]).count() == 2
