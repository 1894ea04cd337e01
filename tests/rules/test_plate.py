import pytest

from garage.rules.plate import clean, is_well_formed


@pytest.mark.parametrize("typed", ["KAA101", "kaa 101", "KAA-101", "ΚΑΑ 101", "καα101"])
def test_g2_a_plate_has_one_spelling_whichever_keyboard_typed_it(typed):
    assert clean(typed) == "KAA101"


@pytest.mark.parametrize(
    ("plate", "answer"),
    [("KAA101", True), ("AB", True), ("A", False), ("", False), ("KAA_1", False), ("1" * 13, False)],
)
def test_g2_a_plate_is_two_to_twelve_letters_and_digits(plate, answer):
    assert is_well_formed(plate) is answer
