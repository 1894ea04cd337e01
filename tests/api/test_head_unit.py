"""The car's screen: accounts created at it, services and their ends, profile and maps (A1, A2, C6, G11)."""

import pytest
from django.core import mail

from accounts.models import Account
from subscriptions.actions.entitle import activate_complimentary
from tests import make, oidc
from tests.api.answers import keyed, refused
from tests.garage.maps import release

pytestmark = pytest.mark.django_db
ACCOUNTS = "/api/v1/head-unit/accounts/"
RUNNING = "/api/v1/running-services/"


@pytest.fixture
def backend(today, market):
    oidc.clients()
    return oidc.machine()


def asked(backend, email: str, vin: str):
    return keyed(backend, ACCOUNTS, {"vin": vin, "email": email, "language": "el"})


@pytest.mark.parametrize(("generation", "due_on"), [("MM19", "2026-06-24"), ("MM21", None)])
def test_A2_an_older_generation_has_its_days_and_a_later_one_none(backend, generation, due_on):
    car = make.registry_entry(1, multimedia=generation)
    answer = asked(backend, "new@example.com", car.vin)
    assert (answer.status_code, answer.json()) == (202, {"email": "new@example.com", "is_mailed": True})
    made = Account.objects.get(email="new@example.com")
    assert (made.language, made.terms_due_on and made.terms_due_on.isoformat()) == ("el", due_on)


def test_A1_a_known_address_is_answered_alike(backend, owner):
    car = make.registry_entry(1)
    known, new = asked(backend, owner.email, car.vin), asked(backend, "new@example.com", car.vin)
    assert known.status_code == new.status_code == 202
    assert known.json() == new.json() | {"email": owner.email}
    assert Account.objects.filter(email=owner.email).count() == 1


def test_A2_one_car_asks_for_few_accounts(backend):
    car = make.registry_entry(1)
    answers = [asked(backend, f"new-{number}@example.com", car.vin) for number in range(6)]
    assert [answer.status_code for answer in answers[:5]] == [202] * 5
    assert refused(answers[5]) == (409, "too_many_accounts")
    assert refused(asked(backend, "new@example.com", "JTJSAMPLECY999999")) == (409, "vin_unknown")
    assert len(mail.outbox) <= 5


def test_G11_the_screen_is_told_what_runs_and_no_price(owner, car, market, today):
    free = make.package("free", market=market, complimentary_months={"default": 600})
    activate_complimentary(account=owner, vehicle=car.vehicle, package=free, now=make.NOW, by=owner)
    oidc.clients()
    screen = oidc.sign_in_car(owner)
    row = screen.get(RUNNING).json()["results"][0]
    assert (row["package"], row["state"], row["ends_on"]) == ("free", "Complimentary", "2068-03-15")
    assert set(row) == {"vehicle", "car", "package", "package_name", "state", "ends_on"}
    assert refused(screen.get("/api/v1/subscriptions/")) == (403, "scope_missing")


def test_C6_profile_and_maps_are_seen_and_asked_for(app, car, market):
    path = f"/api/v1/vehicles/{car.public_id}/multimedia/"
    assert app.get(path).json()["profile"] is None
    assert app.post(f"{path}profile/").json()["profile"]["source"] == "Declared by you."
    assert app.delete(f"{path}profile/").json()["profile"] is None
    assert refused(keyed(app, f"{path}map-updates/", {"version": "1"})) == (409, "not_newest")
    newest = release(market)
    assert app.get(path).json()["maps"]["newest"] == newest.version
    assert refused(keyed(app, f"{path}map-updates/", {"version": newest.version})) == (409, "not_covered")
