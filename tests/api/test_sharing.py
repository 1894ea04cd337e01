"""Drivers of a car, and who else reaches it, over the API (G12, L1)."""

from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.actions.caller_acts import bar
from accounts.models import SignIn
from garage.actions.drivers import accept_driving, invite_driver
from garage.actions.profile import link_profile
from garage.inviting import MOST_AN_HOUR
from garage.models import DriverAccess, Membership
from garage.models.profile import Source
from portal import reach
from portal.reach import Reacher
from subscriptions.actions.control import request_control
from tests import make, oidc
from tests.api.answers import refused
from tests.garage import grants

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("today")]


def path(car: Membership, below: str = "") -> str:
    return f"/api/v1/vehicles/{car.public_id}/{below}"


def invited(car: Membership, email: str = "driver@example.com") -> DriverAccess:
    return invite_driver(membership=car, email=email, last_on=None, now=make.NOW, by=car.account)


@pytest.fixture
def driver(market):
    return make.account("driver@example.com", market=market)


def test_G12_a_driver_is_invited_listed_limited_and_ended(app, car, driver):
    made = app.post(path(car, "drivers/"), json={"email": "Driver@Example.com", "last_on": "2026-12-31"})
    assert (made.status_code, made.json()["state"]) == (201, "invited")
    accept_driving(access=DriverAccess.objects.get(), now=make.NOW, by=driver)
    [row] = app.get(path(car, "drivers/")).json()["results"]
    assert (row["email"], row["last_on"], row["state"]) == ("driver@example.com", "2026-12-31", "driving")
    one = f"/api/v1/drivers/{row['id']}/"
    assert app.patch(one, json={"last_on": None}).json()["last_on"] is None
    assert app.delete(one).status_code == 204
    assert app.delete(one).status_code == 404
    assert app.get(path(car, "drivers/")).json() == {"results": []}
    assert not Membership.objects.current().filter(account=driver).exists()


def test_G12_an_invitation_is_found_and_accepted_by_whom_it_was_meant_for(app, others_app, car, stranger):
    access = invited(car, stranger.email)
    [row] = others_app.get("/api/v1/driver-invitations/").json()["results"]
    assert (row["id"], row["model"]) == (str(access.public_id), "NX 350h")
    assert app.get("/api/v1/driver-invitations/").json()["results"] == []
    accept = f"/api/v1/driver-invitations/{row['id']}/acceptance/"
    assert app.post(accept).status_code == 404
    assert others_app.post(accept).json()["standing"] == "invited"
    assert others_app.post(accept).status_code == 404


@pytest.mark.parametrize(
    ("sent", "code"),
    [
        ({"email": "owner@example.com"}, "driver_oneself"),
        ({"email": "driver@example.com", "last_on": "2026-06-09"}, "last_day_over"),
    ],
)
def test_G12_a_refused_invitation_says_why(app, car, sent, code):
    assert refused(app.post(path(car, "drivers/"), json=sent)) == (409, code)


def test_G12_what_is_no_address_and_no_day_is_told_field_by_field(app, car):
    answer = app.post(path(car, "drivers/"), json={"email": "nobody", "last_on": "tomorrow"})
    assert {fault["field"] for fault in answer.json()["errors"]} == {"email", "last_on"}


def test_G12_tries_over_page_and_app_are_counted_together(app, owner, car):
    browser = oidc.browser_of(owner)
    for _ in range(MOST_AN_HOUR):
        browser.post(f"/en/garage/{car.public_id}/drivers/", {"email": "owner@example.com"})
    assert refused(app.post(path(car, "drivers/"), json={"email": "a@example.com"})) == (409, "too_many")


@pytest.mark.parametrize("below", ["drivers/", "reach/"])
def test_G11_only_the_active_account_sees_who_shares_the_car(others_app, stranger, car, below):
    link = make.verified(stranger, car.vehicle)
    assert refused(others_app.get(path(link, below))) == (409, "right_missing")


def test_K7_after_a_change_of_address_by_telephone_nobody_is_invited(app, car, owner):
    bar(owner, now=make.NOW)
    assert refused(app.post(path(car, "drivers/"), json={"email": "a@example.com"})) == (409, "barred")


def test_G12_drivers_of_an_account_that_lost_control_are_not_its_own_any_more(app, car, stranger):
    access = invited(car)
    request_control(membership=make.verified(stranger, car.vehicle), now=make.NOW, by=stranger)
    assert app.patch(f"/api/v1/drivers/{access.public_id}/", json={"last_on": None}).status_code == 404


def test_L1_who_reaches_the_car_and_by_whose_leave(app, car, stranger, driver):
    accept_driving(access=invited(car), now=make.NOW, by=driver)
    link = make.linked(stranger, car.vehicle)
    told = app.get(path(car, "reach/"))
    assert [row["id"] for row in told.json()["links"]] == [str(link.public_id)]
    assert [row["email"] for row in told.json()["drivers"]] == ["driver@example.com"]
    sections = {section["title"]: section["reachers"] for section in told.json()["sections"]}
    [signed_in] = sections["Apps and cars that are signed in"]
    assert (signed_in["name"], signed_in["may_be_ended"]) == ("Lexus Link+ app", True)
    assert not {stranger.email, stranger.last_name} & set(told.text.split('"'))


def test_L1_another_account_is_cut_off_once_and_for_all(app, car, stranger):
    link = make.linked(stranger, car.vehicle)
    assert app.delete(path(car, f"reach/{link.public_id}/")).status_code == 204
    assert app.delete(path(car, f"reach/{link.public_id}/")).status_code == 404
    assert app.get(path(car, "reach/")).json()["links"] == []


def test_V4_who_asks_for_control_is_answered_and_not_cut_off(app, car, card, digital_key, gateway, stranger):
    make.subscription(car, package=digital_key, gateway=gateway)
    link = make.verified(stranger, car.vehicle)
    request_control(membership=link, now=make.NOW, by=stranger)
    assert refused(app.delete(path(car, f"reach/{link.public_id}/"))) == (409, "request_open")


def test_A5_a_head_unit_is_signed_out_from_the_app(app, owner, car):
    screen = oidc.sign_in_car(owner)
    row = SignIn.objects.live().get(client=oidc.CAR)
    assert app.delete(path(car, f"reach/{row.public_id}/")).status_code == 204
    assert screen.get("/api/v1/account/").status_code == 401
    assert app.get(path(car, "reach/")).status_code == 200


def test_L1_a_third_party_and_a_profile_are_ended_by_the_app(app, car, market):
    grant = grants.give(car, grants.third_party(market))
    profile = link_profile(membership=car, source=Source.DECLARED, now=make.NOW, by=car.account)
    for row in (grant, profile):
        assert app.delete(path(car, f"reach/{row.public_id}/")).status_code == 204
        assert app.delete(path(car, f"reach/{row.public_id}/")).status_code == 404
        row.refresh_from_db()
        assert row.ended_at == make.NOW


def test_L1_what_cannot_be_ended_here_says_so(app, car, monkeypatch):
    bridge = Reacher(name="Home automation", detail="End it at its maker.", id=uuid4())
    monkeypatch.setattr(reach, "_SOURCES", [("Others", "None.", lambda _account, _vehicle: [bridge])])
    [section] = app.get(path(car, "reach/")).json()["sections"]
    assert section["reachers"][0]["may_be_ended"] is False
    assert refused(app.delete(path(car, f"reach/{bridge.id}/"))) == (409, "not_ended_here")


def test_law_11_a_sign_in_of_somebody_else_is_not_there(app, others_app, car, stranger):
    row = SignIn.objects.live().get(account=stranger)
    assert app.delete(path(car, f"reach/{row.public_id}/")).status_code == 404
    assert others_app.get("/api/v1/account/").status_code == 200


def test_G12_lists_are_read_without_a_query_for_each(app, car, market):
    def one_more(number: int) -> None:
        email = f"driver{number}@example.com"
        accept_driving(access=invited(car, email), now=make.NOW, by=make.account(email, market=market))
        make.linked(make.account(f"link{number}@example.com", market=market), car.vehicle)

    def queries() -> list[int]:
        counted = []
        for below in ("drivers/", "reach/"):
            with CaptureQueriesContext(connection) as made:
                app.get(path(car, below))
            counted.append(len(made))
        return counted

    one_more(0)
    # The first call of five minutes notes the use of its sign-in besides.
    app.get(path(car))
    with_one = queries()
    for number in (1, 2, 3):
        one_more(number)
    assert queries() == with_one
    assert with_one[0] == 4
