import pytest

from garage.rules.pairing import ALPHABET, LENGTH, clean, grouped, is_well_formed


@pytest.mark.parametrize("typed", ["4f7k-9xrt", " 4F7K 9XRT ", "4f7k9xrt", "4Ϝ7K9XRT".replace("Ϝ", "f"), "4f7κ–9χrτ"])
def test_G2_a_code_is_mended(typed):
    assert clean(typed) == "4F7K9XRT"
    assert is_well_formed(clean(typed))


def test_G2_what_was_read_for_another_letter_is_mended():
    assert clean("ZSBU-2582") == "258V2582"


@pytest.mark.parametrize("typed", ["", "4F7K", "4F7K-9XRT-1", "4F7K-9XR0", "4F7K-9XR!", "4F7K9XRÑ"])
def test_what_is_no_code_is_told_by_its_form(typed):
    assert not is_well_formed(clean(typed))


def test_no_two_letters_of_a_code_look_alike():
    for alike in ("0ODQ", "1IL", "2Z", "5S", "8B", "UV"):
        assert len(set(alike) & set(ALPHABET)) <= 1
    assert clean(ALPHABET) == ALPHABET


def test_a_code_is_shown_in_two_groups():
    assert grouped("4F7K9XRT") == "4F7K-9XRT"
    assert LENGTH == 8
