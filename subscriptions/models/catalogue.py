"""What is on offer: services, the packages they come in, and their plans by market. Loaded by `load_catalogue`."""

from datetime import date

import pgtrigger
from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Exists, OuterRef, Q

from portal.models import Market
from portal.texts import LocalizedTextField, localized
from subscriptions.rules.eligibility import Needs, ServiceNeeds
from subscriptions.rules.periods import TERM_MONTHS

TERMS = [(term, term) for term in TERM_MONTHS]


class Service(models.Model):
    """One connected function."""

    code = models.SlugField(unique=True)
    names = LocalizedTextField()
    descriptions = LocalizedTextField()
    capabilities = ArrayField(models.CharField(max_length=40), default=list, blank=True)
    # Drives for which a country's law forbids it, `{"AT": ["petrol", "hybrid"]}`.
    forbidden = models.JSONField(default=dict, blank=True)
    # Limited in Privacy Mode (D2, C2).
    uses_location = models.BooleanField(default=False)
    # Works in the account's own profile on the head unit (C6).
    uses_profile = models.BooleanField(default=False)
    # Takes the drive battery of a car that is charged from outside.
    uses_charge = models.BooleanField(default=False)
    # Brings new maps to the head unit (C6).
    updates_maps = models.BooleanField(default=False)

    def __str__(self) -> str:
        return self.code

    @property
    def name(self) -> str:
        return localized(self.names)

    @property
    def description(self) -> str:
        return localized(self.descriptions)

    def needs_in(self, market: Market) -> ServiceNeeds:
        return ServiceNeeds(capabilities=self.capabilities, forbidden_powertrains=self.forbidden.get(market.code, ()))


class Package(models.Model):
    """What is activated or bought: a set of services, what it needs of a car, and its free months."""

    APP, MULTIMEDIA = "app", "multimedia"
    SUITES = [(APP, "app services"), (MULTIMEDIA, "multimedia services")]

    code = models.SlugField(unique=True)
    names = LocalizedTextField()
    descriptions = LocalizedTextField()
    suite = models.CharField(max_length=12, choices=SUITES)
    services = models.ManyToManyField(Service, related_name="packages")
    position = models.PositiveIntegerField(default=0)
    # The car has to switch it on, which takes a while: the vehicle backend is asked, and answers (C1).
    is_set_up_in_car = models.BooleanField(default=False)
    # Free, activated by accepting the Terms of Use (C3).
    is_standard = models.BooleanField(default=False)
    gives_trial = models.BooleanField(default=False)
    # Free months by multimedia generation, `{"MM21": 48, "default": 36}`; empty where there are none (C4).
    complimentary_months = models.JSONField(default=dict, blank=True)
    # The same of the markets that differ, `{"AT": {"default": 36}}`.
    complimentary_months_in = models.JSONField(default=dict, blank=True)
    # The markets whose catalogue does not name it: no plan, no free years, not even a standard package.
    left_out_in = ArrayField(models.CharField(max_length=2), default=list, blank=True)
    # Where it is sold, of the ways that the market has; empty for all of them (C8).
    channels = ArrayField(models.CharField(max_length=8), default=list, blank=True)
    # An add-on needs its base (S12).
    base = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True, related_name="add_ons")
    # Of the car: the markets that it may have been built for, models as the registry names them,
    # and the days [from, before) of its purchase.
    car_markets = ArrayField(models.CharField(max_length=2), default=list, blank=True)
    car_models = ArrayField(models.CharField(max_length=60), default=list, blank=True)
    bought_from = models.DateField(null=True, blank=True)
    bought_before = models.DateField(null=True, blank=True)
    generations = ArrayField(models.CharField(max_length=12), default=list, blank=True)
    powertrains = ArrayField(models.CharField(max_length=16), default=list, blank=True)
    capabilities = ArrayField(models.CharField(max_length=40), default=list, blank=True)

    def __str__(self) -> str:
        return self.code

    @property
    def name(self) -> str:
        return localized(self.names)

    @property
    def description(self) -> str:
        return localized(self.descriptions)

    def discontinued_on(self, market_id: int) -> date | None:
        """The first day without it in that market, where the brand has discontinued it there (S10)."""
        ends = (each.ends_on for each in self.discontinuations.all() if each.market_id == market_id)
        return next(ends, None)

    def is_left_out(self, market: Market) -> bool:
        return market.code in self.left_out_in

    def free_months_in(self, market: Market) -> dict[str, int]:
        """C4: free months by generation, as that market gives them."""
        months: dict[str, int] = self.complimentary_months_in.get(market.code, self.complimentary_months)
        return months

    @property
    def needs(self) -> Needs:
        return Needs(
            markets=self.car_markets,
            models=self.car_models,
            generations=self.generations,
            powertrains=self.powertrains,
            capabilities=self.capabilities,
            bought_from=self.bought_from,
            bought_before=self.bought_before,
        )


class Discontinuation(models.Model):
    """The brand's decision to end a package in a market: not sold from now on, gone on that day (S10)."""

    package = models.ForeignKey(Package, on_delete=models.PROTECT, related_name="discontinuations")
    market = models.ForeignKey(Market, on_delete=models.PROTECT, related_name="+")
    # The first day without it.
    ends_on = models.DateField()
    decided_at = models.DateTimeField()
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["package", "market"], name="package_discontinued_once_in_a_market")
        ]
        triggers = [pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)]

    def __str__(self) -> str:
        return f"{self.package_id} {self.ends_on}"


class PlanQuerySet(models.QuerySet["Plan"]):
    def on_offer(self) -> "PlanQuerySet":
        """Those that can be ordered: in the catalogue, of a package that is not discontinued in their market."""
        gone = Discontinuation.objects.filter(package=OuterRef("package"), market=OuterRef("market"))
        return self.filter(~Exists(gone), is_offered=True)


class Plan(models.Model):
    """A package at a term with a market's gross price."""

    package = models.ForeignKey(Package, on_delete=models.PROTECT, related_name="plans")
    market = models.ForeignKey(Market, on_delete=models.PROTECT, related_name="plans")
    term = models.CharField(max_length=12, choices=TERMS)
    price = models.DecimalField(max_digits=8, decimal_places=2)
    # A plan that is no longer offered stays for the contracts made on it.
    is_offered = models.BooleanField(default=True)

    objects = PlanQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["package", "market", "term"], name="plan_once_per_term"),
            models.CheckConstraint(condition=Q(price__gt=0), name="plan_price_positive"),
        ]

    def __str__(self) -> str:
        return f"{self.package_id} {self.term}"

    @property
    def term_months(self) -> int:
        return TERM_MONTHS[self.term]
