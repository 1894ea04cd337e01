"""K2: what was typed into the one box may be several things at once; a name is found as it sounds."""

import pytest

from accounts.rules.names import asked_for, keys_of
from support.rules.looked_for import Asked, read


@pytest.mark.parametrize(
    ("typed", "asked"),
    [
        ("Maria@Example.com ", Asked(email="maria@example.com")),
        ("@x", Asked()),
        ("maria georgiou", Asked(name="maria georgiou")),
        ("Γεωργίου 42", Asked(name="Γεωργίου", card_digits="42")),
        ("4242", Asked(plate="4242", card_digits="4242")),
        ("42", Asked(plate="42")),
        ("jtjsample cy 900001", Asked(vin="JTJSAMPLECY900001")),
        ("KAA-123", Asked(plate="KAA123", number="KAA-123")),
        ("ΚΑΑ 123", Asked(plate="KAA123", name="ΚΑΑ", card_digits="123")),
        ("cy-ABCDE-FGHJK", Asked(name="cy-ABCDE-FGHJK", number="CY-ABCDE-FGHJK", reference="cy-ABCDE-FGHJK")),
        ("CY-2026-000017", Asked(plate="CY2026000017", number="CY-2026-000017", reference="CY-2026-000017")),
        ("+357 99 12 34 56", Asked(phone="99123456")),
        ("99123456", Asked(plate="99123456", phone="99123456", number="99123456", reference="99123456")),
        ("x", Asked()),
        ("", Asked()),
    ],
)
def test_K2_what_it_may_be(typed, asked):
    assert read(typed) == asked
    assert read(typed).is_nothing == (asked == Asked())


@pytest.mark.parametrize(
    ("name", "typed"),
    [
        ("Μαρία Γεωργίου", "georgiou"),
        ("Μαρία Γεωργίου", "maria georgiou"),
        ("Maria Georgiou", "Γεωργίου Μαρία"),
        ("Maria Georgiou", "gorgiou"),
        ("Maria Georgiou", "geor"),
        ("Ιωάννης Παπαδόπουλος", "papadopoulos"),
        ("Ιωάννης Παπαδόπουλος", "papadopulos ioanis"),
        ("Xenia Hatzi", "Ξένια"),
    ],
)
def test_K2_a_name_is_found_in_either_alphabet_with_an_error_and_by_its_beginning(name, typed):
    keys = set(keys_of(name))
    assert all(keys & set(wanted) for wanted in asked_for(typed))


@pytest.mark.parametrize(("name", "typed"), [("Maria Georgiou", "Petrou"), ("Maria Georgiou", "maria petrou")])
def test_K2_another_name_is_not(name, typed):
    keys = set(keys_of(name))
    assert not all(keys & set(wanted) for wanted in asked_for(typed))
