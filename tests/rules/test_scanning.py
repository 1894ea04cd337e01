import pytest
from hypothesis import given
from hypothesis import strategies as st

from garage.rules.scanning import Found, Kind, find

VIN = "JTJSAMPLECY900001"


@pytest.mark.parametrize(
    "text",
    [VIN, VIN.lower(), f"I{VIN}", f"*{VIN}*", f"[)>\x1e06\x1dI{VIN}\x1d", f"NX 350h;{VIN};2024", "JTJ-SAMPLE CY900001"],
)
def test_G2_a_vin_is_found_in_what_labels_say(text):
    assert find([text]) == (Found(kind=Kind.VIN, value=VIN),)


@pytest.mark.parametrize("text", ["https://portal.example.com/en/garage/cars/new/code/#4F7K-9XRT", "4f7k9xrt"])
def test_G2_a_pairing_code_is_found(text):
    assert find([text]) == (Found(kind=Kind.CODE, value="4F7K-9XRT"),)


@pytest.mark.parametrize("text", ["", "https://example.com/", "4006381333931", "JTJSAMPLECY9O0001", "x" * 10_000])
def test_anything_else_is_nothing(text):
    assert find([text]) == ()


def test_the_same_thing_twice_is_one_and_two_things_are_two():
    assert len(find([VIN, f"I{VIN}"])) == 1
    assert len(find([VIN, "4F7K-9XRT"])) == 2


@given(st.lists(st.text(), max_size=3))
def test_any_text_is_taken(texts):
    assert all(found.value for found in find(texts))
