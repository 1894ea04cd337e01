"""Registration plates: one spelling for what people write in many ways (G2)."""

import re

from garage.rules.vin import clean as without_gaps

LONGEST = 12
# Plates in Greece and Cyprus use only the letters that both alphabets share; a Greek keyboard types the Greek twin.
_GREEK_TWINS = str.maketrans("ΑΒΕΖΗΙΚΜΝΟΡΤΥΧαβεζηικμνορτυχ", "ABEZHIKMNOPTYXABEZHIKMNOPTYX")


def clean(text: str) -> str:
    """Upper-case Latin letters and digits, without spaces and dashes."""
    return without_gaps(text).translate(_GREEK_TWINS)


def is_well_formed(plate: str) -> bool:
    """Whether a cleaned plate could be one: 2 to 12 letters and digits; countries differ too much to say more."""
    return bool(re.fullmatch(r"[^\W_]{2,12}", plate))
