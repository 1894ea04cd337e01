import pytest

from garage.rules.manuals import Scope, is_for

SCOPE = Scope(models=frozenset({"NX 350h", "NX 450h+"}), first_year=2021, last_year=2024, generation="MM21")


@pytest.mark.parametrize(
    ("model", "year", "generation", "expected"),
    [
        ("NX 350h", 2021, "MM21", True),
        ("NX 450h+", 2024, "MM21", True),
        ("NX 350h", 2020, "MM21", False),
        ("NX 350h", 2025, "MM21", False),
        ("NX 350h", 2022, "MM19", False),
        ("UX 250h", 2022, "MM21", False),
        # Nobody knows when it was first registered.
        ("NX 350h", None, "MM21", True),
    ],
)
def test_G8_a_manual_is_for_models_years_and_a_generation(model, year, generation, expected):
    assert is_for(SCOPE, model=model, year=year, generation=generation) is expected


def test_G8_without_a_last_year_and_a_generation_it_is_for_all_that_follow():
    scope = Scope(models=frozenset({"RX"}), first_year=2016)
    assert is_for(scope, model="RX", year=2040, generation="MM30")
    assert not is_for(scope, model="RX", year=2015, generation="MM30")
