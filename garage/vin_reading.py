"""A VIN as somebody typed it: mended, judged, and read for what it says of itself (G2)."""

from dataclasses import dataclass

from garage.rules import vin as vin_rules
from garage.rules import vin_decoding
from garage.rules.vin_decoding import DecodedVin
from garage.words.refusals import another_maker_sentence, unknown_vin_sentence, vin_sentences
from portal.models import Brand
from portal.refusals import Refusal

MOST_SPELLED_OUT = 60


@dataclass(frozen=True, kw_only=True)
class ReadVin:
    """A well-formed VIN that is worth looking up."""

    vin: str
    decoded: DecodedVin


def read_vin(typed: str, *, brand: Brand) -> ReadVin:
    """Refuses with `vin_malformed`, which names its faults, or `vin_of_another_maker`."""
    vin = vin_rules.clean(typed)
    faults = vin_rules.faults(vin)
    if len(vin) > MOST_SPELLED_OUT:
        # Whole texts come over the API: their length says enough.
        faults = faults[-1:]
    if faults:
        raise Refusal("vin_malformed", " ".join(vin_sentences(faults)))
    decoded = vin_decoding.decode(vin, brand_prefixes=brand.vin_prefixes)
    if decoded.is_of_another_maker and brand.vin_prefixes:
        raise Refusal("vin_of_another_maker", another_maker_sentence(decoded, brand_name=brand.name))
    return ReadVin(vin=vin, decoded=decoded)


def unknown_vin(read: ReadVin, *, brand: Brand) -> Refusal:
    """What is answered where the registry has no such car."""
    return Refusal("vin_unknown", unknown_vin_sentence(read.decoded, brand_name=brand.name))
