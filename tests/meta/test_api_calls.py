"""The API called by its own description, with what nobody would think of: schemathesis finds no fault in any answer.

In the sample of every day the owner calls each operation, and one of the others does; it is always the same.
`PROOF_CALLS=50` calls each so often with each kind of token.
"""

import os
import re
import zlib
from collections.abc import Callable
from types import SimpleNamespace

import pytest
import schemathesis
from allauth.idp.oidc.models import Client as Caller
from django.core.cache import cache
from django.db import transaction
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st
from schemathesis.specs.openapi import checks

from accounts.models import Account
from accounts.scopes import SCOPES
from garage.actions.drivers import accept_driving
from garage.models import DriverAccess, Workshop
from tests import make, oidc
from tests.dealers import system_of
from tests.in_process import InThisTransaction
from tests.meta.routes import ROUTES
from tests.proof.results import note

PROOF = int(os.environ.get("PROOF_CALLS", "0"))
EXAMPLES = PROOF or 1
DESCRIPTION = "/api/v1/schema/?format=json"
CHECKS = [
    schemathesis.checks.not_a_server_error,
    checks.status_code_conformance,
    checks.content_type_conformance,
    checks.response_headers_conformance,
    checks.response_schema_conformance,
    checks.negative_data_rejection,
    checks.missing_required_header,
    checks.unsupported_method,
    checks.allow_header_conformance,
]
as_they_come = {"deadline": None, "database": None, "suppress_health_check": [*HealthCheck]}

pytestmark = pytest.mark.django_db


def app_of(account: Account) -> str:
    client = Caller.objects.get(pk=oidc.APP)
    client.set_scopes(list(SCOPES))
    client.save()
    return token_of(oidc.sign_in_app(account, scope=" ".join(SCOPES)))


def driver_of(estate: SimpleNamespace) -> Account:
    """Who was invited to drive the owner's car, and has come."""
    driver = make.account("driver@example.com", market=estate.owner.market)
    access = DriverAccess.objects.get(public_id=estate.driver)
    return accept_driving(access=access, now=make.NOW, by=driver).account


def token_of(client: oidc.PortalClient) -> str:
    return client.token["access_token"]


# Each kind of caller: how it comes to its token.
CALLERS: dict[str, Callable[[SimpleNamespace], str]] = {
    "nobody": lambda estate: "",
    "owner": lambda estate: app_of(estate.owner),
    "stranger": lambda estate: app_of(make.account("stranger@example.com", market=estate.owner.market)),
    "second driver": lambda estate: app_of(driver_of(estate)),
    "head unit": lambda estate: token_of(oidc.sign_in_car(estate.owner)),
    "vehicle backend": lambda estate: token_of(oidc.machine()),
    "registry": lambda estate: token_of(oidc.machine(oidc.REGISTRY)),
    "insurer": lambda estate: token_of(oidc.machine("sample-insurance")),
    "dealer": lambda estate: token_of(system_of(Workshop.objects.earliest("pk"))),
    "app's backend": lambda estate: token_of(oidc.machine("lexus-link-backend")),
}


@pytest.fixture
def estate(estate: SimpleNamespace, settings) -> SimpleNamespace:
    settings.API_CALLS_OF_ACCOUNT = settings.API_CALLS_OF_CLIENT = 10_000_000
    return estate


@pytest.mark.parametrize("caller", CALLERS)
def test_no_call_finds_a_fault_in_the_api(estate, caller):
    token = CALLERS[caller](estate)
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    urls = [route.url(name, estate) for name, route in ROUTES.items() if route.is_api and route.arguments]
    description = schemathesis.openapi.from_wsgi(DESCRIPTION, InThisTransaction())
    operations = [each.ok() for each in description.get_all_operations()]
    assert len(operations) > 100
    if not PROOF and caller != "owner":
        operations = operations[list(CALLERS).index(caller) :: len(CALLERS)]
    found = [faults_of(each, own=ids_in(each.path, urls), headers=headers) for each in operations]
    note("calls by the description", kinds_of_caller=1, calls=len(operations) * EXAMPLES)
    assert [fault for faults in found for fault in faults] == []


def ids_in(template: str, urls: list[str]) -> dict[str, str]:
    """What the owner has, for the path that names it."""
    pattern = re.compile(re.sub(r"\\\{(\w+)\\\}", r"(?P<\1>[^/]+)", re.escape(template)))
    return next((found.groupdict() for url in urls if (found := pattern.fullmatch(url.partition("?")[0]))), {})


def faults_of(operation, *, own: dict[str, str], headers: dict[str, str]) -> list[str]:
    """Half of the calls name what the owner has, where the path names something."""

    @seed(zlib.crc32(operation.label.encode()))
    @settings(max_examples=EXAMPLES, phases=[Phase.generate], **as_they_come)
    @given(case=operation.as_strategy(), is_own=st.booleans())
    def call(case, is_own):
        cache.clear()
        if is_own and own:
            case.path_parameters = {**case.path_parameters, **own}
        with transaction.atomic():
            case.call_and_validate(headers=headers, checks=CHECKS)
            transaction.set_rollback(True)

    try:
        call()
    except BaseExceptionGroup as group:
        return [f"{operation.label}: {fault}" for fault in group.exceptions]
    return []
