import re
from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from garage.models import Membership, RegistryEntry
from tests.garage.cars import KM, add, make_entry, prove, vin


@pytest.fixture
def browser(client, anna):
    client.force_login(anna)
    return client


def words(response):
    """The page's text without tags and doubled blanks."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.content.decode()))


def page(name, membership=None):
    return reverse(name, args=[membership.public_id] if membership else [])


def read_now():
    """Every reading is one hour old by the clock that the views go by."""
    RegistryEntry.objects.update(odometer_at=timezone.now() - timedelta(hours=1))


def test_an_empty_garage_says_what_to_do(browser):
    response = browser.get(page("garage"))
    assert "There is no car in your garage yet" in words(response)
    assert page("add_vehicle") in response.content.decode()


def test_from_vin_to_control_in_the_browser(browser, anna):
    make_entry(1)
    read_now()
    response = browser.post(page("add_vehicle"), {"vin": "jtj sample cy 900001"}, follow=True)
    membership = Membership.objects.get(account=anna)
    assert response.redirect_chain == [(page("prove_access", membership), 302)]
    response = browser.post(page("prove_access", membership), {"reading": "24,500 km"}, follow=True)
    assert response.redirect_chain == [(page("vehicle", membership), 302)]
    assert "You have control" in words(response)


def test_g2_a_plate_will_do_instead_of_the_vin(browser, anna):
    make_entry(1)
    browser.post(page("add_vehicle"), {"vin": "", "plate": "kaa-001"})
    assert Membership.objects.get(account=anna).vehicle.vin == vin(1)


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"vin": "JTJSAMPLECY9O0001"}, "Character 13 is the letter O. A VIN has no I, O or Q: use 0 instead."),
        ({"vin": "JTJSAMPLECY90000"}, "A VIN has 17 characters; this has 16."),
        ({"vin": "JTJSAMPLECY90000Ñ"}, "Character 17 is “Ñ”."),
        ({"vin": "JTJSAMPLECY999999"}, "We do not know this VIN."),
        ({"plate": "KZZ999"}, "We do not know this registration plate."),
        ({"plate": "?"}, "A registration plate has 2 to 12 letters and digits."),
        ({"vin": "", "plate": ""}, "Please type the VIN of your car"),
        ({"vin": "JTJSAMPLECY900001", "plate": "KAA001"}, "not both"),
    ],
)
def test_a_bad_vin_or_plate_is_answered_in_words_and_kept(browser, typed, said):
    response = browser.post(page("add_vehicle"), typed)
    assert response.status_code == 200
    assert said in words(response)
    assert all(f'value="{text}"' in response.content.decode() for text in typed.values() if text)
    assert not Membership.objects.exists()


def test_g1_the_eleventh_car_is_refused_in_words(browser, anna):
    for number in range(1, 11):
        add(anna, number)
    make_entry(11)
    response = browser.post(page("add_vehicle"), {"vin": vin(11)})
    assert "Your garage is full: it holds 10 cars." in words(response)
    # The frame's menu of common tasks names the page always.
    _frame, main = browser.get(page("garage")).content.decode().split("<main")
    assert page("add_vehicle") not in main.split("</main>")[0]


def test_a_form_sent_twice_adds_one_car(browser, anna):
    make_entry(1)
    browser.post(page("add_vehicle"), {"vin": vin(1)})
    response = browser.post(page("add_vehicle"), {"vin": vin(1)}, follow=True)
    assert "This car is in your garage already." in words(response)
    assert Membership.objects.filter(account=anna).count() == 1


def test_v2_a_wrong_reading_is_kept_and_the_tries_are_counted_down_to_the_dealer(browser, anna):
    membership = add(anna)
    read_now()
    assert "You have 3 tries" in words(browser.get(page("prove_access", membership)))
    response = browser.post(page("prove_access", membership), {"reading": "1000"})
    assert "You have 2 more tries." in words(response)
    assert 'value="1000"' in response.content.decode()
    browser.post(page("prove_access", membership), {"reading": "1001"})
    response = browser.post(page("prove_access", membership), {"reading": "1002"})
    assert "Please go to your dealer" in words(response)
    assert "<form class" not in response.content.decode()
    assert "Blocked" in words(browser.get(page("garage")))


@pytest.mark.parametrize("reading", ["", "many", "-5", "24500.5", "1000000", "9" * 41])
def test_what_is_no_reading_uses_up_no_try(browser, anna, reading):
    membership = add(anna)
    response = browser.post(page("prove_access", membership), {"reading": reading})
    assert response.status_code == 200
    assert "error-summary" in response.content.decode()
    assert "You have 3 tries" in words(response)


def test_v1_an_old_reading_is_answered_in_words_and_uses_up_no_try(browser, anna):
    membership = add(anna)
    RegistryEntry.objects.update(odometer_at=timezone.now() - timedelta(days=31))
    response = browser.post(page("prove_access", membership), {"reading": str(KM)})
    assert "has not reported it lately" in words(response)
    assert "You have 3 tries" in words(response)


def test_no_page_shows_the_odometer(browser, anna):
    membership = prove(add(anna))
    for name in ("garage", "vehicle", "prove_access"):
        response = browser.get(page(name, None if name == "garage" else membership))
        assert "24500" not in response.content.decode()
        assert "24,500" not in response.content.decode()


def test_g11_before_the_proof_no_page_shows_more_than_the_connectivity_match(browser, anna):
    membership = add(anna)
    for name in ("garage", "vehicle", "prove_access"):
        text = browser.get(page(name, None if name == "garage" else membership)).content.decode()
        assert not [secret for secret in ("KAA001", "Red Mica", "#8a1c2b", "15 March 2024") if secret in text]
    assert "Remote functions" in words(browser.get(page("vehicle", membership)))


def test_g11_a_car_added_by_plate_does_not_give_its_vin_away(browser, anna):
    make_entry(1)
    browser.post(page("add_vehicle"), {"plate": "KAA001"})
    membership = Membership.objects.get(account=anna)
    assert vin(1) not in browser.get(page("vehicle", membership)).content.decode()


def test_g11_after_the_proof_the_specification_is_shown(browser, anna):
    text = words(browser.get(page("vehicle", prove(add(anna)))))
    for shown in ("KAA001", vin(1), "Red Mica", "Full hybrid", "15 March 2024", "Warranty start"):
        assert shown in text


def test_g3_a_verified_car_that_another_account_controls_says_so(browser, anna, petros):
    prove(add(petros))
    membership = prove(add(anna))
    assert "Another account has control" in words(browser.get(page("vehicle", membership)))
    assert "petros" not in browser.get(page("vehicle", membership)).content.decode()


def test_g5_a_car_is_selected_from_any_page_and_leads_back_to_it(browser, anna):
    add(anna, 1)
    second = add(anna, 2)
    response = browser.post(page("select_vehicle", second), {"next": page("vehicle", second)})
    assert response.url == page("vehicle", second)
    assert Membership.objects.get(pk=second.pk).is_selected


@pytest.mark.parametrize(
    "target", ["//evil.example", "https://evil.example/", "/\\evil.example", "javascript:alert(1)"]
)
def test_selecting_a_car_leads_out_of_the_site_to_nobody(browser, anna, target):
    assert browser.post(page("select_vehicle", add(anna)), {"next": target}).url == page("garage")


def test_g9_a_nickname_is_shown_escaped_and_a_long_one_is_refused_and_kept(browser, anna):
    membership = add(anna)
    browser.post(page("rename_vehicle", membership), {"nickname": "<b>Maria</b>"})
    assert "&lt;b&gt;Maria&lt;/b&gt;" in browser.get(page("garage")).content.decode()
    response = browser.post(page("rename_vehicle", membership), {"nickname": "x" * 41})
    assert "error-summary" in response.content.decode()
    assert "x" * 41 in response.content.decode()


@pytest.mark.parametrize("name", ["vehicle", "prove_access", "select_vehicle", "rename_vehicle"])
@pytest.mark.parametrize("method", ["get", "post"])
def test_a_strangers_car_and_a_former_one_are_not_found(browser, anna, petros, name, method):
    theirs, former = add(petros, 1), add(anna, 2)
    Membership.objects.filter(pk=former.pk).update(ended_at=timezone.now(), is_selected=False)
    expected = 405 if (name, method) in {("vehicle", "post"), ("select_vehicle", "get")} else 404
    answers = [getattr(browser, method)(page(name, membership)).status_code for membership in (theirs, former)]
    assert answers == [expected] * 2


@pytest.mark.parametrize("name", ["garage", "add_vehicle"])
def test_who_is_not_signed_in_is_led_to_the_sign_in_page(client, db, name):
    led_to = urlsplit(client.get(page(name)).url)
    assert (led_to.path, parse_qs(led_to.query)) == (reverse("account_login"), {"next": [page(name)]})


@pytest.mark.parametrize("name", ["garage", "vehicle", "prove_access"])
def test_ten_cars_cost_as_many_queries_as_one(browser, anna, name, django_assert_num_queries):
    first = add(anna, 1)
    url = page(name, None if name == "garage" else first)
    with CaptureQueriesContext(connection) as with_one:
        browser.get(url)
    for number in range(2, 11):
        add(anna, number)
    with django_assert_num_queries(len(with_one)):
        browser.get(url)


def test_I5_all_cars_get_their_references_on_one_page(browser, anna):
    first, second = add(anna, 1), add(anna, 2)
    typed = {str(first.public_id): " CC  4711 ", str(second.public_id): ""}
    browser.post(page("invoice_references"), typed)
    assert list(Membership.objects.order_by("pk").values_list("invoice_reference", flat=True)) == ["CC 4711", ""]
    assert 'value="CC 4711"' in browser.get(page("invoice_references")).content.decode()


def test_a_reference_that_is_too_long_is_said_beside_its_car_and_the_others_are_kept(browser, anna):
    first, second = add(anna, 1), add(anna, 2)
    typed = {str(first.public_id): "x" * 41, str(second.public_id): "PO 12"}
    answer = browser.post(page("invoice_references"), typed).content.decode()
    assert "at most 40 characters" in answer
    assert 'value="PO 12"' in answer
    assert not Membership.objects.exclude(invoice_reference="").exists()


def test_without_a_car_the_references_page_leads_to_adding_one(browser):
    assert page("add_vehicle") in browser.get(page("invoice_references")).content.decode()
