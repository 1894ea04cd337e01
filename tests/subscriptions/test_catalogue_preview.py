"""What a new version of the catalogue changes, and for how many cars and contracts, before it does."""

from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.urls import reverse

from subscriptions.catalogue.file import read_catalogue
from subscriptions.catalogue.preview import content_in_force, preview_file, preview_version
from subscriptions.models import CatalogueVersion, Package
from subscriptions.rules.catalogue_changes import Kind, Subject
from tests import make
from tests.subscriptions.test_admin_terms import staff as staff
from tests.subscriptions.test_catalogue_file import CATALOGUE
from tests.subscriptions.test_catalogue_versions import load, text


@pytest.fixture(autouse=True)
def in_force(market):
    load()


@pytest.fixture
def cars(market):
    """One hybrid with MM21 twice in garages, one with MM19, one electric, one that left."""
    owner, other = make.account(market=market), make.account("other@example.com", market=market)
    first = make.active_car(owner, 1, model="NX 350h", purchased_on=date(2024, 3, 1))
    make.linked(other, first.vehicle)
    make.active_car(owner, 2, multimedia="MM19", model="UX 250h", purchased_on=date(2020, 3, 1))
    make.active_car(owner, 3, powertrain="electric", model="RZ 450e", purchased_on=date(2024, 6, 1))
    gone = make.active_car(owner, 4)
    gone.ended_at = make.NOW
    gone.is_active = False
    gone.save(update_fields=["ended_at", "is_active"])
    return owner


def previewed(*changes: tuple[str, str]):
    return preview_file(read_catalogue(text(*changes), name="new.yaml"))


def effects(preview) -> dict[str, dict[str, int]]:
    names = ("gained", "lost", "in_part", "free_months", "running")
    return {each.code: {name: getattr(each, name) for name in names if getattr(each, name)} for each in preview.effects}


def test_of_the_catalogue_in_force_nothing_is_said(cars):
    preview = previewed()
    assert (preview.changes, preview.effects, preview.cars) == ([], [], 3)


RADIO = ("services:\n", "services:\n  - code: radio\n    names: {en: R, el: R}\n    descriptions: {en: R, el: R}\n")
CASES = [
    (("powertrains: [hybrid]", "powertrains: [hybrid, electric]"), {"navigation": {"gained": 1}}),
    (("powertrains: [hybrid]", "powertrains: [electric]"), {"navigation": {"gained": 1, "lost": 2}}),
    (("powertrains: [hybrid]", "generations: [MM19]"), {"navigation": {"lost": 1}}),
    (("MM21: 48", "MM21: 24"), {"navigation": {"free_months": 2}}),
    (("default: 36", "default: 24"), {"navigation": {"free_months": 1}}),
    (("powertrains: [hybrid]", "bought_from: 2024-05-01"), {"navigation": {"gained": 1, "lost": 2}}),
    (("powertrains: [hybrid]", "bought_before: 2020-03-02"), {"navigation": {"lost": 1}}),
    (("models: [NX 350h, RX 350h]", "models: [UX 250h, RZ 450e]"), {"wifi": {"gained": 2, "lost": 1}}),
    (
        (
            "    descriptions: {en: Online., el: Διαδικτυακά.}",
            "    descriptions: {en: O, el: O}\n    forbidden: {CY: [hybrid]}",
        ),
        {"navigation": {"lost": 2}, "wifi": {"lost": 1}},
    ),
    ((CATALOGUE[CATALOGUE.index("  - code: wifi") :], ""), {"wifi": {"lost": 1}}),
]


@pytest.mark.parametrize(("change", "expected"), CASES)
def test_C2_cars_whose_eligibility_changes_are_counted(cars, change, expected):
    assert effects(previewed(change)) == expected


def test_C2_a_service_that_ceases_to_work_is_counted_apart(cars):
    both = ("services: [maps]", "services: [maps, radio]")
    load(RADIO, both)
    law = ("descriptions: {en: R, el: R}\n", "descriptions: {en: R, el: R}\n    forbidden: {CY: [hybrid]}\n")
    assert effects(previewed(RADIO, law, both)) == {"navigation": {"in_part": 2}}


def test_packages_services_plans_and_prices_added_changed_and_ended_are_named():
    preview = previewed(
        (
            "  - code: maps",
            "  - code: radio\n    names: {en: R, el: R}\n    descriptions: {en: R, el: R}\n  - code: maps",
        ),
        ("trial: true", "trial: false"),
        ('"9.90", yearly: "99.00"', '"10.90", four-yearly: "299.00"'),
        ("code: wifi", "code: hotspot"),
    )
    assert [(each.kind, each.subject, each.code, each.term) for each in preview.changes] == [
        (Kind.ADDED, Subject.SERVICE, "radio", ""),
        (Kind.CHANGED, Subject.PACKAGE, "navigation", ""),
        (Kind.ADDED, Subject.PACKAGE, "hotspot", ""),
        (Kind.ENDED, Subject.PACKAGE, "wifi", ""),
        (Kind.CHANGED, Subject.PLAN, "navigation", "monthly"),
        (Kind.ADDED, Subject.PLAN, "navigation", "four-yearly"),
        (Kind.ADDED, Subject.PLAN, "hotspot", "monthly"),
        (Kind.ENDED, Subject.PLAN, "navigation", "yearly"),
        (Kind.ENDED, Subject.PLAN, "wifi", "monthly"),
    ]


def test_S10_running_contracts_are_counted_as_what_stays(car, card, gateway):
    make.subscription(car, package=Package.objects.get(code="navigation"), gateway=gateway)
    preview = previewed(("trial: true", "trial: false"))
    assert (effects(preview)["navigation"], preview.running) == ({"running": 1}, 1)


def test_a_version_to_come_is_held_against_the_one_before_it(market):
    load(("market: CY", "market: CY\neffective_on: 2026-07-01"), ('"9.90"', '"10.90"'))
    load(("market: CY", "market: CY\neffective_on: 2026-08-01"), ('"9.90"', '"11.90"'))
    july, august = CatalogueVersion.objects.to_come(market, make.NOW.date())
    prices = [preview_version(each).changes[0].details[0] for each in (july, august)]
    assert [(str(each.before), str(each.after)) for each in prices] == [("9.90", "10.90"), ("10.90", "11.90")]


def test_once_in_force_the_rows_say_what_the_file_says(market):
    load(("trial: true", "trial: false"), ("MM21: 48", "MM21: 24"), ('"5.00"', '"6.00"'))
    file = read_catalogue(CatalogueVersion.objects.of_day(market, make.NOW.date()).content, name="file")
    assert preview_file(file).changes == []
    assert content_in_force(market).packages["wifi"]["base"] == "navigation"


def test_the_number_of_queries_does_not_grow_with_cars(cars, django_assert_num_queries):
    for number in range(5, 8):
        make.active_car(cars, number, model=f"model {number}")
    file = read_catalogue(text(("default: 36", "default: 24")), name="file")
    with django_assert_num_queries(6):
        preview_file(file)


# Where staff see it


def test_the_command_says_what_a_file_would_change_and_changes_nothing(cars, tmp_path, capsys):
    (tmp_path / "new.yaml").write_text(text(('"9.90"', '"10.90"'), ("MM21: 48", "MM21: 24")))
    call_command("load_catalogue", tmp_path / "new.yaml", "--preview")
    said = capsys.readouterr().out
    assert "package navigation changed free months: MM21: 48, default: 36 → MM21: 24, default: 36" in said
    assert "plan, monthly navigation changed price: €9.90 → €10.90" in said
    assert "Cars with other free months: 2" in said
    assert CatalogueVersion.objects.count() == 1


@pytest.mark.parametrize(("role", "status"), [("agent", 403), ("finance", 200), ("administrator", 200)])
def test_K1_finance_and_administrators_see_a_version_to_come_with_what_it_changes(market, cars, staff, role, status):
    made = load(
        ("market: CY", "market: CY\neffective_on: 2099-07-01"), ("powertrains: [hybrid]", "powertrains: [petrol]")
    )
    answer = staff(role).get(reverse("admin:subscriptions_catalogueversion_change", args=[made.version.pk]))
    assert answer.status_code == status
    if status == 200:
        assert "powertrains: hybrid → petrol" in answer.content.decode()
        assert "Cars that can have it no more" in answer.content.decode()


def test_staff_preview_a_file_before_it_is_loaded(market, cars, staff):
    desk, address = staff("finance"), reverse("admin:subscriptions_catalogueversion_preview")
    assert "Catalogue file" in desk.get(address).content.decode()
    new = SimpleUploadedFile("new.yaml", text(('"9.90"', '"10.90"')).encode())
    assert "price: €9.90 → €10.90" in desk.post(address, {"file": new}).content.decode()
    wrong = SimpleUploadedFile("new.yaml", text(("trial: true", "trail: true")).encode())
    assert "trail is not known here" in desk.post(address, {"file": wrong}).content.decode()
    assert "no text in UTF-8" in desk.post(address, {"file": SimpleUploadedFile("x", b"\xff")}).content.decode()
    large = SimpleUploadedFile("x", b"#" * 500_001)
    assert "larger than 500 kB" in desk.post(address, {"file": large}).content.decode()
    assert CatalogueVersion.objects.count() == 1


def test_C2_staff_see_every_reason_for_a_car(market, cars, staff):
    electric = cars.memberships.get(vehicle__model="RZ 450e").vehicle
    page = staff("agent").get(reverse("admin:garage_vehicle_change", args=[electric.pk])).content.decode()
    assert "Packages for this car, for an account of Cyprus" in page
    assert "It is made for another kind of drive than this car&#x27;s." in page
    assert "It is not made for this model." in page


def test_one_that_became_unreadable_says_so(market, staff):
    made = load(("market: CY", "market: CY\neffective_on: 2099-07-01"))
    market.languages = ["en", "el", "de"]
    market.save(update_fields=["languages"])
    page = staff("finance").get(reverse("admin:subscriptions_catalogueversion_change", args=[made.version.pk]))
    assert "names.de is missing" in page.content.decode()
