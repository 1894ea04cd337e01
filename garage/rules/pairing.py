"""The head unit's pairing code (G2, V1): how it looks, how it is mended when it is typed, how long it lives."""

from datetime import timedelta

from garage.rules.plate import clean as clean_plate

LIFETIME = timedelta(minutes=10)
OPEN_PER_CAR = 3
LENGTH = 8
GROUP = 4
# Of what looks alike on a screen only one is used, or none: 0 O D Q, 1 I L, 2 Z, 5 S, 8 B, U V.
ALPHABET = "23456789ACEFGHJKMNPRTVWXY"
_LOOKALIKES = str.maketrans({"Z": "2", "S": "5", "B": "8", "U": "V"})


def clean(text: str) -> str:
    """As the code is kept: capitals without gaps, Greek twins and look-alikes as the letters they were read for."""
    return clean_plate(text).translate(_LOOKALIKES)


def is_well_formed(code: str) -> bool:
    """Whether a cleaned text could be a code."""
    return len(code) == LENGTH and set(code) <= set(ALPHABET)


def grouped(code: str) -> str:
    """As the car shows it: 4F7K-9XRT."""
    return f"{code[:GROUP]}-{code[GROUP:]}"
