"""What a package needs and how long it is free, in words, for whoever compares (C2, C4, C8)."""

from datetime import date

from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from garage.models.vehicle import Powertrain
from garage.portrait import Fact
from garage.words.refusals import capability_names
from portal.models import Market
from portal.templatetags.frame import day_in_words
from subscriptions.models import Package, Service
from subscriptions.rules.periods import Period

DRIVES = {str(code): words for code, words in Powertrain.choices}


def needs_of(package: Package) -> list[Fact]:
    """What the eligibility rule asks of a car, and the package that an add-on belongs to (S12)."""
    asked = [
        (gettext_lazy("Package"), [package.base.name] if package.base else []),
        (gettext_lazy("Model"), package.car_models),
        (gettext_lazy("Multimedia generation"), sorted(package.generations)),
        (gettext_lazy("Powertrain"), [str(DRIVES.get(code, code)) for code in package.powertrains]),
        (gettext_lazy("Equipment of the car"), capability_names(package.capabilities)),
        (gettext_lazy("Built for"), sorted(package.car_markets)),
        (gettext_lazy("Car bought from"), [day_in_words(package.bought_from)] if package.bought_from else []),
        (gettext_lazy("Car bought before"), [day_in_words(package.bought_before)] if package.bought_before else []),
    ]
    return [Fact(str(label), capfirst(", ".join(values))) for label, values in asked if values]


def needs_of_service(service: Service) -> str:
    """What one service asks for beside its package, in words; empty where it asks for nothing."""
    asked = [
        *capability_names(service.capabilities),
        *([_("your profile on the car’s screen")] if service.uses_profile else []),
        *([_("Privacy Mode off")] if service.uses_location else []),
        *([_("a charged drive battery, in cars with a plug")] if service.uses_charge else []),
    ]
    return capfirst(", ".join(asked))


def free_years_of(package: Package, market: Market) -> list[str]:
    """C4: how long it is free by generation, the named ones first: "4 years with MM21"."""
    free_months = package.free_months_in(market)
    named = sorted(generation for generation in free_months if generation != "default")
    words = [
        _("%(time)s with %(generation)s") % {"time": _time(months), "generation": generation}
        for generation in named
        if (months := free_months[generation])
    ]
    others = free_months.get("default", 0)
    if others and named:
        words.append(_("%(time)s with any other multimedia generation") % {"time": _time(others)})
    elif others:
        words.append(_time(others))
    return words


def still_free_sentence(free: Period | None, *, today: date) -> str:
    """C4: why a plan cannot be ordered yet."""
    if free and today < free.start_on:
        day = day_in_words(free.start_on)
        return _("This package comes with the car from %(day)s. It can be ordered when that ends.") % {"day": day}
    return _("This package is still included with the car.")


def _time(months: int) -> str:
    years, rest = divmod(months, 12)
    if rest:
        return ngettext("%(count)d month", "%(count)d months", months) % {"count": months}
    return ngettext("%(count)d year", "%(count)d years", years) % {"count": years}
