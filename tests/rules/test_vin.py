import pytest
from hypothesis import given
from hypothesis import strategies as st

from garage.rules.vin import ALLOWED, LENGTH, VinProblem, clean, faults

GOOD = "JTJSAMPLECY900001"


@pytest.mark.parametrize(
    "typed",
    [
        GOOD,
        GOOD.lower(),
        "JTJ-SAMPLE-CY-900001",
        " JTJ SAMPLE\tCY\u00a0900001\n",
        "JTJ\u2013SAMPLE\u2011CY\u200b900001",
    ],
)
def test_g2_lower_case_spaces_and_dashes_are_mended(typed):
    assert clean(typed) == GOOD
    assert faults(clean(typed)) == ()


@pytest.mark.parametrize("length", [0, 1, 16, 18])
def test_g2_a_wrong_length_is_told_with_the_count(length):
    (fault,) = faults((GOOD + "7")[:length])
    assert (fault.problem, fault.count) == (VinProblem.LENGTH, length)


@pytest.mark.parametrize(("letter", "hint"), [("I", "1"), ("O", "0"), ("Q", "0")])
def test_g2_a_forbidden_letter_is_told_with_its_place_and_what_to_use(letter, hint):
    (fault,) = faults(clean(GOOD[:11] + letter.lower() + GOOD[12:]))
    assert (fault.problem, fault.position, fault.character, fault.hint) == (
        VinProblem.FORBIDDEN_LETTER,
        12,
        letter,
        hint,
    )


@pytest.mark.parametrize("strange", ["*", "Ñ", "Α", "é", "٣", "_"])
def test_g2_any_other_character_is_told_with_its_place(strange):
    (fault,) = faults(clean(strange + GOOD[1:]))
    assert (fault.problem, fault.position, fault.character) == (VinProblem.CHARACTER, 1, strange)


def test_g2_everything_that_is_wrong_is_told_at_once():
    problems = [fault.problem for fault in faults(clean("jtj o? 1"))]
    assert problems == [VinProblem.FORBIDDEN_LETTER, VinProblem.CHARACTER, VinProblem.LENGTH]


@given(st.text(max_size=40))
def test_g2_cleaning_twice_changes_nothing(typed):
    assert clean(clean(typed)) == clean(typed)


@given(st.text(alphabet=sorted(ALLOWED), min_size=LENGTH, max_size=LENGTH))
def test_g2_every_well_formed_vin_passes_without_a_check_digit(vin):
    assert clean(vin.lower()) == vin
    assert faults(vin) == ()
