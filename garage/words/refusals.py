"""The sentences in which the garage's rules speak to a customer."""

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from garage.rules import vin as vin_rules
from garage.rules.grants import Why
from garage.rules.vin import VinFault, VinProblem
from garage.rules.vin_decoding import DecodedVin, Region
from garage.rules.warranty import StartSource

CAPABILITIES: dict[str, str | Promise] = {
    "telematics": gettext_lazy("Vehicle data over the air"),
    "remote": gettext_lazy("Remote functions"),
    "remote_climate": gettext_lazy("Remote climate"),
    "navigation": gettext_lazy("Connected navigation"),
    "map_care": gettext_lazy("Map updates"),
    "wifi": gettext_lazy("Wi-Fi in the car"),
    "driving_analytics": gettext_lazy("Driving analytics"),
    "digital_key": gettext_lazy("Digital key"),
    "smart_services": gettext_lazy("Smart services"),
}


def vin_sentences(faults: tuple[VinFault, ...]) -> list[str]:
    """What is wrong with a VIN (G2); what is wrong with several characters alike is said once: a VIN typed in Greek
    letters is one mistake, not seventeen."""
    alike: dict[tuple[VinProblem, str], list[VinFault]] = {}
    for fault in faults:
        alike.setdefault((fault.problem, fault.hint and fault.character), []).append(fault)
    return [_vin_sentence(same[0]) if len(same) == 1 else _sentence_of_several(same) for same in alike.values()]


def _sentence_of_several(faults: list[VinFault]) -> str:
    places = ", ".join(str(fault.position) for fault in faults)
    letters = "".join(dict.fromkeys(fault.character for fault in faults))
    values = {"places": places, "letters": letters, "hint": faults[0].hint}
    if faults[0].problem is VinProblem.FORBIDDEN_LETTER:
        return _("Characters %(places)s are the letter %(letters)s. A VIN has no I, O or Q: use %(hint)s instead.") % (
            values
        )
    return _("Characters %(places)s are “%(letters)s”. A VIN has only Latin letters and digits.") % values


def _vin_sentence(fault: VinFault) -> str:
    values = {"position": fault.position, "character": fault.character, "hint": fault.hint}
    match fault.problem:
        case VinProblem.FORBIDDEN_LETTER:
            return _(
                "Character %(position)d is the letter %(character)s. A VIN has no I, O or Q: use %(hint)s instead."
            ) % (values)
        case VinProblem.CHARACTER:
            return _("Character %(position)d is “%(character)s”. A VIN has only Latin letters and digits.") % values
        case VinProblem.LENGTH:
            return _vin_length_sentence(fault.count)


def _vin_length_sentence(count: int) -> str:
    sentence = ngettext(
        "A VIN has %(length)d characters; this has %(count)d.",
        "A VIN has %(length)d characters; this has %(count)d.",
        count,
    )
    return sentence % {"length": vin_rules.LENGTH, "count": count}


REGIONS: dict[Region, str | Promise] = {
    Region.AFRICA: gettext_lazy("Africa"),
    Region.ASIA: gettext_lazy("Asia"),
    Region.EUROPE: gettext_lazy("Europe"),
    Region.NORTH_AMERICA: gettext_lazy("North America"),
    Region.OCEANIA: gettext_lazy("Oceania"),
    Region.SOUTH_AMERICA: gettext_lazy("South America"),
}


def another_maker_sentence(decoded: DecodedVin, *, brand_name: str) -> str:
    """For a VIN of a maker that is not the brand: nothing was looked up for it."""
    values = {"maker": decoded.maker, "brand": brand_name}
    return _("This is the VIN of a car made by %(maker)s. This site knows only cars of %(brand)s.") % values


def unknown_vin_sentence(decoded: DecodedVin, *, brand_name: str) -> str:
    """For a VIN that the registry does not know: what it says of itself, and what to look at."""
    values = {"brand": brand_name, "region": REGIONS[decoded.region] if decoded.region else ""}
    if decoded.is_of_brand:
        said = [_("We do not know this VIN, although it begins as those of %(brand)s do.") % values]
    elif decoded.region:
        said = [_("We do not know this VIN. It begins as those of cars built in %(region)s do.") % values]
    else:
        said = [_("We do not know this VIN. No car’s VIN begins like that.")]
    if decoded.check_digit_is_off:
        said.append(_("Its check digit, the ninth character, does not fit: one character may be mistyped."))
    said.append(_("Compare it with the one on your registration document."))
    return " ".join(said)


def wrong_reading_sentence(tries_left: int) -> str:
    """The same words whatever was wrong with the reading: they tell neither how far off it was nor which way (V2)."""
    sentence = ngettext(
        "This reading does not match what the car last reported. You have %(count)d more try.",
        "This reading does not match what the car last reported. You have %(count)d more tries.",
        tries_left,
    )
    return sentence % {"count": tries_left}


def capability_names(capabilities: list[str]) -> list[str]:
    """What a car can do, in words, in alphabetical order; a capability that has no words yet shows its code."""
    return sorted(str(CAPABILITIES.get(code, code.replace("_", " "))) for code in capabilities)


def warranty_source_label(source: StartSource) -> str:
    """The date that the free years count from, by where it comes from (C4)."""
    match source:
        case StartSource.WARRANTY:
            return _("Warranty start")
        case StartSource.PURCHASE:
            return _("Purchase date (no warranty start is known)")
        case StartSource.FIRST_REGISTRATION:
            return _("First registration (no warranty start is known)")


def retention_sentence(months: int | None) -> str:
    """How long rows of a kind of a car's data are kept (D3)."""
    if months is None:
        return _("Kept with the car.")
    if months % 12 == 0:
        years = months // 12
        return ngettext("Kept for %(count)d year.", "Kept for %(count)d years.", years) % {"count": years}
    return ngettext("Kept for %(count)d month.", "Kept for %(count)d months.", months) % {"count": months}


def grant_end_reason(why: Why) -> str:
    """Why a company reads data of a car no more."""
    match why:
        case Why.OWNER:
            return _("by you")
        case Why.OVER:
            return _("after the last day")
        case Why.CONTROL:
            return _("because another account has control")
        case Why.REMOVED:
            return _("because the car left your garage")
