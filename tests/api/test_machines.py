"""Machines call with tokens of their own, in nobody's name: the vehicle backend, the registry, third parties."""

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import path
from rest_framework.response import Response

from accounts.identity.clients import find_client
from portal.api.machine import MachineView
from portal.models import IdempotentCall
from tests import oidc

pytestmark = [pytest.mark.django_db, pytest.mark.urls(__name__)]


class Counted(MachineView):
    """Stands in for a call of a machine: says how often it has run."""

    scopes = {"POST": "vehicles.report"}
    keyed = frozenset({"POST"})
    runs = 0

    def post(self, request):
        type(self).runs += 1
        return Response({"runs": self.runs, "client": request.auth.client_id})


def urlpatterns_of_the_site():
    from portal.urls import urlpatterns as site

    return site


urlpatterns = [path("api/v1/counted/", Counted.as_view()), *urlpatterns_of_the_site()]


@pytest.fixture(autouse=True)
def _clients(market):
    oidc.clients()
    Counted.runs = 0


def call(client, key: str = "key-of-the-backend"):
    return client.post("/api/v1/counted/", json={}, headers={"Idempotency-Key": key})


def test_a_machine_gets_a_token_for_its_secret_and_no_way_to_renew_it():
    backend = oidc.machine()
    assert "refresh_token" not in backend.token
    assert backend.token["scope"] == "vehicles.report head_unit.accounts"
    assert call(backend).json() == {"runs": 1, "client": oidc.VEHICLE_BACKEND}


def test_the_same_key_of_a_machine_is_answered_once():
    backend = oidc.machine()
    first, again = call(backend), call(backend)
    assert (first.json(), again.json(), Counted.runs) == (again.json(), first.json(), 1)
    assert again.headers["Idempotency-Replayed"] == "true"
    assert IdempotentCall.objects.get().account is None


def test_without_a_key_it_is_refused():
    answer = oidc.machine().post("/api/v1/counted/", json={})
    assert (answer.status_code, answer.json()["code"]) == (400, "idempotency_key_missing")


def test_another_machine_lacks_the_scope():
    answer = call(oidc.machine(oidc.REGISTRY))
    assert (answer.status_code, answer.json()["code"]) == (403, "scope_missing")


def test_a_scope_that_the_file_does_not_give_is_refused():
    with pytest.raises(Exception, match="invalid_scope"):
        oidc.machine(oidc.REGISTRY, scope="vehicles.report")


def test_an_owners_token_opens_no_call_of_machines_and_a_machines_none_of_owners(owner):
    assert call(oidc.sign_in_app(owner)).status_code == 401
    assert oidc.machine().get("/api/v1/account/").status_code == 401


def test_without_a_token_it_is_401():
    assert Client().post("/api/v1/counted/").status_code == 401


@pytest.mark.parametrize("secret", ["", "made-up"])
def test_a_wrong_secret_gives_nothing(secret):
    oidc.machine()
    wrong = oidc.PortalClient(
        "", client_id=oidc.VEHICLE_BACKEND, client_secret=secret, token_endpoint_auth_method="client_secret_basic"
    )
    with pytest.raises(Exception, match="invalid_client"):
        wrong.fetch_token(grant_type="client_credentials")


def test_app_and_car_have_no_secret_to_give():
    for client_id in (oidc.APP, oidc.CAR):
        with pytest.raises(CommandError):
            call_command("client_secret", client_id)


def test_a_new_secret_ends_the_tokens_of_the_one_before(capsys):
    backend = oidc.machine()
    call_command("client_secret", oidc.VEHICLE_BACKEND)
    assert find_client(oidc.VEHICLE_BACKEND).check_secret(capsys.readouterr().out.strip())
    assert call(backend).status_code == 401


def test_loading_the_file_again_keeps_the_secret():
    backend = oidc.machine()
    oidc.clients()
    assert call(backend).status_code == 200
