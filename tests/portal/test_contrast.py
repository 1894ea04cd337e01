"""Contrast of the tokens by WCAG 2.2: 4.5 : 1 for text, 3 : 1 for the edges of controls, in light and in dark."""

import re
from itertools import product
from pathlib import Path

import pytest

TOKENS = Path(__file__).resolve().parents[2] / "static" / "css" / "tokens.css"
PAIR = re.compile(r"--([\w-]+): light-dark\((#[0-9a-f]{6}), (#[0-9a-f]{6})\)")
COLOURS = {name: (light, dark) for name, light, dark in PAIR.findall(TOKENS.read_text())}
GROUNDS = ["canvas", "surface", "sunken"]
TEXTS = [*product(["ink", "muted"], GROUNDS), *product(["good", "warn", "bad", "info"], ["canvas", "surface"])]
TEXTS += [(tone, f"{tone}-soft") for tone in ("good", "warn", "bad", "info")]
TEXTS += [("ink", f"{tone}-soft") for tone in ("good", "warn", "bad", "info")] + [("on-danger", "danger")]


def luminance(colour: str) -> float:
    channels = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4 for value in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    darker, lighter = sorted((luminance(one), luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


@pytest.mark.parametrize(("text", "ground"), TEXTS)
@pytest.mark.parametrize("scheme", [0, 1], ids=["light", "dark"])
def test_text_is_readable_on_its_ground(text, ground, scheme):
    assert contrast(COLOURS[text][scheme], COLOURS[ground][scheme]) >= 4.5


@pytest.mark.parametrize("ground", GROUNDS)
@pytest.mark.parametrize("scheme", [0, 1], ids=["light", "dark"])
def test_the_edge_of_a_control_is_seen(ground, scheme):
    assert contrast(COLOURS["edge"][scheme], COLOURS[ground][scheme]) >= 3
