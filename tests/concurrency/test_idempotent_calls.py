"""A writing call with a key happens once, even when ten processes send it at the same moment."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection
from django.test import Client

from portal.models import AuditRecord, IdempotentCall
from tests import oidc


@pytest.mark.django_db(transaction=True)
def test_of_ten_calls_with_one_key_one_happens(owner):
    oidc.clients()
    token = oidc.sign_in_app(owner).token["access_token"]
    headers = {"Authorization": f"Bearer {token}", "Idempotency-Key": "one-key-for-ten"}

    def rename(_number: int) -> int:
        caller = Client(headers=headers)
        try:
            named = {"first_name": "Maria"}
            return caller.patch("/api/v1/account/", named, content_type="application/json").status_code
        finally:
            connection.close()

    with ThreadPoolExecutor(10) as pool:
        answers = list(pool.map(rename, range(10)))
    assert set(answers) <= {200, 409}
    assert 200 in answers
    assert AuditRecord.objects.filter(what="profile_changed").count() == 1
    assert IdempotentCall.objects.get().status == 200
