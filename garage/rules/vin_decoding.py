"""What a VIN says of itself (ISO 3779 and 3780): maker and region. For friendly words, never to decide.

The first three characters are the world manufacturer identifier. The check digit is kept in North America; elsewhere
makers use its place for something else, and it is not looked at.
"""

from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum


class Region(StrEnum):
    AFRICA = "africa"
    ASIA = "asia"
    EUROPE = "europe"
    NORTH_AMERICA = "north_america"
    OCEANIA = "oceania"
    SOUTH_AMERICA = "south_america"


# The commonest makers on the roads of Europe. A prefix of two characters stands for all of a maker's with these two.
MAKERS = {
    "JTH": "Lexus", "JTJ": "Lexus", "JT6": "Lexus", "JT8": "Lexus", "2T2": "Lexus", "58A": "Lexus",
    "JT": "Toyota", "SB1": "Toyota", "VNK": "Toyota", "NMT": "Toyota", "YAR": "Toyota", "AHT": "Toyota",
    "MR0": "Toyota", "4T1": "Toyota", "5TD": "Toyota", "2T1": "Toyota", "2T3": "Toyota", "LFM": "Toyota",
    "JHM": "Honda", "SHH": "Honda", "JN1": "Nissan", "SJN": "Nissan", "VSK": "Nissan", "JMZ": "Mazda",
    "JM1": "Mazda", "JF1": "Subaru", "JF2": "Subaru", "JS2": "Suzuki", "TSM": "Suzuki", "JMB": "Mitsubishi",
    "KMH": "Hyundai", "TMA": "Hyundai", "NLH": "Hyundai", "KNA": "Kia", "KNE": "Kia", "U5Y": "Kia",
    "WVW": "Volkswagen", "WV1": "Volkswagen", "WVG": "Volkswagen", "WAU": "Audi", "TRU": "Audi", "WUA": "Audi",
    "WBA": "BMW", "WBS": "BMW", "WBY": "BMW", "WMW": "MINI", "WDB": "Mercedes-Benz", "WDD": "Mercedes-Benz",
    "W1K": "Mercedes-Benz", "W1N": "Mercedes-Benz", "WME": "smart", "WP0": "Porsche", "WP1": "Porsche",
    "W0L": "Opel", "W0V": "Opel", "WF0": "Ford", "1FA": "Ford", "1FM": "Ford", "NM0": "Ford",
    "VF1": "Renault", "VF3": "Peugeot", "VR3": "Peugeot", "VF7": "Citroën", "VR7": "Citroën", "UU1": "Dacia",
    "ZFA": "Fiat", "ZAR": "Alfa Romeo", "ZFF": "Ferrari", "TMB": "Škoda", "VSS": "SEAT", "YV1": "Volvo",
    "SAL": "Land Rover", "SAJ": "Jaguar", "SCC": "Lotus", "5YJ": "Tesla", "7SA": "Tesla", "LRW": "Tesla",
    "XP7": "Tesla", "1G1": "Chevrolet", "1C4": "Jeep", "LGX": "BYD", "LSJ": "MG",
}  # fmt: skip
_REGIONS = (
    ("ABCDEFGH", Region.AFRICA),
    ("JKLMNPR", Region.ASIA),
    ("STUVWXYZ", Region.EUROPE),
    ("123457", Region.NORTH_AMERICA),
    ("6", Region.OCEANIA),
    ("89", Region.SOUTH_AMERICA),
)
_WEIGHTS = (8, 7, 6, 5, 4, 3, 2, 10, 0, 9, 8, 7, 6, 5, 4, 3, 2)
_CHARACTERS = "0123456789ABCDEFGHJKLMNPRSTUVWXYZ"
_VALUES = dict(zip(_CHARACTERS, map(int, "012345678912345678123457923456789"), strict=True))


@dataclass(frozen=True, kw_only=True)
class DecodedVin:
    """`maker` is empty where the table does not know it."""

    maker: str
    region: Region | None
    is_of_brand: bool
    # A hint that a character is mistyped; only North American VINs can give it.
    check_digit_is_off: bool

    @property
    def is_of_another_maker(self) -> bool:
        return bool(self.maker) and not self.is_of_brand


def decode(vin: str, *, brand_prefixes: Collection[str]) -> DecodedVin:
    """What a cleaned VIN without faults says. `brand_prefixes` are the brand's own; they win over the table."""
    is_of_brand = vin[:3] in brand_prefixes
    return DecodedVin(
        maker="" if is_of_brand else MAKERS.get(vin[:3]) or MAKERS.get(vin[:2], ""),
        region=region(vin),
        is_of_brand=is_of_brand,
        check_digit_is_off=has_check_digit(vin) and vin[8] != check_digit(vin),
    )


def region(vin: str) -> Region | None:
    return next((region for firsts, region in _REGIONS if vin[0] in firsts), None)


def has_check_digit(vin: str) -> bool:
    """Only North America requires it; a European VIN with another ninth character is as good as any."""
    return region(vin) == Region.NORTH_AMERICA


def check_digit(vin: str) -> str:
    """The ninth character as 49 CFR 565.15 computes it."""
    rest = sum(_VALUES[character] * weight for character, weight in zip(vin, _WEIGHTS, strict=True)) % 11
    return "X" if rest == 10 else str(rest)
