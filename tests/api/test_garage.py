"""The garage over the API: my cars and what each tells, adding, proving access, selecting, naming, ordered cars."""

import pytest

from garage.actions.drivers import accept_driving, invite_driver
from garage.actions.orders import OrderFacts, record_order
from garage.actions.pair import issue_pairing_code
from garage.models import AccessCheck, AccessTry, Membership
from garage.rules.membership import RIGHTS, Standing
from garage.rules.orders import Stage
from tests import make, oidc
from tests.api.answers import keyed, refused
from tests.garage.cars import make_entry, vin

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("today")]
CARS = "/api/v1/vehicles/"


def path(car: Membership, below: str = "") -> str:
    return f"{CARS}{car.public_id}/{below}"


def standings(car: Membership, market) -> dict[Standing, Membership]:
    """Four accounts and one car."""
    unproved, driver, proved = (make.account(f"{n}@example.com", market=market) for n in ("a", "b", "c"))
    access = invite_driver(membership=car, email=driver.email, last_on=None, now=make.NOW, by=car.account)
    return {
        Standing.NOT_VERIFIED: make.linked(unproved, car.vehicle),
        Standing.INVITED: accept_driving(access=access, now=make.NOW, by=driver),
        Standing.VERIFIED: make.verified(proved, car.vehicle),
        Standing.ACTIVE: car,
    }


def test_G3_my_cars_with_standing_rights_and_the_selected_one(app, owner, car):
    second = make.linked(owner, make.active_car(make.account("x@example.com", market=owner.market), 2).vehicle)
    told = app.get(CARS).json()
    assert [(row["id"], row["standing"], row["is_selected"]) for row in told["results"]] == [
        (str(car.public_id), "active", True),
        (str(second.public_id), "not_verified", False),
    ]
    assert told["has_room"] is True


@pytest.mark.parametrize("standing", list(Standing))
def test_G11_a_car_tells_what_the_standing_allows_and_nothing_more(app, car, market, standing):
    link = standings(car, market)[standing]
    told = oidc.sign_in_app(link.account).get(path(link)).json()
    assert (told["standing"], told["rights"]) == (standing, sorted(RIGHTS[standing]))
    assert (told["model"], told["capabilities"]) == ("NX 350h", ["navigation", "remote"])
    knows = standing is not Standing.NOT_VERIFIED
    assert (told["specification"] is not None, told["warranty"] is not None) == (knows, knows)


def test_G11_before_access_is_proved_neither_plate_nor_colour_nor_dates_are_told(others_app, stranger, car):
    link = make.linked(stranger, car.vehicle)
    said = others_app.get(path(link)).text + others_app.get(CARS).text
    assert car.vehicle.vin in said
    for secret in ("KAA001", "Red Mica", "#8a1c2b", "2018-03-15", str(car.public_id), str(car.vehicle.public_id)):
        assert secret not in said


def test_G11_the_list_is_read_without_a_query_for_each(app, owner, django_assert_num_queries):
    def queries() -> int:
        with django_assert_num_queries(3):
            return len(app.get(CARS).json()["results"])

    # The first call of five minutes notes the use of its sign-in besides.
    app.get(CARS)
    make.active_car(owner, 1)
    assert queries() == 1
    for number in range(2, 8):
        make.active_car(owner, number)
    assert queries() == 7


def test_G2_a_car_is_added_by_vin_and_is_not_verified_yet(app):
    make_entry(1)
    answer = app.post(CARS, json={"vin": "jtj-sample-cy-900001"})
    assert answer.status_code == 201
    told = answer.json()
    assert (told["standing"], told["may_prove_access"], told["tries_left"]) == ("not_verified", True, 3)
    assert app.get(f"{CARS}{told['id']}/").json() == told


def test_G2_a_car_is_added_by_plate(app):
    make_entry(1)
    assert app.post(CARS, json={"plate": "kaa 001"}).json()["added_as"] == "KAA001"


def test_V1_a_car_is_added_and_proved_by_its_code(app):
    make_entry(1)
    code = issue_pairing_code(vin=vin(1), now=make.NOW).code
    assert app.post(CARS, json={"code": code.lower()}).json()["standing"] == "active"
    assert refused(app.post(CARS, json={"code": code})) == (409, "code_wrong")


@pytest.mark.parametrize(
    ("sent", "code"),
    [
        ({"vin": "JTJSAMPLECY9O0001"}, "vin_malformed"),
        ({"vin": "JTJSAMPLECY999999"}, "vin_unknown"),
        ({"plate": "?"}, "plate_malformed"),
        ({"plate": "XYZ 999"}, "plate_unknown"),
        ({"code": "1234"}, "code_malformed"),
        ({"code": "AAAA-AAAA"}, "code_wrong"),
    ],
)
def test_G2_what_cannot_be_added_is_told_with_its_code_and_in_words(app, sent, code):
    answer = app.post(CARS, json=sent)
    assert refused(answer) == (409, code)
    assert answer.json()["detail"]


@pytest.mark.parametrize("sent", [{}, {"vin": vin(1), "plate": "KAA001"}, {"name": "x"}])
def test_G2_exactly_one_of_vin_plate_and_code_is_needed(app, sent):
    answer = app.post(CARS, json=sent)
    assert refused(answer) == (400, "invalid")
    assert answer.json()["errors"][0]["code"] == "exactly_one"


def test_G1_the_eleventh_car_is_refused_and_the_tenth_leaves_no_room(app, owner):
    for number in range(1, 12):
        make_entry(number)
    answers = [app.post(CARS, json={"vin": vin(number)}) for number in range(1, 12)]
    assert [answer.status_code for answer in answers] == [201] * 10 + [409]
    assert refused(answers[-1]) == (409, "garage_full")
    assert app.get(CARS).json()["has_room"] is False


def test_G2_a_car_that_is_there_already_is_told_so(app, car):
    assert refused(app.post(CARS, json={"vin": car.vehicle.vin})) == (409, "already_in_garage")


def test_V1_access_is_proved_by_the_odometer(app, owner):
    make_entry(1)
    made = app.post(CARS, json={"vin": vin(1)}).json()
    answer = keyed(app, f"{CARS}{made['id']}/access/", {"odometer_km": make.ODOMETER_KM})
    assert (answer.status_code, answer.json()["standing"]) == (200, "active")
    assert answer.json()["specification"]["plate"] == "KAA001"


def test_V1_access_is_proved_by_the_code_of_just_this_car(others_app, stranger, car):
    link = make.linked(stranger, car.vehicle)
    make_entry(2)
    others = issue_pairing_code(vin=vin(2), now=make.NOW).code
    assert refused(keyed(others_app, path(link, "access/"), {"code": others})) == (409, "code_wrong")
    assert Membership.objects.filter(account=stranger).count() == 1
    right = issue_pairing_code(vin=car.vehicle.vin, now=make.NOW).code
    assert keyed(others_app, path(link, "access/"), {"code": right}).json()["standing"] == "verified"


def test_V2_three_wrong_readings_of_page_and_app_together_block_for_ever(app, owner):
    make_entry(1)
    car = path(Membership.objects.get(public_id=app.post(CARS, json={"vin": vin(1)}).json()["id"]))
    first = keyed(app, f"{car}access/", {"odometer_km": 1})
    assert (refused(first), app.get(car).json()["tries_left"]) == ((409, "wrong_reading"), 2)
    page = f"/en/garage/{Membership.objects.get().public_id}/access/"
    oidc.browser_of(owner).post(page, {"reading": "2"})
    assert refused(keyed(app, f"{car}access/", {"odometer_km": 3})) == (409, "verification_blocked")
    right = keyed(app, f"{car}access/", {"odometer_km": make.ODOMETER_KM})
    assert refused(right) == (409, "verification_blocked")
    told = app.get(car).json()
    assert (told["is_blocked"], told["tries_left"], told["may_prove_access"]) == (True, 0, False)
    assert AccessTry.objects.count() == AccessCheck.objects.get().wrong_tries == 3


def test_V2_the_words_of_a_wrong_reading_tell_neither_how_far_off_nor_which_way(app, owner):
    said = set()
    for number, km in enumerate((1, make.ODOMETER_KM - 100, make.ODOMETER_KM + 300, 999_999), start=1):
        make_entry(number)
        made = app.post(CARS, json={"vin": vin(number)}).json()
        said.add(keyed(app, f"{CARS}{made['id']}/access/", {"odometer_km": km}).text)
    assert len(said) == 1


def test_V2_a_try_whose_answer_was_lost_is_sent_again_and_counts_once(app):
    make_entry(1)
    access = f"{CARS}{app.post(CARS, json={'vin': vin(1)}).json()['id']}/access/"
    answers = [keyed(app, access, {"odometer_km": 1}, key="the-same-key") for _ in range(4)]
    assert {answer.text for answer in answers} == {answers[0].text}
    assert AccessCheck.objects.get().wrong_tries == 1
    assert refused(app.post(access, json={"odometer_km": 1})) == (400, "idempotency_key_missing")


@pytest.mark.parametrize("sent", [{"odometer_km": -1}, {"odometer_km": 1_000_000}, {"odometer_km": "many"}, {}])
def test_V2_what_is_no_reading_uses_up_no_try(app, sent):
    make_entry(1)
    car = f"{CARS}{app.post(CARS, json={'vin': vin(1)}).json()['id']}/"
    assert refused(keyed(app, f"{car}access/", sent)) == (400, "invalid")
    assert app.get(car).json()["tries_left"] == 3


def test_G5_one_car_is_selected_at_a_time(app, owner, car):
    second = make.active_car(owner, 2)
    assert app.post(path(second, "selection/")).json()["is_selected"] is True
    assert [row["is_selected"] for row in app.get(CARS).json()["results"]] == [False, True]


def test_G9_a_car_is_named_and_unnamed(app, car):
    assert app.patch(path(car), json={"nickname": "  The  blue one "}).json()["label"] == "The blue one"
    assert app.patch(path(car), json={"nickname": ""}).json()["label"] == "NX 350h"
    assert refused(app.patch(path(car), json={"nickname": "x" * 41})) == (400, "invalid")


def test_G4_ordered_cars_are_told_with_their_stages(app, owner, django_assert_num_queries):
    owner.market.shows_ordered_cars = True
    owner.market.save()
    for number in (1, 2):
        for stage, day in ((Stage.ORDERED, 1), (Stage.SHIPPED, 9)):
            facts = {"body": "suv", "colour_hex": "#8a1c2b", "vin": "", "stage_on": make.NOW.date().replace(day=day)}
            facts |= {"order_number": f"LX-{number}", "email": owner.email, "expected_on": make.NOW.date()}
            record_order(facts=OrderFacts(market=owner.market, model="RX", stage=stage, **facts), now=make.NOW)
    with django_assert_num_queries(4):
        first, _second = app.get("/api/v1/ordered-vehicles/").json()["results"]
    assert (first["order_number"], first["stage"], first["stage_name"]) == ("LX-1", "shipped", "On its way")
    assert [row["stage"] for row in first["stages"]] == ["shipped", "ordered"]


def test_law_11_a_strangers_car_is_not_there(others_app, car):
    for answer in (
        others_app.get(path(car)),
        others_app.patch(path(car), json={"nickname": "mine"}),
        others_app.post(path(car, "selection/")),
        keyed(others_app, path(car, "access/"), {"odometer_km": make.ODOMETER_KM}),
    ):
        assert refused(answer) == (404, "not_found")


def test_A5_the_cars_screen_and_an_app_without_the_scope_see_no_cars(app, owner, car):
    assert refused(oidc.sign_in_car(owner).get(CARS)) == (403, "scope_missing")
    reads = oidc.sign_in_app(owner, scope="openid vehicles.read")
    assert reads.get(CARS).status_code == 200
    assert refused(reads.post(path(car, "selection/"))) == (403, "scope_missing")
