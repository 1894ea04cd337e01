"""A typed client, generated from the description, runs the owner's journey, and reads all that it is answered."""

import importlib
import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path
from types import ModuleType

import httpx
import pytest
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.renderers import OpenApiJsonRenderer

from tests.api.money import shop  # noqa: F401
from tests.garage.cars import make_entry
from tests.in_process import InThisTransaction
from tests.support.cases import centre

pytestmark = pytest.mark.django_db
NAME = "lexus_link_client"
# What a description says of files is theirs to keep as bytes.
CONFIG = {
    "package_name_override": NAME,
    "post_hooks": [],
    "content_type_overrides": dict.fromkeys(
        ["application/pdf", "image/png", "image/jpeg", "text/csv"], "application/octet-stream"
    ),
}
_KEYS = count()


@pytest.fixture(scope="module")
def package(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Its name; nothing that the description says is left out of it."""
    folder = tmp_path_factory.mktemp("client")
    (folder / "schema.json").write_bytes(OpenApiJsonRenderer().render(SchemaGenerator().get_schema(public=True)))
    (folder / "config.json").write_text(json.dumps(CONFIG))
    program = Path(sys.executable).with_name("openapi-python-client")
    paths = {"--path": "schema.json", "--config": "config.json", "--output-path": NAME}
    command = [program, "generate", "--meta", "none", *(word for pair in paths.items() for word in pair)]
    made = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    assert made.returncode == 0, made.stdout + made.stderr
    assert "WARNING" not in made.stdout + made.stderr, made.stdout + made.stderr
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(str(folder))
        yield NAME


@pytest.fixture
def call(package: str, shop) -> Callable[..., object]:  # noqa: F811
    """`call("wallet.cards_list", ...)`: what that function of the client gives, unless it is a problem."""
    client = importlib.import_module(package).AuthenticatedClient(
        base_url="http://testserver",
        token=shop.token["access_token"],
        raise_on_unexpected_status=True,
        httpx_args={"transport": httpx.WSGITransport(app=InThisTransaction())},
    )
    problem = importlib.import_module(f"{package}.models").Problem

    def called(function: str, *arguments: object, **named: object) -> object:
        module: ModuleType = importlib.import_module(f"{package}.api.{function}")
        if "idempotency_key" in module.sync_detailed.__annotations__:
            named["idempotency_key"] = f"a-key-of-the-journey-{next(_KEYS)}"
        answer = module.sync_detailed(*arguments, client=client, **named).parsed
        assert not isinstance(answer, problem), answer
        return answer

    return called


@pytest.fixture
def models(package: str) -> ModuleType:
    return importlib.import_module(f"{package}.models")


def test_the_owners_journey(call, models, owner, market, digital_key, gateway, files, deliver):
    entry = make_entry(1)
    added = call("garage.vehicles_create", body=models.AddVehicleRequest(vin=entry.vin))
    reading = models.AccessRequest(odometer_km=entry.odometer_km)
    assert call("garage.vehicles_access_create", added.id, body=reading).standing.value == "active"
    assert [row.id for row in call("garage.vehicles_list").results] == [added.id]
    suites = call("centre.vehicle_services", added.id).suites
    offered = {each.code: each for suite in suites for each in suite.packages}
    assert offered["digital-key"].may_order

    visit = call("wallet.cards_create")
    setup = owner.card_setups.get().setup_ref
    gateway.complete_setup(setup_ref=setup, number="4242424242424242", exp_month=12, exp_year=2030, behaviour="ok")
    assert call("wallet.card_setups_create", visit.id).last4 == "4242"

    term = models.VehiclesServicesOrderRetrieveTerm.YEARLY
    quote = call("orders.vehicles_services_order_retrieve", added.id, "digital-key", term=term)
    order = models.OrderRequest(term=models.TermEnum.YEARLY, confirmation=quote.confirmation)
    ordered = call("orders.vehicles_services_order_create", added.id, "digital-key", body=order)
    assert [row.id for row in call("subscriptions.subscriptions_list").results] == [ordered.id]

    ending = call("endings.subscriptions_cancellation_retrieve", ordered.id)
    confirmed = models.ConfirmationRequest(confirmation=ending.confirmation)
    call("endings.subscriptions_cancellation_create", ordered.id, body=confirmed)
    deliver()
    documents = call("payments.documents_list").results
    assert {row.kind.value for row in documents} == {"invoice", "credit_note"}
    assert call("payments.documents_pdf_retrieve", documents[0].id).payload.read().startswith(b"%PDF")

    centre(market)
    category = call("cases.case_categories").results[0].code
    asked = call("cases.cases_create", body=models.NewCaseRequest(message="When is it paid?", category=category))
    assert [row.id for row in call("cases.cases_list").results] == [asked.id]
