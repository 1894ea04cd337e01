"""A5: a refresh token is good once, even when ten processes show it at the same moment."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection
from django.test import Client

from accounts.models import SignIn
from tests import oidc


def exchange(refresh_token: str) -> int:
    form = {"grant_type": "refresh_token", "client_id": oidc.APP, "refresh_token": refresh_token}
    try:
        return Client().post("/identity/token", form).status_code
    finally:
        connection.close()


@pytest.mark.django_db(transaction=True)
def test_A5_of_ten_exchanges_at_once_one_gets_tokens_and_the_sign_in_ends(owner):
    oidc.clients()
    token = oidc.sign_in_app(owner).token["refresh_token"]
    with ThreadPoolExecutor(10) as pool:
        answers = sorted(pool.map(exchange, [token] * 10))
    assert answers == [200] + [400] * 9
    assert SignIn.objects.get().ended_why == SignIn.REUSED
    assert not SignIn.objects.get().tokens.exists()
